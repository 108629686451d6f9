//! The schema of a database, brought up to date as a step of its own: before new servers begin, not by the first of them.

use pe_store::{OpenMode, SCHEMA_VERSION, Store};
use serde::Serialize;

use crate::{Config, Error};

/// The schema of a database, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Migrated {
    /// The database, without user and password.
    pub database: String,
    /// Its version before; 0 where there was no schema.
    pub from: i64,
    /// The version that this program needs.
    pub to: i64,
}

impl Migrated {
    /// Whether there was, or is, something to do.
    pub const fn is_pending(&self) -> bool {
        self.from < self.to
    }
}

/// Brings the schema up to date; only says what is to be done where `check` is set.
pub async fn migrate(config: &Config, check: bool) -> Result<Migrated, Error> {
    let location = config.location()?;
    let database = location.to_string();
    let target = if config.database_url.is_empty() {
        config.data_dir.display().to_string()
    } else {
        config.database_url.expose().to_owned()
    };
    let from = match Store::open(&target, OpenMode::Read).await {
        Ok(store) => {
            store.close().await;
            SCHEMA_VERSION
        }
        Err(pe_store::Error::NoData(_)) => 0,
        Err(pe_store::Error::OlderSchema { found, .. }) => found,
        Err(other) => return Err(other.into()),
    };
    if from < SCHEMA_VERSION && !check {
        Store::migrate(&target).await?;
    }
    Ok(Migrated { database, from, to: SCHEMA_VERSION })
}
