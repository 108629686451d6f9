//! Fixtures for tests; a development dependency only.

mod postgres;

use std::io::Write as _;
use std::path::{Path, PathBuf};

pub use postgres::{Database, database};

/// The root of the checkout.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder of real labelled data: `PIXELATED_EVAL_DATA`, or `../shared/data` beside the checkout. `None`, with a word on
/// standard error that says what was skipped, where there is no such folder.
pub fn eval_data(skipped: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("PIXELATED_EVAL_DATA")
        .map_or_else(|| repository().join("../shared/data"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    say(&format!("skipped: {skipped} (no folder {}; set PIXELATED_EVAL_DATA)\n", folder.display()));
    None
}

/// Not by `eprintln!`, which a passing test swallows: what was skipped must be seen.
fn say(text: &str) {
    // Where standard error is closed there is nobody to tell.
    let _ = std::io::stderr().write_all(text.as_bytes());
}
