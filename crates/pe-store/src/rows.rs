//! Rows as nouns.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::Arc;

use pe_model::{
    Annotation, ConversationId, Emotion, Message, MessageId, Metadata, NotScorable, Pair, Points, Preference,
    Role, Tier,
};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::bulk::{powers_of_two, with_ids};
use crate::engine::{Connection, Row, time};
use crate::{CustomScore, Error, MessageFacts, Metrics, Result, Summary};

/// The columns of [`summary`].
pub(crate) const SUMMARY: &str = "c.id, c.dataset_name, c.source_id, c.tier, c.quality_score, c.message_count, \
                                  c.word_count, c.language, c.pair_id, c.preference, c.created_at, c.updated_at";

/// What a conversation adds to the statistics of its dataset.
#[derive(Clone, Debug)]
pub(crate) struct Standing {
    pub(crate) dataset: Arc<str>,
    pub(crate) source_id: String,
    pub(crate) messages: i64,
    pub(crate) words: i64,
    pub(crate) quality: Option<(Tier, Points)>,
}

/// What is stored of the given conversations; those that are not there are left out.
pub(crate) async fn standing(
    connection: &mut Connection,
    ids: &[ConversationId],
) -> Result<HashMap<ConversationId, Standing>> {
    let mut found = HashMap::new();
    let engine = connection.engine();
    for chunk in powers_of_two(ids, engine.max_rows()) {
        let before = "SELECT id, dataset_name, source_id, message_count, word_count, tier, quality_score \
                      FROM conversations WHERE id IN";
        for row in with_ids(engine, before, chunk, "").fetch_all(connection).await? {
            let id = ConversationId(row.get(0)?);
            let dataset: String = row.get(1)?;
            let quality = tier(&id, row.maybe::<String>(5)?.as_deref())?.zip(points(&row, 6)?);
            let standing = Standing {
                dataset: dataset.into(),
                source_id: row.get(2)?,
                messages: row.get(3)?,
                words: row.get(4)?,
                quality,
            };
            found.insert(id, standing);
        }
    }
    Ok(found)
}

/// A summary from the columns of [`SUMMARY`].
pub(crate) fn summary(row: &Row) -> Result<Summary> {
    let id = ConversationId(row.get(0)?);
    let (pair_id, preference): (Option<String>, Option<String>) = (row.maybe(8)?, row.maybe(9)?);
    let pair = match pair_id {
        Some(pair_id) => Some(Pair { pair_id, preference: parse_preference(id, preference.as_deref())? }),
        None => None,
    };
    Ok(Summary {
        id,
        dataset: row.get(1)?,
        source_id: row.get(2)?,
        tier: tier(&id, row.maybe::<String>(3)?.as_deref())?,
        quality: points(row, 4)?,
        message_count: row.get(5)?,
        word_count: row.get::<i64>(6)? as u64,
        language: row.get(7)?,
        pair,
        created_at: time(row.get(10)?)?,
        updated_at: time(row.get(11)?)?,
    })
}

/// The columns of [`message`], of which the first is the conversation's id.
pub(crate) const MESSAGE: &str = "SELECT conversation_id, id, role, speaker, content, timestamp, timestamp_exact, metadata, \
                                  emotion, language FROM messages WHERE conversation_id IN";

/// A message and what is known of it.
pub(crate) fn message(row: &Row) -> Result<(Message, MessageFacts)> {
    let id = MessageId(row.get(1)?);
    let what = |field: &str| format!("{field} of message {id}");
    let role: String = row.get(2)?;
    let emotion: Option<String> = row.maybe(8)?;
    let message = Message {
        role: Role::from_name(&role).ok_or_else(|| Error::corrupt(what("role"), &role))?,
        speaker: row.maybe(3)?,
        content: row.get(4)?,
        timestamp: timestamp(row.maybe(5)?, row.maybe(6)?)
            .map_err(|error| Error::corrupt(what("time"), error))?,
        metadata: row.json(7)?.unwrap_or_default(),
    };
    let emotion = emotion
        .map(|name| Emotion::from_name(&name).ok_or_else(|| Error::corrupt(what("emotion"), &name)))
        .transpose()?;
    let language: Option<String> = row.maybe(9)?;
    Ok((message, MessageFacts { id, emotion, language: language.unwrap_or_default() }))
}

