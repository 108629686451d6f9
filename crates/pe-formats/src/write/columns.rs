//! Conversations as columns: one conversation a row, its messages nested.
//!
//! Free-form facts (`metadata`, `annotations`) are JSON texts. A message's `timestamp` is text too (RFC 3339), because a
//! column of instants would lose the offset that the source gave; `created_at`, which is ours, is an instant in UTC.

use std::sync::Arc;

use arrow_array::builder::{Float64Builder, ListBuilder, StringBuilder, TimestampMicrosecondBuilder};
use arrow_array::{Array, ArrayRef, ListArray, RecordBatch, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, TimeUnit};
use pe_model::{Axis, Preference, Tier};
use serde::Serialize;

use super::csv::moment;
use super::{ExportError, ExportRecord};

/// The columns of every export.
pub(super) fn schema() -> Arc<Schema> {
    let text = |name: &str, nullable| Field::new(name, DataType::Utf8, nullable);
    let mut fields = vec![text("conversation_id", false), text("source_id", true), text("dataset", false)];
    fields.push(Field::new("messages", DataType::List(message_item()), false));
    fields.push(text("language", true));
    fields.push(text("tier", true));
    fields.extend(Axis::ALL.map(|axis| Field::new(axis.name(), DataType::Float64, true)));
    fields.push(text("validation_version", true));
    fields.push(Field::new(
        "created_at",
        DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        false,
    ));
    fields.extend(["pair_id", "preference", "metadata", "annotations"].map(|name| text(name, true)));
    Arc::new(Schema::new(fields))
}

fn message_fields() -> Fields {
    let emotions = DataType::List(Arc::new(Field::new("item", DataType::Utf8, true)));
    Fields::from(vec![
        Field::new("role", DataType::Utf8, false),
        Field::new("speaker", DataType::Utf8, true),
        Field::new("content", DataType::Utf8, false),
        Field::new("timestamp", DataType::Utf8, true),
        Field::new("metadata", DataType::Utf8, true),
        Field::new("emotions", emotions, true),
    ])
}

fn message_item() -> Arc<Field> {
    Arc::new(Field::new("item", DataType::Struct(message_fields()), false))
}

/// Rows that wait to be encoded.
pub(super) struct Columns {
    conversation_id: StringBuilder,
    source_id: StringBuilder,
    dataset: StringBuilder,
    messages: MessageColumns,
    language: StringBuilder,
    tier: StringBuilder,
    scores: Vec<Float64Builder>,
    validation_version: StringBuilder,
    created_at: TimestampMicrosecondBuilder,
    pair_id: StringBuilder,
    preference: StringBuilder,
    metadata: StringBuilder,
    annotations: StringBuilder,
    /// Bytes of text in the rows.
    pub(super) bytes: usize,
}

impl Columns {
    /// No rows.
    pub(super) fn new() -> Self {
        Self {
            conversation_id: StringBuilder::new(),
            source_id: StringBuilder::new(),
            dataset: StringBuilder::new(),
            messages: MessageColumns::default(),
            language: StringBuilder::new(),
            tier: StringBuilder::new(),
            scores: Axis::ALL.map(|_| Float64Builder::new()).into(),
            validation_version: StringBuilder::new(),
            created_at: TimestampMicrosecondBuilder::new().with_timezone("UTC"),
            pair_id: StringBuilder::new(),
            preference: StringBuilder::new(),
            metadata: StringBuilder::new(),
            annotations: StringBuilder::new(),
            bytes: 0,
        }
    }

