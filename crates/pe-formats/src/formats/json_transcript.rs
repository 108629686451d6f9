//! A whole transcript in one field of a JSON record, with a line for each utterance:
//! `{"fname": "d1", "dialogue": "Anna: Hello\nTom: Hi", "summary": "..."}`. A `response` beside a `context` is its last
//! utterance. Ratings in `annotations` (`{"Fluent": [2, 1, 2]}`) become annotations, one for each rater, of the response
//! where there is one and of the conversation otherwise.

use pe_model::{Annotation, Conversation, Message, Role};
use serde_json::{Map, Value};

use super::json::{as_text, id_of, put, records, take_text};
use super::transcript_message;
use crate::roles::RoleMap;
use crate::sample::{Sample, Sniff};
use crate::source::Source;
use crate::{Error, ReadOptions, Records};

const TEXTS: [&str; 8] =
    ["dialogue", "dialog", "transcript", "conversation", "chat", "context", "messages", "text"];
const REPLY: &str = "response";

/// The field that holds the transcript.
fn field(record: &Value) -> Option<&'static str> {
    let roles = RoleMap::default();
    TEXTS.into_iter().find(|name| {
        record
            .get(*name)
            .and_then(Value::as_str)
            .is_some_and(|text| transcript_message::is_transcript(&joined(text, record.get(REPLY)), &roles))
    })
}

/// The transcript with its last utterance.
fn joined(text: &str, reply: Option<&Value>) -> String {
    match reply.and_then(Value::as_str) {
        Some(reply) => format!("{text}\n{reply}"),
        None => text.to_owned(),
    }
}

/// Whether a record holds a transcript.
pub(super) fn is_transcript(record: &Value) -> bool {
    field(record).is_some()
}

/// Recognises it.
pub(super) fn sniff(sample: &Sample) -> Option<Sniff> {
    let name = field(sample.outline()?.example(is_transcript)?)?;
    Some(Sniff::new(70, format!("records hold a transcript in {name}")))
}

/// Reads it.
pub(super) fn read(source: Source, options: &ReadOptions) -> Result<Records, Error> {
    let roles = options.roles.clone();
    records(
        source,
        options,
        Box::new(move |text, key| {
            let fields = serde_json::from_str(text)
                .map_err(|error| format!("not a JSON object: {error}; correct it or leave it out"))?;
            Ok(vec![conversation(fields, &roles, key)?])
        }),
    )
}

fn conversation(
    mut fields: Map<String, Value>,
    roles: &RoleMap,
    key: Option<&str>,
) -> Result<Conversation, String> {
    let text = take_text(&mut fields, &TEXTS).ok_or("no field with a transcript in it")?;
    let reply = take_text(&mut fields, &[REPLY]);
    let mut conversation = Conversation::default();
    match &reply {
        None => transcript_message::add_cell(&text, roles, &mut conversation)?,
        Some(reply) => {
            // A reply without a label of its own is the helper's.
            let labelled =
                reply.split_once(':').is_some_and(|(label, _)| text.contains(&format!("{label}:")));
            if labelled {
                let whole = format!("{}\n{reply}", text.trim_end());
                transcript_message::add_cell(&whole, roles, &mut conversation)?;
            } else {
                transcript_message::add_cell(&text, roles, &mut conversation)?;
                conversation.messages.push(Message::new(Role::Assistant, reply.as_str()));
            }
        }
    }
    conversation.source_id = id_of(&mut fields).or_else(|| key.map(str::to_owned));
    let about = reply.and(u32::try_from(conversation.messages.len().saturating_sub(1)).ok());
    if let Some(ratings) = fields.remove("annotations") {
        let unread = rate(ratings, about, &mut conversation.annotations);
        put_some(&mut conversation, "annotations", unread);
    }
    for (name, value) in fields {
        put_some(&mut conversation, &name, value);
    }
    Ok(conversation)
}

fn put_some(conversation: &mut Conversation, name: &str, value: Value) {
    if !value.is_null() {
        put(&mut conversation.metadata, name, value);
    }
}

/// Makes annotations of ratings; gives back what is none, null where nothing is left.
fn rate(ratings: Value, message: Option<u32>, annotations: &mut Vec<Annotation>) -> Value {
    let layers = match ratings {
        Value::Object(layers) if layers.values().all(is_rating) => layers,
        other => return other,
    };
    for (layer, value) in layers {
        let one = |annotator: String, value: String| Annotation {
            layer: layer.clone(),
            annotator,
            message,
            range: None,
            value,
        };
        match value {
            Value::Array(values) => {
                let values = values.iter().filter_map(as_text).enumerate();
                annotations.extend(values.map(|(at, value)| one((at + 1).to_string(), value)));
            }
            other => annotations.extend(as_text(&other).map(|value| one(String::new(), value))),
        }
    }
    Value::Null
}

fn is_rating(value: &Value) -> bool {
    match value {
        Value::Array(values) => values.iter().all(|value| as_text(value).is_some()),
        other => as_text(other).is_some(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(record: &Value) -> Conversation {
        assert!(is_transcript(record), "{record}");
        conversation(record.as_object().unwrap().clone(), &RoleMap::default(), None).unwrap()
    }

    #[test]
    fn lines_become_messages_and_the_rest_metadata() {
        let found =
            read(&json!({"fname": "d1", "dialogue": "#Person1#: Hello\n#Person2#: Hi\n#Person1#: Bye",
            "summary": "They greet."}));
        assert_eq!(found.source_id.as_deref(), Some("d1"));
        let said: Vec<_> = found.messages.iter().map(|m| (m.role, m.content.as_str())).collect();
        assert_eq!(said, [(Role::User, "Hello"), (Role::Assistant, "Hi"), (Role::User, "Bye")]);
        assert_eq!(found.messages[0].speaker.as_deref(), Some("#Person1#"));
        assert_eq!(found.metadata["summary"], "They greet.");
    }

    #[test]
    fn ratings_are_annotations_of_the_response() {
        let found =
            read(&json!({"context": "User: Hi!\nSystem: Hello\nUser: Bye", "response": "System: See you",
            "annotations": {"Fluent": [2, 1], "Overall": [3, "N/A"]}}));
        assert_eq!(found.messages.len(), 4);
        assert_eq!(found.messages[3].role, Role::Assistant);
        assert_eq!(found.annotations.len(), 4);
        assert!(found.annotations.iter().all(|annotation| annotation.message == Some(3)));
        assert_eq!(
            (found.annotations[1].annotator.as_str(), found.annotations[1].value.as_str()),
            ("2", "1")
        );
    }
}
