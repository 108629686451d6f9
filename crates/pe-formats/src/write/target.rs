//! A file in the making: written under a temporary name beside its destination, hashed while it is written, renamed at the
//! end. Dropped before that, it is removed.

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use pe_model::Digest;
use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;

use super::{ExportError, remains};

/// A file in the making.
pub(super) struct TargetFile {
    temporary: NamedTempFile,
    path: PathBuf,
    hash: Sha256,
    bytes: u64,
}

/// A file that is complete and on disk, still under its temporary name.
pub(super) struct CompleteFile {
    /// Open, because it is locked as long as it is.
    temporary: NamedTempFile,
    /// Its size.
    pub(super) bytes: u64,
    /// In hexadecimal.
    pub(super) sha256: String,
}

impl TargetFile {
    /// Begins the file that will be called `path`.
    pub(super) fn create(path: &Path) -> Result<Self, ExportError> {
        remains::sweep(path);
        let mut builder = tempfile::Builder::new();
        let prefix = hidden_prefix(path);
        builder.prefix(&prefix).suffix(remains::ENDING);
        readable(&mut builder, 0o666);
        let temporary = loop {
            let temporary = builder.tempfile_in(folder_of(path)).map_err(ExportError::io(path))?;
            remains::claim(temporary.as_file());
            // Another export may have taken it for remains before it was claimed.
            if temporary.path().exists() {
                break temporary;
            }
        };
        Ok(Self { temporary, path: path.to_path_buf(), hash: Sha256::new(), bytes: 0 })
    }

    /// What it will be called.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Brings all of it to disk.
    pub(super) fn complete(self) -> Result<CompleteFile, ExportError> {
        self.temporary.as_file().sync_all().map_err(ExportError::io(&self.path))?;
        let sha256 = Digest::from_bytes(self.hash.finalize().into()).to_string();
        Ok(CompleteFile { temporary: self.temporary, bytes: self.bytes, sha256 })
    }
}

impl Write for TargetFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.temporary.as_file_mut().write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or(bytes));
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.temporary.as_file_mut().flush()
    }
}

impl CompleteFile {
    /// Gives it its name, in the folder it was begun in.
    pub(super) fn publish(self, path: &Path, overwrite: bool) -> Result<(), ExportError> {
        let renamed =
            if overwrite { self.temporary.persist(path) } else { self.temporary.persist_noclobber(path) };
        renamed.map_err(|failure| match failure.error.kind() {
            io::ErrorKind::AlreadyExists => ExportError::Exists { path: path.to_path_buf() },
            _ => ExportError::io(path)(failure.error),
        })?;
        sync_folder(folder_of(path))
    }
}

/// The folder a path lies in.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// What temporary names for `path` begin with: hidden, and telling whose they are.
pub(super) fn hidden_prefix(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // A file name has at most 255 bytes; the random part and the suffix need some of them.
    let head: String = name.chars().take(50).collect();
    format!(".{head}.")
}

/// Lets the umask decide who may read the result, as for any other file; temporary files are private otherwise.
pub(super) fn readable(builder: &mut tempfile::Builder<'_, '_>, mode: u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(std::fs::Permissions::from_mode(mode));
    }
    #[cfg(not(unix))]
    let _ = (builder, mode);
}

/// Makes the names in a folder last: without it a rename may be lost when the power fails.
pub(super) fn sync_folder(folder: &Path) -> Result<(), ExportError> {
    if cfg!(unix) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(ExportError::io(folder))?;
    }
    Ok(())
}
