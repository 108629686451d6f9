//! The rows of a Parquet file, batch by batch. A file is read where it lies; what comes compressed, from an archive or
//! from standard input goes to a temporary file first, because a Parquet file is read from its end.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::sync::Once;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder,
};
use parquet::errors::ParquetError;

use super::parquet_pages;
use crate::bytes::{self, Bytes};
use crate::source::Source;
use crate::{Error, ReadOptions};

/// Uncompressed bytes that a batch should have, and the most rows.
const BATCH: (u64, u64) = (8 << 20, 1024);

/// The columns of the file at `path`, if it is a Parquet file.
pub(super) fn schema(path: &Path) -> Option<SchemaRef> {
    let file = File::open(path).ok()?;
    guarded(|| ParquetRecordBatchReaderBuilder::try_new(file)).ok().map(|builder| builder.schema().clone())
}

/// A Parquet file, opened.
pub(super) struct ParquetRows {
    path: PathBuf,
    meter: Option<Meter>,
    /// Bytes and rows of the file.
    length: u64,
    rows: u64,
    batches: ParquetRecordBatchReader,
    schema: SchemaRef,
    batch: RecordBatch,
    /// The next row of the batch.
    at: usize,
    /// Rows before the batch.
    before: u64,
}

impl ParquetRows {
    /// Opens a source.
    ///
    /// # Errors
    /// It can't be read or stored, or it is not (all of) a Parquet file.
    pub(super) fn open(source: Source, options: &ReadOptions) -> Result<Self, Error> {
        let path = source.path.clone();
        let (file, meter) = match &source.file {
            Some(file) => {
                let file = File::open(file).map_err(|error| bytes::failure(&path, error))?;
                (file, Some(Meter { stream: source.into_bytes(), passed: 0 }))
            }
            None => (spool(source, &path, options.max_spool_bytes)?, None),
        };
        let length = file.metadata().map_err(|error| bytes::failure(&path, error))?.len();
        let facts = guarded(|| ArrowReaderMetadata::load(&file, ArrowReaderOptions::new()));
        let facts = facts.map_err(|error| damaged(&path, &error))?;
        let most = options.max_messages as u64;
        guarded(|| parquet_pages::check(&file, facts.metadata(), most)).map_err(|what| unfit(&path, what))?;
        let facts = guarded(|| in_views(&facts)).unwrap_or(facts);
        let builder = ParquetRecordBatchReaderBuilder::new_with_metadata(file, facts);
        let facts = builder.metadata();
        let rows = facts.file_metadata().num_rows().max(1) as u64;
        let sizes = facts.row_groups().iter().map(|group| group.total_byte_size().max(0) as u64);
        let bytes = sizes.fold(0, u64::saturating_add);
        let size = (BATCH.0 / (bytes / rows).max(1)).clamp(1, BATCH.1);
        let schema = builder.schema().clone();
        let built = guarded(|| builder.with_batch_size(size as usize).build());
        let batches = built.map_err(|error| damaged(&path, &error))?;
        let batch = RecordBatch::new_empty(schema.clone());
        Ok(Self { path, meter, length, rows, batches, schema, batch, at: 0, before: 0 })
    }

    /// The columns.
    pub(super) fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    /// Goes to the next row: its batch, its place in it, and its number in the file, counted from 1.
    ///
    /// # Errors
    /// The file is damaged there.
    pub(super) fn next(&mut self) -> Result<Option<(&RecordBatch, usize, u64)>, Error> {
        while self.at >= self.batch.num_rows() {
            self.before += self.batch.num_rows() as u64;
            self.at = 0;
            self.batch = RecordBatch::new_empty(self.schema.clone());
            match guarded(|| self.batches.next().transpose()) {
                Ok(None) => return Ok(None),
                Ok(Some(batch)) => {
                    self.batch = batch;
                    let seen = self.before + self.batch.num_rows() as u64;
                    if let Some(meter) = &mut self.meter {
                        // In 128 bits: the product of a length and a number of rows that a file may claim.
                        let share = u128::from(self.length) * u128::from(seen) / u128::from(self.rows);
                        meter.pass(share as u64);
                    }
                }
                Err(error) => return Err(damaged(&self.path, &error)),
            }
        }
        self.at += 1;
        Ok(Some((&self.batch, self.at - 1, self.before + self.at as u64)))
    }
}

/// Passes over the stream that counts what was read of the file, because the decoder reads the file by itself.
struct Meter {
    stream: Bytes,
    passed: u64,
}

