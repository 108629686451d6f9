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
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use pe_model::Role;
use serde::Deserialize;

use crate::Error;

/// A field map is a page at most; what is larger is none.
const MAX_FILE: u64 = 1 << 20;

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
        let failed = |source| Error::Io { path: path.to_path_buf(), source };
        let wrong = |what: String| Error::Options(format!("{}: {what}", path.display()));
        let mut bytes = Vec::new();
        File::open(path).map_err(failed)?.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > MAX_FILE {
            return Err(wrong(format!(
                "longer than {MAX_FILE} bytes, so it is no field map; name another file"
            )));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| wrong("not UTF-8, so it is no field map; save it as UTF-8".to_owned()))?;
        Self::parse(&text).map_err(|error| wrong(error.to_string()))
    }

    fn check(&self) -> Result<(), Error> {
        let ways = [
            self.content.is_some(),
            self.prompt.is_some() && self.response.is_some(),
            self.transcript.is_some(),
        ];
        let one_way = ways.iter().filter(|way| **way).count() == 1;
        self.check_clashes()?;
        if one_way {
            return Ok(());
        }
        Err(Error::Options(
            "a field map says where the text is in one of three ways: content (with speaker), or prompt and response, \
             or transcript"
                .to_owned(),
        ))
    }
}

/// Keys of a map, and their paths.
pub(crate) type Paths<'m> = Vec<(&'static str, &'m str)>;

impl FieldMap {
    /// Keys of different ways to say where the text is exclude each other.
    fn check_clashes(&self) -> Result<(), Error> {
        let list = [("messages", &self.messages), ("speaker", &self.speaker), ("content", &self.content)];
        let exchange = [("prompt", &self.prompt), ("response", &self.response), ("system", &self.system)];
        let ways: [&[(&str, &Option<String>)]; 3] = [&list, &exchange, &[("transcript", &self.transcript)]];
        let mut given = ways.into_iter().filter_map(|way| way.iter().find(|(_, path)| path.is_some()));
        match (given.next(), given.next()) {
            (Some((one, _)), Some((other, _))) => Err(Error::Options(format!(
                "the field map has both {one} and {other}, which say in different ways where the text is; keep one of them"
            ))),
            _ => Ok(()),
        }
    }

    /// The paths within a record, and those within a message.
    pub(crate) fn paths(&self) -> (Paths<'_>, Paths<'_>) {
        fn one<'m>(key: &'static str, path: Option<&'m String>) -> Option<(&'static str, &'m str)> {
            path.map(|path| (key, path.as_str()))
        }
        fn all<'m>(key: &'static str, paths: &'m [String]) -> impl Iterator<Item = (&'static str, &'m str)> {
            paths.iter().map(move |path| (key, path.as_str()))
        }
        let record = [
            one("id", self.id.as_ref()),
            one("messages", self.messages.as_ref()),
            one("prompt", self.prompt.as_ref()),
            one("response", self.response.as_ref()),
            one("system", self.system.as_ref()),
            one("transcript", self.transcript.as_ref()),
        ];
        let message = [
            one("speaker", self.speaker.as_ref()),
            one("content", self.content.as_ref()),
            one("timestamp", self.timestamp.as_ref()),
            one("annotator", self.annotator.as_ref()),
        ];
        let record = record.into_iter().flatten();
        let message = message.into_iter().flatten().chain(all("annotations", &self.annotations));
        (
            record.chain(all("metadata", self.metadata.as_deref().unwrap_or_default())).collect(),
            message
                .chain(all("message_metadata", self.message_metadata.as_deref().unwrap_or_default()))
                .collect(),
        )
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
        let error = FieldMap::parse("prompt = 'a'\nresponse = 'b'\nmessages = 'c'").unwrap_err().to_string();
        assert!(error.contains("both messages and prompt"), "{error}");
    }

    #[test]
    fn paths_with_dots_and_pointers() {
        assert_eq!(steps("a.b.0"), ["a", "b", "0"]);
        assert_eq!(steps("/a.b/c~1d"), ["a.b", "c/d"]);
        assert!(steps("").is_empty());
    }
}
