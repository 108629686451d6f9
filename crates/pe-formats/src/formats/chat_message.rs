//! One chat message: `{"role": ..., "content": ...}` or `{"from": ..., "value": ...}`, read straight into its fields without a
//! tree in between, because most of what is imported is in these shapes.
//!
//! `content` is text, null, or a list of parts. The texts of the parts are joined by line breaks; the other parts are kept
//! in `parts` of the message's metadata. Everything else a message has (`tool_calls`, `name`, `loss_weight`) goes there too.

use std::borrow::Cow;
use std::fmt;

use pe_model::{Message, Metadata, Role};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::json::{put, time_of};
use crate::roles::{RoleMap, speaker};

/// A message before its speaker has a role.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// What the source calls the speaker, in the field that says the role.
    label: Option<String>,
    /// Our own format has the source's label in a field of its own.
    speaker: Option<String>,
    content: Content,
    timestamp: Option<Value>,
    metadata: Metadata,
    /// Fields without a place of their own.
    rest: Metadata,
    seen: Seen,
}

/// The text of a message, and its parts that are not text.
#[derive(Debug, Default, PartialEq)]
struct Content {
    text: Option<String>,
    parts: Vec<Value>,
}

/// Gives the messages their roles. `cast` tells what the whole conversation says of labels that are not known.
pub(super) fn messages(drafts: Vec<Draft>, roles: &RoleMap) -> Result<Vec<Message>, String> {
    let known: Option<Vec<Role>> =
        drafts.iter().map(|draft| draft.label.as_deref().and_then(|label| roles.known(label))).collect();
    let found = if let Some(known) = known {
        known
    } else {
        if let Some(at) = drafts.iter().position(|draft| draft.label.is_none()) {
            return Err(format!("message {} does not say who speaks (role or from)", at + 1));
        }
        roles.cast(drafts.iter().filter_map(|draft| draft.label.as_deref()))
    };
    Ok(drafts.into_iter().zip(found).map(|(draft, role)| draft.finish(role)).collect())
}

impl Draft {
    fn finish(mut self, role: Role) -> Message {
        let mut metadata = self.metadata;
        let text = self.content.text.or_else(|| match self.rest.remove("text") {
            Some(Value::String(text)) => Some(text),
            Some(other) => {
                self.rest.insert("text".to_owned(), other);
                None
            }
            None => None,
        });
        let timestamp = self.timestamp.as_ref().and_then(time_of);
        if let (None, Some(unread)) = (timestamp, self.timestamp.filter(|value| !value.is_null())) {
            put(&mut metadata, "timestamp", unread);
        }
        if !self.content.parts.is_empty() {
            put(&mut metadata, "parts", Value::Array(self.content.parts));
        }
        for (name, value) in self.rest {
            put(&mut metadata, &name, value);
        }
        let speaker = self.speaker.or_else(|| self.label.and_then(|label| speaker(&label, role)));
        Message { role, speaker, content: text.unwrap_or_default(), timestamp, metadata }
    }

    fn set<'de, A: MapAccess<'de>>(&mut self, name: &str, map: &mut A) -> Result<(), A::Error> {
        self.seen.note(name)?;
        match name {
            "role" | "from" if self.label.is_none() => self.label = map.next_value()?,
            "content" | "value" if self.content == Content::default() => self.content = map.next_value()?,
            "speaker" => match map.next_value()? {
                Value::String(label) => self.speaker = Some(label),
                Value::Null => {}
                other => put(&mut self.rest, name, other),
            },
            "timestamp" => self.timestamp = Some(map.next_value()?),
            "metadata" => match map.next_value()? {
                Value::Object(fields) => self.metadata = fields,
                Value::Null => {}
                other => put(&mut self.rest, name, other),
            },
            _ => match map.next_value()? {
                Value::Null => {}
                _ if self.rest.contains_key(name) => return Err(twice(name)),
                other => _ = self.rest.insert(name.to_owned(), other),
            },
        }
        Ok(())
    }
}

/// Which of the fields with a place of their own were met.
#[derive(Debug, Default)]
struct Seen(u8);

impl Seen {
    /// Notes a field; an error where it was met before.
    fn note<E: Error>(&mut self, name: &str) -> Result<(), E> {
        const NAMES: [&str; 7] = ["role", "from", "content", "value", "speaker", "timestamp", "metadata"];
        let Some(at) = NAMES.iter().position(|known| *known == name) else { return Ok(()) };
        if self.0 & 1 << at != 0 {
            return Err(twice(name));
        }
        self.0 |= 1 << at;
        Ok(())
    }
}

/// The error of an object that has a field twice: which of the two is meant can't be known.
pub(super) fn twice<E: Error>(name: &str) -> E {
    E::custom(format_args!("the field \"{name}\" is there twice"))
}

impl<'de> Deserialize<'de> for Draft {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct DraftVisitor;
        impl<'de> Visitor<'de> for DraftVisitor {
            type Value = Draft;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a message (an object with role and content, or from and value)")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Draft, A::Error> {
                let mut draft = Draft::default();
                while let Some(Name(name)) = map.next_key()? {
                    draft.set(&name, &mut map)?;
                }
                Ok(draft)
            }
        }
        deserializer.deserialize_map(DraftVisitor)
    }
}

/// A field's name, borrowed where it can be.
pub(super) struct Name<'de>(pub(super) Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field's name")
            }

            fn visit_borrowed_str<E: Error>(self, name: &'de str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E: Error>(self, name: &str) -> Result<Name<'de>, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(NameVisitor)
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ContentVisitor;
        impl<'de> Visitor<'de> for ContentVisitor {
            type Value = Content;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a message's content (text, null, or a list of parts)")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Content, E> {
                Ok(Content { text: Some(text.to_owned()), parts: Vec::new() })
            }

            fn visit_string<E: Error>(self, text: String) -> Result<Content, E> {
                Ok(Content { text: Some(text), parts: Vec::new() })
            }

            fn visit_unit<E: Error>(self) -> Result<Content, E> {
                Ok(Content { text: Some(String::new()), parts: Vec::new() })
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Content, A::Error> {
                let mut content = Content { text: Some(String::new()), parts: Vec::new() };
                while let Some(part) = list.next_element()? {
                    content.add(part);
                }
                Ok(content)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Content, A::Error> {
                let mut part = Metadata::new();
                while let Some((name, value)) = map.next_entry()? {
                    part.insert(name, value);
                }
                let mut content = Content { text: Some(String::new()), parts: Vec::new() };
                content.add(Value::Object(part));
                Ok(content)
            }
        }
        deserializer.deserialize_any(ContentVisitor)
    }
}

impl Content {
    fn add(&mut self, part: Value) {
        let found = match &part {
            Value::String(text) => Some(text),
            Value::Object(fields) => part_text(fields),
            _ => None,
        };
        let Some(found) = found else {
            self.parts.push(part);
            return;
        };
        let text = self.text.get_or_insert_default();
        if !text.is_empty() && !found.is_empty() {
            text.push('\n');
        }
        text.push_str(found);
    }
}

/// The text of a part that is nothing but text.
fn part_text(fields: &Metadata) -> Option<&String> {
    let kind = fields.get("type").map_or(Some("text"), Value::as_str)?;
    if !matches!(kind, "text" | "input_text" | "output_text") || fields.len() > 2 {
        return None;
    }
    match fields.get("text").or_else(|| fields.get("value")) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}
