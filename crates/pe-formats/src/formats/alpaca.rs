//! Alpaca: `{"instruction": "...", "input": "...", "output": "...", "history": [["question", "answer"]], "system": "..."}`. The
//! instruction and its input are one message, with a line break between them.

use pe_model::{Conversation, Message, Role};
use serde_json::{Map, Value};

use super::json::{id_of, put, records, take_text};
use crate::sample::{Sample, Sniff};
use crate::source::Source;
use crate::{Error, ReadOptions, Records};

/// Whether a record is one.
pub(super) fn is_alpaca(record: &Value) -> bool {
    let text = |name: &str| record.get(name).is_some_and(Value::is_string);
    text("instruction") && (text("output") || text("response"))
}

/// Recognises it.
pub(super) fn sniff(sample: &Sample) -> Option<Sniff> {
    sample.outline()?.example(is_alpaca)?;
    Some(Sniff::new(90, "records have an instruction and an output"))
}

/// Reads it.
pub(super) fn read(source: Source, options: &ReadOptions) -> Result<Records, Error> {
    records(
        source,
        options,
        Box::new(|text, key| {
            let fields = serde_json::from_str(text)
                .map_err(|error| format!("not a JSON object: {error}; correct it or leave it out"))?;
            Ok(vec![conversation(fields, key)?])
        }),
    )
}

fn conversation(mut fields: Map<String, Value>, key: Option<&str>) -> Result<Conversation, String> {
    let mut messages = Vec::new();
    if let Some(system) = take_text(&mut fields, &["system"]).filter(|system| !system.is_empty()) {
        messages.push(Message::new(Role::System, system));
    }
    for exchange in fields.remove("history").as_ref().and_then(Value::as_array).into_iter().flatten() {
        let sides =
            exchange.as_array().filter(|sides| sides.len() == 2 && sides.iter().all(Value::is_string));
        let sides = sides.ok_or("history is not a list of pairs of texts")?;
        for (side, role) in sides.iter().zip([Role::User, Role::Assistant]) {
            messages.push(Message::new(role, side.as_str().unwrap_or_default()));
        }
    }
    let instruction = take_text(&mut fields, &["instruction"]).ok_or("no instruction in it")?;
    let input = take_text(&mut fields, &["input"]).unwrap_or_default();
    let asked: Vec<&str> =
        [instruction.as_str(), &input].into_iter().filter(|part| !part.is_empty()).collect();
    if asked.is_empty() {
        return Err("neither instruction nor input has a text".to_owned());
    }
    messages.push(Message::new(Role::User, asked.join("\n")));
    let answer = take_text(&mut fields, &["output", "response"]).ok_or("no output in it")?;
    messages.push(Message::new(Role::Assistant, answer));
    let source_id = id_of(&mut fields).or_else(|| key.map(str::to_owned));
    let mut conversation = Conversation { source_id, messages, ..Conversation::default() };
    for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_null()) {
        put(&mut conversation.metadata, &name, value);
    }
    Ok(conversation)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn history_system_and_input_have_their_places() {
        let Value::Object(fields) = json!({"instruction": "add", "input": "1 2", "output": "3", "system": "be brief",
            "history": [["hi", "hello"]], "source": "x"})
        else {
            unreachable!()
        };
        let conversation = conversation(fields, None).unwrap();
        let said: Vec<_> =
            conversation.messages.iter().map(|m| (m.role.name(), m.content.as_str())).collect();
        let expected = [
            ("system", "be brief"),
            ("user", "hi"),
            ("assistant", "hello"),
            ("user", "add\n1 2"),
            ("assistant", "3"),
        ];
        assert_eq!(said, expected);
        assert_eq!(conversation.metadata["source"], "x");
    }

    #[test]
    fn what_is_missing_is_said() {
        let read = |record: Value| conversation(record.as_object().unwrap().clone(), None).unwrap_err();
        assert!(read(json!({"instruction": "a"})).contains("output"));
        assert!(read(json!({"instruction": "", "output": "a"})).contains("neither"));
        assert!(read(json!({"instruction": "a", "output": "b", "history": [["x"]]})).contains("history"));
    }
}
