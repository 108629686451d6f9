//! Tables in text whose rows have the shape of JSON records: preference pairs (`prompt,chosen,rejected`), instructions
//! (`instruction,input,output`), or a list of messages as JSON in a cell. Each row is read as the JSON object of its cells.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use super::table_names::plain;
use super::table_stream::RowStream;
use super::table_window::Row;
use crate::record::{Item, Place, Records, Reject};
use crate::source::Source;
use crate::{Encoding, Error, ReadOptions, format};

/// Whether the columns are those of preference pairs or instructions.
pub(super) fn is_record(names: &[String]) -> bool {
    let names: Vec<String> = names.iter().map(|name| plain(name)).collect();
    let has = |name: &str| names.iter().any(|other| other == name);
    has("chosen") && has("rejected")
        || has("instruction") && has("output")
        || has("completion") && has("label")
}

/// Whether most rows have a JSON list of objects in the same cell.
pub(super) fn has_lists(names: &[String], rows: &[Row]) -> bool {
    let is_list = |row: &&Row, column: usize| match unfolded(&row.cells[column]) {
        Value::Array(items) => items.first().is_some_and(Value::is_object),
        _ => false,
    };
    let head = &rows[..rows.len().min(20)];
    (0..names.len()).any(|column| head.iter().filter(|row| is_list(row, column)).count() * 2 > head.len())
}

/// The conversations in `rows`, read as JSON objects with the fields `names`.
///
/// # Errors
/// The objects are in none of the shapes that JSON records may have.
pub(super) fn records(
    names: Vec<String>,
    rows: RowStream,
    options: &ReadOptions,
    path: &Path,
) -> Result<Records, Error> {
    let notes = Arc::new(Mutex::new(Notes::default()));
    let lines = Lines { names, rows, notes: Arc::clone(&notes), line: Vec::new(), at: 0 };
    let name = path.with_extension("jsonl");
    let (path, lines) = (path.to_path_buf(), Box::new(lines));
    let inner = Source::new(path, &name, None, lines, Some(Encoding::Utf8), options.max_record_bytes)?;
    let options = ReadOptions { format: None, encoding: None, map: None, ..options.clone() };
    let (format, _) = format::detect(&inner, &options)?;
    let mut records = (format.entry().read)(inner, &options)?;
    let mut last = None;
    Ok(Box::new(std::iter::from_fn(move || {
        let next = last.take().or_else(|| records.next());
        let mut notes = notes.lock().unwrap_or_else(PoisonError::into_inner);
        // Rejected rows were met on the way to what comes next.
        if let Some(reject) = notes.rejects.pop_front() {
            last = next;
            return Some(Ok(Item::Reject(reject)));
        }
        next.map(|item| item.map(|item| notes.place(item)))
    })))
}

/// What the lines do not say of the rows that they were made of.
#[derive(Default)]
struct Notes {
    /// Where the rows are, beginning with the one of line `first`.
    places: VecDeque<Place>,
    first: u64,
    rejects: VecDeque<Reject>,
}

impl Notes {
    /// Puts the row's place where its line's was.
    fn place(&mut self, mut item: Item) -> Item {
        let place = match &mut item {
            Item::Record(record) => &mut record.place,
            Item::Reject(reject) => &mut reject.place,
        };
        while self.first + 1 < place.line && self.places.len() > 1 {
            self.places.pop_front();
            self.first += 1;
        }
        *place = self.places.front().copied().unwrap_or_default();
        item
    }
}

/// The rows as JSON Lines.
struct Lines {
    names: Vec<String>,
    rows: RowStream,
    notes: Arc<Mutex<Notes>>,
    line: Vec<u8>,
    at: usize,
}

impl Lines {
    /// Makes the next line; `false` where there is none.
    fn advance(&mut self) -> io::Result<bool> {
        let Some(row) = self.rows.next().transpose().map_err(as_io)? else { return Ok(false) };
        let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
        match row {
            Ok(row) => {
                notes.places.push_back(row.place);
                self.line.clear();
                self.at = 0;
                serde_json::to_writer(&mut self.line, &object(&self.names, &row))?;
                self.line.push(b'\n');
            }
            Err(reject) => notes.rejects.push_back(reject),
        }
        Ok(true)
    }
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.line.len() {
            if !self.advance()? {
                return Ok(0);
            }
        }
        let count = buffer.len().min(self.line.len() - self.at);
        buffer[..count].copy_from_slice(&self.line[self.at..self.at + count]);
        self.at += count;
        Ok(count)
    }
}

fn object(names: &[String], row: &Row) -> Map<String, Value> {
    let cells = names.iter().zip(&row.cells).filter(|(name, _)| !name.trim().is_empty());
    cells.map(|(name, cell)| (name.trim().to_owned(), unfolded(cell))).collect()
}

/// A cell as the JSON list or object that it holds, or as text.
fn unfolded(cell: &str) -> Value {
    if cell.trim_start().starts_with(['[', '{'])
        && let Ok(value @ (Value::Array(_) | Value::Object(_))) = serde_json::from_str(cell)
    {
        return value;
    }
    cell.into()
}

/// An error on its way through a reader of bytes.
pub(super) fn as_io(error: Error) -> io::Error {
    match error {
        Error::Io { source, .. } => source,
        Error::Damaged { what, .. } => io::Error::new(io::ErrorKind::InvalidData, what),
        other => io::Error::other(other),
    }
}
