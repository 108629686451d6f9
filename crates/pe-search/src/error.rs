//! What can go wrong with the index itself. What can be wrong with a query is in [`crate::QueryError`].

use std::io;
use std::path::PathBuf;

use tantivy::TantivyError;

use crate::QueryError;

/// Why an index could not be opened. Whatever the reason, nothing is lost: it is rebuilt from the store.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is none.
    #[error("no search index in {}; build it with `reindex`", folder.display())]
    Missing {
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// A file is missing, too short, or not what it was.
    #[error("the search index in {} is damaged: {what}; rebuild it with `reindex`", folder.display())]
    Damaged {
        /// Where it is.
        folder: PathBuf,
        /// What is wrong.
        what: String,
    },
    /// It was made by another version of the program.
    #[error("the search index in {} has version {found}, this program needs {expected}; rebuild it with `reindex`", folder.display())]
    Outdated {
        /// Where it is.
        folder: PathBuf,
        /// Its version.
        found: u32,
        /// The version of this program.
        expected: u32,
    },
    /// The operating system refused.
    #[error("cannot read the search index in {}: {source}", folder.display())]
    Unreadable {
        /// Where it is.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl OpenError {
    /// Whether a rebuild mends it; otherwise the system refuses to let us read.
    pub const fn is_mended_by_rebuild(&self) -> bool {
        !matches!(self, Self::Unreadable { .. })
    }
}

/// Why a change could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Another writer is at work on the same index.
    #[error("another process is writing the search index in {}; wait until it has finished", folder.display())]
    Locked {
        /// Where it is.
        folder: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot write the search index in {}: {source}", folder.display())]
    Unwritable {
        /// Where it is.
        folder: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The index engine gave up.
    // What the disk said is lost where one of the engine's threads meets it.
    #[error("writing the search index in {} failed: {source}; make room on its disk if it is full, and build the index anew (`reindex`)", folder.display())]
    Engine {
        /// Where it is.
        folder: PathBuf,
        /// What it said.
        source: TantivyError,
    },
    /// The index that was just written cannot be opened.
    #[error(transparent)]
    Reopen(#[from] OpenError),
}

/// Why a search gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The query cannot be read.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// More hits were asked for than one answer may hold.
    #[error("{name} is {value}, at most {most} is allowed; narrow the query or the filters instead")]
    TooMany {
        /// `limit` or `offset`.
        name: &'static str,
        /// What was asked for.
        value: usize,
        /// What is allowed.
        most: usize,
    },
    /// The index engine gave up.
    #[error("searching failed: {0}; if it happens again, rebuild the index with `reindex`")]
    Engine(#[from] TantivyError),
}
