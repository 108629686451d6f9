//! Chats: a record has a list of messages, each with a role and a content. Three formats share this reader:
//!
//! * our own: `{"id": "a", "messages": [{"role": "user", "content": "Hello", "timestamp": "2024-01-02T03:04:05Z"}],
//!   "metadata": {}, "annotations": [], "pair": {}}`, as the `jsonl` export writes it, with what we say of it under `quality`,
//!   which is passed over;
//! * OpenAI: `{"messages": [{"role": "user", "content": "Hello"}, {"role": "assistant", "content": null, "tool_calls": [...]}]}`,
//!   also a bare list of messages;
//! * ShareGPT: `{"conversations": [{"from": "human", "value": "Hello"}], "system": "...", "tools": "..."}`.
//!
//! A `system` text beside the list becomes the first message. Every other field of the record is kept as metadata.

use std::fmt;

use pe_model::{Conversation, Message, Metadata, Role};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::chat_message::{Draft, Name, messages, twice};
use super::json::{id_of, put, records};
use super::own_annotations;
use crate::roles::RoleMap;
use crate::sample::{Sample, Sniff};
use crate::source::Source;
use crate::{Error, ReadOptions, Records};

/// What the list of messages is called.
pub(super) const LISTS: [&str; 3] = ["messages", "conversations", "conversation"];

/// A record: its messages, and its other fields.
#[derive(Debug, Default)]
pub(super) struct Chat {
    drafts: Option<Vec<Draft>>,
    fields: Metadata,
}

impl Chat {
    /// Reads a record's text.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_str(text)
            .map_err(|error| format!("not a chat record: {error}; correct it or leave it out"))
    }

    /// The conversation it is.
    pub(super) fn finish(self, roles: &RoleMap, key: Option<&str>) -> Result<Conversation, String> {
        let mut fields = self.fields;
        if is_ours(fields.get("quality")) {
            fields.remove("quality");
        }
        let mut said = messages(self.drafts.ok_or("no list of messages in it")?, roles)?;
        if let Some(Value::String(system)) = fields.get("system")
            && !said.iter().any(|message| message.role == Role::System)
        {
            if !system.is_empty() {
                said.insert(0, Message::new(Role::System, system.as_str()));
            }
            fields.remove("system");
        }
        let source_id = id_of(&mut fields).or_else(|| key.map(str::to_owned));
        let mut conversation = Conversation { source_id, messages: said, ..Conversation::default() };
        conversation.take_own(&mut fields)?;
        for (name, value) in fields {
            put(&mut conversation.metadata, &name, value);
        }
        Ok(conversation)
    }
}

/// Takes the fields that our own format defines.
trait TakeOwn {
    fn take_own(&mut self, fields: &mut Metadata) -> Result<(), String>;
}

impl TakeOwn for Conversation {
    fn take_own(&mut self, fields: &mut Metadata) -> Result<(), String> {
        if fields.get("metadata").is_some_and(Value::is_object)
            && let Some(Value::Object(metadata)) = fields.remove("metadata")
        {
            self.metadata = metadata;
        }
        // Other formats use these names for other things; those are kept as metadata.
        if fields.get("annotations").is_some_and(own_annotations::is_own)
            && let Some(Value::Array(annotations)) = fields.remove("annotations")
        {
            self.annotations = own_annotations::read(annotations, self.messages.len())?;
        }
        if let Some(pair) = fields.get("pair").and_then(|value| Deserialize::deserialize(value).ok()) {
            self.pair = Some(pair);
            fields.remove("pair");
        }
        Ok(())
    }
}

/// Reads all three formats.
pub(super) fn read(source: Source, options: &ReadOptions) -> Result<Records, Error> {
    let roles = options.roles.clone();
    records(source, options, Box::new(move |text, key| Ok(vec![Chat::parse(text)?.finish(&roles, key)?])))
}

