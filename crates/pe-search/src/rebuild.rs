//! Making the index anew from the store, beside the old one, which serves until the new one takes its place.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::error::WriteError;
use crate::index::Index;
use crate::writer::{Change, Writer, WriterOptions};

/// Changes of what is there between two commits.
const COMMIT_EVERY: usize = 10_000;

/// An index in the making, in a folder beside the one it will replace.
pub struct Rebuild {
    folder: PathBuf,
    fresh: PathBuf,
    writer: Writer,
    /// Changes since the last commit that keep memory until the next one.
    waiting: usize,
}

impl Rebuild {
    /// Begins with an empty index. What a rebuild that was killed has left behind is removed. One rebuild of a folder at a
    /// time: the caller holds the store's writer lock.
    pub fn begin(folder: &Path, options: WriterOptions) -> Result<Self, WriteError> {
        let fresh = beside(folder, ".new");
        remove(&fresh).map_err(|source| WriteError::Unwritable { folder: fresh.clone(), source })?;
        let index = Index::create(&fresh)?;
        let writer = Writer::open(&index, options)?;
        Ok(Self { folder: folder.to_owned(), fresh, writer, waiting: 0 })
    }

    /// Takes up changes, in order. Searches see nothing of them before [`Rebuild::finish`].
    pub fn apply(&mut self, changes: Vec<Change>) -> Result<(), WriteError> {
        self.waiting += changes.iter().filter(|change| !matches!(change, Change::Add(_))).count();
        self.writer.apply(changes)?;
        if self.waiting >= COMMIT_EVERY {
            // Nobody reads the new index yet; this is for the memory that waiting changes keep.
            self.waiting = 0;
            self.writer.commit(0)?;
        }
        Ok(())
    }

    /// Puts the new index, which holds the store's changes up to `seq`, in the place of the old one.
    pub fn finish(mut self, seq: u64) -> Result<Index, WriteError> {
        self.writer.commit(seq)?;
        self.writer.finish()?;
        let unwritable = |source| WriteError::Unwritable { folder: self.folder.clone(), source };
        let old = beside(&self.folder, ".old");
        remove(&old).map_err(unwritable)?;
        if self.folder.exists() {
            fs::rename(&self.folder, &old).map_err(unwritable)?;
        }
        // Killed here, the index is missing, which is noticed at the next start and mended by another rebuild.
        fs::rename(&self.fresh, &self.folder).map_err(unwritable)?;
        remove(&old).map_err(unwritable)?;
        Ok(Index::open(&self.folder)?)
    }
}

/// `folder` with an ending: on the same disk, so that it can be renamed.
fn beside(folder: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(folder);
    name.push(ending);
    name.into()
}

/// Removes a folder with all in it, or the file that stands in its place.
fn remove(folder: &Path) -> io::Result<()> {
    let removed = if folder.is_file() { fs::remove_file(folder) } else { fs::remove_dir_all(folder) };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
