//! A text file in the making, compressed as its name asks.

use std::io::{self, BufWriter, Write};
use std::path::Path;

use flate2::write::GzEncoder;

use super::ExportError;
use super::target::TargetFile;

/// Bytes gathered before they are hashed and handed to the system.
const BUFFER: usize = 256 * 1024;

/// Level 3 of 9: five times the speed of the usual 6 for an eighth more bytes (measured by `examples/export_speed.rs`).
const GZIP: flate2::Compression = flate2::Compression::new(3);

/// A text file in the making.
pub(super) enum TextFile {
    Plain(BufWriter<TargetFile>),
    Gzip(Box<GzEncoder<TargetFile>>),
    Zstd(zstd::Encoder<'static, TargetFile>),
}

impl TextFile {
    /// Begins the file that will be called `path`; `.gz` and `.zst` at its end choose the compression.
    pub(super) fn create(path: &Path) -> Result<Self, ExportError> {
        let file = TargetFile::create(path)?;
        let ends_with =
            |ending| path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case(ending));
        if ends_with("gz") {
            Ok(Self::Gzip(Box::new(GzEncoder::new(file, GZIP))))
        } else if ends_with("zst") {
            let encoder = zstd::Encoder::new(file, zstd::DEFAULT_COMPRESSION_LEVEL);
            let checked = encoder.and_then(|mut encoder| encoder.include_checksum(true).map(|()| encoder));
            checked.map(Self::Zstd).map_err(ExportError::io(path))
        } else {
            Ok(Self::Plain(BufWriter::with_capacity(BUFFER, file)))
        }
    }

    /// Adds bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), ExportError> {
        let written = match self {
            Self::Plain(file) => file.write_all(bytes),
            Self::Gzip(file) => file.write_all(bytes),
            Self::Zstd(file) => file.write_all(bytes),
        };
        written.map_err(|source| ExportError::Io { path: self.path().to_path_buf(), source })
    }

    /// Ends the compression.
    pub(super) fn finish(self) -> Result<TargetFile, ExportError> {
        let path = self.path().to_path_buf();
        let finished: io::Result<TargetFile> = match self {
            Self::Plain(file) => file.into_inner().map_err(io::IntoInnerError::into_error),
            Self::Gzip(file) => file.finish(),
            Self::Zstd(file) => file.finish(),
        };
        finished.map_err(ExportError::io(&path))
    }

    fn path(&self) -> &Path {
        match self {
            Self::Plain(file) => file.get_ref().path(),
            Self::Gzip(file) => file.get_ref().path(),
            Self::Zstd(file) => file.get_ref().path(),
        }
    }
}
