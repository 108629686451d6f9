//! What can go wrong in training: a file that is not there or not as published.

use std::path::PathBuf;

/// Says what, where, and what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{path} can't be read: {source}; name the folder of the labelled data with --data")]
    Read { path: PathBuf, source: std::io::Error },
    #[error(
        "{path}:{line} is not text, labels and id with tabs between them; take the file as it was published"
    )]
    Row { path: PathBuf, line: usize },
    #[error("{path} has no comment labelled {label}; take the file as it was published")]
    Unlabelled { path: PathBuf, label: &'static str },
    #[error("{path} can't be written: {source}; name another folder with --out")]
    Write { path: PathBuf, source: std::io::Error },
    #[error("the weights just made can't be used: {0}")]
    Weights(#[from] pe_language::emotion::Damage),
}
