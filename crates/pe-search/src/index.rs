//! The index in its folder: opened without reading it whole, checked before it is trusted.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::{fmt, fs, io};

use tantivy::directory::MmapDirectory;
use tantivy::directory::error::{OpenDirectoryError, OpenReadError};
use tantivy::{IndexReader, IndexSettings, ReloadPolicy, Searcher, TantivyError};

use crate::OpenError;
use crate::error::WriteError;
use crate::layout::{self, Layout};
use crate::readable::ReadableDirectory;
use crate::seal::{self, CONTENTS, Lengths, Seal};

/// How often an index that another process is writing is read again when its files changed under the check.
const READINGS: usize = 3;

/// Bytes of verified files that are worth a new seal: reading fewer again takes no time to speak of.
const WORTH_SEALING: u64 = 4 << 20;

/// A search index. Clones share one reader.
#[derive(Clone)]
pub struct Index {
    inner: Arc<Inner>,
}

struct Inner {
    folder: PathBuf,
    engine: tantivy::Index,
    reader: IndexReader,
    layout: Arc<Layout>,
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").field("folder", &self.inner.folder).finish_non_exhaustive()
    }
}

impl Index {
    /// Opens the index in `folder`. Files that were sealed are not read, only measured; those that came later, because another process
    /// is writing or a writer was killed, are read once to verify their checksums, and sealed where the folder may be written.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let version = read_version(folder)?;
        if version != layout::VERSION {
            let folder = folder.to_owned();
            return Err(OpenError::Outdated { folder, found: version, expected: layout::VERSION });
        }
        let mut reading = 1;
        loop {
            let contents = fs::read(folder.join(CONTENTS)).unwrap_or_default();
            match Self::open_checked(folder) {
                // Another process may have replaced files between two steps of the check.
                Err(OpenError::Damaged { .. })
                    if reading < READINGS
                        && contents != fs::read(folder.join(CONTENTS)).unwrap_or_default() =>
                {
                    reading += 1;
                }
                outcome => return outcome,
            }
        }
    }

    /// Makes an empty index in `folder`, which must be empty or not be there.
    pub fn create(folder: &Path) -> Result<Self, WriteError> {
        let unwritable = |source| WriteError::Unwritable { folder: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(unwritable)?;
        let engine = |source| WriteError::Engine { folder: folder.to_owned(), source };
        // The texts are compressed by the thread that writes them: another one would only wait for it.
        let settings =
            IndexSettings { docstore_compress_dedicated_thread: false, ..IndexSettings::default() };
        let directory = MmapDirectory::open(folder).map_err(|error| engine(error.into()))?;
        tantivy::Index::create(directory, Layout::new().schema, settings).map_err(engine)?;
        Seal { version: layout::VERSION, files: Lengths::new() }.write(folder).map_err(unwritable)?;
        Ok(Self::open(folder)?)
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.inner.folder
    }

    /// The store's change sequence up to which changes are in the index; 0 for an empty one.
    pub fn committed_seq(&self) -> Result<u64, OpenError> {
        let folder = self.folder();
        let metas = self.inner.engine.load_metas().map_err(|error| open_error(folder, &error))?;
        metas.payload.map_or(Ok(0), |payload| {
            payload.parse().map_err(|_| damaged(folder, format!("its sequence is `{payload}`, not a number")))
        })
    }

    /// Sees what was committed since the index was opened or refreshed, also by another process.
    pub fn refresh(&self) -> Result<(), OpenError> {
        self.inner.reader.reload().map_err(|error| open_error(self.folder(), &error))
    }

    /// How many messages it holds.
    pub fn messages(&self) -> u64 {
        self.searcher().num_docs()
    }

    /// Reads all of it and compares every file with its checksum.
    pub fn verify(&self) -> Result<(), OpenError> {
        let files = live_files(self.folder(), &self.inner.engine)?;
        files.iter().try_for_each(|(name, length)| verify(self.folder(), &self.inner.engine, name, *length))
    }

    pub(crate) fn searcher(&self) -> Searcher {
        self.inner.reader.searcher()
    }

    pub(crate) fn layout(&self) -> &Arc<Layout> {
        &self.inner.layout
    }

    pub(crate) fn engine(&self) -> &tantivy::Index {
        &self.inner.engine
    }

    /// Seals the index as it stands, every file of which this process has written or verified.
    pub(crate) fn seal(&self) -> Result<(), WriteError> {
        let folder = self.folder();
        let files = live_files(folder, &self.inner.engine)?;
        Seal { version: layout::VERSION, files }
            .write(folder)
            .map_err(|source| WriteError::Unwritable { folder: folder.to_owned(), source })
    }

    fn open_checked(folder: &Path) -> Result<Self, OpenError> {
        let fail = |error: TantivyError| open_error(folder, &error);
        let directory = MmapDirectory::open(folder).map_err(|error| fail(error.into()))?;
        let mut engine = tantivy::Index::open(ReadableDirectory::new(directory)).map_err(fail)?;
        let layout = Arc::new(Layout::new());
        if engine.schema() != layout.schema {
            return Err(damaged(folder, "its fields are not those of its version".into()));
        }
        engine.set_tokenizers(Layout::tokenizers());
        check(folder, &engine)?;
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(fail)?;
        Ok(Self { inner: Arc::new(Inner { folder: folder.to_owned(), engine, reader, layout }) })
    }
}

