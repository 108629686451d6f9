//! What a reader gives out: a record with its place, or the reason why it could not be read.

use std::io;
use std::path::{Path, PathBuf};

use pe_model::{Annotation, Conversation, Message, Metadata};
use serde_json::Value;

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

impl Record {
    /// About how many bytes of memory it takes: its texts, and what holds them.
    pub fn weight(&self) -> usize {
        let conversation = &self.conversation;
        let messages = conversation.messages.iter().map(|message| {
            let speaker = message.speaker.as_ref().map_or(0, String::len);
            size_of::<Message>() + message.content.len() + speaker + members(&message.metadata)
        });
        let annotations = conversation.annotations.iter().map(|annotation| {
            let texts = annotation.layer.len() + annotation.annotator.len() + annotation.value.len();
            size_of::<Annotation>() + texts
        });
        size_of::<Self>() + messages.chain(annotations).sum::<usize>() + members(&conversation.metadata)
    }
}

/// Beside a member's key and value: what the map needs to find it.
const MEMBER: usize = 48;

fn members(metadata: &Metadata) -> usize {
    metadata.iter().map(|(key, value)| MEMBER + key.len() + weight(value)).sum()
}

fn weight(value: &Value) -> usize {
    size_of::<Value>()
        + match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => 0,
            Value::String(text) => text.len(),
            Value::Array(items) => items.iter().map(weight).sum(),
            Value::Object(fields) => members(fields),
        }
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

    /// Without control characters, which could take a terminal over.
    pub(crate) fn printable(self) -> Self {
        let mut excerpt = printable(&self.excerpt);
        shorten(&mut excerpt, Self::EXCERPT);
        Self { reason: printable(&self.reason), excerpt, ..self }
    }
}

/// The longest account of what was seen in a file, in bytes: names of columns and fields may be of any length.
const WHY: usize = 800;

/// Cuts a text to at most so many bytes, between characters.
fn shorten(text: &mut String, most: usize) {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    text.truncate(end.unwrap_or(0));
}

/// A text with its control characters written as escapes.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() {
            shown.extend(letter.escape_default());
        } else {
            shown.push(letter);
        }
    }
    shown
}

fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

/// What the system said, in the same words on every system where it matters most.
fn said(source: &io::Error) -> String {
    match source.kind() {
        io::ErrorKind::NotFound => "no such file or folder".to_owned(),
        _ => source.to_string(),
    }
}

impl Error {
    /// Without control characters in what it tells of a file.
    pub(crate) fn printable(self) -> Self {
        match self {
            Self::UnknownFormat { path, why } => {
                let mut why = printable(&why);
                if why.len() > WHY {
                    shorten(&mut why, WHY);
                    why.push_str(" ...");
                }
                Self::UnknownFormat { path, why }
            }
            Self::Damaged { path, what } => Self::Damaged { path, what: printable(&what) },
            Self::Options(what) => Self::Options(printable(&what)),
            Self::Io { .. } => self,
        }
    }
}

/// Why a whole input can't be read further.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The system refused.
    #[error("cannot read {}: {}", shown(path), said(source))]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// No format fits.
    #[error(
        "{}: no known format fits ({why}); name one with --format, or describe the fields with --map",
        shown(path)
    )]
    UnknownFormat {
        /// Which file.
        path: PathBuf,
        /// What was seen.
        why: String,
    },
    /// The file breaks off or is damaged.
    #[error("{}: {what}", shown(path))]
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
