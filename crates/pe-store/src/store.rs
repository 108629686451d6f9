//! The store itself: opening it, beginning a transaction, and looking after the database as a whole.

use std::path::{Path, PathBuf};
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
    location: Location,
    clock: Arc<dyn Clock>,
    _lock: Option<Arc<WriterLock>>,
}

/// How long a statement waits for another process that holds the database for a moment.
const BUSY: Duration = Duration::from_secs(10);

/// How long a caller waits for a connection, and so for the transaction of another task to end.
const ACQUIRE: Duration = Duration::from_secs(60);

/// Connections for readers; each may take 16 MiB of page cache.
const READERS: u32 = 4;

/// Prepared statements a connection keeps: all single statements, and ten sizes of each bulk insert.
const STATEMENTS: usize = 256;

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
        let reads = pool(READERS)
            .connect_with(options_to_read(&location))
            .await
            .map_err(|error| damaged(&location, error))?;
        let verified = migration::verify(&mut *reads.acquire().await?, &location.database).await;
        verified.map_err(|error| match error {
            Error::Database(error) => damaged(&location, error),
            other => other,
        })?;
        Ok(Self { reads, writes: None, location, clock, _lock: None })
    }

    /// Begins a transaction; what it writes is seen by others when it commits, all of it or nothing.
    pub async fn begin(&self) -> Result<Tx> {
        let writes = self.writes.as_ref().ok_or(Error::ReadOnly)?;
        Ok(Tx::new(writes.begin_with(BEGIN_WRITE).await?, self.clock.now()))
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

    /// Writes a copy of one state of the whole store to `to`, which must not exist, while others read and write on. The copy
    /// gets its name only when it is complete.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        if to.exists() {
            return Err(Error::AlreadyExists(to.to_path_buf()));
        }
        let partial = partial_name(to);
        if partial.exists() {
            std::fs::remove_file(&partial).map_err(Error::io("remove", &partial))?;
        }
        let Some(name) = partial.to_str() else {
            return Err(Error::invalid("backup name", "is not UTF-8; choose another one"));
        };
        sqlx::query("VACUUM INTO $1").bind(name).execute(&self.reads).await?;
        let written = std::fs::File::open(&partial).and_then(|file| file.sync_all());
        written.and_then(|()| std::fs::rename(&partial, to)).map_err(Error::io("finish the backup", to))
    }

    /// Reads the whole database and every reference in it; the first finding is the error.
    pub async fn check(&self) -> Result<()> {
        let damage = |problem: String| Error::Damaged { path: self.location.database.clone(), problem };
        let integrity: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
            .fetch_one(&self.reads)
            .await
            .map_err(|error| damaged(&self.location, error))?;
        if integrity != "ok" {
            return Err(damage(integrity));
        }
        if sqlx::query("PRAGMA foreign_key_check").fetch_optional(&self.reads).await?.is_some() {
            return Err(damage("a row refers to one that is not there".to_owned()));
        }
        let strays: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM source_ids s LEFT JOIN conversations c ON c.id = s.conversation_id WHERE c.id IS NULL",
        )
        .fetch_one(&self.reads)
        .await?;
        if strays > 0 { Err(damage(format!("{strays} source ids without a conversation"))) } else { Ok(()) }
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
        .pragma("cache_size", format!("-{cache}"))
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging()
}

fn options_to_read(location: &Location) -> SqliteConnectOptions {
    options(&location.database, 16 << 10).read_only(true)
}

fn partial_name(to: &Path) -> PathBuf {
    let mut name = to.as_os_str().to_owned();
    name.push(".partial");
    PathBuf::from(name)
}

/// Tells a damaged file from other trouble (primary result codes 11 and 26 of SQLite).
fn damaged(location: &Location, error: sqlx::Error) -> Error {
    let code =
        error.as_database_error().and_then(|inner| inner.code()).and_then(|code| code.parse::<u32>().ok());
    match code.map(|code| code & 0xff) {
        Some(11 | 26) => Error::Damaged { path: location.database.clone(), problem: error.to_string() },
        _ => Error::Database(error),
    }
}
