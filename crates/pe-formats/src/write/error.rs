//! Why an export could not be written.

use std::path::{Path, PathBuf};

use parquet::errors::ParquetError;
use pe_model::ConversationId;

/// Why an export could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Something is there already.
    #[error("{} exists already; name another target, or pass --overwrite", path.display())]
    Exists {
        /// What is there.
        path: PathBuf,
    },
    /// An option does not fit.
    #[error("{0}")]
    Options(String),
    /// The system refused.
    #[error("cannot write {}: {source}", path.display())]
    Io {
        /// Which file or folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A conversation that can't be written.
    #[error("cannot export conversation {id}: {what}")]
    Record {
        /// Which one.
        id: ConversationId,
        /// What is wrong with it.
        what: String,
    },
    /// The columns could not be encoded.
    #[error("cannot encode {}: {source}", path.display())]
    Parquet {
        /// Which file.
        path: PathBuf,
        /// What the encoder said.
        source: ParquetError,
    },
}

impl ExportError {
    /// Turns what the system said into an error that names the file.
    pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + use<> {
        let path = path.to_path_buf();
        move |source| Self::Io { path, source }
    }

    /// Turns what the encoder said into an error that names the file; what the system said through it stays the system's.
    pub(super) fn parquet(path: &Path) -> impl FnOnce(ParquetError) -> Self + use<> {
        let path = path.to_path_buf();
        move |source| match source {
            ParquetError::External(cause) => match cause.downcast::<std::io::Error>() {
                Ok(source) => Self::Io { path, source: *source },
                Err(cause) => Self::Parquet { path, source: ParquetError::External(cause) },
            },
            source => Self::Parquet { path, source },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    #[test]
    fn a_full_disk_is_the_systems_word_through_the_encoder_too() {
        let full = ParquetError::from(io::Error::from(io::ErrorKind::StorageFull));
        let error = ExportError::parquet(Path::new("a.parquet"))(full);
        assert!(
            matches!(&error, ExportError::Io { source, .. } if source.kind() == io::ErrorKind::StorageFull),
            "{error}"
        );
        let other = ExportError::parquet(Path::new("a.parquet"))(ParquetError::General("no".to_owned()));
        assert!(matches!(other, ExportError::Parquet { .. }));
    }
}
