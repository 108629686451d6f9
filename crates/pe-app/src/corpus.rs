//! A data folder, opened: the store, and where the index lies beside it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pe_model::{Clock, Ids};
use pe_store::{DATABASE_FILE, Location, OpenMode, Store};

use crate::{Config, Error};

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

    /// Waits for what is running and lets go of the data folder.
    pub async fn close(self) {
        self.store.close().await;
    }

    pub(crate) fn index_folder(&self) -> PathBuf {
        self.config.data_dir.join("index")
    }

    /// Makes the ids of one run: two of them at once might make the same id.
    pub(crate) fn ids(&self) -> Ids<'_> {
        let began = self.clock.now().unix_timestamp_nanos() as u64;
        Ids::new(&*self.clock, began ^ u64::from(std::process::id()))
    }

    /// Refuses to write over the files of the data folder itself.
    pub(crate) fn refuse_own_files(&self, target: &Path) -> Result<(), Error> {
        let folder =
            target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let (Ok(folder), Ok(own)) = (folder.canonicalize(), self.config.data_dir.canonicalize()) else {
            return Ok(());
        };
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let is_own = folder.starts_with(own.join("index"))
            || folder == own && (name.starts_with(DATABASE_FILE) || name == "index");
        if is_own {
            return Err(Error::invalid(format!(
                "{} belongs to the data folder itself; name another file",
                target.display()
            )));
        }
        Ok(())
    }
}
