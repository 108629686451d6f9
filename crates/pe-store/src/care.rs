//! Looking after the database as a whole: copies of it, and whether it is sound.

use std::path::{Path, PathBuf};
use std::{fs, io};

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};

use crate::lock::WriterLock;
use crate::store::damaged;
use crate::{Error, Location, OpenMode, Result, Store};

impl Store {
    /// Writes a copy of one state of the whole store to `to`, which must not exist, while others read and write on. The copy
    /// gets its name only when it is complete.
    pub async fn backup(&self, to: &Path) -> Result<()> {
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
        let copied = sqlx::query("VACUUM INTO $1").bind(name).execute(&self.reads).await;
        let finished = match copied {
            Ok(_) => finish(&partial, to).map_err(Error::io("finish the backup", to)),
            Err(error) => Err(Error::Database(error)),
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
        let copy = Self::open(&format!("sqlite:{name}"), OpenMode::Read).await?;
        let sound = copy.check().await;
        copy.close().await;
        sound?;
        location.create_folder()?;
        let _lock = WriterLock::take(location)?;
        let partial = with_suffix(&location.database, ".partial");
        fs::copy(backup, &partial).map_err(Error::io("write", &partial))?;
        // What the log of the old database holds moves into it, so that it is whole if what follows is interrupted; where it is too
        // damaged for that, nothing is lost. Then the log goes, because it must not be applied to the new one.
        if location.database.exists() {
            let _ = empty_log(&location.database).await;
        }
        for suffix in ["-wal", "-shm"] {
            let log = with_suffix(&location.database, suffix);
            if log.exists() {
                fs::remove_file(&log).map_err(Error::io("remove", &log))?;
            }
        }
        finish(&partial, &location.database).map_err(Error::io("restore", &location.database))
    }

    /// Reads the whole database and every reference in it; the first finding is the error.
    pub async fn check(&self) -> Result<()> {
        let damage = |problem: String| Error::Damaged { path: self.location.database.clone(), problem };
        let integrity: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
            .fetch_one(&self.reads)
            .await
            .map_err(|error| damaged(&self.location, error))?;
        if integrity != "ok" {
            return Err(damage(integrity));
        }
        if sqlx::query("PRAGMA foreign_key_check").fetch_optional(&self.reads).await?.is_some() {
            return Err(damage("a row refers to one that is not there".to_owned()));
        }
        let strays: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM source_ids s LEFT JOIN conversations c ON c.id = s.conversation_id WHERE c.id IS NULL",
        )
        .fetch_one(&self.reads)
        .await?;
        if strays > 0 { Err(damage(format!("{strays} source ids without a conversation"))) } else { Ok(()) }
    }
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
