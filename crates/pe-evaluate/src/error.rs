//! Why a suite can't be run.

use std::path::PathBuf;

/// Why a suite can't be run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No suite of that name.
    #[error("{name}: no such suite; use quality, search or emotion")]
    UnknownSuite {
        /// As asked for.
        name: String,
    },
    /// The folder of labelled data is not there.
    #[error(
        "{}: no such folder of labelled data; name it with --data or PIXELATED_EVAL_DATA",
        path.display()
    )]
    NoData {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// A set could not be read.
    #[error(transparent)]
    Formats(#[from] pe_formats::Error),
    /// A file could not be read.
    #[error("cannot read {}: {source}; is the set complete?", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A set is not what it is known to be.
    #[error("{set}: {what}; is it the published version?")]
    Unexpected {
        /// Which set.
        set: String,
        /// What was found there.
        what: String,
    },
    /// The rules of the reading do not compile.
    #[error(transparent)]
    Language(#[from] pe_language::Error),
    /// The definitions of the scores do not compile.
    #[error(transparent)]
    Quality(#[from] pe_quality::Error),
    /// An index could not be made.
    #[error("the index for the measurement: {0}")]
    Index(#[from] pe_search::WriteError),
    /// A query could not be answered.
    #[error("question {question}: {source}")]
    Search {
        /// Counted from 1.
        question: usize,
        /// Why.
        source: pe_search::SearchError,
    },
}

impl Error {
    pub(crate) fn unexpected(set: &str, what: impl Into<String>) -> Self {
        Self::Unexpected { set: set.into(), what: what.into() }
    }
}
