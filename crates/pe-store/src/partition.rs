//! Partitions of PostgreSQL's large tables: one for each month of the conversations' ids, which begin with a time.
//!
//! A partition is made when a batch needs it, whether its month is past, present or to come; there is none for what has no month,
//! because all ids have one. It is made beside its table and then attached, which does not wait for readers, but for those who write,
//! and they for it. So a transaction that has not written yet has it made by another one, which is short, and the coming month is
//! made when a store is opened.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use pe_model::ConversationId;
use time::{Month as MonthOfYear, OffsetDateTime, UtcOffset};
use uuid::Uuid;

use crate::engine::{Connection, Engine, Pool};
use crate::{Error, Result};

/// Partitioned by its id.
const CONVERSATIONS: &str = "conversations";

/// What conversations have, partitioned by `conversation_id`. A row lies in the partition of its conversation's month and refers to
/// that: a reference to all conversations is nine times as dear to check (59 us a row instead of 7, PostgreSQL 15).
const CHILDREN: [&str; 5] = ["messages", "annotations", "quality_metrics", "validator_scores", "readings"];

/// Nobody else may look for partitions while one is made (an arbitrary number, ours).
const LOCK: i64 = 0x7065_0001;

/// A month of the calendar, in UTC. All that follows December 9999 counts as that month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Month {
    year: i32,
    month: u8,
}

impl Month {
    const LAST: Self = Self { year: 9999, month: 12 };

    /// The month of an id's first 48 bits, which count milliseconds since 1970 (RFC 9562, section 5.7).
    fn of(id: ConversationId) -> Self {
        let millis = (id.0.as_u64_pair().0 >> 16).cast_signed();
        OffsetDateTime::from_unix_timestamp(millis.div_euclid(1000)).map_or(Self::LAST, Self::of_time)
    }

    fn of_time(time: OffsetDateTime) -> Self {
        let time = time.to_offset(UtcOffset::UTC);
        Self { year: time.year(), month: u8::from(time.month()) }
    }

    fn next(self) -> Option<Self> {
        match self {
            Self::LAST => None,
            Self { year, month: 12 } => Some(Self { year: year + 1, month: 1 }),
            Self { year, month } => Some(Self { year, month: month + 1 }),
        }
    }

    /// The least id of the month.
    fn least(self) -> Result<Uuid> {
        let first = MonthOfYear::try_from(self.month)
            .and_then(|month| time::Date::from_calendar_date(self.year, month, 1))
            .map_err(|error| Error::corrupt(format!("month {self:?}"), error))?;
        let millis = first.midnight().assume_utc().unix_timestamp() * 1000;
        Ok(Uuid::from_u64_pair((millis as u64) << 16, 0))
    }

    /// What a table's partition of this month is called.
    fn partition(self, table: &str) -> String {
        format!("{table}_{:04}_{:02}", self.year, self.month)
    }

    /// The statements that make its partitions.
    fn script(self) -> Result<String> {
        let from = format!("'{}'", self.least()?);
        let to = match self.next() {
            Some(next) => format!("'{}'", next.least()?),
            None => "MAXVALUE".to_owned(),
        };
        let conversations = self.partition(CONVERSATIONS);
        let statements = [CONVERSATIONS].into_iter().chain(CHILDREN).map(|table| {
            let name = self.partition(table);
            let refer = format!(
                "ADD FOREIGN KEY (conversation_id) REFERENCES {conversations} (id) ON DELETE CASCADE"
            );
            let refer =
                if table == CONVERSATIONS { String::new() } else { format!("ALTER TABLE {name} {refer}; ") };
            format!(
                "CREATE TABLE {name} (LIKE {table} INCLUDING ALL); {refer}\
                 ALTER TABLE {table} ATTACH PARTITION {name} FOR VALUES FROM ({from}) TO ({to}); "
            )
        });
        Ok(statements.collect())
    }
}

/// Months that are known to have partitions, shared by the transactions of a store. Partitions are never taken away.
#[derive(Clone)]
pub(crate) struct Months {
    known: Arc<Mutex<BTreeSet<Month>>>,
    /// One connection, for making partitions; `None` on SQLite, which has none.
    maker: Option<Pool>,
}

impl Months {
    pub(crate) fn new(maker: Option<Pool>) -> Self {
        Self { known: Arc::default(), maker }
    }

    /// Those of these conversations for which it is not known that there are partitions.
    pub(crate) fn unknown(&self, ids: &[ConversationId]) -> BTreeSet<Month> {
        if self.maker.is_none() {
            return BTreeSet::new();
        }
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        ids.iter().map(|id| Month::of(*id)).filter(|month| !known.contains(month)).collect()
    }

    /// Makes the partitions of these months, in a transaction of its own.
    pub(crate) async fn make(&self, months: BTreeSet<Month>) -> Result<()> {
        if let Some(maker) = &self.maker
            && !months.is_empty()
        {
            let mut connection = maker.begin_write().await?;
            make(&mut connection, &months).await?;
            connection.commit().await?;
            self.learn(months);
        }
        Ok(())
    }

    /// Makes the partitions of this month and the next.
    pub(crate) async fn make_ahead(&self, now: OffsetDateTime) -> Result<()> {
        let month = Month::of_time(now);
        self.make([Some(month), month.next()].into_iter().flatten().collect()).await
    }

    pub(crate) async fn close(&self) {
        if let Some(maker) = &self.maker {
            maker.close().await;
        }
    }

    /// Takes up months whose partitions are there for everybody.
    pub(crate) fn learn(&self, months: BTreeSet<Month>) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).extend(months);
    }
}

/// Makes the partitions of these months that are not there.
pub(crate) async fn make(connection: &mut Connection, months: &BTreeSet<Month>) -> Result<()> {
    let mut missing = Vec::new();
    for month in months {
        if !is_there(connection, *month).await? {
            missing.push(*month);
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    connection.query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(connection).await?;
    for month in missing {
        // Somebody else may have made it before the lock was free.
        if !is_there(connection, month).await? {
            connection.run(month.script()?).await?;
        }
    }
    Ok(())
}

async fn is_there(connection: &mut Connection, month: Month) -> Result<bool> {
    let name = month.partition(CONVERSATIONS);
    let mut query = connection.query(Engine::Postgres.count_tables());
    Ok(query.bind(name).fetch_one(connection).await?.get::<i64>(0)? > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(millis: u64) -> Month {
        Month::of(ConversationId(Uuid::from_u64_pair(millis << 16 | 0x7000, u64::MAX)))
    }

    #[test]
    fn a_month_is_that_of_the_id_and_ends_where_the_next_begins() {
        assert_eq!(of(0), Month { year: 1970, month: 1 });
        assert_eq!(of(1_709_164_800_000), Month { year: 2024, month: 2 }, "29 February 2024");
        assert_eq!(of(1_735_689_599_999), Month { year: 2024, month: 12 }, "the last millisecond of 2024");
        assert_eq!(of(1_735_689_600_000), Month { year: 2025, month: 1 });
        assert_eq!(of((1 << 48) - 1), Month::LAST);
        let month = Month { year: 2024, month: 12 };
        assert_eq!(month.next(), Some(Month { year: 2025, month: 1 }));
        assert_eq!(
            of(1_735_689_600_000).least().expect("a date"),
            Uuid::from_u64_pair(1_735_689_600_000 << 16, 0)
        );
        assert_eq!(Month::LAST.next(), None);
        assert!(Month::LAST.script().expect("a date").contains("TO (MAXVALUE)"));
    }
}
