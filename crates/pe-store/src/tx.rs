//! A transaction: everything that changes the store goes through it.

use sqlx::Transaction;
use time::OffsetDateTime;

use crate::Result;
use crate::engine::{Connection, Db};

/// Changes that become true together. Dropped without [`Tx::commit`], nothing of them remains.
pub struct Tx {
    tx: Transaction<'static, Db>,
    /// When it began: the time of everything written in it.
    pub(crate) now: OffsetDateTime,
}

impl Tx {
    pub(crate) const fn new(tx: Transaction<'static, Db>, now: OffsetDateTime) -> Self {
        Self { tx, now }
    }

    pub(crate) fn connection(&mut self) -> &mut Connection {
        &mut self.tx
    }

    /// Makes all changes true.
    pub async fn commit(self) -> Result<()> {
        Ok(self.tx.commit().await?)
    }

    /// Forgets all changes, and waits until they are forgotten.
    pub async fn rollback(self) -> Result<()> {
        Ok(self.tx.rollback().await?)
    }
}
