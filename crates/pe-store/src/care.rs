//! Backup files: copies of a database file. A server has its own means for that.

use std::path::{Path, PathBuf};
use std::{fs, io};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::lock::WriterLock;
use crate::{Error, Location, OpenMode, Result, Store};

impl Store {
    /// Writes a copy of one state of the whole store to `to`, which must not exist, while others read and write on. The copy
    /// gets its name only when it is complete.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        if let Location::Server(_) = self.location() {
            return Err(on_a_server(self.location()));
        }
        if to.exists() {
            return Err(Error::AlreadyExists(to.to_path_buf()));
        }
        let partial = with_suffix(to, ".partial");
        if partial.exists() {
            fs::remove_file(&partial).map_err(Error::io("remove", &partial))?;
        }
        let Some(name) = partial.to_str() else {
            return Err(Error::invalid("backup name", "is not UTF-8; choose another one"));
        };
        let mut connection = self.reads.acquire().await?;
        let copied = connection.query("VACUUM INTO $1").bind(name).execute(&mut connection).await;
        let finished = match copied {
            Ok(_) => finish(&partial, to).map_err(Error::io("finish the backup", to)),
            Err(error) => Err(error),
        };
        if finished.is_err() {
            // Half a backup is none; the error that is told is the first one.
            let _ = fs::remove_file(&partial);
        }
        finished
    }

    /// Puts a backup in the place of the store at `location`, of which nothing remains. The backup is read whole before, and stays
    /// where it is. Readers that are open meanwhile go on reading the old state.
    pub async fn restore(backup: &Path, location: &Location) -> Result<()> {
        let Some(name) = backup.to_str() else {
            return Err(Error::invalid("backup name", "is not UTF-8; choose another one"));
        };
        let Location::File(file) = location else { return Err(on_a_server(location)) };
        let copy = Self::open(&format!("sqlite:{name}"), OpenMode::Read).await?;
        let findings = copy.check().await;
        copy.close().await;
        if let Some(finding) = findings?.into_iter().next() {
            return Err(Error::Damaged { place: name.to_owned(), problem: finding.to_string() });
        }
        file.create_folder()?;
        let _lock = WriterLock::take(file)?;
        let partial = with_suffix(&file.database, ".partial");
        fs::copy(backup, &partial).map_err(Error::io("write", &partial))?;
        // What the log of the old database holds moves into it, so that it is whole if what follows is interrupted; where it is too
        // damaged for that, nothing is lost. Then the log goes, because it must not be applied to the new one.
        if file.database.exists() {
            let _ = empty_log(&file.database).await;
        }
        for suffix in ["-wal", "-shm"] {
            let log = with_suffix(&file.database, suffix);
            if log.exists() {
                fs::remove_file(&log).map_err(Error::io("remove", &log))?;
            }
        }
        finish(&partial, &file.database).map_err(Error::io("restore", &file.database))
    }
}

fn on_a_server(location: &Location) -> Error {
    Error::Unsupported(format!(
        "{location} is kept by a server, which backup files are not for; use pg_dump and pg_restore, or copy the store to a sqlite: URL"
    ))
}

async fn empty_log(database: &Path) -> Result<()> {
    let mut connection = SqliteConnectOptions::new().filename(database).connect().await?;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await?;
    Ok(connection.close().await?)
}

/// Gives a file its name when its bytes have reached the disk.
fn finish(partial: &Path, to: &Path) -> io::Result<()> {
    fs::File::open(partial)?.sync_all()?;
    fs::rename(partial, to)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
