//! Numbers about conversations: those kept with each change of a dataset, and those computed when asked for.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use pe_model::Tier;

use crate::bulk::{self, Statement};
use crate::engine::Connection;
use crate::openers::{OpenerCount, Openers};
use crate::rows::{Standing, tier};
use crate::{Filter, Result, Store, Tx};

/// How many openers are given out.
const OPENERS: usize = 20;

/// Bins of the histogram of overall scores: 0.05 wide.
const BINS: usize = 20;

/// Numbers about the conversations of a filter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statistics {
    /// Conversations.
    pub conversations: u64,
    /// Their messages.
    pub messages: u64,
    /// Conversations of each tier; tiers without any are left out.
    pub tiers: BTreeMap<Tier, u64>,
    /// Conversations without scores.
    pub not_scored: u64,
    /// Conversations with an overall score in [0, 0.05), [0.05, 0.10) ... [0.95, 1].
    pub quality: [u64; BINS],
    /// Messages of a conversation.
    pub message_counts: Spread,
    /// Words of a conversation.
    pub word_counts: Spread,
    /// Conversations of each language, most frequent first; the empty code is of those without letters.
    pub languages: Vec<(String, u64)>,
    /// Messages of each role.
    pub roles: Vec<(String, u64)>,
    /// Messages of each primary emotion, most frequent first.
    pub emotions: Vec<(String, u64)>,
    /// How replies begin.
    pub openers: Openers,
    /// Conversations that repeat another one's words.
    pub duplicates: DuplicateCount,
}

/// How a number is spread over conversations. Quantiles are of the nearest rank.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spread {
    /// The least.
    pub min: u64,
    /// A tenth is at most this.
    pub p10: u64,
    /// A half is at most this.
    pub median: u64,
    /// Nine tenths are at most this.
    pub p90: u64,
    /// The most.
    pub max: u64,
    /// The sum over the number.
    pub mean: f64,
}

impl Spread {
    /// Of values with their frequencies, sorted by value.
    fn of(values: &[(u64, u64)]) -> Self {
        let total: u64 = values.iter().map(|(_, count)| count).sum();
        let sum: f64 = values.iter().map(|(value, count)| *value as f64 * *count as f64).sum();
        let rank = |share: f64| {
            let wanted = ((total as f64 * share).ceil() as u64).max(1);
            let mut seen = 0;
            let found = values.iter().find(|(_, count)| {
                seen += count;
                seen >= wanted
            });
            found.map_or(0, |(value, _)| *value)
        };
        let mean = if total == 0 { 0.0 } else { sum / total as f64 };
        Self { min: rank(0.0), p10: rank(0.1), median: rank(0.5), p90: rank(0.9), max: rank(1.0), mean }
    }
}

/// Conversations with equal roles and texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DuplicateCount {
    /// Texts that occur more than once.
    pub texts: u64,
    /// Conversations beyond the first of each such text.
    pub surplus: u64,
}

impl Store {
    /// Numbers about the conversations of a filter. Reads every reply's first words; the rest comes from counts.
    pub async fn statistics(&self, filter: &Filter) -> Result<Statistics> {
        // One transaction: all numbers are of one state, whatever others write meanwhile.
        let state = &mut self.reads.begin_read().await?;
        let mut found = Statistics {
            message_counts: Spread::of(&spread(state, "c.message_count", filter).await?),
            word_counts: Spread::of(&spread(state, "c.word_count", filter).await?),
            languages: frequencies(state, "c.language", "", filter).await?,
            roles: frequencies(state, "m.role", MESSAGES, filter).await?,
            emotions: frequencies(state, "m.emotion", MESSAGES, filter).await?,
            openers: openers(state, filter).await?,
            duplicates: duplicates(state, filter).await?,
            ..Statistics::default()
        };
        found.conversations = found.languages.iter().map(|(_, count)| count).sum();
        found.messages = found.roles.iter().map(|(_, count)| count).sum();
        for (name, count) in frequencies(state, "c.tier", "", filter).await? {
            found.tiers.extend(tier(&"a conversation", Some(&name))?.map(|tier| (tier, count)));
        }
        found.not_scored = found.conversations - found.tiers.values().sum::<u64>();
        for (bin, count) in spread(state, "c.quality_score / 50000", filter).await? {
            found.quality[(bin as usize).min(BINS - 1)] += count;
        }
        Ok(found)
    }
}

