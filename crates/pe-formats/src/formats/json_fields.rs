//! Any JSON, read by a field map (see [`FieldMap`](crate::FieldMap)): records with a list of messages, with one exchange,
//! with a transcript as text, or with one utterance each.

use pe_model::{Annotation, Conversation, Message, Metadata, Role};
use serde_json::Value;

use super::dialogue_labels::take_labels;
use super::json::{Layout, as_text, head_in, put, records_in, time_of};
use super::json_paths::MappedPaths;
use super::json_rows;
use super::transcript_message;
use crate::map::{FieldMap, steps};
use crate::roles::{RoleMap, speaker};
use crate::sample::{Sample, Sniff};
use crate::source::Source;
use crate::{Error, ReadOptions, Records};

/// Recognises JSON of any kind.
pub(super) fn sniff(sample: &Sample) -> Option<Sniff> {
    let outline = sample.outline()?;
    Some(Sniff::new(60, format!("a field map is given, and the file is JSON, {}", outline.describe())))
}

/// Reads it by the map.
pub(super) fn read(source: Source, options: &ReadOptions) -> Result<Records, Error> {
    let map = options.map.clone().ok_or_else(|| {
        Error::Options("the format json-fields needs a field map; give one with --map FILE".to_owned())
    })?;
    if map.content.is_some() && map.messages.is_none() {
        return json_rows::read(source, options);
    }
    let mut roles = options.roles.clone();
    roles.add(&map.roles);
    let layout = layout(&source.sample, &map);
    let seen = head_in(&source.sample, layout.clone(), MappedPaths::RECORDS);
    MappedPaths::of(&map, &seen).check(source.sample.complete)?;
    records_in(
        source,
        options,
        layout,
        Box::new(move |text, key| {
            let record = serde_json::from_str(text)
                .map_err(|error| format!("not valid JSON: {error}; correct it or leave it out"))?;
            Ok(vec![conversation(record, &map, &roles, key)?])
        }),
    )
}

fn layout(sample: &Sample, map: &FieldMap) -> Layout {
    if let Some(records) = &map.records {
        return Layout::List(steps(records));
    }
    let is_list = sample.text.trim_start().starts_with('[');
    match sample.outline().map(|outline| &outline.layout) {
        Some(Layout::Lines) => Layout::Lines,
        _ if is_list && map.messages.as_deref() != Some("") => Layout::List(Vec::new()),
        _ => Layout::Sequence,
    }
}

/// Takes a value out of a tree.
fn take(tree: &mut Value, path: &str) -> Option<Value> {
    let steps = steps(path);
    let Some((last, above)) = steps.split_last() else { return Some(tree.take()) };
    let mut tree = tree;
    for step in above {
        tree = child(tree, step)?;
    }
    match tree {
        Value::Object(fields) => fields.remove(last),
        other => child(other, last).map(Value::take),
    }
}

fn child<'a>(tree: &'a mut Value, step: &str) -> Option<&'a mut Value> {
    match tree {
        Value::Object(fields) => fields.get_mut(step),
        Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?),
        _ => None,
    }
}

fn take_text(tree: &mut Value, path: Option<&String>) -> Option<String> {
    take(tree, path?).as_ref().and_then(as_text)
}

fn conversation(
    mut record: Value,
    map: &FieldMap,
    roles: &RoleMap,
    key: Option<&str>,
) -> Result<Conversation, String> {
    let source_id = take_text(&mut record, map.id.as_ref()).or_else(|| key.map(str::to_owned));
    let mut conversation = Conversation { source_id, ..Conversation::default() };
    if let Some(path) = &map.transcript {
        let text = take(&mut record, path).as_ref().and_then(as_text).ok_or_else(|| lacks(path))?;
        transcript_message::add_cell(&text, roles, &mut conversation)?;
    } else if map.content.is_some() {
        let path = map.messages.as_deref().unwrap_or_default();
        let Some(Value::Array(list)) = take(&mut record, path) else { return Err(lacks(path)) };
        add_messages(list, map, roles, &mut conversation)?;
    } else {
        let sides =
            [(&map.system, Role::System), (&map.prompt, Role::User), (&map.response, Role::Assistant)];
        for (path, role) in sides.into_iter().filter_map(|(path, role)| Some((path.as_ref()?, role))) {
            match take(&mut record, path).as_ref().and_then(as_text) {
                Some(text) => conversation.messages.push(Message::new(role, text)),
                None if role == Role::System => {}
                None => return Err(lacks(path)),
            }
        }
    }
    conversation.metadata = kept(record, map.metadata.as_ref());
    Ok(conversation)
}

fn lacks(path: &str) -> String {
    format!("no \"{path}\" in it; correct the record or the field map")
}

/// What is left of a tree, or those parts of it that are asked for.
fn kept(mut tree: Value, wanted: Option<&Vec<String>>) -> Metadata {
    let mut metadata = Metadata::new();
    match (wanted, tree) {
        (None, Value::Object(fields)) => {
            metadata.extend(fields.into_iter().filter(|(_, value)| !value.is_null()));
        }
        (None, _) => {}
        (Some(paths), left) => {
            tree = left;
            for path in paths {
                if let Some(value) = take(&mut tree, path).filter(|value| !value.is_null()) {
                    put(&mut metadata, path, value);
                }
            }
        }
    }
    metadata
}

