//! A data folder, opened: the store, and where the index lies beside it.

use std::path::PathBuf;
use std::sync::Arc;

use pe_model::{Clock, Ids};
use pe_store::{Location, OpenMode, Store};

use crate::{Config, Error, Scorer};

/// A data folder, opened.
pub struct Corpus {
    pub(crate) config: Config,
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Corpus {
    /// Opens the data folder for reading, beside whoever writes.
    pub async fn read(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        Self::open(config, OpenMode::Read, clock).await
    }

    /// Opens the data folder for writing, making it if there is none. Refused while somebody else writes.
    pub async fn write(config: &Config, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        Self::open(config, OpenMode::Write, clock).await
    }

    async fn open(config: &Config, mode: OpenMode, clock: Arc<dyn Clock>) -> Result<Self, Error> {
        let location = Location::in_folder(&config.data_dir);
        let store = Store::open_at(location, mode, clock.clone()).await?;
        Ok(Self { config: config.clone(), store, clock })
    }

    /// The reader and validators of the configuration.
    pub fn scorer(&self) -> Result<Scorer, Error> {
        Scorer::new(&self.config)
    }

    /// Waits for what is running and lets go of the data folder.
    pub async fn close(self) {
        self.store.close().await;
    }

    pub(crate) fn index_folder(&self) -> PathBuf {
        self.config.data_dir.join("index")
    }

    pub(crate) fn ids(&self) -> Ids<'_> {
        Ids::new(&*self.clock, u64::from(std::process::id()))
    }
}
