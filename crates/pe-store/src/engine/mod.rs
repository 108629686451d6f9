//! What differs between the databases. A statement is one text for SQLite and PostgreSQL, run by one [`Query`].
//!
//! Here are the drivers: connections, values and rows of either. [`Engine`] has the words that the databases do not share: column
//! types of migrations, how a transaction begins, how much a statement may bind. `sqlite` and `postgres` open a database.

mod connection;
mod query;
mod row;
mod value;

use time::OffsetDateTime;

use crate::{Error, Result};

pub(crate) use connection::{Connection, Driver, Pool};
pub(crate) use query::{Query, push_placeholder};
pub(crate) use row::Row;
pub(crate) use value::{Cell, Json, Kind, Value};

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// Begins a transaction that writes. SQLite's takes the right to write at once, and does not fail half-way for want of it.
    pub(crate) const fn begin_write(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN ISOLATION LEVEL READ COMMITTED",
        }
    }

    /// Begins a transaction that reads one state of the database for as long as it lasts.
    pub(crate) const fn begin_read(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN DEFERRED",
            Self::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        }
    }

    /// How many tables have a name.
    pub(crate) const fn count_tables(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1",
            Self::Postgres => {
                "SELECT COUNT(*) FROM pg_class WHERE relname = $1 AND relkind IN ('r', 'p') AND pg_table_is_visible(oid)"
            }
        }
    }

    /// The most values that one statement may bind (`SQLITE_MAX_VARIABLE_NUMBER`; 16 bits in PostgreSQL's protocol).
    pub(crate) const fn max_bound(self) -> usize {
        match self {
            Self::Sqlite => 32_766,
            Self::Postgres => 65_535,
        }
    }

    /// Rows of one statement at most. More cost memory, for the prepared statement and for what it reads, and gain no time in SQLite
    /// (measured); in PostgreSQL every statement is a journey to the server.
    pub(crate) const fn max_rows(self) -> usize {
        match self {
            Self::Sqlite => 64,
            Self::Postgres => 512,
        }
    }

    /// A migration in the words of this database.
    pub(crate) fn dialect(self, migration: &str) -> String {
        COLUMN_TYPES.iter().fold(migration.to_owned(), |text, (word, sqlite, postgres)| {
            text.replace(word, if self == Self::Sqlite { sqlite } else { postgres })
        })
    }
}

/// Words in braces of a migration, and what they become in SQLite and in PostgreSQL.
///
/// Texts are compared byte by byte in both. PostgreSQL's JSON keeps a text as it was written, which its JSONB does not. Large
/// tables are partitioned by the id of a conversation, which has to be a part of every key; what a conversation has refers to it from
/// partition to partition; see `partition`.
const COLUMN_TYPES: [(&str, &str, &str); 11] = [
    ("{json}", "TEXT", "JSON"),
    ("{timestamp}", "BIGINT", "BIGINT"),
    ("{blob}", "BLOB", "BYTEA"),
    ("{uuid}", "BLOB", "UUID"),
    ("{bytewise}", "", "COLLATE \"C\""),
    ("{serial}", "INTEGER PRIMARY KEY AUTOINCREMENT", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
    ("{clustered}", " WITHOUT ROWID", ""),
    ("{partition_key}", "", ", conversation_id"),
    ("{of_conversation}", " REFERENCES conversations (id) ON DELETE CASCADE", ""),
    ("{by_id}", "", " PARTITION BY RANGE (id)"),
    ("{by_conversation}", "", " PARTITION BY RANGE (conversation_id)"),
];

/// A count as the databases have it: a signed number.
pub(crate) fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Microseconds since 1970, as times are stored.
pub(crate) fn micros(time: OffsetDateTime) -> i64 {
    (time.unix_timestamp_nanos().div_euclid(1000)) as i64
}

/// The time of so many microseconds since 1970.
pub(crate) fn time(micros: i64) -> Result<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(micros) * 1000)
        .map_err(|error| Error::corrupt(format!("time {micros}"), error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn every_word_of_a_migration_is_known() {
        for migration in crate::migration::ALL {
            for engine in [Engine::Sqlite, Engine::Postgres] {
                let text = engine.dialect(migration);
                assert!(!text.contains(['{', '}']), "an unknown word in braces");
            }
        }
    }

    #[test]
    fn times_survive_to_the_microsecond_also_before_1970() {
        for moment in [datetime!(1969-12-31 23:59:59.999_999 UTC), datetime!(2026-01-02 03:04:05.000_006 UTC)]
        {
            assert_eq!(time(micros(moment)).ok(), Some(moment));
        }
    }
}
