//! Preference data: replies that people (or rules) preferred, and those they did not.
//!
//! * pairs: `{"prompt": ..., "chosen": ..., "rejected": ...}`, where each part is text, a message, or a list of messages, in any
//!   chat shape; the prompt may also stand in `conversations`, `messages`, `question` or `instruction`, or be missing where
//!   both sides hold the whole conversation (HH-RLHF: text with `Human:` and `Assistant:` paragraphs; `chosen_messages`
//!   and `rejected_messages`). A pair becomes two conversations with the same [`Pair::pair_id`];
//! * KTO: `{"messages": [...], "label": true}` or `{"prompt": ..., "completion": ..., "label": false}`: one conversation, the
//!   chosen or the rejected half of a pair whose other half may never come. Replies to the same prompt share a pair id.

use pe_model::{Conversation, Digest, Message, Pair, Preference, Role};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::chat::{LISTS, is_chat};
use super::chat_message::{Draft, messages};
use super::json::{id_of, put, records, take_text};
use crate::roles::RoleMap;
use crate::sample::{Sample, Sniff};
use crate::source::Source;
use crate::{Error, ReadOptions, Records};

const SIDES: [(&str, &str); 3] =
    [("chosen", "rejected"), ("chosen_messages", "rejected_messages"), ("preferred", "non_preferred")];
const PROMPTS: [&str; 4] = ["prompt", "question", "instruction", "query"];
const COMPLETIONS: [&str; 4] = ["completion", "response", "output", "answer"];

fn sides(fields: &Map<String, Value>) -> Option<(&'static str, &'static str)> {
    SIDES
        .into_iter()
        .find(|(chosen, rejected)| is_side(fields.get(*chosen)) && is_side(fields.get(*rejected)))
}

fn is_side(value: Option<&Value>) -> bool {
    value.is_some_and(|value| value.is_string() || value.is_object() || value.is_array())
}

/// Whether a record is a pair.
pub(super) fn is_pair(record: &Value) -> bool {
    record.as_object().is_some_and(|fields| sides(fields).is_some())
}

/// Whether a record is one reply with a verdict.
pub(super) fn is_kto(record: &Value) -> bool {
    let Some(fields) = record.as_object() else { return false };
    let exchange = PROMPTS.iter().any(|name| fields.contains_key(*name))
        && COMPLETIONS.iter().any(|name| is_side(fields.get(*name)));
    fields.get("label").is_some_and(Value::is_boolean) && (is_chat(record) || exchange)
}

/// Recognises pairs.
pub(super) fn sniff(sample: &Sample) -> Option<Sniff> {
    sample.outline()?.example(is_pair)?;
    Some(Sniff::new(95, "records have a chosen and a rejected side"))
}

/// Recognises KTO.
pub(super) fn sniff_kto(sample: &Sample) -> Option<Sniff> {
    sample.outline()?.example(is_kto)?;
    Some(Sniff::new(94, "records have a reply and a label that is true or false"))
}

fn object(text: &str) -> Result<Map<String, Value>, String> {
    serde_json::from_str(text)
        .map_err(|error| format!("not a JSON object: {error}; correct it or leave it out"))
}

/// Reads pairs.
pub(super) fn read(source: Source, options: &ReadOptions) -> Result<Records, Error> {
    let roles = options.roles.clone();
    records(source, options, Box::new(move |text, key| pair(object(text)?, &roles, key)))
}

/// Reads KTO.
pub(super) fn read_kto(source: Source, options: &ReadOptions) -> Result<Records, Error> {
    let roles = options.roles.clone();
    records(source, options, Box::new(move |text, key| Ok(vec![verdict(object(text)?, &roles, key)?])))
}

fn pair(
    mut fields: Map<String, Value>,
    roles: &RoleMap,
    key: Option<&str>,
) -> Result<Vec<Conversation>, String> {
    let (chosen, rejected) = sides(&fields).ok_or("no chosen and rejected sides in it")?;
    let id = id_of(&mut fields).or_else(|| key.map(str::to_owned));
    if id.as_ref().is_some_and(String::is_empty) {
        return Err("its id is empty; correct it or leave it out".to_owned());
    }
    let chosen = said(fields.remove(chosen), roles, Role::Assistant)?;
    let rejected = said(fields.remove(rejected), roles, Role::Assistant)?;
    let is_whole = |side: &[Message]| side.iter().any(|message| message.role == Role::User);
    let prompt =
        if is_whole(&chosen) && is_whole(&rejected) { Vec::new() } else { prompt(&mut fields, roles)? };
    let pair_id = id.clone().unwrap_or_else(|| digest(&[&prompt, &chosen, &rejected]));
    let half = |reply: Vec<Message>, preference, name: &str| {
        let messages = if is_whole(&reply) { reply } else { prompt.iter().cloned().chain(reply).collect() };
        Conversation {
            source_id: id.as_ref().map(|id| format!("{id}#{name}")),
            messages,
            metadata: fields.clone(),
            annotations: Vec::new(),
            pair: Some(Pair { pair_id: pair_id.clone(), preference }),
        }
    };
    let chosen = half(chosen, Preference::Chosen, "chosen");
    let rejected = half(rejected, Preference::Rejected, "rejected");
    Ok(vec![chosen, rejected])
}

