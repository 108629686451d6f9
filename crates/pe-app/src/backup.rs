//! Backup and restore: one file that holds the whole data folder. The index is derived and is not in it.

use std::path::Path;
use std::sync::Arc;

use pe_model::SystemClock;
use pe_store::{Filter, Location, OpenMode, Store};

use crate::{Config, Corpus, Error};

impl Corpus {
    /// Writes one state of everything to `to`, while others read and write on; its size in bytes.
    pub async fn backup(&self, to: &Path, overwrite: bool) -> Result<u64, Error> {
        self.refuse_own_files(to)?;
        if overwrite && to.exists() {
            // The old backup goes only when the new one is whole.
            let fresh = to.with_added_extension("new");
            remove_if_there(&fresh)?;
            self.store.backup(&fresh).await?;
            std::fs::rename(&fresh, to).map_err(|error| refused("replace", to, &error))?;
        } else {
            self.store.backup(to).await?;
        }
        Ok(std::fs::metadata(to).map_err(|error| refused("read", to, &error))?.len())
    }
}

/// Puts a backup into the data folder, which must not hold data yet; how many conversations it holds.
pub async fn restore(config: &Config, from: &Path) -> Result<u64, Error> {
    if !config.database_url.is_empty() {
        return Err(Error::invalid(format!(
            "a backup is restored into a data folder, and {} is set; restore it without, then `pixelated copy` it there",
            config.database_url
        )));
    }
    let location = Location::in_folder(&config.data_dir);
    if location.database_file().is_some_and(Path::exists) {
        return Err(Error::conflict(format!(
            "{} holds data already; name an empty folder with --data-dir, or move that one away",
            config.data_dir.display()
        )));
    }
    if !from.is_file() {
        return Err(Error::not_found(format!("there is no backup {}", from.display())));
    }
    // An index that lies there is of other data.
    match std::fs::remove_dir_all(config.data_dir.join(crate::corpus::INDEX)) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(refused("remove the old index in", &config.data_dir, &error));
        }
        _ => {}
    }
    Store::restore(from, &location)
        .await
        .map_err(|error| Error::invalid(format!("{} is no sound backup: {error}", from.display())))?;
    let store = Store::open_at(location, OpenMode::Read, Arc::new(SystemClock)).await?;
    let conversations = store.count(&Filter::default()).await;
    store.close().await;
    Ok(conversations?)
}

fn remove_if_there(path: &Path) -> Result<(), Error> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(refused("remove", path, &error)),
        _ => Ok(()),
    }
}

fn refused(action: &str, path: &Path, error: &std::io::Error) -> Error {
    Error::unavailable(format!("cannot {action} {}: {error}", path.display()))
}