fn add_messages(
    list: Vec<Value>,
    map: &FieldMap,
    roles: &RoleMap,
    conversation: &mut Conversation,
) -> Result<(), String> {
    let content = map.content.as_deref().unwrap_or("content");
    let mut drafts = Vec::with_capacity(list.len());
    for (at, mut item) in list.into_iter().enumerate() {
        let label = take_text(&mut item, map.speaker.as_ref()).unwrap_or_default();
        let text = take(&mut item, content).filter(|text| !text.is_null());
        let text = text.map_or(Some(String::new()), |text| as_text(&text));
        let text = text.ok_or_else(|| format!("\"{content}\" of message {} is no text", at + 1))?;
        drafts.push((label, text, item));
    }
    let cast = roles.cast(drafts.iter().map(|draft| draft.0.as_str()));
    for ((label, text, mut item), role) in drafts.into_iter().zip(cast) {
        let mut message = Message::new(role, text);
        message.speaker = speaker(&label, role);
        if let Some(value) = map.timestamp.as_ref().and_then(|path| take(&mut item, path)) {
            message.timestamp = time_of(&value);
            if message.timestamp.is_none() && !value.is_null() {
                put(&mut message.metadata, "timestamp", value);
            }
        }
        let position = conversation.messages.len() as u32;
        conversation.annotations.extend(annotations(&mut item, map, position, &message));
        for (name, value) in kept(item, map.message_metadata.as_ref()) {
            put(&mut message.metadata, &name, value);
        }
        conversation.messages.push(message);
    }
    Ok(())
}

fn annotations(item: &mut Value, map: &FieldMap, position: u32, message: &Message) -> Vec<Annotation> {
    let annotator = take_text(item, map.annotator.as_ref()).unwrap_or_default();
    let mut found = Vec::new();
    for path in &map.annotations {
        let Some(value) = take(item, path) else { continue };
        match take_labels(path, &value, position, &message.content) {
            Some(labels) => found.extend(labels),
            // Too intricate for labels: kept as the text it is.
            None => found.push(Annotation {
                layer: path.clone(),
                annotator: String::new(),
                message: Some(position),
                range: None,
                value: value.to_string(),
            }),
        }
    }
    for annotation in &mut found {
        annotation.annotator.clone_from(&annotator);
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(map: &str, record: Value) -> Conversation {
        let map = FieldMap::parse(map).unwrap();
        let mut roles = RoleMap::default();
        roles.add(&map.roles);
        conversation(record, &map, &roles, None).unwrap()
    }

    #[test]
    fn a_list_of_messages() {
        let map =
            "id = 'meta.key'\nmessages = 'log'\nspeaker = 'p.name'\ncontent = 'p.said'\ntimestamp = 'at'
            annotations = ['mood']\nannotator = 'by'\n[roles]\nEllie = 'assistant'";
        let found = read(
            map,
            json!({"meta": {"key": 5, "topic": "sleep"}, "log": [
            {"p": {"name": "Ellie", "said": "Hello"}, "at": "2024-01-02T03:04:05Z", "mood": "calm", "by": "x"},
            {"p": {"name": "Tom", "said": null}, "at": "noon", "n": 1}]}),
        );
        assert_eq!(found.source_id.as_deref(), Some("5"));
        assert_eq!(found.messages[0].role, Role::Assistant);
        assert!(found.messages[0].timestamp.is_some());
        assert_eq!((found.messages[1].role, found.messages[1].content.as_str()), (Role::User, ""));
        assert_eq!(found.messages[1].metadata["timestamp"], "noon");
        assert_eq!(found.messages[1].metadata["n"], 1);
        assert_eq!(found.metadata["meta"]["topic"], "sleep");
        let label = &found.annotations[0];
        assert_eq!(
            (label.layer.as_str(), label.annotator.as_str(), label.value.as_str()),
            ("mood", "x", "calm")
        );
    }

    #[test]
    fn an_exchange_and_a_transcript() {
        let found = read(
            "prompt = 'q'\nresponse = 'a.0'\nmetadata = ['x']",
            json!({"q": "Hi", "a": ["Hello"], "x": 1, "y": 2}),
        );
        assert_eq!(found.messages[1].content, "Hello");
        assert_eq!(found.metadata.len(), 1);
        let found = read("transcript = 't'", json!({"t": "Client: Hi\nTherapist: Hello"}));
        assert_eq!(found.messages.len(), 2);
    }

    #[test]
    fn what_is_missing_is_named() {
        let map = FieldMap::parse("prompt = 'q'\nresponse = 'a'").unwrap();
        let error = conversation(json!({"q": "x"}), &map, &RoleMap::default(), None).unwrap_err();
        assert!(error.contains("\"a\""), "{error}");
    }
}
