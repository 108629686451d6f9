//! Any JSON record with a list of utterances: objects with a speaker and a text under one of their usual names, or, where no
//! name is usual, a short field of few values beside a long one. Also lists of texts, each with a label in front
//! (`["求助者：...", "支持者：..."]`) or, in a `dialog`, of two sides in turn, with labels in lists of the same length; and a record
//! packed as text into the only field of another.
//!
//! What labels an utterance (`strategy`, `emotion`, `annotation`) becomes an annotation of it; its other fields are kept as its
//! metadata, those of the record as the conversation's.

use pe_model::{Annotation, Conversation, Message, Role};
use serde_json::{Map, Value};

use super::dialogue_labels::{is_label, take_labels};
use super::dialogue_shape::{Shape, unpacked};
use super::json::{as_text, id_of, put, records, time_of};
use super::transcript_message;
use crate::roles::{RoleMap, speaker};
use crate::sample::{Sample, Sniff};
use crate::source::Source;
use crate::{Error, ReadOptions, Records};

/// Whether a record is one.
pub(super) fn is_dialogue(record: &Value) -> bool {
    unpacked(record).map_or_else(|| Shape::of(record), |inner| Shape::of(&inner)).is_some()
}

/// Recognises it.
pub(super) fn sniff(sample: &Sample) -> Option<Sniff> {
    let record = sample.outline()?.example(is_dialogue)?;
    let inner = unpacked(record);
    let shape = Shape::of(inner.as_ref().unwrap_or(record))?;
    let packed = if inner.is_some() { "records packed as text " } else { "records " };
    Some(Sniff::new(shape.confidence(), format!("{packed}hold {}", shape.describe())))
}

/// Reads it.
pub(super) fn read(source: Source, options: &ReadOptions) -> Result<Records, Error> {
    let roles = options.roles.clone();
    records(
        source,
        options,
        Box::new(move |text, key| {
            let record: Value = serde_json::from_str(text)
                .map_err(|error| format!("not valid JSON: {error}; correct it or leave it out"))?;
            let record = unpacked(&record).unwrap_or(record);
            let shape = Shape::of(&record).ok_or("no list of utterances with a speaker and a text in it")?;
            Ok(vec![conversation(record, &shape, &roles, key)?])
        }),
    )
}

fn conversation(
    record: Value,
    shape: &Shape,
    roles: &RoleMap,
    key: Option<&str>,
) -> Result<Conversation, String> {
    let (list, mut fields) = shape.split(record)?;
    let mut conversation = Conversation { source_id: id_of(&mut fields), ..Conversation::default() };
    if conversation.source_id.is_none() {
        conversation.source_id = key.map(str::to_owned);
    }
    match shape {
        Shape::Objects { speaker, text, .. } => {
            let names = Names { speaker, text };
            add_objects(list, &names, roles, &mut conversation)?;
        }
        Shape::Lines { .. } => {
            let lines: Vec<_> = list.iter().filter_map(Value::as_str).collect();
            transcript_message::add_cell(&lines.join("\n"), roles, &mut conversation)?;
        }
        Shape::Turns { .. } => {
            let sides = [Role::User, Role::Assistant].into_iter().cycle();
            let said = list.iter().filter_map(Value::as_str).zip(sides);
            conversation.messages = said.map(|(text, role)| Message::new(role, text)).collect();
        }
    }
    let count = conversation.messages.len();
    for (name, value) in fields {
        let labels = value.as_array().filter(|labels| is_label(&name) && labels.len() == count);
        if let (Shape::Turns { .. }, Some(labels)) = (shape, labels) {
            conversation.annotations.extend(parallel(&name, labels));
        } else if !is_nothing(&value) {
            put(&mut conversation.metadata, &name, value);
        }
    }
    Ok(conversation)
}

/// Labels in a list beside the texts.
fn parallel(layer: &str, labels: &[Value]) -> Vec<Annotation> {
    let labels = labels.iter().enumerate().filter_map(|(at, label)| Some((at as u32, as_text(label)?)));
    labels
        .map(|(at, value)| Annotation {
            layer: layer.to_owned(),
            annotator: String::new(),
            message: Some(at),
            range: None,
            value,
        })
        .collect()
}

struct Names<'a> {
    speaker: &'a str,
    text: &'a str,
}

/// One utterance before its speaker has a role.
struct Spoken {
    label: String,
    text: String,
    rest: Map<String, Value>,
}

