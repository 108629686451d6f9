//! A data folder, opened: the store, and where the index lies beside it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pe_model::{Clock, Digest, Ids};
use pe_store::{DATABASE_FILE, Location, OpenMode, Store};

use crate::{Config, Error};

/// The index of the database that is a file in the data folder. That of another database has a mark of it behind the name.
pub(crate) const INDEX: &str = "index";

/// A data folder, opened.
pub struct Corpus {
    pub(crate) config: Config,
    pub(crate) store: Store,
    /// Where the index of this database is.
    index: PathBuf,
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
        let location = config.location()?;
        if mode == OpenMode::Write && location.database_file().is_none() {
            create_folder(&config.data_dir)?;
        }
        let store = Store::open_at(location, mode, clock.clone()).await?;
        let index = index_folder(config, &store).await?;
        Ok(Self { config: config.clone(), store, index, clock })
    }

    /// Waits for what is running and lets go of the data folder.
    pub async fn close(self) {
        self.store.close().await;
    }

    pub(crate) fn index_folder(&self) -> PathBuf {
        self.index.clone()
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
        let is_own = folder.starts_with(&self.index)
            || folder == own && (name.starts_with(DATABASE_FILE) || name.starts_with(INDEX));
        if is_own {
            return Err(Error::invalid(format!(
                "{} belongs to the data folder itself; name another file",
                target.display()
            )));
        }
        Ok(())
    }
}

/// Makes the data folder beside a server, readable by its owner alone, as the store does beside a file.
fn create_folder(folder: &Path) -> Result<(), Error> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| {
        Error::unavailable(format!("cannot create the data folder {}: {error}", folder.display()))
    })
}

/// Where the index of a database is. One data folder may be used with several databases one after the other, and a database may be removed
/// and made again under its name: an index is only ever found by the database that it was made from.
async fn index_folder(config: &Config, store: &Store) -> Result<PathBuf, Error> {
    let name = match store.location() {
        Location::File(_) => INDEX.to_owned(),
        Location::Server(_) => {
            let made = store.made_at().await?.unix_timestamp_nanos();
            let mark = Digest::of_parts([store.location().to_string().as_bytes(), &made.to_le_bytes()]);
            format!("{INDEX}-{}", &mark.to_string()[..12])
        }
    };
    Ok(config.data_dir.join(name))
}
