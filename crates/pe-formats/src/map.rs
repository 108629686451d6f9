//! A field map: where the fields of a conversation lie in a file of an unknown shape.
//!
//! It is a TOML or JSON file. Every entry is a path: keys with dots between them (`meta.id`), numbers for places in a list
//! (`turns.0.text`); for a key that has a dot in it, a JSON Pointer (`/a.b/c`, RFC 6901). In a table, a path is a column's
//! name. What is not mapped is kept as metadata, unless `metadata` or `message_metadata` say which to keep.
//!
//! ```toml
//! # JSON: one record holds a list of messages
//! records = "data.items"        # the list of records, where it is not the whole file
//! id = "dialogue_id"            # of the conversation
//! messages = "turns"            # the list; "" where the record is the list
//! speaker = "who"               # of a message, as are the next three
//! content = "utterance"
//! timestamp = "time"
//! annotations = ["strategy"]    # labels, kept as annotation layers
//! metadata = ["topic"]          # of the conversation
//! message_metadata = ["lang"]   # of a message
//!
//! [roles]
//! ellie = "assistant"
//! ```
//!
//! A record of one exchange has `prompt` and `response` (and `system`) instead of `messages`; one that holds a whole
//! transcript as text has `transcript`. Where each row of a table, or each record without `messages`, is an utterance, `id` is
//! the column (or field) that says which conversation it belongs to, and `annotator` the one that says who labelled it.

use std::collections::BTreeMap;
use std::path::Path;

use pe_model::Role;
use serde::Deserialize;

use crate::Error;

/// Where the fields of a conversation lie.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FieldMap {
    /// The list of records within a JSON document.
    pub records: Option<String>,
    /// The conversation's id.
    pub id: Option<String>,
    /// The list of messages.
    pub messages: Option<String>,
    /// A message's speaker or role.
    #[serde(alias = "role")]
    pub speaker: Option<String>,
    /// A message's text.
    #[serde(alias = "text")]
    pub content: Option<String>,
    /// When a message was said.
    pub timestamp: Option<String>,
    /// What the user says, in a record of one exchange.
    pub prompt: Option<String>,
    /// What the helper answers, in a record of one exchange.
    pub response: Option<String>,
    /// An instruction in front, in a record of one exchange.
    pub system: Option<String>,
    /// A whole transcript as text.
    pub transcript: Option<String>,
    /// Fields of a message that are labels.
    pub annotations: Vec<String>,
    /// Who gave the labels.
    pub annotator: Option<String>,
    /// Fields of the record to keep; all that are not mapped where it is not given.
    pub metadata: Option<Vec<String>>,
    /// Fields of a message to keep; all that are not mapped where it is not given.
    pub message_metadata: Option<Vec<String>>,
    /// Which speaker has which role.
    pub roles: BTreeMap<String, Role>,
}

impl FieldMap {
    /// From the text of a TOML or JSON file.
    ///
    /// # Errors
    /// It is neither, names a field that does not exist, or says too little to find a text.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let wrong =
            |error: &dyn std::fmt::Display| Error::Options(format!("the field map can't be read: {error}"));
        let map: Self = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| wrong(&error))?
        } else {
            toml::from_str(text).map_err(|error| wrong(&error))?
        };
        map.check()?;
        Ok(map)
    }

    /// From a file.
    ///
    /// # Errors
    /// As for [`FieldMap::parse`], or the file can't be read.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let text =
            std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.to_path_buf(), source })?;
        Self::parse(&text).map_err(|error| Error::Options(format!("{}: {error}", path.display())))
    }

    fn check(&self) -> Result<(), Error> {
        let ways = [
            self.content.is_some(),
            self.prompt.is_some() && self.response.is_some(),
            self.transcript.is_some(),
        ];
        if ways.iter().filter(|way| **way).count() == 1 {
            return Ok(());
        }
        Err(Error::Options(
            "a field map says where the text is in one of three ways: content (with speaker), or prompt and response, \
             or transcript"
                .to_owned(),
        ))
    }
}

/// The parts of a path: a JSON Pointer where it begins with a slash, otherwise keys with dots between them.
pub(crate) fn steps(path: &str) -> Vec<String> {
    match path.strip_prefix('/') {
        Some(pointer) => pointer.split('/').map(|step| step.replace("~1", "/").replace("~0", "~")).collect(),
        None if path.is_empty() => Vec::new(),
        None => path.split('.').map(str::to_owned).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn toml_and_json_say_the_same() {
        let toml =
            "id = 'a.b'\nmessages = 'turns'\nrole = 'who'\ncontent = 'text'\n[roles]\nEllie = 'assistant'";
        let json =
            r#"{"id":"a.b","messages":"turns","speaker":"who","text":"text","roles":{"Ellie":"assistant"}}"#;
        assert_eq!(FieldMap::parse(toml).unwrap(), FieldMap::parse(json).unwrap());
    }

    #[test]
    fn mistakes_are_named() {
        let error = FieldMap::parse("contents = 'x'").unwrap_err().to_string();
        assert!(error.contains("contents"), "{error}");
        let error = FieldMap::parse("id = 'x'").unwrap_err().to_string();
        assert!(error.contains("one of three ways"), "{error}");
        assert!(FieldMap::parse("content = 'x'\ntranscript = 'y'").is_err());
    }

    #[test]
    fn paths_with_dots_and_pointers() {
        assert_eq!(steps("a.b.0"), ["a", "b", "0"]);
        assert_eq!(steps("/a.b/c~1d"), ["a.b", "c/d"]);
        assert!(steps("").is_empty());
    }
}