fn timestamp(micros: Option<i64>, exact: Option<String>) -> Result<Option<OffsetDateTime>> {
    match exact {
        Some(text) => {
            OffsetDateTime::parse(&text, &Rfc3339).map(Some).map_err(|error| Error::corrupt(text, error))
        }
        None => micros.map(time).transpose(),
    }
}

/// The columns of [`annotation`], of which the first is the conversation's id.
pub(crate) const ANNOTATION: &str = "SELECT conversation_id, layer, annotator, sequence_number, span_start, span_end, value \
                                     FROM annotations WHERE conversation_id IN";

/// An annotation.
pub(crate) fn annotation(row: &Row) -> Result<Annotation> {
    let (start, end): (Option<u32>, Option<u32>) = (row.maybe(4)?, row.maybe(5)?);
    Ok(Annotation {
        layer: row.get(1)?,
        annotator: row.get(2)?,
        message: row.maybe(3)?,
        range: start.zip(end),
        value: row.get(6)?,
    })
}

/// The columns of [`metrics`], of which the first is the conversation's id.
pub(crate) const METRICS: &str = "SELECT conversation_id, validator, therapeutic_accuracy, conversation_coherence, \
                                  emotional_authenticity, clinical_compliance, safety_score, overall_quality, overall_low, \
                                  overall_high, tier, tier_probability, not_scorable, validation_timestamp, \
                                  validation_version FROM quality_metrics WHERE conversation_id IN";

/// The row of a conversation in `quality_metrics`.
pub(crate) fn metrics(row: &Row) -> Result<Metrics> {
    let id = owner(row)?;
    let mut axes = [None; 6];
    for (axis, column) in axes.iter_mut().zip(2..) {
        *axis = points(row, column)?;
    }
    Ok(Metrics {
        validator: row.get(1)?,
        axes,
        overall: points(row, 8)?.zip(points(row, 9)?),
        tier: tier(&id, row.maybe::<String>(10)?.as_deref())?,
        tier_probability: row.maybe(11)?,
        not_scorable: row.json::<NotScorable>(12)?,
        validated_at: time(row.get(13)?)?,
        version: row.get(14)?,
    })
}

/// The columns of [`custom`], of which the first is the conversation's id.
pub(crate) const CUSTOM: &str = "SELECT conversation_id, validator, metric, value, not_scorable, version \
                                 FROM validator_scores WHERE conversation_id IN";

/// A row of `validator_scores`.
pub(crate) fn custom(row: &Row) -> Result<CustomScore> {
    Ok(CustomScore {
        validator: row.get(1)?,
        metric: row.get(2)?,
        value: points(row, 3)?,
        not_scorable: row.json(4)?,
        version: row.get(5)?,
    })
}

/// The conversation that a row belongs to.
pub(crate) fn owner(row: &Row) -> Result<ConversationId> {
    Ok(ConversationId(row.get(0)?))
}

/// The metadata in a column.
pub(crate) fn metadata(row: &Row, column: usize) -> Result<Metadata> {
    Ok(row.json(column)?.unwrap_or_default())
}

fn points(row: &Row, column: usize) -> Result<Option<Points>> {
    Ok(row.maybe::<i64>(column)?.map(Points::from_micros))
}

pub(crate) fn tier(of: &impl Display, name: Option<&str>) -> Result<Option<Tier>> {
    let unknown = |name| Error::corrupt(format!("tier of {of}"), format!("unknown tier {name}"));
    name.map(|name| Tier::from_name(name).ok_or_else(|| unknown(name))).transpose()
}

fn parse_preference(id: ConversationId, name: Option<&str>) -> Result<Preference> {
    match name {
        Some("chosen") => Ok(Preference::Chosen),
        Some("rejected") => Ok(Preference::Rejected),
        other => Err(Error::corrupt(format!("preference of {id}"), format!("unknown value {other:?}"))),
    }
}
