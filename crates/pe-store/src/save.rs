//! Conversations as rows: new ones are inserted, known ones are replaced with everything that hangs on them.

use std::collections::{BTreeSet, HashSet};

use pe_model::{Annotation, ConversationId, Message, MessageReading, Preference};
use time::UtcOffset;
use time::format_description::well_known::Rfc3339;

use crate::bulk::{self, Statement, Values};
use crate::change::ChangeKind;
use crate::dataset::check_name;
use crate::engine::{Json, micros, signed};
use crate::nouns::MAX_MESSAGES;
use crate::rows::{Standing, owner, standing};
use crate::score::{self, Reports, check_reading, words};
use crate::statistics::Totals;
use crate::{Error, Result, SavedConversation, Tx, message_id};

const CONVERSATIONS: Statement<'_> = Statement {
    before: "INSERT INTO conversations (id, dataset_name, source_id, tier, quality_score, message_count, word_count, \
             language, content_digest, text_digest, pair_id, preference, created_at, updated_at, metadata) VALUES ",
    after: " ON CONFLICT (id) DO UPDATE SET tier = excluded.tier, quality_score = excluded.quality_score, \
            message_count = excluded.message_count, word_count = excluded.word_count, language = excluded.language, \
            content_digest = excluded.content_digest, text_digest = excluded.text_digest, pair_id = excluded.pair_id, \
            preference = excluded.preference, updated_at = excluded.updated_at, metadata = excluded.metadata",
    columns: 15,
};

const SOURCE_IDS: Statement<'_> = Statement {
    before: "INSERT INTO source_ids (dataset_name, source_id, conversation_id, content_digest) VALUES ",
    after: " ON CONFLICT (dataset_name, source_id) DO UPDATE SET content_digest = excluded.content_digest \
            WHERE source_ids.conversation_id = excluded.conversation_id",
    columns: 4,
};

const MESSAGES: Statement<'_> = Statement {
    before: "INSERT INTO messages (id, conversation_id, role, speaker, content, sequence_number, timestamp, \
             timestamp_exact, metadata, emotion, language) VALUES ",
    after: "",
    columns: 11,
};

const ANNOTATIONS: Statement<'_> = Statement {
    before: "INSERT INTO annotations (conversation_id, position, layer, annotator, sequence_number, span_start, \
             span_end, value) VALUES ",
    after: "",
    columns: 8,
};

/// What hangs on a conversation and is written anew with it.
const CHILDREN: [&str; 5] = [
    "DELETE FROM messages WHERE conversation_id IN",
    "DELETE FROM annotations WHERE conversation_id IN",
    "DELETE FROM quality_metrics WHERE conversation_id IN",
    "DELETE FROM validator_scores WHERE conversation_id IN",
    "DELETE FROM readings WHERE conversation_id IN",
];

/// Bytes of a source id, and of the id of a preference pair. Longer ones are no names, and PostgreSQL's indexes do not take them.
const MAX_NAME: usize = 1024;

impl Tx {
    /// Saves conversations with their readings and scores. An id that is not there yet is added; one that is there is replaced,
    /// which must keep its dataset and source id. Nothing of the batch is written when any of it is refused.
    pub async fn save_batch(&mut self, batch: &[SavedConversation]) -> Result<()> {
        check(batch)?;
        let now = micros(self.now);
        let scored =
            batch.iter().map(|one| Reports::new(one.id, &one.reports)).collect::<Result<Vec<_>>>()?;
        let ids: Vec<_> = batch.iter().map(|one| one.id).collect();
        self.hold(batch.iter().map(|one| &*one.dataset)).await?;
        self.prepare_months(&ids).await?;
        let before = standing(self.reader(), &ids).await?;
        let mut totals = Totals::default();
        for (one, scored) in batch.iter().zip(&scored) {
            if let Some(old) = before.get(&one.id) {
                check_unmoved(one, old)?;
                totals.remove(old);
            }
            totals.add(&standing_of(one, scored));
        }
        let known: Vec<_> = before.keys().copied().collect();
        for children in CHILDREN {
            bulk::run_with_ids(self.connection(), children, &known).await?;
        }
        for dataset in batch.iter().map(|one| &*one.dataset).collect::<BTreeSet<_>>() {
            self.add_dataset(dataset).await?;
        }
        self.insert_conversations(batch, &scored).await?;
        self.insert_messages(batch).await?;
        score::insert(self.connection(), &scored, now).await?;
        let readings: Vec<_> = batch.iter().map(|one| (one.id, &one.reading)).collect();
        score::insert_readings(self.connection(), &readings).await?;
        self.apply(totals).await?;
        self.note(&ids, ChangeKind::Upsert).await
    }

