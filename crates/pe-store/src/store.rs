//! The store itself: opening it and beginning a transaction.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use pe_model::{Clock, SystemClock};
use sqlx::pool::PoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Pool};

use crate::engine::{BEGIN_WRITE, Db};
use crate::lock::WriterLock;
use crate::{Error, Location, Result, Tx, migration};

/// Whether a store may be changed through this handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// Makes the database where there is none. One process at a time.
    Write,
    /// Any number of processes, also beside a writer.
    Read,
}

/// Conversations, scores and datasets that last. Cheap to clone. Needs a tokio runtime with timers.
#[derive(Clone)]
pub struct Store {
    pub(crate) reads: Pool<Db>,
    /// Its one connection queues the writers of this process.
    writes: Option<Pool<Db>>,
    pub(crate) location: Location,
    clock: Arc<dyn Clock>,
    _lock: Option<Arc<WriterLock>>,
}

/// How long a statement waits for another process that holds the database for a moment.
const BUSY: Duration = Duration::from_secs(10);

/// How long a caller waits for a connection, and so for the transaction of another task to end.
const ACQUIRE: Duration = Duration::from_mins(1);

/// Connections for readers; each may take 16 MiB of page cache.
const READERS: u32 = 4;

/// Prepared statements a connection keeps: all single statements, and ten sizes of each bulk insert.
const STATEMENTS: usize = 256;

/// Rows that a connection may read ahead of who asked for them.
const ROWS_AHEAD: usize = 1024;

/// Pages of 4 KiB after which the write-ahead log is moved into the database: 64 MiB. A tenth of that, the default, makes a large
/// import write most pages of its indexes anew with every batch.
const WAL_PAGES: &str = "16000";

impl Store {
    /// Opens the store of a data folder, or of a `sqlite:` URL.
    pub async fn open(target: &str, mode: OpenMode) -> Result<Self> {
        Self::open_at(Location::parse(target)?, mode, Arc::new(SystemClock)).await
    }

    /// Opens the store at a location, with its time from `clock`.
    pub async fn open_at(location: Location, mode: OpenMode, clock: Arc<dyn Clock>) -> Result<Self> {
        match mode {
            OpenMode::Write => Self::open_to_write(location, clock).await,
            OpenMode::Read => Self::open_to_read(location, clock).await,
        }
    }

    async fn open_to_write(location: Location, clock: Arc<dyn Clock>) -> Result<Self> {
        location.create_folder()?;
        let lock = WriterLock::take(&location)?;
        let options = options(&location.database, 64 << 10)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal);
        let writes = pool(1).connect_with(options).await.map_err(|error| damaged(&location, error))?;
        migration::apply(&mut *writes.acquire().await?, &location.database, clock.now()).await?;
        let reads = pool(READERS).connect_lazy_with(options_to_read(&location));
        Ok(Self { reads, writes: Some(writes), location, clock, _lock: Some(Arc::new(lock)) })
    }

    async fn open_to_read(location: Location, clock: Arc<dyn Clock>) -> Result<Self> {
        if !location.database.exists() {
            return Err(Error::NoData(location.folder));
        }
        let reads = match verified(&location, options_to_read(&location)).await {
            // Without a log there is nothing that somebody else could be writing, and the file can be read as it lies.
            Err(Error::Database(error)) if is_read_only(&error) && !has_log(&location) => {
                verified(&location, options_to_read(&location).immutable(true)).await?
            }
            other => other?,
        };
        Ok(Self { reads, writes: None, location, clock, _lock: None })
    }

    /// Begins a transaction; what it writes is seen by others when it commits, all of it or nothing.
    pub async fn begin(&self) -> Result<Tx> {
        let writes = self.writes.as_ref().ok_or(Error::ReadOnly)?;
        let begun = writes.begin_with(BEGIN_WRITE).await.map_err(|error| match error {
            sqlx::Error::PoolTimedOut => Error::Locked {
                path: self.location.database.clone(),
                holder: "another task of this process".to_owned(),
            },
            other => Error::Database(other),
        })?;
        Ok(Tx::new(begun, self.clock.now()))
    }

    /// Where the store is.
    pub const fn location(&self) -> &Location {
        &self.location
    }

    /// Waits for running statements and closes every connection. A writer's lock is free when the last clone is dropped.
    pub async fn close(&self) {
        self.reads.close().await;
        if let Some(writes) = &self.writes {
            writes.close().await;
        }
    }
}

fn pool(connections: u32) -> PoolOptions<Db> {
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

fn options_to_read(location: &Location) -> SqliteConnectOptions {
    options(&location.database, 16 << 10).read_only(true)
}

/// Tells a damaged file from other trouble (primary result codes 11 and 26 of SQLite).
pub(crate) fn damaged(location: &Location, error: sqlx::Error) -> Error {
    match primary_code(&error) {
        Some(11 | 26) => Error::Damaged { path: location.database.clone(), problem: error.to_string() },
        _ => Error::Database(error),
    }
}

fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code)?;
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

/// Connections for reading, once the schema is known to be the one of this program.
async fn verified(location: &Location, options: SqliteConnectOptions) -> Result<Pool<Db>> {
    let told = |error| damaged(location, error);
    let reads = pool(READERS).connect_with(options).await.map_err(told)?;
    let mut connection = reads.acquire().await.map_err(told)?;
    migration::verify(&mut connection, &location.database).await.map_err(|error| match error {
        Error::Database(error) => damaged(location, error),
        other => other,
    })?;
    drop(connection);
    Ok(reads)
}

/// Whether `SQLite` needs to write beside the database and may not (primary result codes 8 and 14).
fn is_read_only(error: &sqlx::Error) -> bool {
    primary_code(error).is_some_and(|code| matches!(code, 8 | 14))
}

/// Whether a log with changes lies beside the database.
fn has_log(location: &Location) -> bool {
    let mut log = location.database.clone().into_os_string();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|facts| facts.len() > 0)
}
