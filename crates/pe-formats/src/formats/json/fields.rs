//! The usual names of fields, and taking values out of records.

use pe_model::Metadata;
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// What a conversation's id is called.
const ID: &[&str] = &[
    "id",
    "conversation_id",
    "conversationId",
    "dialogue_id",
    "dialog_id",
    "session_id",
    "chat_id",
    "transcript_id",
    "participant_id",
    "conv_id",
    "uuid",
    "fname",
];

/// Takes out the conversation's id: text or a whole number. An empty one is taken where there is no other.
pub(crate) fn id_of(record: &mut Map<String, Value>) -> Option<String> {
    let id = |name: &str| record.get(name).and_then(as_id);
    let filled = ID.iter().find(|name| id(name).is_some_and(|id| !id.is_empty()));
    let name = filled.or_else(|| ID.iter().find(|name| id(name).is_some()))?;
    record.remove(*name).as_ref().and_then(as_id)
}

/// Whether a field of that name may hold the conversation's id.
pub(super) fn as_id(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}

/// A value as a label: text as it is, numbers and truth values as JSON writes them.
pub(crate) fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

/// Takes the first of `names` that holds text out of the record.
pub(crate) fn take_text(record: &mut Map<String, Value>, names: &[&str]) -> Option<String> {
    let name = names.iter().find(|name| record.get(**name).is_some_and(Value::is_string))?;
    match record.remove(*name) {
        Some(Value::String(text)) => Some(text),
        _ => None,
    }
}

/// Puts a value beside the others; where the name is taken it gets a line behind it, so that nothing is lost.
pub(crate) fn put(metadata: &mut Metadata, name: &str, value: Value) {
    let mut name = name.to_owned();
    while metadata.contains_key(&name) {
        name.push('_');
    }
    metadata.insert(name, value);
}

/// A time: RFC 3339 text, or seconds or milliseconds since 1970.
pub(crate) fn time_of(value: &Value) -> Option<OffsetDateTime> {
    match value {
        Value::String(text) => OffsetDateTime::parse(text, &Rfc3339).ok(),
        Value::Number(number) => {
            let number = number.as_f64()?;
            // Seconds reach this in the year 5138; milliseconds passed it in 1973.
            let seconds = if number.abs() < 1e11 { number } else { number / 1e3 };
            let nanoseconds = (seconds * 1e9).round();
            (seconds.abs() < 1e11)
                .then(|| OffsetDateTime::from_unix_timestamp_nanos(nanoseconds as i128).ok())
                .flatten()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn ids_are_text_or_whole_numbers() {
        let mut record = json!({"id": 1.5, "dialogue_id": 7}).as_object().unwrap().clone();
        assert_eq!(id_of(&mut record), Some("7".into()));
        assert_eq!(record.len(), 1);
    }

    #[test]
    fn times_in_three_spellings() {
        let expected = Some(datetime!(2024-01-02 03:04:05 UTC));
        assert_eq!(time_of(&json!("2024-01-02T03:04:05Z")), expected);
        assert_eq!(time_of(&json!(1_704_164_645)), expected);
        assert_eq!(time_of(&json!(1_704_164_645_000_u64)), expected);
        assert_eq!(time_of(&json!("yesterday")), None);
        assert_eq!(time_of(&json!(1e300)), None);
    }

    #[test]
    fn nothing_is_overwritten() {
        let mut metadata = Metadata::new();
        put(&mut metadata, "a", json!(1));
        put(&mut metadata, "a", json!(2));
        assert_eq!(Value::Object(metadata), json!({"a": 1, "a_": 2}));
    }
}
