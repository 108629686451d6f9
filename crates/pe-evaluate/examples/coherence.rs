//! Prints how well replies in their places are told from replies out of them, on any files of conversations: what a change of the
//! rules does, before it is measured on the sets that are kept for measuring.
//! `cargo run --release -p pe-evaluate --example coherence -- FILE...`
#![allow(clippy::print_stdout)] // A program that prints figures.

use std::path::Path;

use pe_evaluate::{Error, coherence_of};

fn main() -> Result<(), Error> {
    for file in std::env::args().skip(1) {
        for row in coherence_of(Path::new(&file))?.rows {
            let rules: Vec<String> =
                row.trivial.iter().map(|(rule, value)| format!("{rule} {value:.3}")).collect();
            println!("{file}: {} ({} conversations)", row.claim, row.n);
            println!(
                "    {:.3} [{:.3}, {:.3}]; {}; {}",
                row.ours,
                row.interval.0,
                row.interval.1,
                rules.join(", "),
                row.note
            );
        }
    }
    Ok(())
}
