//! Rows as nouns.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::Arc;

use pe_model::{
    Annotation, ConversationId, Emotion, Message, MessageId, Metadata, NotScorable, Pair, Points, Preference,
    Role, Tier,
};
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::types::Json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

use crate::bulk::{MAX_ROWS, powers_of_two, with_ids};
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
    for chunk in powers_of_two(ids, MAX_ROWS) {
        let before = "SELECT id, dataset_name, source_id, message_count, word_count, tier, quality_score \
                      FROM conversations WHERE id IN";
        let (sql, values) = with_ids(before, chunk, "")?;
        for row in sqlx::query_with(sql, values).fetch_all(&mut *connection).await? {
            let id = ConversationId(row.try_get(0)?);
            let dataset: String = row.try_get(1)?;
            let quality = tier(&id, row.try_get(5)?)?.zip(points(&row, 6)?);
            let standing = Standing {
                dataset: dataset.into(),
                source_id: row.try_get(2)?,
                messages: row.try_get(3)?,
                words: row.try_get(4)?,
                quality,
            };
            found.insert(id, standing);
        }
    }
    Ok(found)
}

/// A summary from the columns of [`SUMMARY`].
pub(crate) fn summary(row: &Row) -> Result<Summary> {
    let id = ConversationId(row.try_get(0)?);
    let (pair_id, preference): (Option<String>, Option<String>) = (row.try_get(8)?, row.try_get(9)?);
    let pair = match pair_id {
        Some(pair_id) => Some(Pair { pair_id, preference: parse_preference(id, preference.as_deref())? }),
        None => None,
    };
    Ok(Summary {
        id,
        dataset: row.try_get(1)?,
        source_id: row.try_get(2)?,
        tier: tier(&id, row.try_get(3)?)?,
        quality: points(row, 4)?,
        message_count: row.try_get(5)?,
        word_count: row.try_get::<i64, _>(6)? as u64,
        language: row.try_get(7)?,
        pair,
        created_at: time(row.try_get(10)?)?,
        updated_at: time(row.try_get(11)?)?,
    })
}

/// The columns of [`message`], of which the first is the conversation's id.
pub(crate) const MESSAGE: &str = "SELECT conversation_id, id, role, speaker, content, timestamp, timestamp_exact, metadata, \
                                  emotion, language FROM messages WHERE conversation_id IN";

/// A message and what is known of it.
pub(crate) fn message(row: &Row) -> Result<(Message, MessageFacts)> {
    let id = MessageId(row.try_get(1)?);
    let what = |field: &str| format!("{field} of message {id}");
    let role: String = row.try_get(2)?;
    let emotion: Option<String> = row.try_get(8)?;
    let message = Message {
        role: Role::from_name(&role).ok_or_else(|| Error::corrupt(what("role"), &role))?,
        speaker: row.try_get(3)?,
        content: row.try_get(4)?,
        timestamp: timestamp(row.try_get(5)?, row.try_get(6)?)
            .map_err(|error| Error::corrupt(what("time"), error))?,
        metadata: json(row, 7)?.unwrap_or_default(),
    };
    let emotion = emotion
        .map(|name| Emotion::from_name(&name).ok_or_else(|| Error::corrupt(what("emotion"), &name)))
        .transpose()?;
    let language: Option<String> = row.try_get(9)?;
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
    let (start, end): (Option<u32>, Option<u32>) = (row.try_get(4)?, row.try_get(5)?);
    Ok(Annotation {
        layer: row.try_get(1)?,
        annotator: row.try_get(2)?,
        message: row.try_get(3)?,
        range: start.zip(end),
        value: row.try_get(6)?,
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
        validator: row.try_get(1)?,
        axes,
        overall: points(row, 8)?.zip(points(row, 9)?),
        tier: tier(&id, row.try_get(10)?)?,
        tier_probability: row.try_get(11)?,
        not_scorable: json::<NotScorable>(row, 12)?,
        validated_at: time(row.try_get(13)?)?,
        version: row.try_get(14)?,
    })
}

/// The columns of [`custom`], of which the first is the conversation's id.
pub(crate) const CUSTOM: &str = "SELECT conversation_id, validator, metric, value, not_scorable, version \
                                 FROM validator_scores WHERE conversation_id IN";

/// A row of `validator_scores`.
pub(crate) fn custom(row: &Row) -> Result<CustomScore> {
    Ok(CustomScore {
        validator: row.try_get(1)?,
        metric: row.try_get(2)?,
        value: points(row, 3)?,
        not_scorable: json(row, 4)?,
        version: row.try_get(5)?,
    })
}

/// The conversation that a row belongs to.
pub(crate) fn owner(row: &Row) -> Result<ConversationId> {
    Ok(ConversationId(row.try_get::<Uuid, _>(0)?))
}

/// The metadata in a column.
pub(crate) fn metadata(row: &Row, column: usize) -> Result<Metadata> {
    Ok(json(row, column)?.unwrap_or_default())
}

fn json<T: DeserializeOwned + 'static>(row: &Row, column: usize) -> Result<Option<T>> {
    Ok(row.try_get::<Option<Json<T>>, _>(column)?.map(|Json(value)| value))
}

fn points(row: &Row, column: usize) -> Result<Option<Points>> {
    Ok(row.try_get::<Option<i64>, _>(column)?.map(Points::from_micros))
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
