//! The right to write: an advisory lock on a file beside the database, held for as long as the writer's store is open.
//! The system gives it back when the process ends in whatever way, so a killed writer blocks nobody.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};

use crate::location::DatabaseFile;
use crate::{Error, Result};

/// Held by the one writer.
#[derive(Debug)]
pub(crate) struct WriterLock {
    _file: File,
}

impl WriterLock {
    /// Takes the lock, or says who has it.
    pub(crate) fn take(file: &DatabaseFile) -> Result<Self> {
        let path = file.lock_file();
        let open = || OpenOptions::new().create(true).read(true).write(true).truncate(false).open(&path);
        let mut held = open().map_err(Error::io("open", &path))?;
        match held.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(Error::Locked {
                    place: file.database.display().to_string(),
                    holder: holder(&mut held),
                });
            }
            Err(TryLockError::Error(error)) => return Err(Error::io("lock", &path)(error)),
        }
        held.set_len(0)
            .and_then(|()| held.rewind())
            .and_then(|()| writeln!(held, "{}", std::process::id()))
            .map_err(Error::io("write", &path))?;
        Ok(Self { _file: held })
    }
}

/// What the holder wrote of itself. A few digits, so anything longer is not read.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    match file.take(20).read_to_string(&mut text) {
        Ok(_) if text.trim().parse::<u32>().is_ok() => format!("process {}", text.trim()),
        _ => "another process".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_writer_is_told_who_writes() {
        let folder = tempfile::tempdir().expect("a folder");
        let place = DatabaseFile::in_folder(folder.path());
        let first = WriterLock::take(&place).expect("free");
        let error = WriterLock::take(&place).expect_err("taken").to_string();
        assert!(error.contains(&format!("process {}", std::process::id())), "{error}");
        drop(first);
        WriterLock::take(&place).expect("free again");
    }
}