    /// Adds a row.
    pub(super) fn append(&mut self, record: &ExportRecord) -> Result<(), ExportError> {
        let conversation = &record.conversation;
        // What can fail comes first, so that no column is left longer than another.
        let times =
            conversation.messages.iter().map(|message| message.timestamp.map(|time| moment(time, record)));
        let times = times.map(Option::transpose).collect::<Result<Vec<_>, _>>()?;
        let metadata = json(&conversation.metadata, conversation.metadata.is_empty(), record)?;
        let annotations = json(&conversation.annotations, conversation.annotations.is_empty(), record)?;
        let facts = conversation.messages.iter();
        let facts = facts.map(|message| json(&message.metadata, message.metadata.is_empty(), record));
        let facts = facts.collect::<Result<Vec<_>, _>>()?;

        self.bytes +=
            [&metadata, &annotations].into_iter().chain(&facts).flatten().map(String::len).sum::<usize>();
        self.bytes += conversation.messages.iter().map(|message| message.content.len()).sum::<usize>();
        self.messages.append(record, &times, &facts);
        self.conversation_id.append_value(record.id.to_string());
        self.source_id.append_option(conversation.source_id.as_deref());
        self.dataset.append_value(&record.dataset);
        self.language.append_option(record.language.as_deref());
        self.tier.append_option(record.tier.map(Tier::name));
        for (column, (_, score)) in self.scores.iter_mut().zip(record.fractions()) {
            column.append_option(score);
        }
        self.validation_version.append_option(record.validation_version.as_deref());
        self.created_at.append_value((record.created_at.unix_timestamp_nanos() / 1_000) as i64);
        self.pair_id.append_option(conversation.pair.as_ref().map(|pair| pair.pair_id.as_str()));
        self.preference.append_option(conversation.pair.as_ref().map(|pair| match pair.preference {
            Preference::Chosen => "chosen",
            Preference::Rejected => "rejected",
        }));
        self.metadata.append_option(metadata);
        self.annotations.append_option(annotations);
        Ok(())
    }

    /// Takes the rows out.
    pub(super) fn take(&mut self) -> Result<RecordBatch, ArrowError> {
        self.bytes = 0;
        let mut arrays: Vec<ArrayRef> = vec![
            Arc::new(self.conversation_id.finish()),
            Arc::new(self.source_id.finish()),
            Arc::new(self.dataset.finish()),
            Arc::new(self.messages.take()?),
            Arc::new(self.language.finish()),
            Arc::new(self.tier.finish()),
        ];
        for column in &mut self.scores {
            arrays.push(Arc::new(column.finish()));
        }
        arrays.push(Arc::new(self.validation_version.finish()));
        arrays.push(Arc::new(self.created_at.finish()));
        for column in [&mut self.pair_id, &mut self.preference, &mut self.metadata, &mut self.annotations] {
            arrays.push(Arc::new(column.finish()));
        }
        RecordBatch::try_new(schema(), arrays)
    }
}

/// The messages of the rows, one below the other.
#[derive(Default)]
struct MessageColumns {
    /// Messages of each row.
    lengths: Vec<usize>,
    role: StringBuilder,
    speaker: StringBuilder,
    content: StringBuilder,
    timestamp: StringBuilder,
    metadata: StringBuilder,
    emotions: ListBuilder<StringBuilder>,
}

impl MessageColumns {
    fn append(&mut self, record: &ExportRecord, times: &[Option<String>], facts: &[Option<String>]) {
        let messages = &record.conversation.messages;
        self.lengths.push(messages.len());
        for ((message, time), facts) in messages.iter().zip(times).zip(facts) {
            self.role.append_value(message.role.name());
            self.speaker.append_option(message.speaker.as_deref());
            self.content.append_value(&message.content);
            self.timestamp.append_option(time.as_deref());
            self.metadata.append_option(facts.as_deref());
        }
        for position in 0..messages.len() {
            let emotions = record.emotions.get(position);
            for emotion in emotions.into_iter().flatten() {
                self.emotions.values().append_value(emotion.name());
            }
            self.emotions.append(emotions.is_some());
        }
    }

    fn take(&mut self) -> Result<ListArray, ArrowError> {
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.role.finish()),
            Arc::new(self.speaker.finish()),
            Arc::new(self.content.finish()),
            Arc::new(self.timestamp.finish()),
            Arc::new(self.metadata.finish()),
            Arc::new(self.emotions.finish()),
        ];
        let length = columns.first().map_or(0, Array::len);
        let values = StructArray::try_new_with_length(message_fields(), columns, None, length)?;
        let offsets = OffsetBuffer::from_lengths(std::mem::take(&mut self.lengths));
        ListArray::try_new(message_item(), offsets, Arc::new(values), None)
    }
}

fn json(
    value: &impl Serialize,
    is_empty: bool,
    record: &ExportRecord,
) -> Result<Option<String>, ExportError> {
    if is_empty {
        return Ok(None);
    }
    serde_json::to_string(value).map(Some).map_err(|error| record.refuse(error.to_string()))
}
