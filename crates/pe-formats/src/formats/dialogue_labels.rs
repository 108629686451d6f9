//! Which fields of an utterance label it, and the annotations they make.

use pe_model::Annotation;
use serde_json::Value;

use super::json::as_text;

const LABELS: [&str; 24] = [
    "strategy",
    "all_strategy",
    "strategies",
    "emotion",
    "emotions",
    "act",
    "acts",
    "dialogue_act",
    "dialogue_acts",
    "dialog_act",
    "dialog_acts",
    "intent",
    "sentiment",
    "feedback",
    "label",
    "labels",
    "category",
    "code",
    "codes",
    "behaviour",
    "behavior",
    "talk_type",
    "annotation",
    "annotations",
];
const ENDINGS: [&str; 8] =
    ["_label", "_labels", "_code", "_strategy", "_emotion", "_intent", "_act", "_rating"];
/// Fields that hold labels without being one.
const HOLDERS: [&str; 4] = ["annotation", "annotations", "label", "labels"];

/// Whether a field labels its utterance.
pub(super) fn is_label(name: &str) -> bool {
    LABELS.contains(&name) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// The annotations that a field makes; `None` where it is too intricate to be taken apart without a loss.
pub(super) fn take_labels(name: &str, value: &Value, message: u32, content: &str) -> Option<Vec<Annotation>> {
    let mut found = Vec::new();
    let layer = if HOLDERS.contains(&name) && value.is_object() { "" } else { name };
    collect(layer, value, content, &mut found)?;
    for annotation in &mut found {
        annotation.message = Some(message);
    }
    Some(found)
}

fn collect(layer: &str, value: &Value, content: &str, found: &mut Vec<Annotation>) -> Option<()> {
    match value {
        Value::Null => Some(()),
        Value::Object(fields) => {
            for (name, value) in fields {
                let inner = if layer.is_empty() { name.clone() } else { format!("{layer}.{name}") };
                collect(&inner, value, content, found)?;
            }
            Some(())
        }
        Value::Array(values) => values.iter().try_for_each(|value| match value {
            Value::Object(_) => collect_item(layer, value, content, found),
            other => collect(layer, other, content, found),
        }),
        scalar => {
            let value = as_text(scalar)?;
            if !value.is_empty() {
                found.push(annotation(layer, value, None));
            }
            Some(())
        }
    }
}

/// One of several labels that are objects: a label of a sentence, or an object that says a single thing.
fn collect_item(layer: &str, item: &Value, content: &str, found: &mut Vec<Annotation>) -> Option<()> {
    let fields = item.as_object()?;
    let sentence = ["sentence", "span", "text"].iter().find_map(|name| fields.get(*name)?.as_str());
    if let (Some(sentence), Some(label), 2) = (sentence, fields.get("label").and_then(as_text), fields.len())
    {
        let start = content.find(sentence)?;
        if !label.is_empty() {
            let range = Some((start as u32, (start + sentence.len()) as u32));
            found.push(annotation(layer, label, range));
        }
        return Some(());
    }
    let said: Vec<_> =
        fields.values().filter(|value| as_text(value) != Some(String::new()) && !value.is_null()).collect();
    match said[..] {
        [] => Some(()),
        [value] => {
            found.push(annotation(layer, as_text(value)?, None));
            Some(())
        }
        _ => None,
    }
}

fn annotation(layer: &str, value: String, range: Option<(u32, u32)>) -> Annotation {
    Annotation { layer: layer.to_owned(), annotator: String::new(), message: None, range, value }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn labels(name: &str, value: &Value) -> Option<Vec<(String, String)>> {
        let found = take_labels(name, value, 0, "I see. Why?")?;
        Some(found.into_iter().map(|annotation| (annotation.layer, annotation.value)).collect())
    }

    #[test]
    fn plain_nested_and_listed_labels() {
        let pair = |layer: &str, value: &str| (layer.to_owned(), value.to_owned());
        assert_eq!(labels("strategy", &json!("ask")), Some(vec![pair("strategy", "ask")]));
        assert_eq!(labels("annotation", &json!({"strategy": "ask"})), Some(vec![pair("strategy", "ask")]));
        assert_eq!(labels("acts", &json!(["a", "b"])), Some(vec![pair("acts", "a"), pair("acts", "b")]));
        let acts = json!({"binary": [{"intent": "inform", "slot": ""}], "categorical": []});
        assert_eq!(labels("dialogue_acts", &acts), Some(vec![pair("dialogue_acts.binary", "inform")]));
    }

    #[test]
    fn labels_of_sentences_have_ranges() {
        let value = json!([{"sentence": "I see.", "label": ""}, {"sentence": "Why?", "label": "question"}]);
        let found = take_labels("annotation", &value, 3, "I see. Why?").unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].message, found[0].range), (Some(3), Some((7, 11))));
    }

    #[test]
    fn what_belongs_together_is_not_torn_apart() {
        assert_eq!(labels("annotations", &json!([{"name": "call", "value": "x", "context": "c"}])), None);
    }
}
