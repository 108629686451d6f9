//! Our own format: one conversation a line, as [`Conversation`] is spelled, and under `quality` what we say of it.
//!
//! `quality` is the one key that is ours and not the conversation's; our reader passes over it, so that importing an
//! export gives the conversation as it was before it was scored.

use pe_model::{Conversation, ConversationId, Emotion, Tier};
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};
use time::OffsetDateTime;

use super::{ExportError, ExportRecord};

/// What we say of a conversation. Scores are fractions of 1, under the names of the axes.
#[derive(Serialize)]
struct Quality<'a> {
    conversation_id: ConversationId,
    dataset: &'a str,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tier: Option<Tier>,
    #[serde(skip_serializing_if = "no_scores")]
    scores: Scores<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    validation_version: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    emotions: &'a [Vec<Emotion>],
}

/// The six scores, by name.
struct Scores<'a>(&'a ExportRecord);

fn no_scores(scores: &Scores<'_>) -> bool {
    scores.0.scores.is_none()
}

impl Serialize for Scores<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (axis, score) in self.0.fractions() {
            map.serialize_entry(axis.name(), &score)?;
        }
        map.end()
    }
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    conversation: &'a Conversation,
    quality: Quality<'a>,
}

/// Appends one conversation and a line feed.
pub(super) fn append(record: &ExportRecord, text: &mut Vec<u8>) -> Result<(), ExportError> {
    let line = Line {
        conversation: &record.conversation,
        quality: Quality {
            conversation_id: record.id,
            dataset: &record.dataset,
            created_at: record.created_at,
            language: record.language.as_deref(),
            tier: record.tier,
            scores: Scores(record),
            validation_version: record.validation_version.as_deref(),
            emotions: &record.emotions,
        },
    };
    append_json(&line, record, text)
}

/// Appends any value as one line.
pub(super) fn append_json(
    value: &impl Serialize,
    record: &ExportRecord,
    text: &mut Vec<u8>,
) -> Result<(), ExportError> {
    serde_json::to_writer(&mut *text, value).map_err(|error| record.refuse(error.to_string()))?;
    text.push(b'\n');
    Ok(())
}
