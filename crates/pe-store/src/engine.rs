//! What differs between the databases: the driver, the words of column types, how a write begins, and placeholders of bulk
//! inserts. Everything else in this crate is one text for SQLite and PostgreSQL.

use time::OffsetDateTime;

use crate::{Error, Result};

/// The driver.
pub(crate) type Db = sqlx::Sqlite;
/// A connection of the driver.
pub(crate) type Connection = sqlx::SqliteConnection;
/// Bound values of one statement.
pub(crate) type Arguments = sqlx::sqlite::SqliteArguments;

/// Begins a transaction that writes: takes the right to write at once, and does not fail half-way for want of it.
pub(crate) const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";

/// Begins a transaction that reads one state of the database for as long as it lasts.
pub(crate) const BEGIN_READ: &str = "BEGIN DEFERRED";

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

/// `count` rows of `columns` placeholders: `(?,?),(?,?)`. SQLite looks a numbered placeholder up by its name, one after
/// the other, which is quadratic in a large statement; PostgreSQL loads in bulk by COPY and needs none.
pub(crate) fn placeholders(columns: usize, count: usize) -> String {
    let row = format!("({}),", vec!["?"; columns].join(","));
    let mut rows = row.repeat(count);
    rows.pop();
    rows
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

    #[test]
    fn placeholders_are_rows() {
        assert_eq!(placeholders(2, 2), "(?,?),(?,?)");
    }
}
