//! A Parquet file in the making. Rows are encoded in small batches, and row groups are closed by size, so that memory
//! follows neither the number of rows nor the size of the file.

use std::path::PathBuf;

use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;

use super::columns::{Columns, schema};
use super::target::TargetFile;
use super::{ExportError, ExportRecord, Manifest};

/// Text gathered before it is encoded.
const BATCH_BYTES: usize = 2 * 1024 * 1024;
/// Encoded bytes of a row group: small enough to hold three in memory (one for each split), large enough to read fast.
const ROW_GROUP_BYTES: usize = 32 * 1024 * 1024;

/// A Parquet file in the making.
pub(super) struct TableFile {
    path: PathBuf,
    writer: ArrowWriter<TargetFile>,
    waiting: Columns,
}

impl TableFile {
    /// Begins a file.
    pub(super) fn create(file: TargetFile) -> Result<Self, ExportError> {
        let path = file.path().to_path_buf();
        let writer =
            ArrowWriter::try_new(file, schema(), Some(properties())).map_err(ExportError::parquet(&path))?;
        Ok(Self { path, writer, waiting: Columns::new() })
    }

    /// Adds a row.
    pub(super) fn push(&mut self, record: &ExportRecord) -> Result<(), ExportError> {
        self.waiting.append(record)?;
        if self.waiting.bytes >= BATCH_BYTES { self.encode() } else { Ok(()) }
    }

    /// About how large the file would be if it were closed now.
    pub(super) fn bytes(&self) -> u64 {
        (self.writer.bytes_written() + self.writer.in_progress_size()) as u64
    }

    /// Ends the file.
    pub(super) fn finish(mut self) -> Result<TargetFile, ExportError> {
        self.encode()?;
        self.writer.into_inner().map_err(ExportError::parquet(&self.path))
    }

    fn encode(&mut self) -> Result<(), ExportError> {
        let rows = self.waiting.take().map_err(ParquetError::from);
        rows.and_then(|rows| self.writer.write(&rows)).map_err(ExportError::parquet(&self.path))
    }
}

fn properties() -> WriterProperties {
    WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(Manifest::TOOL.to_owned())
        .set_max_row_group_bytes(Some(ROW_GROUP_BYTES))
        .build()
}