    async fn insert_conversations(
        &mut self,
        batch: &[SavedConversation],
        scored: &[Reports<'_>],
    ) -> Result<()> {
        let now = micros(self.now);
        let digests: Vec<_> = batch.iter().map(|one| one.conversation.digest()).collect();
        let connection = self.connection();
        let rows: Vec<_> = batch.iter().zip(scored).zip(&digests).collect();
        bulk::run(connection, &CONVERSATIONS, &rows, |values, ((one, scored), digest)| {
            bind_conversation(values, one, scored, now, digest.as_bytes());
            Ok(())
        })
        .await?;
        let written = bulk::run(connection, &SOURCE_IDS, &rows, |values, ((one, _), digest)| {
            values
                .add(&*one.dataset)
                .add(one.source_id.as_str())
                .add(one.id.0)
                .add(digest.as_bytes().as_slice());
            Ok(())
        })
        .await?;
        if written == rows.len() as u64 { Ok(()) } else { Err(self.conflict(batch).await?) }
    }

    async fn insert_messages(&mut self, batch: &[SavedConversation]) -> Result<()> {
        let rows: Vec<_> = batch.iter().flat_map(message_rows).collect();
        bulk::run(self.connection(), &MESSAGES, &rows, bind_message).await?;
        let rows: Vec<_> = batch
            .iter()
            .flat_map(|one| {
                (0_i64..).zip(&one.conversation.annotations).map(|(place, note)| (one.id, place, note))
            })
            .collect();
        bulk::run(self.connection(), &ANNOTATIONS, &rows, |values, (id, place, annotation)| {
            bind_annotation(values, *id, *place, annotation);
            Ok(())
        })
        .await?;
        Ok(())
    }

    /// Which conversation of the batch claims the source id of another one.
    async fn conflict(&mut self, batch: &[SavedConversation]) -> Result<Error> {
        for one in batch {
            let connection = self.connection();
            let row = connection
                .query("SELECT conversation_id FROM source_ids WHERE dataset_name = $1 AND source_id = $2")
                .bind(&*one.dataset)
                .bind(one.source_id.as_str())
                .fetch_optional(connection)
                .await?;
            if row.as_ref().map(owner).transpose()? != Some(one.id) {
                return Ok(Error::Conflict {
                    dataset: one.dataset.to_string(),
                    source_id: one.source_id.clone(),
                });
            }
        }
        Ok(Error::corrupt("source ids", "fewer were written than given"))
    }
}

fn check(batch: &[SavedConversation]) -> Result<()> {
    let mut seen = HashSet::new();
    for one in batch {
        let refuse = |problem: String| Err(Error::invalid(format!("conversation {}", one.id), problem));
        check_name(&one.dataset)?;
        if !seen.insert(one.id) {
            return refuse("is twice in one batch".to_owned());
        }
        let length = one.source_id.len();
        if !(1..=MAX_NAME).contains(&length) {
            return refuse(format!("has a source id of {length} bytes; give 1 to {MAX_NAME}"));
        }
        let length = one.conversation.pair.as_ref().map_or(0, |pair| pair.pair_id.len());
        if length > MAX_NAME {
            return refuse(format!("has a pair id of {length} bytes; {MAX_NAME} is the most"));
        }
        let messages = one.conversation.messages.len();
        if messages > MAX_MESSAGES {
            return refuse(format!("has {messages} messages, and {MAX_MESSAGES} is the most; split it"));
        }
        check_reading(one.id, &one.reading, messages)?;
    }
    Ok(())
}

fn check_unmoved(new: &SavedConversation, old: &Standing) -> Result<()> {
    if *old.dataset == *new.dataset && old.source_id == new.source_id {
        return Ok(());
    }
    let problem =
        format!("is stored as {} of dataset {} and cannot move; remove it first", old.source_id, old.dataset);
    Err(Error::invalid(format!("conversation {}", new.id), problem))
}

fn standing_of(one: &SavedConversation, scored: &Reports<'_>) -> Standing {
    Standing {
        dataset: one.dataset.clone(),
        source_id: one.source_id.clone(),
        messages: signed(one.conversation.messages.len()),
        words: words(&one.reading),
        quality: scored.quality(),
    }
}

fn bind_conversation<'r>(
    values: &mut Values<'r>,
    one: &'r SavedConversation,
    scored: &Reports<'r>,
    now: i64,
    digest: &'r [u8],
) {
    let (quality, pair) = (scored.quality(), one.conversation.pair.as_ref());
    values
        .add(one.id.0)
        .add(&*one.dataset)
        .add(one.source_id.as_str())
        .add(quality.map(|(tier, _)| tier.name()))
        .add(quality.map(|(_, overall)| overall.micros()))
        .add(signed(one.conversation.messages.len()))
        .add(words(&one.reading))
        .add(one.reading.language.code.as_str())
        .add(digest)
        .add(one.conversation.text_digest().as_bytes().to_vec())
        .add(pair.map(|pair| pair.pair_id.as_str()))
        .add(pair.map(|pair| preference_name(pair.preference)))
        .add(now)
        .add(now)
        .add(present(&one.conversation.metadata));
}

