//! Chat fine-tuning records: `{"messages": [{"role": ..., "content": ...}]}`, one a line.
//!
//! A record ends with a reply, system messages stand first, and a reply may carry `weight` 0 to be read but not learnt
//! from. Tool calls, and the tools on offer, are kept where the source had them.

use pe_model::{Message, Metadata, Role};
use serde::Serialize;
use serde_json::Value;

use super::adjustment::Tally;
use super::jsonl::append_json;
use super::{Adjustment, ExportError, ExportRecord};

#[derive(Serialize)]
struct Line<'a> {
    messages: Vec<ChatMessage<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tools: Option<&'a Value>,
}

/// A message as chat interfaces spell it.
#[derive(Serialize)]
pub(super) struct ChatMessage<'a> {
    role: &'static str,
    /// Null only where a message is nothing but tool calls.
    content: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_calls: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    function_call: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool_call_id: Option<&'a Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<u8>,
}

impl<'a> ChatMessage<'a> {
    /// The message as chat interfaces spell it.
    pub(super) fn of(message: &'a Message, weight: Option<u8>) -> Self {
        let fact = |key: &str| present(&message.metadata, key);
        let calls =
            message.role == Role::Assistant && (fact("tool_calls").or(fact("function_call"))).is_some();
        Self {
            role: message.role.name(),
            content: (!calls || !message.content.is_empty()).then_some(message.content.as_str()),
            name: fact("name"),
            tool_calls: if calls { fact("tool_calls") } else { None },
            function_call: if calls { fact("function_call") } else { None },
            tool_call_id: if message.role == Role::Tool { fact("tool_call_id") } else { None },
            weight: if message.role == Role::Assistant { weight } else { None },
        }
    }
}

fn present<'a>(metadata: &'a Metadata, key: &str) -> Option<&'a Value> {
    metadata.get(key).filter(|value| !value.is_null())
}

/// Appends a record, and says how many messages it holds; `None` when there is nothing to learn from.
pub(super) fn append(
    record: &ExportRecord,
    weights: bool,
    text: &mut Vec<u8>,
    tally: &mut Tally,
) -> Result<Option<u64>, ExportError> {
    let messages = &record.conversation.messages;
    let Some(last) = messages.iter().rposition(|message| message.role == Role::Assistant) else {
        tally.adjust(Adjustment::ConversationWithoutReply);
        return Ok(None);
    };
    let weights = record.weights.as_deref().filter(|_| weights);
    let kept = messages.iter().take(last + 1);
    let chat = kept.enumerate().map(|(position, message)| {
        ChatMessage::of(message, weights.and_then(|weights| weights.get(position).copied()))
    });
    let (mut first, then): (Vec<_>, Vec<_>) = chat.partition(|message| message.role == Role::System.name());
    let replies = || then.iter().filter(|message| message.role == Role::Assistant.name());
    if replies().all(|reply| reply.weight == Some(0)) {
        tally.adjust(Adjustment::ConversationFullyMasked);
        return Ok(None);
    }
    let leading = messages.iter().take_while(|message| message.role == Role::System).count();
    tally.adjust_by(Adjustment::SystemMessageMoved, first.len().saturating_sub(leading));
    tally.adjust_by(Adjustment::MessageAfterLastReply, messages.len() - last - 1);
    let nameless =
        |message: &&ChatMessage<'_>| message.role == Role::Tool.name() && message.tool_call_id.is_none();
    tally.adjust_by(Adjustment::ToolMessageWithoutCall, then.iter().filter(nameless).count());
    first.extend(then);
    let count = first.len() as u64;
    let line = Line { messages: first, tools: present(&record.conversation.metadata, "tools") };
    append_json(&line, record, text)?;
    Ok(Some(count))
}
