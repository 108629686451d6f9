//! Fixtures for tests; a development dependency only.

use std::path::{Path, PathBuf};

/// The root of the checkout.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The folder of real labelled data: `PIXELATED_EVAL_DATA`, or `../shared/data` beside the checkout. `None`, with a word on
/// standard error that says what was skipped, where there is no such folder.
#[allow(clippy::print_stderr)] // A skipped measurement must be seen in the output of the test run.
pub fn eval_data(skipped: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("PIXELATED_EVAL_DATA")
        .map_or_else(|| repository().join("../shared/data"), PathBuf::from);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("skipped: {skipped} (no folder {}; set PIXELATED_EVAL_DATA)", folder.display());
    None
}