struct MessageRow<'a> {
    conversation: ConversationId,
    position: u32,
    message: &'a Message,
    read: Option<&'a MessageReading>,
}

fn message_rows(one: &SavedConversation) -> impl Iterator<Item = MessageRow<'_>> {
    (0_u32..).zip(&one.conversation.messages).map(|(position, message)| MessageRow {
        conversation: one.id,
        position,
        message,
        read: one.reading.messages.get(position as usize),
    })
}

fn bind_message<'r>(values: &mut Values<'r>, row: &'r MessageRow<'r>) -> Result<()> {
    let message = row.message;
    values
        .add(message_id(row.conversation, row.position).0)
        .add(row.conversation.0)
        .add(message.role.name())
        .add(message.speaker.as_deref())
        .add(message.content.as_str())
        .add(i64::from(row.position))
        .add(message.timestamp.map(micros))
        .add(exact_time(row)?)
        .add(present(&message.metadata))
        .add(row.read.and_then(MessageReading::primary).map(pe_model::Emotion::name))
        .add(row.read.map(|read| read.language.as_str()));
    Ok(())
}

/// The time in full, where microseconds in UTC would lose something of it: its offset, or its nanoseconds.
fn exact_time(row: &MessageRow<'_>) -> Result<Option<String>> {
    let Some(time) = row.message.timestamp else { return Ok(None) };
    if time.offset() == UtcOffset::UTC && time.nanosecond().is_multiple_of(1000) {
        return Ok(None);
    }
    let what = || format!("time of message {} of {}", row.position, row.conversation);
    time.format(&Rfc3339).map(Some).map_err(|error| Error::invalid(what(), error.to_string()))
}

fn bind_annotation<'r>(
    values: &mut Values<'r>,
    id: ConversationId,
    position: i64,
    annotation: &'r Annotation,
) {
    values
        .add(id.0)
        .add(position)
        .add(annotation.layer.as_str())
        .add(annotation.annotator.as_str())
        .add(annotation.message.map(i64::from))
        .add(annotation.range.map(|(start, _)| i64::from(start)))
        .add(annotation.range.map(|(_, end)| i64::from(end)))
        .add(annotation.value.as_str());
}

fn present(metadata: &pe_model::Metadata) -> Option<Json<&pe_model::Metadata>> {
    (!metadata.is_empty()).then_some(Json(metadata))
}

const fn preference_name(preference: Preference) -> &'static str {
    match preference {
        Preference::Chosen => "chosen",
        Preference::Rejected => "rejected",
    }
}
