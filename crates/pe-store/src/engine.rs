//! What differs between the databases. A statement is one text for SQLite and PostgreSQL; its placeholders are written by the driver.
//!
//! Here are the driver's types, the words of column types, how a transaction begins, how much a statement may bind, and where the
//! tables are listed. SQLite's alone, and to be done otherwise for PostgreSQL, are `store` (a file, its pragmas and result codes),
//! `lock` (one writing process) and `care` (`VACUUM INTO`, `PRAGMA integrity_check`, files put in each other's place). PostgreSQL has
//! run none of this yet. Where its driver is stricter, the conformance suite will show: it reads whole numbers only in the width of
//! their column and knows no unsigned ones, and `UPDATE ... FROM (VALUES ...)` has the types that the values were bound with.

use time::OffsetDateTime;

use crate::{Error, Result};

/// The driver.
pub(crate) type Db = sqlx::Sqlite;
/// A row of the driver.
pub(crate) type Row = <Db as sqlx::Database>::Row;
/// A connection of the driver.
pub(crate) type Connection = <Db as sqlx::Database>::Connection;
/// Bound values of one statement.
pub(crate) type Arguments = <Db as sqlx::Database>::Arguments;

/// Begins a transaction that writes: takes the right to write at once, and does not fail half-way for want of it.
pub(crate) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";

/// Begins a transaction that reads one state of the database for as long as it lasts.
pub(crate) const BEGIN_READ: &str = "BEGIN DEFERRED";

/// How many tables have a name.
pub(crate) const COUNT_TABLES: &str = "SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = $1";

/// The most values that one statement may bind (`SQLITE_MAX_VARIABLE_NUMBER`; PostgreSQL allows 65,535).
pub(crate) const MAX_BOUND: usize = 32_766;

/// Words in braces of a migration, and what they become. PostgreSQL's are JSONB, BIGINT, BYTEA, UUID, BIGINT GENERATED
/// ALWAYS AS IDENTITY PRIMARY KEY, and nothing.
const COLUMN_TYPES: [(&str, &str); 6] = [
    ("{json}", "TEXT"),
    ("{timestamp}", "BIGINT"),
    ("{blob}", "BLOB"),
    ("{uuid}", "BLOB"),
    ("{serial}", "INTEGER PRIMARY KEY AUTOINCREMENT"),
    ("{clustered}", " WITHOUT ROWID"),
];

/// A migration in the words of this database.
pub(crate) fn dialect(migration: &str) -> String {
    COLUMN_TYPES.iter().fold(migration.to_owned(), |text, (word, column)| text.replace(word, column))
}

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
            let text = dialect(migration);
            assert!(!text.contains(['{', '}']), "an unknown word in braces");
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
