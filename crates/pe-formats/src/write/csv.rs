//! One message a row, for spreadsheets and data frames (RFC 4180, UTF-8, line feeds).
//!
//! What belongs to the conversation and is worth filtering by stands on each of its rows; its metadata and annotations, as
//! JSON, stand on its first row alone. What was said is always quoted and what is absent is never, so that a reader which
//! heeds quotes can tell a missing label from an empty text, and the reply `None` from nothing at all. Some do not unless told: pandas
//! needs `keep_default_na=False`, pyarrow `quoted_strings_can_be_null=False`.

use std::io::Write as _;

use pe_model::{Axis, Message};
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{ExportError, ExportRecord};

/// Columns before the scores.
const BEFORE: [&str; 12] = [
    "conversation_id",
    "source_id",
    "dataset",
    "sequence_number",
    "role",
    "speaker",
    "content",
    "timestamp",
    "message_metadata",
    "emotions",
    "language",
    "tier",
];

/// Columns after the scores.
const AFTER: [&str; 6] =
    ["validation_version", "created_at", "pair_id", "preference", "metadata", "annotations"];

/// The first line.
pub(super) fn header() -> Vec<u8> {
    let names = BEFORE.into_iter().chain(Axis::ALL.map(Axis::name)).chain(AFTER);
    let mut line = names.collect::<Vec<_>>().join(",").into_bytes();
    line.push(b'\n');
    line
}

/// Appends the rows of one conversation.
pub(super) fn append(record: &ExportRecord, text: &mut Vec<u8>) -> Result<(), ExportError> {
    let ends = Ends::of(record)?;
    for (position, message) in record.conversation.messages.iter().enumerate() {
        text.extend_from_slice(&ends.before);
        let _ = write!(text, "{position},{},", message.role.name());
        optional_cell(text, message.speaker.as_deref());
        text.push(b',');
        quoted_cell(text, &message.content);
        text.push(b',');
        if let Some(timestamp) = message.timestamp {
            cell(text, &moment(timestamp, record)?);
        }
        text.push(b',');
        own_facts(text, message, position, record)?;
        text.extend_from_slice(if position == 0 { &ends.first } else { &ends.after });
    }
    Ok(())
}

/// The parts of a row that do not depend on the message.
struct Ends {
    before: Vec<u8>,
    /// The end of the first row.
    first: Vec<u8>,
    /// The end of the other rows.
    after: Vec<u8>,
}

impl Ends {
    fn of(record: &ExportRecord) -> Result<Self, ExportError> {
        let conversation = &record.conversation;
        let mut before = record.id.to_string().into_bytes();
        before.push(b',');
        optional_cell(&mut before, conversation.source_id.as_deref());
        before.push(b',');
        cell(&mut before, &record.dataset);
        before.push(b',');

        let mut after = Vec::new();
        for value in [record.language.as_deref(), record.tier.map(pe_model::Tier::name)] {
            after.push(b',');
            optional_cell(&mut after, value);
        }
        for (_, score) in record.fractions() {
            after.push(b',');
            if let Some(score) = score {
                let _ = write!(after, "{score}");
            }
        }
        let created_at = moment(record.created_at, record)?;
        let pair = conversation.pair.as_ref();
        let preference = pair.map(|pair| match pair.preference {
            pe_model::Preference::Chosen => "chosen",
            pe_model::Preference::Rejected => "rejected",
        });
        let pair_id = pair.map(|pair| pair.pair_id.as_str());
        for value in [record.validation_version.as_deref(), Some(&created_at), pair_id, preference] {
            after.push(b',');
            optional_cell(&mut after, value);
        }
        let mut first = after.clone();
        first.push(b',');
        json_cell(&mut first, &conversation.metadata, conversation.metadata.is_empty(), record)?;
        first.push(b',');
        json_cell(&mut first, &conversation.annotations, conversation.annotations.is_empty(), record)?;
        first.push(b'\n');
        after.extend_from_slice(b",,\n");
        Ok(Self { before, first, after })
    }
}

/// What else the source, and what we, said of a message.
fn own_facts(
    text: &mut Vec<u8>,
    message: &Message,
    position: usize,
    record: &ExportRecord,
) -> Result<(), ExportError> {
    json_cell(text, &message.metadata, message.metadata.is_empty(), record)?;
    text.push(b',');
    for (rank, emotion) in record.emotions.get(position).into_iter().flatten().enumerate() {
        text.extend_from_slice(if rank == 0 { b"" } else { b";" });
        text.extend_from_slice(emotion.name().as_bytes());
    }
    Ok(())
}

fn json_cell(
    text: &mut Vec<u8>,
    value: &impl Serialize,
    is_empty: bool,
    record: &ExportRecord,
) -> Result<(), ExportError> {
    if !is_empty {
        let json = serde_json::to_string(value).map_err(|error| record.refuse(error.to_string()))?;
        cell(text, &json);
    }
    Ok(())
}

fn optional_cell(text: &mut Vec<u8>, value: Option<&str>) {
    if let Some(value) = value {
        cell(text, value);
    }
}

/// Appends a text, quoted where it must be.
fn cell(text: &mut Vec<u8>, value: &str) {
    let special = |byte: &u8| matches!(byte, b'"' | b',' | b'\n' | b'\r');
    if value.is_empty() || value.as_bytes().iter().any(special) {
        quoted_cell(text, value);
    } else {
        text.extend_from_slice(value.as_bytes());
    }
}

/// Appends a text in quotes; quotes in it are doubled.
fn quoted_cell(text: &mut Vec<u8>, value: &str) {
    text.push(b'"');
    for (rank, piece) in value.split('"').enumerate() {
        text.extend_from_slice(if rank == 0 { b"" } else { b"\"\"" });
        text.extend_from_slice(piece.as_bytes());
    }
    text.push(b'"');
}

/// A time with its offset, to the nanosecond, as it came in (RFC 3339).
pub(super) fn moment(time: OffsetDateTime, record: &ExportRecord) -> Result<String, ExportError> {
    time.format(&Rfc3339).map_err(|error| record.refuse(format!("the time {time}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        for (value, expected) in [
            ("plain", "plain"),
            ("", "\"\""),
            ("=1+1", "=1+1"),
            ("a,b", "\"a,b\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("\"", "\"\"\"\""),
            ("one\r\ntwo", "\"one\r\ntwo\""),
        ] {
            let mut text = Vec::new();
            cell(&mut text, value);
            assert_eq!(String::from_utf8_lossy(&text), expected);
        }
    }
}