fn verdict(
    mut fields: Map<String, Value>,
    roles: &RoleMap,
    key: Option<&str>,
) -> Result<Conversation, String> {
    let Some(Value::Bool(label)) = fields.remove("label") else {
        return Err("no label that is true or false in it".to_owned());
    };
    let source_id = id_of(&mut fields).or_else(|| key.map(str::to_owned));
    let mut messages = prompt(&mut fields, roles)?;
    let mut before = messages.len();
    if let Some(reply) = take_text(&mut fields, &COMPLETIONS) {
        messages.push(Message::new(Role::Assistant, reply));
    } else if let Some(name) = COMPLETIONS.iter().find(|name| is_side(fields.get(**name))) {
        messages.extend(said(fields.remove(*name), roles, Role::Assistant)?);
    } else {
        // The whole conversation stands in one list; its last message is the reply.
        before = before.saturating_sub(1);
    }
    let preference = if label { Preference::Chosen } else { Preference::Rejected };
    let pair = Some(Pair { pair_id: digest(&[&messages[..before]]), preference });
    Ok(Conversation { source_id, messages, metadata: fields, annotations: Vec::new(), pair })
}

/// What stands before the replies.
fn prompt(fields: &mut Map<String, Value>, roles: &RoleMap) -> Result<Vec<Message>, String> {
    let mut prompt = Vec::new();
    if let Some(system) = take_text(fields, &["system", "system_prompt"]) {
        prompt.push(Message::new(Role::System, system));
    }
    let name = PROMPTS.iter().chain(&LISTS).find(|name| fields.contains_key(**name));
    if let Some(name) = name {
        prompt.extend(said(fields.remove(*name), roles, Role::User)?);
    }
    if let (Some("instruction"), Some(input)) = (name.copied(), fields.remove("input")) {
        match (input.as_str(), prompt.last_mut()) {
            (Some(""), _) => {}
            (Some(input), Some(last)) => last.content = format!("{}\n{input}", last.content),
            _ => put(fields, "input", input),
        }
    }
    prompt.retain(|message| message.role != Role::System || !message.content.is_empty());
    Ok(prompt)
}

/// Messages in any shape; `role` has a text that does not say who speaks.
fn said(value: Option<Value>, roles: &RoleMap, role: Role) -> Result<Vec<Message>, String> {
    let wrong = |error: serde_json::Error| format!("a side is no list of messages: {error}");
    match value {
        Some(Value::String(text)) => {
            let paragraphs = paragraphs(&text);
            Ok(if paragraphs.is_empty() { vec![Message::new(role, text)] } else { paragraphs })
        }
        Some(value @ Value::Object(_)) => messages(vec![Draft::deserialize(value).map_err(wrong)?], roles),
        Some(value @ Value::Array(_)) => messages(Vec::deserialize(value).map_err(wrong)?, roles),
        _ => Err("a side is neither text nor messages".to_owned()),
    }
}

/// HH-RLHF: paragraphs that begin with `Human:` or `Assistant:`; none where the text does not begin with one.
fn paragraphs(text: &str) -> Vec<Message> {
    const MARKS: [(&str, Role); 2] = [("Human", Role::User), ("Assistant", Role::Assistant)];
    let text = text.trim_start();
    let mark_at = |at: usize| {
        let rest = &text[at..];
        MARKS
            .into_iter()
            .find(|(label, _)| rest.strip_prefix(label).is_some_and(|rest| rest.starts_with(':')))
    };
    let paragraphs = text.match_indices('\n').map(|(at, _)| at).filter(|at| text[at + 1..].starts_with('\n'));
    let marked: Vec<_> = std::iter::once((0, 0))
        .chain(paragraphs.map(|end| (end, end + 2)))
        .filter_map(|(end, at)| Some((end, at, mark_at(at)?)))
        .collect();
    if marked.first().is_none_or(|(_, at, _)| *at > 0) {
        return Vec::new();
    }
    let ends = marked.iter().skip(1).map(|(end, ..)| *end).chain([text.len()]);
    let said = marked.iter().zip(ends).map(|((_, at, (label, role)), end)| {
        let mut message = Message::new(*role, text[at + label.len() + 1..end].trim());
        message.speaker = Some((*label).to_owned());
        message
    });
    said.collect()
}

