//! What a reader gives out: a record with its place, or the reason why it could not be read.

use std::path::PathBuf;

use pe_model::Conversation;

/// Where in a file a record begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Line (or row), counted from 1; 0 where the format has no lines.
    pub line: u64,
    /// Byte of the decoded, decompressed stream, counted from 0.
    pub offset: u64,
}

/// One conversation and where it stood.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// What was read.
    pub conversation: Conversation,
    /// Where it began.
    pub place: Place,
}

/// A record that could not be read. The rest of the file goes on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Where it began.
    pub place: Place,
    /// What is wrong with it, and what to do.
    pub reason: String,
    /// The first bytes of the record as text, at most [`Reject::EXCERPT`] of them.
    pub excerpt: String,
}

impl Reject {
    /// The longest excerpt, in bytes.
    pub const EXCERPT: usize = 200;
}

/// Why a whole input can't be read further.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error("cannot read {}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// No format fits.
    #[error("{}: no known format fits ({why}); name one with --format, or describe the fields with --map", path.display())]
    UnknownFormat {
        /// Which file.
        path: PathBuf,
        /// What was seen.
        why: String,
    },
    /// The file breaks off or is damaged.
    #[error("{}: {what}", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What is wrong, where, and what to do.
        what: String,
    },
    /// An option does not fit.
    #[error("{0}")]
    Options(String),
}

/// What a reader yields.
#[derive(Debug)]
pub enum Item {
    /// A conversation.
    Record(Box<Record>),
    /// A record that could not be read.
    Reject(Reject),
}

/// A stream of records. After an error it ends.
pub type Records = Box<dyn Iterator<Item = Result<Item, Error>> + Send>;