/// The version that the seal names.
fn read_version(folder: &Path) -> Result<u32, OpenError> {
    match Seal::read(folder) {
        Ok(Some(seal)) => Ok(seal.version),
        Ok(None) if folder.join(CONTENTS).exists() => Err(damaged(folder, "its seal is missing".into())),
        Ok(None) => Err(OpenError::Missing { folder: folder.to_owned() }),
        Err(error) => Err(read_error(folder, error, "its seal cannot be read")),
    }
}

/// Every sealed file is there with its length, and every other one has its checksum verified.
fn check(folder: &Path, engine: &tantivy::Index) -> Result<(), OpenError> {
    let seal = Seal::read(folder)
        .map_err(|error| read_error(folder, error, "its seal cannot be read"))?
        .unwrap_or(Seal { version: layout::VERSION, files: Lengths::new() });
    let segments = engine.searchable_segment_metas().map_err(|error| open_error(folder, &error))?;
    let files = live_files(folder, engine)?;
    if let Some(what) = seal.first_damage(&segments, &files) {
        return Err(damaged(folder, what));
    }
    let mut verified = 0;
    for (name, length) in files.iter().filter(|(name, _)| !seal.files.contains_key(*name)) {
        verify(folder, engine, name, *length)?;
        verified += length;
    }
    if verified >= WORTH_SEALING {
        // Only the next opening is the faster for it, so it is no error where the folder may not be written.
        let _ = Seal { files, ..seal }.write(folder);
    }
    Ok(())
}

fn live_files(folder: &Path, engine: &tantivy::Index) -> Result<Lengths, OpenError> {
    let segments = engine.searchable_segment_metas().map_err(|error| open_error(folder, &error))?;
    seal::live_files(folder, &segments)
        .map_err(|error| read_error(folder, error, "its files cannot be listed"))
}

/// Compares a file with its checksum.
fn verify(folder: &Path, engine: &tantivy::Index, name: &str, length: u64) -> Result<(), OpenError> {
    if seal::is_stub(length) {
        return Err(damaged(folder, format!("{name} is cut short")));
    }
    match engine.directory().validate_checksum(Path::new(name)) {
        Ok(true) => Ok(()),
        Ok(false) => Err(damaged(folder, format!("the checksum of {name} is wrong"))),
        Err(error) => Err(open_error(folder, &error.into())),
    }
}

fn damaged(folder: &Path, what: String) -> OpenError {
    OpenError::Damaged { folder: folder.to_owned(), what }
}

/// Tells what the system refuses (which a rebuild would not mend) from what is damaged.
fn read_error(folder: &Path, error: io::Error, what: &str) -> OpenError {
    match error.kind() {
        io::ErrorKind::PermissionDenied => OpenError::Unreadable { folder: folder.to_owned(), source: error },
        _ => damaged(folder, format!("{what} ({error})")),
    }
}

fn open_error(folder: &Path, error: &TantivyError) -> OpenError {
    let io_error = match error {
        TantivyError::IoError(io_error)
        | TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. }) => {
            Some(io_error.kind())
        }
        _ => None,
    };
    match io_error {
        Some(kind @ io::ErrorKind::PermissionDenied) => OpenError::Unreadable {
            folder: folder.to_owned(),
            source: io::Error::new(kind, error.to_string()),
        },
        _ => damaged(folder, error.to_string()),
    }
}
