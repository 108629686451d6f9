//! Prints a suite without the rest of the program, or writes `tolerances.toml` anew with what all suites give now.
//! `cargo run --release -p pe-evaluate --example figures -- quality|search|emotion|tolerances`
#![allow(clippy::print_stdout, clippy::print_stderr)] // A program that prints figures.

use std::path::{Path, PathBuf};

use pe_evaluate::{Error, Row, run, suites};

const HEAD: &str = "\
# Figures as they were printed. A test fails when one is worse by more than its tolerance, which is a third of the width of its
# 90 % interval (about one standard error), and at least 0.01. Written by
# `cargo run --release -p pe-evaluate --example figures -- tolerances`.
";

fn main() -> Result<(), Error> {
    let name = std::env::args().nth(1).unwrap_or_else(|| "quality".to_owned());
    let data = std::env::var_os("PIXELATED_EVAL_DATA")
        .map_or_else(|| pe_testkit::repository().join("../shared/data"), PathBuf::from);
    if name == "tolerances" {
        return write(&data);
    }
    let table = run(&name, &data, &|text| eprintln!("{text}"))?;
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    print!("{}", table.to_text(columns.unwrap_or(100)));
    Ok(())
}

fn write(data: &Path) -> Result<(), Error> {
    let mut text = HEAD.to_owned();
    for suite in suites() {
        for row in run(suite.name, data, &|text| eprintln!("{text}"))?.rows {
            text.push_str(&entry(suite.name, &row));
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tolerances.toml");
    std::fs::write(&path, text).map_err(|source| Error::Io { path, source })
}

fn entry(suite: &str, row: &Row) -> String {
    let (low, high) = row.interval;
    let tolerance = ((high - low) / 3.0).max(0.01);
    let texts = [
        ("suite", suite),
        ("claim", &row.claim),
        ("data", &row.data),
        ("split", &row.split),
        ("metric", &row.metric),
    ];
    let texts = texts.map(|(key, text)| format!("{key} = {text:?}\n")).concat();
    format!("\n[[figure]]\n{texts}value = {:.4}\ntolerance = {tolerance:.4}\n", row.ours)
}