fn add_objects(
    list: Vec<Value>,
    names: &Names<'_>,
    roles: &RoleMap,
    conversation: &mut Conversation,
) -> Result<(), String> {
    let spoken: Vec<_> = list
        .into_iter()
        .enumerate()
        .map(|(at, value)| take_spoken(at, value, names))
        .collect::<Result<_, _>>()?;
    let cast = roles.cast(spoken.iter().map(|one| one.label.as_str()));
    for (one, role) in spoken.into_iter().zip(cast) {
        let position = conversation.messages.len() as u32;
        let mut message = Message::new(role, one.text);
        message.speaker = speaker(&one.label, role);
        for (name, value) in one.rest {
            if is_nothing(&value) {
                continue;
            }
            if matches!(name.as_str(), "timestamp" | "created_at" | "time") && message.timestamp.is_none() {
                message.timestamp = time_of(&value);
                if message.timestamp.is_some() {
                    continue;
                }
            }
            let labels =
                if is_label(&name) { take_labels(&name, &value, position, &message.content) } else { None };
            match labels {
                Some(labels) => conversation.annotations.extend(labels),
                None => put(&mut message.metadata, &name, value),
            }
        }
        conversation.messages.push(message);
    }
    Ok(())
}

fn take_spoken(at: usize, value: Value, names: &Names<'_>) -> Result<Spoken, String> {
    let Value::Object(mut rest) = value else {
        return Err(format!("utterance {} is no object", at + 1));
    };
    let lacks = |name: &str| format!("utterance {} has no {name}", at + 1);
    let label = rest.remove(names.speaker).as_ref().and_then(as_text).ok_or_else(|| lacks(names.speaker))?;
    let text = match rest.remove(names.text) {
        Some(Value::Null) => String::new(),
        other => other.as_ref().and_then(as_text).ok_or_else(|| lacks(names.text))?,
    };
    Ok(Spoken { label, text, rest })
}

/// Null, and what is empty: it says nothing.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(record: Value) -> Conversation {
        let record = unpacked(&record).unwrap_or(record);
        let shape = Shape::of(&record).expect("a dialogue");
        conversation(record, &shape, &RoleMap::default(), None).unwrap()
    }

    fn said(conversation: &Conversation) -> Vec<(Role, &str)> {
        conversation.messages.iter().map(|message| (message.role, message.content.as_str())).collect()
    }

    #[test]
    fn labels_become_annotations_and_never_content() {
        let found = read(json!({"problem": "work", "survey_score": {"empathy": 4}, "dialog": [
            {"speaker": "listener", "annotation": {"strategy": "Question"}, "content": "How are you?"},
            {"speaker": "speaker", "annotation": {}, "content": "Tired.", "emotion": "sad", "index": 1}]}));
        assert_eq!(said(&found), [(Role::Assistant, "How are you?"), (Role::User, "Tired.")]);
        let labels: Vec<_> =
            found.annotations.iter().map(|a| (a.layer.as_str(), a.message, a.value.as_str())).collect();
        assert_eq!(labels, [("strategy", Some(0), "Question"), ("emotion", Some(1), "sad")]);
        assert_eq!(found.messages[1].metadata["index"], 1);
        assert_eq!(found.metadata["survey_score"]["empathy"], 4);
    }

    #[test]
    fn records_packed_as_text_and_lists_of_labelled_texts() {
        let packed = read(
            json!({"text": "{\"dialog\": [{\"speaker\": \"usr\", \"text\": \"a\"}, {\"speaker\": \"sys\", \"text\": \"b\"}]}"}),
        );
        assert_eq!(said(&packed), [(Role::User, "a"), (Role::Assistant, "b")]);
        let lines = read(json!(["求助者：最近很累。", "支持者：怎么了？"]));
        assert_eq!(said(&lines), [(Role::User, "最近很累。"), (Role::Assistant, "怎么了？")]);
    }

    #[test]
    fn texts_in_turn_with_labels_beside_them() {
        let found = read(json!({"dialog": ["Hi", "Hello", "Bye"], "emotion": [0, 4, 0], "topic": 2}));
        assert_eq!(said(&found), [(Role::User, "Hi"), (Role::Assistant, "Hello"), (Role::User, "Bye")]);
        assert_eq!(found.annotations.len(), 3);
        assert_eq!(
            (found.annotations[1].layer.as_str(), found.annotations[1].value.as_str()),
            ("emotion", "4")
        );
        assert_eq!(found.metadata["topic"], 2);
    }

    #[test]
    fn unusual_names_are_found_by_what_is_in_them() {
        let turn = |who: &str, words: &str| json!({"p": who, "w": words});
        let found =
            read(json!({"stuff": [turn("A", "how was the week then"), turn("B", "long and rather wet"),
            turn("A", "tell me more about it"), turn("B", "it rained on every day")]}));
        assert_eq!(said(&found)[1], (Role::Assistant, "long and rather wet"));
    }

    #[test]
    fn an_utterance_without_text_rejects_the_record() {
        let record = json!({"dialog": [{"speaker": "usr", "text": "a"}, {"speaker": "sys"}]});
        let shape = Shape::of(&record).unwrap();
        let error = conversation(record, &shape, &RoleMap::default(), None).unwrap_err();
        assert_eq!(error, "utterance 2 has no text");
    }
}
