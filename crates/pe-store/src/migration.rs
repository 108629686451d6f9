//! The schema and its history: numbered files, applied in order in one transaction when a store is opened for writing.

use std::path::Path;

use sqlx::{AssertSqlSafe, Connection as _};

use crate::engine::{BEGIN_WRITE, COUNT_TABLES, Connection, dialect, micros, signed};
use crate::{Error, Result};

/// Every migration, oldest first, as many as [`LATEST`] says. What was released is never edited: a change of the schema is a new file.
pub(crate) const ALL: [&str; LATEST as usize] = [include_str!("../migrations/0001_corpus.sql")];

/// The schema version that this program reads and writes.
const LATEST: i64 = 1;

/// Brings the schema up to date.
pub(crate) async fn apply(connection: &mut Connection, path: &Path, now: time::OffsetDateTime) -> Result<()> {
    let mut tx = connection.begin_with(BEGIN_WRITE).await?;
    sqlx::query(
        "CREATE TABLE IF NOT EXISTS schema_version (version BIGINT PRIMARY KEY, applied_at BIGINT NOT NULL)",
    )
    .execute(&mut *tx)
    .await?;
    let found = version(&mut tx).await?;
    if found > LATEST {
        return Err(Error::NewerSchema { path: path.to_path_buf(), found, known: LATEST });
    }
    for (index, migration) in ALL.iter().enumerate().skip(found as usize) {
        sqlx::raw_sql(AssertSqlSafe(dialect(migration))).execute(&mut *tx).await?;
        sqlx::query("INSERT INTO schema_version (version, applied_at) VALUES ($1, $2)")
            .bind(signed(index + 1))
            .bind(micros(now))
            .execute(&mut *tx)
            .await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Refuses a schema that this program does not read.
pub(crate) async fn verify(connection: &mut Connection, path: &Path) -> Result<()> {
    let tables: i64 =
        sqlx::query_scalar(COUNT_TABLES).bind("schema_version").fetch_one(&mut *connection).await?;
    let found = if tables == 0 { 0 } else { version(connection).await? };
    match found {
        0 => Err(Error::NoData(path.to_path_buf())),
        LATEST => Ok(()),
        newer if newer > LATEST => Err(Error::NewerSchema { path: path.to_path_buf(), found, known: LATEST }),
        _ => Err(Error::OlderSchema { path: path.to_path_buf(), found, known: LATEST }),
    }
}

async fn version(connection: &mut Connection) -> Result<i64> {
    Ok(sqlx::query_scalar("SELECT COALESCE(MAX(version), 0) FROM schema_version")
        .fetch_one(connection)
        .await?)
}