impl<'de> Deserialize<'de> for Chat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ChatVisitor;
        impl<'de> Visitor<'de> for ChatVisitor {
            type Value = Chat;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with a list of messages, or a list of messages")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Chat, A::Error> {
                let mut drafts = Vec::new();
                while let Some(draft) = list.next_element()? {
                    drafts.push(draft);
                }
                Ok(Chat { drafts: Some(drafts), fields: Metadata::new() })
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Chat, A::Error> {
                let mut chat = Chat::default();
                let mut list = None;
                while let Some(Name(name)) = map.next_key()? {
                    if list.as_ref() == Some(&name) || chat.fields.contains_key(name.as_ref()) {
                        return Err(twice(&name));
                    }
                    if chat.drafts.is_none() && LISTS.contains(&name.as_ref()) {
                        chat.drafts = Some(map.next_value()?);
                        list = Some(name);
                        continue;
                    }
                    match map.next_value()? {
                        Value::Null => {}
                        value => _ = chat.fields.insert(name.into_owned(), value),
                    }
                }
                Ok(chat)
            }
        }
        deserializer.deserialize_any(ChatVisitor)
    }
}

/// The messages of a record, if it is a chat whose messages have these two fields.
fn list_with<'a>(record: &'a Value, speaker: &str, texts: &[&str]) -> Option<&'a Vec<Value>> {
    let list = match record {
        Value::Array(list) => list,
        Value::Object(fields) => LISTS.iter().find_map(|name| fields.get(*name)?.as_array())?,
        _ => return None,
    };
    let fits = |message: &Value| {
        message.get(speaker).is_some_and(Value::is_string)
            && texts.iter().any(|name| message.get(name).is_some())
    };
    // A first message that lacks something makes a record that is rejected, and no other format.
    list.iter().take(8).any(fits).then_some(list)
}

/// Other roles than those of a chat's protocol (`client`, `counselor`) are speakers of a dialogue, which has labels too.
fn is_openai(record: &Value) -> bool {
    const ROLES: [&str; 6] = ["system", "developer", "user", "assistant", "tool", "function"];
    list_with(record, "role", &["content", "tool_calls", "function_call"])
        .and_then(|list| list.iter().find_map(|message| message.get("role")?.as_str()))
        .is_some_and(|role| ROLES.contains(&role))
}

fn is_sharegpt(record: &Value) -> bool {
    list_with(record, "from", &["value"]).is_some()
}

/// Whether a record is a chat.
pub(super) fn is_chat(record: &Value) -> bool {
    is_openai(record) || is_sharegpt(record)
}

/// Whether all its fields are those of our own format, and one of them is in no other.
fn is_own(record: &Value) -> bool {
    const FIELDS: [&str; 6] = ["id", "messages", "metadata", "annotations", "pair", "quality"];
    const PARTS: [&str; 5] = ["role", "speaker", "content", "timestamp", "metadata"];
    let (Some(fields), Some(list)) = (record.as_object(), list_with(record, "role", &["content"])) else {
        return false;
    };
    let known = |message: &Value| {
        message.as_object().is_some_and(|parts| parts.keys().all(|part| PARTS.contains(&part.as_str())))
    };
    (fields.contains_key("id") || is_ours(fields.get("quality")))
        && fields.keys().all(|field| FIELDS.contains(&field.as_str()))
        && list.iter().all(known)
}

/// Whether it is what the `jsonl` export says of a conversation, which is ours and no part of it.
fn is_ours(quality: Option<&Value>) -> bool {
    quality
        .is_some_and(|quality| quality.get("conversation_id").is_some() && quality.get("dataset").is_some())
}

/// Recognises our own format.
pub(super) fn sniff_own(sample: &Sample) -> Option<Sniff> {
    sample.outline()?.example(is_own)?;
    Some(Sniff::new(
        92,
        "records have an id and messages with role and content, and no other fields than ours",
    ))
}

/// Recognises OpenAI messages.
pub(super) fn sniff_openai(sample: &Sample) -> Option<Sniff> {
    let record = sample.outline()?.example(is_openai)?;
    let place =
        if record.is_array() { "records are lists of messages" } else { "records hold a list of messages" };
    Some(Sniff::new(90, format!("{place} with role and content")))
}

/// Recognises ShareGPT.
pub(super) fn sniff_sharegpt(sample: &Sample) -> Option<Sniff> {
    sample.outline()?.example(is_sharegpt)?;
    Some(Sniff::new(90, "records hold a list of messages with from and value"))
}
