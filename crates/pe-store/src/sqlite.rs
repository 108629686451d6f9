//! Opening a database file.

use std::path::Path;
use std::time::Duration;

use sqlx::ConnectOptions as _;
use sqlx::Sqlite;
use sqlx::pool::PoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use time::OffsetDateTime;

use crate::engine::Pool;
use crate::location::DatabaseFile;
use crate::lock::WriterLock;
use crate::store::{ACQUIRE, READERS, STATEMENTS};
use crate::{Error, Result, migration};

/// How long a statement waits for another process that holds the database for a moment.
const BUSY: Duration = Duration::from_secs(10);

/// Rows that a connection may read ahead of who asked for them.
const ROWS_AHEAD: usize = 1024;

/// Pages of 4 KiB after which the write-ahead log is moved into the database: 64 MiB. A tenth of that, the default, makes a large
/// import write most pages of its indexes anew with every batch.
const WAL_PAGES: &str = "16000";

/// KiB of pages that a connection for reading, and the one for writing, keep in memory.
const CACHE: (u32, u32) = (16 << 10, 64 << 10);

/// Connections for readers, the one for writers, and the right to write.
pub(crate) async fn open_to_write(
    file: &DatabaseFile,
    now: OffsetDateTime,
) -> Result<(Pool, Pool, WriterLock)> {
    file.create_folder()?;
    let lock = WriterLock::take(file)?;
    let options = options(&file.database, CACHE.1)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Normal);
    let writes = pool(1).connect_with(options).await.map_err(|error| damaged(file, error))?;
    let writes = Pool::Sqlite(writes);
    migration::apply(writes.begin_write().await?, &place(file), now).await?;
    let reads = pool(READERS).connect_lazy_with(options_to_read(file));
    Ok((Pool::Sqlite(reads), writes, lock))
}

/// Connections for readers.
pub(crate) async fn open_to_read(file: &DatabaseFile) -> Result<Pool> {
    if !file.database.exists() {
        return Err(Error::NoData(file.folder.display().to_string()));
    }
    match verified(file, options_to_read(file)).await {
        // Without a log there is nothing that somebody else could be writing, and the file can be read as it lies.
        Err(Error::Database(error)) if is_read_only(&error) && !has_log(file) => {
            verified(file, options_to_read(file).immutable(true)).await
        }
        other => other,
    }
}

fn place(file: &DatabaseFile) -> String {
    file.database.display().to_string()
}

fn pool(connections: u32) -> PoolOptions<Sqlite> {
    PoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(ACQUIRE)
        // A connection to a file does not go stale.
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

/// `cache` is in KiB.
fn options(database: &Path, cache: u32) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(database)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .statement_cache_capacity(STATEMENTS)
        .row_buffer_size(ROWS_AHEAD)
        .pragma("cache_size", format!("-{cache}"))
        .pragma("temp_store", "MEMORY")
        .pragma("wal_autocheckpoint", WAL_PAGES)
        .disable_statement_logging()
}

fn options_to_read(file: &DatabaseFile) -> SqliteConnectOptions {
    options(&file.database, CACHE.0).read_only(true)
}

/// Tells a damaged file from other trouble.
fn damaged(file: &DatabaseFile, error: sqlx::Error) -> Error {
    if is_damage(&error) {
        return Error::Damaged { place: place(file), problem: error.to_string() };
    }
    Error::Database(error)
}

/// Whether a file is damaged, or no database (primary result codes 11 and 26 of SQLite).
pub(crate) fn is_damage(error: &sqlx::Error) -> bool {
    primary_code(error).is_some_and(|code| matches!(code, 11 | 26))
}

fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code)?;
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

/// Connections for reading, once the schema is known to be the one of this program.
async fn verified(file: &DatabaseFile, options: SqliteConnectOptions) -> Result<Pool> {
    let told = |error| match error {
        Error::Database(error) => damaged(file, error),
        other => other,
    };
    let reads = pool(READERS).connect_with(options).await.map_err(|error| damaged(file, error))?;
    let reads = Pool::Sqlite(reads);
    let mut connection = reads.acquire().await.map_err(told)?;
    migration::verify(&mut connection, &place(file)).await.map_err(told)?;
    drop(connection);
    Ok(reads)
}

/// Whether `SQLite` needs to write beside the database and may not (primary result codes 8 and 14).
fn is_read_only(error: &sqlx::Error) -> bool {
    primary_code(error).is_some_and(|code| matches!(code, 8 | 14))
}

/// Whether a log with changes lies beside the database.
fn has_log(file: &DatabaseFile) -> bool {
    let mut log = file.database.clone().into_os_string();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|facts| facts.len() > 0)
}
