//! Labelled sets, read through the same door as any user's files.

use std::path::Path;

use pe_formats::{Item, ReadOptions, Reader, expand};
use pe_model::{Annotation, Conversation, Role};

use crate::Error;

/// The conversations of the files at `path` below `data` (a file, a folder or a pattern).
pub(crate) fn load(data: &Path, path: &str) -> Result<Vec<Conversation>, Error> {
    let mut found = Vec::new();
    for input in expand(&[data.join(path).to_string_lossy().into_owned()])? {
        for item in Reader::open(&input, &ReadOptions::default())? {
            if let Item::Record(record) = item? {
                found.push(record.conversation);
            }
        }
    }
    if found.is_empty() {
        return Err(Error::unexpected(path, "no conversations were read"));
    }
    Ok(found)
}

/// The text of a file below `data`.
pub(crate) fn text(data: &Path, path: &str) -> Result<String, Error> {
    let path = data.join(path);
    std::fs::read_to_string(&path).map_err(|source| Error::Io { path, source })
}

/// A fact of the record, as text.
pub(crate) fn fact<'c>(conversation: &'c Conversation, name: &str) -> Option<&'c str> {
    conversation.metadata.get(name)?.as_str()
}

/// The labels of a layer of the whole conversation or of its messages.
pub(crate) fn layer<'c>(
    conversation: &'c Conversation,
    name: &'static str,
) -> impl Iterator<Item = &'c Annotation> {
    conversation.annotations.iter().filter(move |annotation| annotation.layer == name)
}

/// The texts of one side, in order.
pub(crate) fn said_by(conversation: &Conversation, role: Role) -> impl Iterator<Item = &str> {
    conversation
        .messages
        .iter()
        .filter(move |message| message.role == role)
        .map(|message| message.content.as_str())
}
