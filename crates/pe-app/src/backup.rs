//! Backup and restore: one file that holds the whole data folder. The index is derived and is not in it.

use std::path::Path;

use pe_store::{DATABASE_FILE, Location, OpenMode, Store};

use crate::{Config, Corpus, Error};

impl Corpus {
    /// Writes one state of everything to `to`, while others read and write on; its size in bytes.
    pub async fn backup(&self, to: &Path, overwrite: bool) -> Result<u64, Error> {
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

/// Puts a backup into the data folder, which must not hold data yet.
pub async fn restore(config: &Config, from: &Path) -> Result<u64, Error> {
    let target = config.data_dir.join(DATABASE_FILE);
    if target.exists() {
        return Err(Error::conflict(format!(
            "{} holds data already; name an empty folder with --data-dir, or move that one away",
            config.data_dir.display()
        )));
    }
    std::fs::create_dir_all(&config.data_dir).map_err(|error| refused("create", &config.data_dir, &error))?;
    let partial = config.data_dir.join(format!("{DATABASE_FILE}.partial"));
    remove_if_there(&partial)?;
    std::fs::copy(from, &partial).map_err(|error| refused("copy", from, &error))?;
    let checked = check(&partial).await;
    let conversations = match checked {
        Ok(conversations) => conversations,
        Err(error) => {
            remove_if_there(&partial)?;
            return Err(Error::invalid(format!("{} is no sound backup: {error}", from.display())));
        }
    };
    std::fs::rename(&partial, &target).map_err(|error| refused("rename", &partial, &error))?;
    Ok(conversations)
}

/// Opens a copied backup and reads all of it; how many conversations it holds.
async fn check(copy: &Path) -> Result<u64, Error> {
    let location = Location::parse(&format!("sqlite:{}", copy.display()))?;
    let store = Store::open_at(location, OpenMode::Read, std::sync::Arc::new(pe_model::SystemClock)).await?;
    let outcome = match store.check().await {
        Ok(()) => store.count(&pe_store::Filter::default()).await,
        Err(error) => Err(error),
    };
    store.close().await;
    Ok(outcome?)
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