impl Meter {
    /// Passes over the stream up to a place. It only shows progress, so that an error here is no matter.
    fn pass(&mut self, to: u64) {
        let more = to.saturating_sub(self.passed);
        self.passed += io::copy(&mut (&mut self.stream).take(more), &mut io::sink()).unwrap_or(more);
    }
}

thread_local! {
    /// Whether this thread is within [`guarded`].
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

static HUSH: Once = Once::new();

/// Keeps what [`guarded`] turns into an error from being printed too; every other panic goes to the hook that was there.
fn hush() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !GUARDED.try_with(Cell::get).unwrap_or(false) {
            before(panic);
        }
    }));
}

/// The Parquet reader asserts some of what a file says of itself (version 60: offsets and lengths of columns), so what
/// damage makes it panic with is an error like any other.
fn guarded<T, E: std::fmt::Display>(step: impl FnOnce() -> Result<T, E>) -> Result<T, String> {
    HUSH.call_once(hush);
    GUARDED.set(true);
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(step));
    GUARDED.set(false);
    match caught {
        Ok(done) => done.map_err(|error| error.to_string()),
        Err(_) => Err("what the file says of its columns can't be".to_owned()),
    }
}

/// The same columns with texts as views of the pages they stand in: a text that a dictionary holds once and a million rows
/// refer to is in memory once.
fn in_views(facts: &ArrowReaderMetadata) -> Result<ArrowReaderMetadata, ParquetError> {
    let schema = facts.schema();
    let fields: Fields = schema.fields().iter().map(viewed).collect();
    let schema = Schema::new_with_metadata(fields, schema.metadata().clone());
    let options = ArrowReaderOptions::new().with_schema(schema.into());
    ArrowReaderMetadata::try_new(facts.metadata().clone(), options)
}

fn viewed(field: &FieldRef) -> FieldRef {
    let kind = match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 => DataType::Utf8View,
        DataType::Binary | DataType::LargeBinary => DataType::BinaryView,
        DataType::List(item) => DataType::List(viewed(item)),
        DataType::LargeList(item) => DataType::LargeList(viewed(item)),
        DataType::FixedSizeList(item, size) => DataType::FixedSizeList(viewed(item), *size),
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(viewed).collect()),
        DataType::Map(entries, sorted) => DataType::Map(viewed(entries), *sorted),
        other => other.clone(),
    };
    Field::clone(field).with_data_type(kind).into()
}

fn unfit(path: &Path, what: String) -> Error {
    Error::Damaged { path: path.to_path_buf(), what }
}

fn damaged(path: &Path, error: &dyn std::fmt::Display) -> Error {
    let what = format!("the Parquet file is damaged or cut off ({error}); fetch or write it again");
    Error::Damaged { path: path.to_path_buf(), what }
}

fn spool(source: Source, path: &Path, most: u64) -> Result<File, Error> {
    let failure = |error: io::Error| bytes::failure(path, error);
    let mut file = tempfile::tempfile().map_err(|error| no_place(path, &error))?;
    let mut bytes = source.into_bytes().take(most.saturating_add(1));
    let copied = io::copy(&mut bytes, &mut file).map_err(|error| match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => no_place(path, &error),
        _ => failure(error),
    });
    if copied? > most {
        let what = format!("more than {most} bytes to unpack; unpack the file yourself and read that");
        return Err(Error::Damaged { path: path.to_path_buf(), what });
    }
    file.rewind().map_err(failure)?;
    Ok(file)
}

/// The temporary folder does not take the file.
fn no_place(path: &Path, error: &io::Error) -> Error {
    let folder = std::env::temp_dir();
    let words = format!(
        "a Parquet file from an archive or a pipe is put aside in {} first, and there: {error}; set TMPDIR to another folder",
        folder.display()
    );
    Error::Io { path: path.to_path_buf(), source: io::Error::other(words) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_guarded_panic_is_an_error_and_prints_nothing() {
        let told = Arc::new(AtomicUsize::new(0));
        let (counter, here) = (Arc::clone(&told), std::thread::current().id());
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if std::thread::current().id() == here {
                counter.fetch_add(1, Ordering::Relaxed);
            } else {
                before(panic);
            }
        }));
        // Another test may have put it in place before.
        HUSH.call_once(|| {});
        hush();
        let caught = guarded(|| -> Result<(), String> { panic!("an assertion") });
        assert!(caught.unwrap_err().contains("can't be"));
        assert_eq!(told.load(Ordering::Relaxed), 0);
        assert!(std::panic::catch_unwind(|| panic!("another")).is_err());
        assert_eq!(told.load(Ordering::Relaxed), 1);
    }
}
