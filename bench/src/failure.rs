//! Why a measurement could not be taken.

use std::io;
use std::path::PathBuf;

/// Why a measurement could not be taken.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// It could not be run.
    #[error("cannot run {name}: {error}; is it built and in its place?")]
    Program { name: String, error: io::Error },
    /// It ran and failed.
    #[error("{command} ended with {code}: {said}")]
    Ended { command: String, code: String, said: String },
    /// It said something that can't be read.
    #[error("what {command} printed is not the JSON that was expected: {error}")]
    Answer { command: String, error: serde_json::Error },
    /// A file of the measurement.
    #[error("cannot use {}: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
    /// A use case of the library.
    #[error("{0}")]
    App(#[from] pe_app::Error),
    /// The reader's rules.
    #[error("{0}")]
    Reader(#[from] pe_language::Error),
    /// The limits.
    #[error("{}: {error}", path.display())]
    Limits { path: PathBuf, error: toml::de::Error },
}

impl Failure {
    /// A file that could not be used.
    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |error| Self::File { path, error }
    }
}
