//! Scores as rows: what the first validator says fills `quality_metrics`, all else goes to `validator_scores`.

use pe_model::{Axis, ConversationId, NotScorable, Outcome, Points, Report, Score, Tier};

use crate::bulk::{self, Statement, Values};
use crate::change::ChangeKind;
use crate::engine::{Connection, Json, micros};
use crate::rows::{Standing, standing};
use crate::statistics::Totals;
use crate::{Error, Rescored, Result, Tx};

const METRICS: Statement<'_> = Statement {
    before: "INSERT INTO quality_metrics (conversation_id, validator, therapeutic_accuracy, conversation_coherence, \
             emotional_authenticity, clinical_compliance, safety_score, overall_quality, overall_low, overall_high, tier, \
             tier_probability, not_scorable, validation_timestamp, validation_version) VALUES ",
    after: "",
    columns: 15,
};

const CUSTOM: Statement<'_> = Statement {
    before: "INSERT INTO validator_scores (conversation_id, validator, metric, value, not_scorable, version) VALUES ",
    after: "",
    columns: 6,
};

const TIERS: Statement<'_> = Statement {
    before: "UPDATE conversations SET tier = v.column2, quality_score = v.column3, updated_at = v.column4 FROM (VALUES ",
    after: ") AS v WHERE id = v.column1",
    columns: 4,
};

const LANGUAGES: Statement<'_> = Statement {
    before: "UPDATE conversations SET word_count = v.column2, language = v.column3 FROM (VALUES ",
    after: ") AS v WHERE id = v.column1",
    columns: 3,
};

const EMOTIONS: Statement<'_> = Statement {
    before: "UPDATE messages SET emotion = v.column3, language = v.column4 FROM (VALUES ",
    after: ") AS v WHERE conversation_id = v.column1 AND sequence_number = v.column2",
    columns: 4,
};

const READINGS: Statement<'_> = Statement {
    before: "INSERT INTO readings (conversation_id, version, body) VALUES ",
    after: "",
    columns: 3,
};

/// The reports of one conversation.
pub(crate) struct Reports<'a> {
    pub(crate) id: ConversationId,
    pub(crate) reports: &'a [Report],
}

impl<'a> Reports<'a> {
    /// Refuses scores outside [0, 1], and labels that do not fit into their columns.
    pub(crate) fn new(id: ConversationId, reports: &'a [Report]) -> Result<Self> {
        for report in reports {
            check_label(id, "validator", &report.validator, LABEL)?;
            check_label(id, "validator version", &report.version, LABEL)?;
        }
        for score in
            reports.iter().filter_map(|report| report.outcome.assessment()).flat_map(|found| &found.scores)
        {
            check_label(id, "metric", &score.metric, LABEL)?;
            if !(Points::ZERO..=Points::ONE).contains(&score.value) {
                let problem = format!("{} is {}, which is not between 0 and 1", score.metric, score.value);
                return Err(Error::invalid(format!("score of {id}"), problem));
            }
        }
        Ok(Self { id, reports })
    }

    /// The tier and the overall score of the first report.
    pub(crate) fn quality(&self) -> Option<(Tier, Points)> {
        let found = self.reports.first()?.outcome.assessment()?;
        Some((found.tier, found.overall()))
    }

    fn custom(&self) -> impl Iterator<Item = CustomRow<'a>> {
        let id = self.id;
        self.reports.iter().enumerate().flat_map(move |(place, report)| {
            let (scores, reason) = match &report.outcome {
                Outcome::Scored(found) => (found.scores.as_slice(), None),
                Outcome::NotScorable(reason) => (&[][..], (place > 0).then_some(reason)),
            };
            let scores =
                scores.iter().filter(move |score| place > 0 || Axis::from_name(&score.metric).is_none());
            let refusal = reason.map(|reason| CustomRow { id, report, score: None, reason: Some(reason) });
            scores.map(move |score| CustomRow { id, report, score: Some(score), reason: None }).chain(refusal)
        })
    }
}

struct CustomRow<'a> {
    id: ConversationId,
    report: &'a Report,
    score: Option<&'a Score>,
    reason: Option<&'a NotScorable>,
}

/// Writes the rows of reports, for conversations that have none.
pub(crate) async fn insert(connection: &mut Connection, scored: &[Reports<'_>], now: i64) -> Result<()> {
    let first: Vec<_> = scored.iter().filter_map(|one| Some((one.id, one.reports.first()?))).collect();
    bulk::run(connection, &METRICS, &first, |values, (id, report)| {
        bind_metrics(values, *id, report, now);
        Ok(())
    })
    .await?;
    let custom: Vec<_> = scored.iter().flat_map(Reports::custom).collect();
    bulk::run(connection, &CUSTOM, &custom, |values, row| {
        values
            .add(row.id.0)
            .add(row.report.validator.as_str())
            .add(row.score.map_or("", |score| score.metric.as_str()))
            .add(row.score.map(|score| score.value.micros()))
            .add(row.reason.map(Json))
            .add(row.report.version.as_str());
        Ok(())
    })
    .await?;
    Ok(())
}

fn bind_metrics<'r>(values: &mut Values<'r>, id: ConversationId, report: &'r Report, now: i64) {
    let found = report.outcome.assessment();
    values.add(id.0).add(report.validator.as_str());
    for axis in Axis::ALL {
        values.add(found.and_then(|found| found.score(axis.name())).map(|score| score.value.micros()));
    }
    let overall = found.and_then(|found| found.scores.last());
    let refusal = match &report.outcome {
        Outcome::NotScorable(reason) => Some(Json(reason)),
        Outcome::Scored(_) => None,
    };
    values
        .add(overall.map(|score| score.low.micros()))
        .add(overall.map(|score| score.high.micros()))
        .add(found.map(|found| found.tier.name()))
        .add(found.map(pe_model::Assessment::tier_probability))
        .add(refusal)
        .add(now)
        .add(report.version.as_str());
}

