//! A transaction: everything that changes the store goes through it.
//!
//! On a file there is one writer. On a server there may be several; then a transaction holds the datasets that it reads or changes,
//! so two imports of one dataset take turns and those of two do not. A transaction that goes on to a second dataset should take them
//! in the order of their names; where two wait for each other, the server ends one with [`Error::Busy`](crate::Error::Busy).

use std::collections::BTreeSet;

use pe_model::ConversationId;
use time::OffsetDateTime;

use crate::Result;
use crate::bulk::with_ids;
use crate::change::ChangeKind;
use crate::engine::{Connection, Engine};
use crate::partition::{self, Month, Months};

/// Changes that become true together. Dropped without [`Tx::commit`], nothing of them remains.
pub struct Tx {
    connection: Connection,
    /// When it began: the time of everything written in it.
    pub(crate) now: OffsetDateTime,
    /// What happened and is not yet in the sequence of changes.
    pub(crate) changes: Vec<(ConversationId, ChangeKind)>,
    held: BTreeSet<String>,
    months: Months,
    /// Months whose partitions it has made itself.
    prepared: BTreeSet<Month>,
    /// Whether it may have written, and so may be in the way of others.
    wrote: bool,
}

/// Distinguishes the lock of a dataset from others (an arbitrary number, ours).
const DATASET_LOCK: i64 = 0x7065_0003;

impl Tx {
    pub(crate) fn new(connection: Connection, now: OffsetDateTime, months: Months) -> Self {
        let (held, prepared) = (BTreeSet::new(), BTreeSet::new());
        Self { connection, now, changes: Vec::new(), held, months, prepared, wrote: false }
    }

    /// For writing.
    pub(crate) const fn connection(&mut self) -> &mut Connection {
        self.wrote = true;
        &mut self.connection
    }

    /// For reading alone.
    pub(crate) const fn reader(&mut self) -> &mut Connection {
        &mut self.connection
    }

    /// Makes all changes true.
    pub async fn commit(mut self) -> Result<()> {
        self.write_changes().await?;
        self.connection.commit().await?;
        self.months.learn(self.prepared);
        Ok(())
    }

    /// Forgets all changes, and waits until they are forgotten.
    pub async fn rollback(self) -> Result<()> {
        self.connection.rollback().await
    }

    /// Waits until nobody else reads or changes these datasets to write, and keeps it so until the end.
    pub(crate) async fn hold<'n>(&mut self, datasets: impl IntoIterator<Item = &'n str>) -> Result<()> {
        if self.connection.engine() == Engine::Sqlite {
            return Ok(());
        }
        for dataset in datasets.into_iter().collect::<BTreeSet<_>>() {
            if self.held.insert(dataset.to_owned()) {
                self.connection
                    .query("SELECT pg_advisory_xact_lock(hashtextextended($1, $2))")
                    .bind(dataset)
                    .bind(DATASET_LOCK)
                    .execute(&mut self.connection)
                    .await?;
            }
        }
        Ok(())
    }

    /// The same for the datasets of stored conversations.
    pub(crate) async fn hold_those_of(&mut self, ids: &[ConversationId]) -> Result<()> {
        if self.connection.engine() == Engine::Sqlite {
            return Ok(());
        }
        let mut datasets = BTreeSet::new();
        for chunk in ids.chunks(Engine::Postgres.max_rows()) {
            let before = "SELECT DISTINCT dataset_name FROM conversations WHERE id IN";
            for row in with_ids(Engine::Postgres, before, chunk, "").fetch_all(&mut self.connection).await? {
                datasets.insert(row.get::<String>(0)?);
            }
        }
        self.hold(datasets.iter().map(String::as_str)).await
    }

    /// Makes room for conversations of any month.
    pub(crate) async fn prepare_months(&mut self, ids: &[ConversationId]) -> Result<()> {
        let mut months = self.months.unknown(ids);
        if !self.wrote {
            return self.months.make(months).await;
        }
        // Another transaction would wait for this one.
        months.retain(|month| !self.prepared.contains(month));
        if !months.is_empty() {
            partition::make(&mut self.connection, &months).await?;
            self.prepared.extend(months);
        }
        Ok(())
    }
}
