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
use crate::seal::{self, CONTENTS, Seal};

/// How often an index that another process is writing is read again when its files changed under the check.
const READINGS: usize = 3;

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
    /// Opens the index in `folder`. An index that was closed in good order is not read, only its files are counted and
    /// measured; after a kill, or while another process writes it, all of it is read once to verify its checksums.
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
        Seal::write(folder, layout::VERSION, &[]).map_err(unwritable)?;
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
        verify(self.folder(), &self.inner.engine)
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

    /// Seals the index, which nobody may be writing.
    pub(crate) fn seal(&self) -> Result<(), WriteError> {
        let folder = self.folder();
        let segments = self
            .inner
            .engine
            .searchable_segment_metas()
            .map_err(|source| WriteError::Engine { folder: folder.to_owned(), source })?;
        Seal::write(folder, layout::VERSION, &segments)
            .map_err(|source| WriteError::Unwritable { folder: folder.to_owned(), source })
    }

    fn open_checked(folder: &Path) -> Result<Self, OpenError> {
        let sealed = check_seal(folder)?;
        let fail = |error: TantivyError| open_error(folder, &error);
        let directory = MmapDirectory::open(folder).map_err(|error| fail(error.into()))?;
        let mut engine = tantivy::Index::open(directory).map_err(fail)?;
        let layout = Arc::new(Layout::new());
        if engine.schema() != layout.schema {
            return Err(damaged(folder, "its fields are not those of its version".into()));
        }
        engine.set_tokenizers(Layout::tokenizers());
        if !sealed {
            verify(folder, &engine)?;
        }
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

/// Whether the seal fits; an error where it fits and a file does not.
fn check_seal(folder: &Path) -> Result<bool, OpenError> {
    let unreadable = |error| read_error(folder, error, "its table of contents cannot be read");
    let Some(seal) = Seal::read(folder).map_err(unreadable)? else { return Ok(false) };
    if !seal.fits(folder).map_err(unreadable)? {
        return Ok(false);
    }
    seal.first_damage(folder).map_or(Ok(true), |what| Err(damaged(folder, what)))
}

/// Compares every file of the index with its checksum.
fn verify(folder: &Path, engine: &tantivy::Index) -> Result<(), OpenError> {
    let fail = |error: TantivyError| open_error(folder, &error);
    let segments = engine.searchable_segment_metas().map_err(fail)?;
    let files = seal::live_files(folder, &segments)
        .map_err(|error| read_error(folder, error, "its files cannot be listed"))?;
    if let Some(name) = seal::first_stub(&files) {
        return Err(damaged(folder, format!("{name} is cut short")));
    }
    for name in files.keys() {
        if !engine.directory().validate_checksum(Path::new(name)).map_err(|error| fail(error.into()))? {
            return Err(damaged(folder, format!("the checksum of {name} is wrong")));
        }
    }
    Ok(())
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
