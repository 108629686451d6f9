//! Whether the store is sound: whatever its parts say of each other is counted anew.
//!
//! Everything is asked in SQL, so that memory does not grow with the store beyond what the database itself takes.

use std::collections::BTreeMap;
use std::fmt;

use uuid::Uuid;

use crate::engine::{Connection, Engine};
use crate::sqlite::is_damage;
use crate::{Error, Result, Store};

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What should hold: "every message belongs to a conversation".
    pub rule: &'static str,
    /// How many rows it does not hold for.
    pub count: u64,
    /// One of them, as far as it can be named.
    pub example: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            to,
            "it should be that {}, and for {} it is not, such as {}",
            self.rule, self.count, self.example
        )
    }
}

/// Selects the conversations that rows of a table name and that are not there.
macro_rules! orphans {
    ($table:literal) => {
        concat!(
            "SELECT t.conversation_id AS id FROM ",
            $table,
            " t LEFT JOIN conversations c ON c.id = t.conversation_id WHERE c.id IS NULL"
        )
    };
}
/// Rules, and what selects the ids of the conversations that break them.
const RULES: [(&str, &str); 11] = [
    (
        "every source id belongs to a conversation",
        "SELECT s.conversation_id AS id FROM source_ids s LEFT JOIN conversations c ON c.id = s.conversation_id \
         WHERE c.id IS NULL OR c.dataset_name <> s.dataset_name OR c.source_id <> s.source_id",
    ),
    (
        "every conversation has its source id, with the digest of its content",
        "SELECT c.id AS id FROM conversations c LEFT JOIN source_ids s \
         ON s.dataset_name = c.dataset_name AND s.source_id = c.source_id AND s.conversation_id = c.id \
         WHERE s.conversation_id IS NULL OR s.content_digest <> c.content_digest",
    ),
    (
        "a conversation has as many messages as it says, numbered from 0",
        "SELECT c.id AS id FROM conversations c LEFT JOIN messages m ON m.conversation_id = c.id \
         GROUP BY c.id, c.message_count HAVING COUNT(m.id) <> c.message_count \
         OR COALESCE(MAX(m.sequence_number), -1) <> c.message_count - 1 OR COALESCE(MIN(m.sequence_number), 0) <> 0",
    ),
    ("every message belongs to a conversation", orphans!("messages")),
    ("every annotation belongs to a conversation", orphans!("annotations")),
    ("every score belongs to a conversation", orphans!("quality_metrics")),
    ("every score of a further validator belongs to a conversation", orphans!("validator_scores")),
    ("every reading belongs to a conversation", orphans!("readings")),
    (
        "a conversation has the tier and the quality of its scores",
        "SELECT c.id AS id FROM conversations c LEFT JOIN quality_metrics q ON q.conversation_id = c.id \
         WHERE COALESCE(c.tier, '') <> COALESCE(q.tier, '')",
    ),
    (
        "every conversation is of a dataset that is there",
        "SELECT c.id AS id FROM conversations c LEFT JOIN datasets d ON d.name = c.dataset_name WHERE d.name IS NULL",
    ),
    (
        "every conversation came in by a change, which the search index follows",
        "SELECT c.id AS id FROM conversations c WHERE c.id NOT IN (SELECT conversation_id FROM changes WHERE kind = 'upsert')",
    ),
];

impl Store {
    /// Reads the whole database and every reference in it. Sound: nothing is found.
    pub async fn check(&self) -> Result<Vec<Finding>> {
        // One transaction: all rules are of one state, whatever others write meanwhile.
        let mut tx = self.reads.begin_read().await?;
        let mut findings = Vec::new();
        if tx.engine() == Engine::Sqlite
            && let Some(finding) = file_is_whole(&mut tx).await?
        {
            // What reads a damaged file next may not come back.
            return Ok(vec![finding]);
        }
        for (rule, select) in RULES {
            findings.extend(broken(&mut tx, rule, select).await?);
        }
        findings.extend(totals(&mut tx).await?);
        Ok(findings)
    }
}

/// What SQLite itself finds in its file.
async fn file_is_whole(tx: &mut Connection) -> Result<Option<Finding>> {
    let finding = |rule, example: String| (example != "ok").then_some(Finding { rule, count: 1, example });
    let answer = tx.query("PRAGMA integrity_check(1)").fetch_one(tx).await.and_then(|row| row.get(0));
    let rule = "the database file is whole";
    match answer {
        Ok(answer) => Ok(finding(rule, answer)),
        Err(Error::Database(error)) if is_damage(&error) => Ok(finding(rule, error.to_string())),
        Err(other) => Err(other),
    }
}

async fn broken(tx: &mut Connection, rule: &'static str, select: &str) -> Result<Option<Finding>> {
    let mut count = 0;
    let mut example = None;
    tx.query(select)
        .for_each(tx, |row| {
            count += 1;
            example = example.or(Some(row.get::<Uuid>(0)?));
            Ok(())
        })
        .await?;
    Ok(example.map(|id| Finding { rule, count, example: id.to_string() }))
}

/// Totals of datasets, by dataset and tier: conversations, messages, words, and the sum of scores.
type Sums = BTreeMap<(String, String), [i64; 4]>;

/// The totals that are kept are those that a count of everything gives.
async fn totals(tx: &mut Connection) -> Result<Option<Finding>> {
    let kept = sums(
        tx,
        "SELECT dataset_name, tier, conversations, messages, words, quality_sum FROM dataset_statistics \
         WHERE conversations <> 0 OR messages <> 0 OR words <> 0 OR quality_sum <> 0",
    )
    .await?;
    let counted = sums(
        tx,
        "SELECT dataset_name, COALESCE(tier, ''), COUNT(*), CAST(SUM(message_count) AS BIGINT), \
         CAST(SUM(word_count) AS BIGINT), CAST(COALESCE(SUM(quality_score), 0) AS BIGINT) \
         FROM conversations GROUP BY dataset_name, COALESCE(tier, '')",
    )
    .await?;
    let mut wrong = kept
        .keys()
        .chain(counted.keys())
        .filter(|key| kept.get(*key) != counted.get(*key))
        .collect::<Vec<_>>();
    wrong.sort();
    wrong.dedup();
    Ok(wrong.first().map(|(dataset, tier)| Finding {
        rule: "totals of a dataset are those that a count gives",
        count: wrong.len() as u64,
        example: format!("{dataset}, tier {tier:?}"),
    }))
}

async fn sums(tx: &mut Connection, select: &str) -> Result<Sums> {
    let rows = tx.query(select).fetch_all(tx).await?;
    let sums = rows
        .iter()
        .map(|row| Ok(((row.get(0)?, row.get(1)?), [row.get(2)?, row.get(3)?, row.get(4)?, row.get(5)?])));
    sums.collect()
}