/// Values of a whole number with their frequencies, by value.
async fn spread(state: &mut Connection, value: &str, filter: &Filter) -> Result<Vec<(u64, u64)>> {
    let mut query = state.query(format!("SELECT {value}, COUNT(*) FROM conversations c"));
    filter.push_to(&mut query);
    query.push(format!(" AND {value} IS NOT NULL GROUP BY {value} ORDER BY {value}"));
    let rows = query.fetch_all(state).await?;
    rows.iter().map(|row| Ok((row.get::<i64>(0)? as u64, row.get::<i64>(1)? as u64))).collect()
}

/// Values of a text with their frequencies, most frequent first.
async fn frequencies(
    state: &mut Connection,
    value: &str,
    join: &str,
    filter: &Filter,
) -> Result<Vec<(String, u64)>> {
    let mut query = state.query(format!("SELECT {value}, COUNT(*) FROM conversations c{join}"));
    filter.push_to(&mut query);
    query.push(format!(" AND {value} IS NOT NULL GROUP BY {value} ORDER BY COUNT(*) DESC, {value}"));
    let rows = query.fetch_all(state).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get::<i64>(1)? as u64))).collect()
}

async fn openers(state: &mut Connection, filter: &Filter) -> Result<Openers> {
    let mut counted = OpenerCount::default();
    let mut query = state.query(format!("SELECT substr(m.content, 1, 120) FROM conversations c{MESSAGES}"));
    filter.push_to(&mut query);
    query.push(" AND m.role = 'assistant'");
    query
        .for_each(state, |row| {
            counted.add(&row.get::<String>(0)?);
            Ok(())
        })
        .await?;
    Ok(counted.top(OPENERS))
}

async fn duplicates(state: &mut Connection, filter: &Filter) -> Result<DuplicateCount> {
    let mut query = state.query(
        "SELECT COUNT(*), CAST(COALESCE(SUM(g.n), 0) AS BIGINT) FROM (SELECT COUNT(*) AS n FROM conversations c",
    );
    filter.push_to(&mut query);
    query.push(" GROUP BY c.text_digest HAVING COUNT(*) > 1) AS g");
    let row = query.fetch_one(state).await?;
    let (texts, all): (i64, i64) = (row.get(0)?, row.get(1)?);
    Ok(DuplicateCount { texts: texts as u64, surplus: (all - texts) as u64 })
}

const MESSAGES: &str = " JOIN messages m ON m.conversation_id = c.id";

/// What a batch adds to the statistics of datasets; may be negative.
#[derive(Default)]
pub(crate) struct Totals(HashMap<(Arc<str>, &'static str), [i64; 4]>);

impl Totals {
    pub(crate) fn add(&mut self, one: &Standing) {
        self.change(one, 1);
    }

    pub(crate) fn remove(&mut self, one: &Standing) {
        self.change(one, -1);
    }

    fn change(&mut self, one: &Standing, sign: i64) {
        let tier = one.quality.map_or("", |(tier, _)| tier.name());
        let quality = one.quality.map_or(0, |(_, overall)| overall.micros());
        let sums = self.0.entry((one.dataset.clone(), tier)).or_default();
        for (sum, part) in sums.iter_mut().zip([1, one.messages, one.words, quality]) {
            *sum += sign * part;
        }
    }
}

const ADD: Statement<'_> = Statement {
    before: "INSERT INTO dataset_statistics (dataset_name, tier, conversations, messages, words, quality_sum) VALUES ",
    after: " ON CONFLICT (dataset_name, tier) DO UPDATE SET \
            conversations = dataset_statistics.conversations + excluded.conversations, \
            messages = dataset_statistics.messages + excluded.messages, \
            words = dataset_statistics.words + excluded.words, \
            quality_sum = dataset_statistics.quality_sum + excluded.quality_sum",
    columns: 6,
};

impl Tx {
    /// Adds to the statistics of datasets.
    pub(crate) async fn apply(&mut self, totals: Totals) -> Result<()> {
        let rows: Vec<_> = totals.0.into_iter().filter(|(_, sums)| *sums != [0; 4]).collect();
        bulk::run(self.connection(), &ADD, &rows, |values, ((dataset, tier), sums)| {
            values.add(&**dataset).add(*tier);
            for sum in sums {
                values.add(*sum);
            }
            Ok(())
        })
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_of_the_nearest_rank() {
        let spread = Spread::of(&[(1, 5), (2, 4), (10, 1)]);
        assert_eq!((spread.min, spread.p10, spread.median, spread.p90, spread.max), (1, 1, 1, 2, 10));
        assert!((spread.mean - 2.3).abs() < 1e-9);
        assert_eq!(Spread::of(&[]), Spread::default());
    }
}