/// Writes readings, for conversations that have none.
pub(crate) async fn insert_readings(
    connection: &mut Connection,
    readings: &[(ConversationId, &pe_model::Reading)],
) -> Result<()> {
    bulk::run(connection, &READINGS, readings, |values, (id, reading)| {
        values.add(id.0).add(reading.version.as_str()).add(crate::reading::encode(*id, reading)?);
        Ok(())
    })
    .await?;
    Ok(())
}

impl Tx {
    /// Replaces the scores of stored conversations, and their readings where a new one is given. Texts stay as they are.
    pub async fn save_scores(&mut self, batch: &[Rescored]) -> Result<()> {
        let scored =
            batch.iter().map(|one| Reports::new(one.id, &one.reports)).collect::<Result<Vec<_>>>()?;
        let ids: Vec<_> = batch.iter().map(|one| one.id).collect();
        self.hold_those_of(&ids).await?;
        let before = standing(self.connection(), &ids).await?;
        let mut totals = Totals::default();
        for (one, scored) in batch.iter().zip(&scored) {
            let old = before.get(&one.id).ok_or_else(|| Error::NotFound(one.id.to_string()))?;
            totals.remove(old);
            let words = one.reading.as_ref().map_or(old.words, words);
            totals.add(&Standing { words, quality: scored.quality(), ..old.clone() });
        }
        self.replace_scores(&ids, &scored).await?;
        self.replace_readings(batch, &before).await?;
        self.apply(totals).await?;
        self.note(&ids, ChangeKind::Upsert).await
    }

    async fn replace_scores(&mut self, ids: &[ConversationId], scored: &[Reports<'_>]) -> Result<()> {
        let now = micros(self.now);
        let connection = self.connection();
        for table in [
            "DELETE FROM quality_metrics WHERE conversation_id IN",
            "DELETE FROM validator_scores WHERE conversation_id IN",
        ] {
            bulk::run_with_ids(connection, table, ids).await?;
        }
        insert(connection, scored, now).await?;
        bulk::run(connection, &TIERS, scored, |values, one| {
            let quality = one.quality();
            values
                .add(one.id.0)
                .add(quality.map(|(tier, _)| tier.name()))
                .add(quality.map(|(_, overall)| overall.micros()))
                .add(now);
            Ok(())
        })
        .await?;
        Ok(())
    }

    async fn replace_readings(
        &mut self,
        batch: &[Rescored],
        before: &std::collections::HashMap<ConversationId, Standing>,
    ) -> Result<()> {
        let readings: Vec<_> = batch.iter().filter_map(|one| Some((one.id, one.reading.as_ref()?))).collect();
        for (id, reading) in &readings {
            let messages = before.get(id).map_or(0, |old| old.messages);
            check_reading(*id, reading, messages as usize)?;
        }
        let ids: Vec<_> = readings.iter().map(|(id, _)| *id).collect();
        let connection = self.connection();
        bulk::run_with_ids(connection, "DELETE FROM readings WHERE conversation_id IN", &ids).await?;
        insert_readings(connection, &readings).await?;
        bulk::run(connection, &LANGUAGES, &readings, |values, (id, reading)| {
            values.add(id.0).add(words(reading)).add(reading.language.code.as_str());
            Ok(())
        })
        .await?;
        let messages: Vec<_> = readings
            .iter()
            .flat_map(|(id, reading)| {
                (0_i64..).zip(&reading.messages).map(move |(place, read)| (id, place, read))
            })
            .collect();
        bulk::run(connection, &EMOTIONS, &messages, |values, (id, place, read)| {
            values
                .add(id.0)
                .add(*place)
                .add(read.primary().map(pe_model::Emotion::name))
                .add(read.language.as_str());
            Ok(())
        })
        .await?;
        Ok(())
    }
}

/// Words in all volleys.
pub(crate) fn words(reading: &pe_model::Reading) -> i64 {
    reading.volleys.iter().map(|volley| i64::from(volley.words)).sum()
}

/// A reading has something to say of each message, or of none; its labels fit into their columns.
pub(crate) fn check_reading(id: ConversationId, reading: &pe_model::Reading, messages: usize) -> Result<()> {
    check_label(id, "reading version", &reading.version, LABEL)?;
    let languages = reading.messages.iter().map(|message| message.language.as_str());
    for language in languages.chain([reading.language.code.as_str()]) {
        check_label(id, "language", language, LANGUAGE)?;
    }
    if reading.messages.is_empty() || reading.messages.len() == messages {
        return Ok(());
    }
    let problem = format!("is of {} messages, and the conversation has {messages}", reading.messages.len());
    Err(Error::invalid(format!("reading of {id}"), problem))
}

/// Letters of a label (a validator, a metric, a version) and of a language code: the widths of their columns, which PostgreSQL minds.
const LABEL: usize = 100;
const LANGUAGE: usize = 16;

fn check_label(id: ConversationId, what: &str, label: &str, most: usize) -> Result<()> {
    let length = label.chars().count();
    if length <= most && !label.chars().any(char::is_control) {
        return Ok(());
    }
    let problem = format!("has {length} letters; give at most {most}, and no control characters");
    Err(Error::invalid(format!("{what} of {id}"), problem))
}
