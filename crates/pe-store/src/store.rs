//! The store itself: opening it and beginning a transaction.

use std::sync::Arc;
use std::time::Duration;

use pe_model::{Clock, SystemClock};

use crate::engine::Pool;
use crate::lock::WriterLock;
use crate::partition::Months;
use crate::{Error, Location, Result, Tx, postgres, sqlite};

/// Whether a store may be changed through this handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenMode {
    /// Makes the database file where there is none, and brings the schema up to date. One process at a time on a file; any number on
    /// a server.
    Write,
    /// Any number of processes, also beside a writer.
    Read,
}

/// Conversations, scores and datasets that last. Cheap to clone. Needs a tokio runtime with timers and input and output.
#[derive(Clone)]
pub struct Store {
    pub(crate) reads: Pool,
    /// SQLite's one connection queues the writers of this process.
    writes: Option<Pool>,
    pub(crate) location: Location,
    clock: Arc<dyn Clock>,
    /// Months that are known to have partitions.
    months: Months,
    _lock: Option<Arc<WriterLock>>,
}

/// How long a caller waits for a connection, and so for the transaction of another task to end.
pub(crate) const ACQUIRE: Duration = Duration::from_mins(1);

/// Connections for readers.
pub(crate) const READERS: u32 = 4;

/// Prepared statements a connection keeps: all single statements, and ten sizes of each bulk insert.
pub(crate) const STATEMENTS: usize = 256;

impl Store {
    /// Opens the store of a data folder, of a `sqlite:` URL, or of a `postgres:` URL.
    pub async fn open(target: &str, mode: OpenMode) -> Result<Self> {
        Self::open_at(Location::parse(target)?, mode, Arc::new(SystemClock)).await
    }

    /// Opens the store at a location, with its time from `clock`.
    pub async fn open_at(location: Location, mode: OpenMode, clock: Arc<dyn Clock>) -> Result<Self> {
        let mut months = Months::new(None);
        let (reads, writes, lock) = match (&location, mode) {
            (Location::File(file), OpenMode::Write) => {
                let (reads, writes, lock) = sqlite::open_to_write(file, clock.now()).await?;
                (reads, Some(writes), Some(Arc::new(lock)))
            }
            (Location::File(file), OpenMode::Read) => (sqlite::open_to_read(file).await?, None, None),
            (Location::Server(server), OpenMode::Write) => {
                let (reads, writes, made) = postgres::open_to_write(server, &location, clock.now()).await?;
                months = made;
                (reads, Some(writes), None)
            }
            (Location::Server(server), OpenMode::Read) => {
                (postgres::open_to_read(server, &location).await?, None, None)
            }
        };
        Ok(Self { reads, writes, location, clock, months, _lock: lock })
    }

    /// Brings the schema of a store up to date, as opening it for writing does, and makes a database file where there is none.
    pub async fn migrate(target: &str) -> Result<()> {
        Self::open(target, OpenMode::Write).await?.close().await;
        Ok(())
    }

    /// Begins a transaction; what it writes is seen by others when it commits, all of it or nothing.
    pub async fn begin(&self) -> Result<Tx> {
        let writes = self.writes.as_ref().ok_or(Error::ReadOnly)?;
        let begun = writes.begin_write().await.map_err(|error| match error {
            sqlx::Error::PoolTimedOut => Error::Locked {
                place: self.location.to_string(),
                holder: "another task of this process".to_owned(),
            },
            other => Error::from(other),
        })?;
        Ok(Tx::new(begun, self.clock.now(), self.months.clone()))
    }

    /// When the database was made.
    pub async fn made_at(&self) -> Result<time::OffsetDateTime> {
        let mut connection = self.reads.acquire().await?;
        crate::engine::time(crate::migration::made_at(&mut connection).await?)
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
        self.months.close().await;
    }
}
