//! Prints one suite without the rest of the program. `cargo run --release -p pe-evaluate --example figures -- quality`
#![allow(clippy::print_stdout, clippy::print_stderr)] // A program that prints figures.

use std::path::PathBuf;

fn main() -> Result<(), pe_evaluate::Error> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "quality".to_owned());
    let data = std::env::var_os("PIXELATED_EVAL_DATA").map_or_else(|| "../shared/data".into(), PathBuf::from);
    let table = pe_evaluate::run(&name, &data, &|text| eprintln!("{text}"))?;
    print!("{}", table.to_text(100));
    Ok(())
}
