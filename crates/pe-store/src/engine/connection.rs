//! Connections to either database, alone or within a transaction.

use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

use super::{Engine, Query};
use crate::Result;

/// Connections that are lent and come back.
#[derive(Clone)]
pub(crate) enum Pool {
    Sqlite(sqlx::Pool<Sqlite>),
    Postgres(sqlx::Pool<Postgres>),
}

/// A connection. One in a transaction that is dropped before [`Connection::commit`] leaves nothing behind.
pub(crate) enum Connection {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
    SqliteTransaction(Transaction<'static, Sqlite>),
    PostgresTransaction(Transaction<'static, Postgres>),
}

/// The driver of a connection.
pub(crate) enum Driver<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Pool {
    /// A connection outside of a transaction: every statement reads the latest state.
    pub(crate) async fn acquire(&self) -> Result<Connection> {
        Ok(match self {
            Self::Sqlite(pool) => Connection::Sqlite(pool.acquire().await?),
            Self::Postgres(pool) => Connection::Postgres(pool.acquire().await?),
        })
    }

    /// A transaction that reads one state for as long as it lasts.
    pub(crate) async fn begin_read(&self) -> Result<Connection> {
        Ok(self.begin(Engine::begin_read).await?)
    }

    /// A transaction that writes.
    pub(crate) async fn begin_write(&self) -> sqlx::Result<Connection> {
        self.begin(Engine::begin_write).await
    }

    async fn begin(&self, words: fn(Engine) -> &'static str) -> sqlx::Result<Connection> {
        Ok(match self {
            Self::Sqlite(pool) => {
                Connection::SqliteTransaction(pool.begin_with(words(Engine::Sqlite)).await?)
            }
            Self::Postgres(pool) => {
                Connection::PostgresTransaction(pool.begin_with(words(Engine::Postgres)).await?)
            }
        })
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Connection {
    pub(crate) const fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) | Self::SqliteTransaction(_) => Engine::Sqlite,
            Self::Postgres(_) | Self::PostgresTransaction(_) => Engine::Postgres,
        }
    }

    pub(crate) fn driver(&mut self) -> Driver<'_> {
        match self {
            Self::Sqlite(connection) => Driver::Sqlite(connection),
            Self::SqliteTransaction(transaction) => Driver::Sqlite(transaction),
            Self::Postgres(connection) => Driver::Postgres(connection),
            Self::PostgresTransaction(transaction) => Driver::Postgres(transaction),
        }
    }

    /// A statement in the words of this database.
    pub(crate) fn query<'v>(&self, text: impl Into<String>) -> Query<'v> {
        Query::new(self.engine(), text)
    }

    /// Runs statements that bind nothing.
    pub(crate) async fn run(&mut self, script: String) -> Result<()> {
        let script = sqlx::raw_sql(AssertSqlSafe(script));
        match self.driver() {
            Driver::Sqlite(driver) => script.execute(driver).await.map(drop)?,
            Driver::Postgres(driver) => script.execute(driver).await.map(drop)?,
        }
        Ok(())
    }

    /// Makes true what a transaction has written; there is nothing to do outside of one.
    pub(crate) async fn commit(self) -> Result<()> {
        match self {
            Self::SqliteTransaction(transaction) => transaction.commit().await?,
            Self::PostgresTransaction(transaction) => transaction.commit().await?,
            Self::Sqlite(_) | Self::Postgres(_) => {}
        }
        Ok(())
    }

    /// Forgets what a transaction has written, and waits until it is forgotten.
    pub(crate) async fn rollback(self) -> Result<()> {
        match self {
            Self::SqliteTransaction(transaction) => transaction.rollback().await?,
            Self::PostgresTransaction(transaction) => transaction.rollback().await?,
            Self::Sqlite(_) | Self::Postgres(_) => {}
        }
        Ok(())
    }
}
