//! The annotations of our own format: `{"layer": "strategy", "annotator": "a1", "message": 1, "range": [0, 5], "value": "question"}`.
//!
//! `start` and `end`, or `span`, say the same as `range`; numbers and truth values become their text. Another field of an
//! annotation becomes an annotation in a layer of its own (`strategy.confidence`), so that nothing is lost.

use pe_model::{Annotation, Metadata};
use serde_json::Value;

use super::json::as_text;

/// Whether a list is meant as annotations of ours: one of them has a layer.
pub(super) fn is_own(value: &Value) -> bool {
    value
        .as_array()
        .is_some_and(|items| items.iter().any(|item| item.get("layer").is_some_and(Value::is_string)))
}

/// The annotations of a conversation of so many messages; otherwise what is wrong with one of them.
pub(super) fn read(items: Vec<Value>, messages: usize) -> Result<Vec<Annotation>, String> {
    let mut found = Vec::with_capacity(items.len());
    for (at, item) in items.into_iter().enumerate() {
        let wrong = |what: String| format!("annotation {} {what}; correct it or leave it out", at + 1);
        let Value::Object(fields) = item else { return Err(wrong("is no object".to_owned())) };
        add(fields, messages, &mut found).map_err(wrong)?;
    }
    Ok(found)
}

fn add(mut fields: Metadata, messages: usize, found: &mut Vec<Annotation>) -> Result<(), String> {
    fields.retain(|_, value| !value.is_null());
    let mut text =
        |name: &str| fields.remove(name).map(|value| as_text(&value).ok_or_else(|| is_no(name, "text")));
    let layer = text("layer").transpose()?.ok_or("has no layer")?;
    let annotator = text("annotator").transpose()?.unwrap_or_default();
    let value = text("value").transpose()?.ok_or("has no value")?;
    let message =
        fields.remove("message").map(|value| number(&value).ok_or_else(|| is_no("message", "number")));
    let message = message.transpose()?;
    if message.is_some_and(|at| at as usize >= messages) {
        return Err(format!("is about a message beyond the {messages} that there are"));
    }
    let range = range(&mut fields)?;
    let one = |layer: String, value: String| Annotation {
        layer,
        annotator: annotator.clone(),
        message,
        range,
        value,
    };
    let others = fields.into_iter().map(|(name, value)| {
        let value = as_text(&value).unwrap_or_else(|| value.to_string());
        one(format!("{layer}.{name}"), value)
    });
    let others: Vec<_> = others.collect();
    found.push(one(layer, value));
    found.extend(others);
    Ok(())
}

fn is_no(name: &str, what: &str) -> String {
    format!("has a {name} that is no {what}")
}

fn number(value: &Value) -> Option<u32> {
    u32::try_from(value.as_u64()?).ok()
}

/// Takes out the bytes that it is about, however they are called.
fn range(fields: &mut Metadata) -> Result<Option<(u32, u32)>, String> {
    if let Some(name) = ["range", "span"].into_iter().find(|name| fields.contains_key(*name)) {
        let value = fields.remove(name).unwrap_or_default();
        let ends = match &value {
            Value::Array(ends) if ends.len() == 2 => number(&ends[0]).zip(number(&ends[1])),
            Value::Object(ends) => ends.get("start").and_then(number).zip(ends.get("end").and_then(number)),
            _ => None,
        };
        return ends.map(Some).ok_or_else(|| is_no(name, "pair of bytes"));
    }
    if !fields.contains_key("start") && !fields.contains_key("end") {
        return Ok(None);
    }
    let mut end = |name| fields.remove(name).as_ref().and_then(number);
    end("start").zip(end("end")).map(Some).ok_or_else(|| "has a start or end that is no number".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn one(item: Value) -> Result<Vec<Annotation>, String> {
        assert!(is_own(&json!([item])), "{item}");
        read(vec![item], 2)
    }

    #[test]
    fn numbers_truth_values_and_a_missing_message_are_kept() {
        for (value, text) in [(json!(3), "3"), (json!(2.5), "2.5"), (json!(true), "true"), (json!("x"), "x")]
        {
            let found = one(json!({"layer": "s", "value": value})).unwrap();
            assert_eq!((found[0].value.as_str(), found[0].message, found[0].range), (text, None, None));
        }
    }

    #[test]
    fn a_range_has_three_spellings() {
        for item in [
            json!({"layer": "s", "value": "x", "message": 1, "range": [2, 5]}),
            json!({"layer": "s", "value": "x", "message": 1, "span": [2, 5]}),
            json!({"layer": "s", "value": "x", "message": 1, "span": {"start": 2, "end": 5}}),
            json!({"layer": "s", "value": "x", "message": 1, "start": 2, "end": 5}),
        ] {
            let found = one(item).unwrap();
            assert_eq!((found.len(), found[0].message, found[0].range), (1, Some(1), Some((2, 5))));
        }
    }

    #[test]
    fn other_fields_become_layers_of_their_own() {
        let found =
            one(json!({"layer": "s", "annotator": 7, "value": "x", "message": 0, "sure": 0.5, "why": ["a"]}));
        let found = found.unwrap();
        let said: Vec<_> = found.iter().map(|one| (one.layer.as_str(), one.value.as_str())).collect();
        assert_eq!(said, [("s", "x"), ("s.sure", "0.5"), ("s.why", "[\"a\"]")]);
        assert!(found.iter().all(|one| one.annotator == "7" && one.message == Some(0)));
    }

    #[test]
    fn what_can_not_be_kept_is_refused() {
        for (item, what) in [
            (json!({"layer": "s"}), "no value"),
            (json!({"layer": "s", "value": {"a": 1}}), "value that is no text"),
            (json!({"layer": "s", "value": "x", "message": 2}), "beyond the 2"),
            (json!({"layer": "s", "value": "x", "message": "first"}), "message that is no number"),
            (json!({"layer": "s", "value": "x", "range": [1]}), "range"),
            (json!({"layer": "s", "value": "x", "start": 1}), "start or end"),
        ] {
            let error = one(item).unwrap_err();
            assert!(error.starts_with("annotation 1 ") && error.contains(what), "{error}");
        }
        let mixed = vec![json!({"layer": "s", "value": 1}), json!({"value": 2})];
        assert!(read(mixed, 1).unwrap_err().contains("annotation 2 has no layer"));
    }
}