/// A name for a pair that has none: what is said in it.
fn digest(parts: &[&[Message]]) -> String {
    let texts = parts.iter().flat_map(|part| {
        part.iter().flat_map(|message| [message.role.name().as_bytes(), message.content.as_bytes()])
    });
    Digest::of_parts(texts).to_string()[..32].to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn halves(record: Value) -> Vec<Conversation> {
        let Value::Object(fields) = record else { unreachable!() };
        pair(fields, &RoleMap::default(), None).unwrap()
    }

    fn said_in(conversation: &Conversation) -> Vec<(Role, &str)> {
        conversation.messages.iter().map(|message| (message.role, message.content.as_str())).collect()
    }

    #[test]
    fn a_prompt_and_two_replies_in_every_shape() {
        let expected = [(Role::User, "Hi"), (Role::Assistant, "good")];
        for record in [
            json!({"prompt": "Hi", "chosen": "good", "rejected": "bad"}),
            json!({"instruction": "Hi", "input": "", "chosen": "good", "rejected": "bad"}),
            json!({"conversations": [{"from": "human", "value": "Hi"}],
                   "chosen": {"from": "gpt", "value": "good"}, "rejected": {"from": "gpt", "value": "bad"}}),
            json!({"prompt": [{"role": "user", "content": "Hi"}],
                   "chosen": [{"role": "assistant", "content": "good"}],
                   "rejected": [{"role": "assistant", "content": "bad"}]}),
            json!({"chosen_messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "good"}],
                   "rejected_messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "bad"}]}),
            json!({"chosen": "\n\nHuman: Hi\n\nAssistant: good", "rejected": "\n\nHuman: Hi\n\nAssistant: bad"}),
        ] {
            let halves = halves(record);
            assert_eq!(said_in(&halves[0]), expected);
            assert_eq!(halves[1].messages[1].content, "bad");
            let (chosen, rejected) = (halves[0].pair.as_ref().unwrap(), halves[1].pair.as_ref().unwrap());
            assert_eq!(chosen.pair_id, rejected.pair_id);
            assert_eq!((chosen.preference, rejected.preference), (Preference::Chosen, Preference::Rejected));
        }
    }

    #[test]
    fn ids_and_other_fields_are_kept() {
        let halves = halves(json!({"id": 7, "prompt": "Hi", "chosen": "a", "rejected": "b", "margin": 2}));
        assert_eq!(halves[0].source_id.as_deref(), Some("7#chosen"));
        assert_eq!(halves[1].pair.as_ref().unwrap().pair_id, "7");
        assert_eq!(halves[0].metadata["margin"], 2);
    }

    #[test]
    fn replies_to_one_prompt_share_their_pair_id() {
        let read = |reply: &str, label: bool| {
            let Value::Object(fields) = json!({"prompt": "Hi", "completion": reply, "label": label}) else {
                unreachable!()
            };
            verdict(fields, &RoleMap::default(), None).unwrap().pair.unwrap()
        };
        let (good, bad) = (read("good", true), read("bad", false));
        assert_eq!(good.pair_id, bad.pair_id);
        assert_eq!((good.preference, bad.preference), (Preference::Chosen, Preference::Rejected));
    }

    #[test]
    fn a_verdict_on_lists_of_messages_keeps_its_prompt() {
        let record = json!({
            "prompt": [{"role": "user", "content": "Hi"}],
            "completion": [{"role": "assistant", "content": "Hello"}],
            "label": false
        });
        assert!(is_kto(&record));
        let Value::Object(fields) = record else { unreachable!() };
        let lists = verdict(fields, &RoleMap::default(), None).unwrap();
        let Value::Object(fields) = json!({"prompt": "Hi", "completion": "Hello", "label": true}) else {
            unreachable!()
        };
        let texts = verdict(fields, &RoleMap::default(), None).unwrap();
        assert_eq!(lists.messages, texts.messages);
        assert_eq!(lists.pair.unwrap().pair_id, texts.pair.unwrap().pair_id);
    }

    #[test]
    fn paragraphs_keep_line_breaks_and_text_without_marks_has_none() {
        let found = paragraphs("\n\nHuman: a\nb\n\nc\n\nAssistant: d\n\nHuman:");
        assert_eq!(
            found.iter().map(|message| message.content.as_str()).collect::<Vec<_>>(),
            ["a\nb\n\nc", "d", ""]
        );
        assert!(paragraphs("Well, Human: is a word").is_empty());
        let spaced = paragraphs("Human: a\n\n\n\n\nAssistant: b\nHuman: c");
        assert_eq!(spaced.len(), 2);
        assert_eq!((spaced[0].content.as_str(), spaced[1].content.as_str()), ("a", "b\nHuman: c"));
    }
}
