//! From what was spoken to messages with roles, and from one cell or one block of text to a conversation.

use std::collections::HashSet;

use pe_model::{Conversation, Message, Role};

use super::table_cell;
use super::transcript_cast::{self, Script, Spoken};
use super::transcript_chatml as chatml;
use crate::roles::RoleMap;

/// Whether a label opens a message wherever it stands. Of the labels for instructions and tools only the plainest count:
/// `Instructions:` or `Observation:` inside of a reply is part of it.
pub(super) fn is_known(map: &RoleMap, label: &str) -> bool {
    match map.known(label) {
        Some(Role::User | Role::Assistant) => true,
        Some(Role::System | Role::Tool) => {
            matches!(label.to_lowercase().as_str(), "system" | "tool")
                || RoleMap::default().known(label).is_none()
        }
        None => false,
    }
}

/// Adds what was spoken to a conversation.
pub(super) fn add(spoken: Vec<Spoken>, map: &RoleMap, conversation: &mut Conversation) {
    let labels: Vec<&str> = spoken.iter().map(|one| one.label.as_str()).collect();
    let assigned = table_cell::assign(&labels, map);
    for (one, (role, speaker)) in spoken.into_iter().zip(assigned) {
        let mut message = Message::new(role, one.text);
        message.speaker = speaker;
        for (key, seconds) in [("start", one.start), ("end", one.end)] {
            if let Some(seconds) = seconds {
                message.metadata.insert(key.to_owned(), seconds.into());
            }
        }
        conversation.messages.push(message);
    }
}

/// Adds a transcript read from text, with what stood before and after it as metadata.
pub(super) fn add_script(script: Script, map: &RoleMap, conversation: &mut Conversation) {
    let around = [("preamble", script.preamble), ("ending", script.ending.unwrap_or_default())];
    for (key, text) in around {
        if !text.is_empty() {
            conversation.metadata.insert(key.to_owned(), text.into());
        }
    }
    add(script.spoken, map, conversation);
}

/// Adds the transcript that a cell or a field holds, in `ChatML` or with a label before each message.
///
/// # Errors
/// Why it is no transcript of one conversation.
pub(super) fn add_cell(text: &str, map: &RoleMap, conversation: &mut Conversation) -> Result<(), String> {
    if text.contains(chatml::START) {
        let mut read = chatml::read(text)?;
        match read.len() {
            1 => add(read.remove(0), map, conversation),
            count => return Err(format!("{count} conversations in one field; write one to a record")),
        }
        return Ok(());
    }
    let known = |label: &str| is_known(map, label);
    let script = transcript_cast::read(text, &known)
        .ok_or("no line opens with a speaker and a colon; write `Speaker: text`")?;
    add_script(script, map, conversation);
    Ok(())
}

/// Whether `text` reads as a transcript by two speakers.
pub(super) fn is_transcript(text: &str, map: &RoleMap) -> bool {
    if text.contains(chatml::START) {
        return chatml::read(text).is_ok();
    }
    let known = |label: &str| is_known(map, label);
    transcript_cast::read(text, &known).is_some_and(|script| is_dialogue(&script, &known))
}

/// Whether two speak, and, where no speaker is known, one of them comes back: a form has labels too, each once.
pub(super) fn is_dialogue(script: &Script, known: &dyn Fn(&str) -> bool) -> bool {
    let labels: HashSet<&str> = script.spoken.iter().map(|one| one.label.as_str()).collect();
    labels.len() > 1 && (labels.len() < script.spoken.len() || labels.iter().any(|label| known(label)))
}
