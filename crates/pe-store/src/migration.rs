//! The schema and its history: numbered files, applied in order in one transaction when a store is opened for writing.

use crate::engine::{Connection, Engine, micros, signed};
use crate::{Error, Result};

/// Every migration, oldest first, as many as [`LATEST`] says. What was released is never edited: a change of the schema is a new file.
pub(crate) const ALL: [&str; LATEST as usize] = [include_str!("../migrations/0001_corpus.sql")];

/// The schema version that this program reads and writes.
pub const LATEST: i64 = 1;

/// Nobody else may look at the schema while it is brought up to date (an arbitrary number, ours).
const LOCK: i64 = 0x7065_0000;

/// Brings the schema up to date, in a transaction that writes.
pub(crate) async fn apply(mut tx: Connection, place: &str, now: time::OffsetDateTime) -> Result<()> {
    // A transaction of SQLite's that writes is alone.
    if tx.engine() == Engine::Postgres {
        tx.query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut tx).await?;
    }
    tx.query(
        "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, applied_at BIGINT NOT NULL)",
    )
    .execute(&mut tx)
    .await?;
    let found = version(&mut tx).await?;
    if found > LATEST {
        return Err(Error::NewerSchema { place: place.to_owned(), found, known: LATEST });
    }
    for (index, migration) in ALL.iter().enumerate().skip(found as usize) {
        tx.run(tx.engine().dialect(migration)).await?;
        tx.query("INSERT INTO schema_version (version, applied_at) VALUES ($1, $2)")
            .bind(signed(index + 1))
            .bind(micros(now))
            .execute(&mut tx)
            .await?;
    }
    tx.commit().await
}

/// Refuses a schema that this program does not read.
pub(crate) async fn verify(connection: &mut Connection, place: &str) -> Result<()> {
    let mut tables = connection.query(connection.engine().count_tables());
    let tables: i64 = tables.bind("schema_version").fetch_one(connection).await?.get(0)?;
    let found = if tables == 0 { 0 } else { version(connection).await? };
    let place = place.to_owned();
    match found {
        0 => Err(Error::NoData(place)),
        LATEST => Ok(()),
        newer if newer > LATEST => Err(Error::NewerSchema { place, found, known: LATEST }),
        _ => Err(Error::OlderSchema { place, found, known: LATEST }),
    }
}

/// When the first version of the schema was made: what a database made anew under an old name differs in. Microseconds since 1970.
pub(crate) async fn made_at(connection: &mut Connection) -> Result<i64> {
    connection
        .query("SELECT applied_at FROM schema_version WHERE version = 1")
        .fetch_one(connection)
        .await?
        .get(0)
}

async fn version(connection: &mut Connection) -> Result<i64> {
    connection
        .query("SELECT COALESCE(MAX(version), 0) FROM schema_version")
        .fetch_one(connection)
        .await?
        .get(0)
}
