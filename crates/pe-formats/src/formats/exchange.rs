//! A question and its answer in one record: `{"prompt": "...", "response": "..."}`, `{"question": ..., "answer": ...}`,
//! `{"context": ..., "response": ...}` and their like, in any case. Everything else in the record is metadata.

use pe_model::{Conversation, Message, Role};
use serde_json::{Map, Value};

use super::json::{id_of, put, records};
use crate::sample::{Sample, Sniff};
use crate::source::Source;
use crate::{Error, ReadOptions, Records};

const ASKED: [&str; 7] = ["prompt", "question", "query", "context", "instruction", "input", "user"];
const ANSWERED: [&str; 8] =
    ["response", "completion", "answer", "output", "reply", "chosen_response", "assistant", "target"];

fn field<'a>(fields: &'a Map<String, Value>, names: &[&str]) -> Option<&'a String> {
    names.iter().find_map(|name| {
        fields
            .iter()
            .find(|(field, value)| field.eq_ignore_ascii_case(name) && value.is_string())
            .map(|(field, _)| field)
    })
}

/// The names of the question and of the answer.
fn sides(record: &Value) -> Option<(&String, &String)> {
    let fields = record.as_object()?;
    Some((field(fields, &ASKED)?, field(fields, &ANSWERED)?))
}

/// Whether a record is an exchange.
pub(super) fn is_exchange(record: &Value) -> bool {
    sides(record).is_some()
}

/// Recognises it.
pub(super) fn sniff(sample: &Sample) -> Option<Sniff> {
    let (asked, answered) = sides(sample.outline()?.example(is_exchange)?)?;
    Some(Sniff::new(60, format!("records have a {asked} and a {answered}")))
}

/// Reads it.
pub(super) fn read(source: Source, options: &ReadOptions) -> Result<Records, Error> {
    records(
        source,
        options,
        Box::new(|text, key| {
            let record = serde_json::from_str(text)
                .map_err(|error| format!("not valid JSON: {error}; correct it or leave it out"))?;
            Ok(vec![conversation(record, key)?])
        }),
    )
}

fn conversation(mut record: Value, key: Option<&str>) -> Result<Conversation, String> {
    let (asked, answered) = sides(&record).ok_or("no question and answer in it")?;
    let (asked, answered) = (asked.clone(), answered.clone());
    let fields = record.as_object_mut().ok_or("not an object")?;
    let mut messages = Vec::new();
    let sides =
        [("system", Role::System), (asked.as_str(), Role::User), (answered.as_str(), Role::Assistant)];
    for (name, role) in sides {
        match fields.remove(name) {
            // A short "system" names the software that answered; an instruction is a sentence.
            Some(Value::String(text)) if role == Role::System && !text.contains(' ') => {
                fields.insert(name.to_owned(), text.into());
            }
            Some(Value::String(text)) => messages.push(Message::new(role, text)),
            _ => {}
        }
    }
    let source_id = id_of(fields).or_else(|| key.map(str::to_owned));
    let mut conversation = Conversation { source_id, messages, ..Conversation::default() };
    for (name, value) in std::mem::take(fields).into_iter().filter(|(_, value)| !value.is_null()) {
        put(&mut conversation.metadata, &name, value);
    }
    Ok(conversation)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_question_and_an_answer_under_any_name() {
        for record in [
            json!({"prompt": "a", "response": "b", "label": "x"}),
            json!({"Context": "a", "Response": "b", "label": "x"}),
            json!({"question": "a", "answer": "b", "label": "x", "system": "Bot"}),
        ] {
            let conversation = conversation(record, None).unwrap();
            let said: Vec<_> = conversation.messages.iter().map(|m| (m.role, m.content.as_str())).collect();
            assert_eq!(said, [(Role::User, "a"), (Role::Assistant, "b")]);
            assert_eq!(conversation.metadata["label"], "x");
        }
        assert!(!is_exchange(&json!({"prompt": "a"})));
    }
}
