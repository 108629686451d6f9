//! Rows of a table that are read as if each were a JSON object on a line of its own, so that they may have every shape that
//! JSON records may have. Where the rows come from, text or Parquet, does not matter here.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value};

use crate::record::{Item, Place, Records, Reject};
use crate::source::Source;
use crate::{Encoding, Error, ReadOptions, format};

/// A row as an object, with its place; or why it can't be read.
pub(super) type ObjectOrReject = Result<(Place, Map<String, Value>), Reject>;

/// Objects, rejected rows, and what ends the file.
pub(super) type Objects = Box<dyn Iterator<Item = Result<ObjectOrReject, Error>> + Send>;

/// Rejected rows that wait for the next good one. A table with so many in a row is not what it was taken for.
const REJECTS: usize = 100_000;

/// The conversations in `objects`.
///
/// # Errors
/// The objects are in none of the shapes that JSON records may have.
pub(super) fn records(objects: Objects, options: &ReadOptions, path: &Path) -> Result<Records, Error> {
    let notes = Arc::new(Mutex::new(Notes::default()));
    let lines = Lines { objects, notes: Arc::clone(&notes), line: Vec::new(), at: 0 };
    let name = path.with_extension("jsonl");
    let (path, lines) = (path.to_path_buf(), Box::new(lines));
    let inner = Source::new(path, &name, None, lines, Some(Encoding::Utf8), options.max_record_bytes)?;
    let options = ReadOptions { format: None, encoding: None, ..options.clone() };
    let mut records: Records = if inner.sample.head.is_empty() && notes_of(&notes).any_rejects() {
        Box::new(std::iter::empty())
    } else {
        let (format, _) = format::detect(&inner, &options)?;
        (format.entry().read)(inner, &options)?
    };
    let mut last = None;
    Ok(Box::new(std::iter::from_fn(move || {
        let next = last.take().or_else(|| records.next());
        let mut notes = notes_of(&notes);
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

fn notes_of(notes: &Mutex<Notes>) -> std::sync::MutexGuard<'_, Notes> {
    notes.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Notes {
    fn any_rejects(&self) -> bool {
        !self.rejects.is_empty()
    }

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

/// The objects as JSON Lines.
struct Lines {
    objects: Objects,
    notes: Arc<Mutex<Notes>>,
    line: Vec<u8>,
    at: usize,
}

impl Lines {
    /// Makes the next line; `false` where there is none.
    fn advance(&mut self) -> io::Result<bool> {
        let Some(object) = self.objects.next().transpose().map_err(as_io)? else { return Ok(false) };
        let mut notes = notes_of(&self.notes);
        match object {
            Ok((place, object)) => {
                notes.places.push_back(place);
                self.line.clear();
                self.at = 0;
                serde_json::to_writer(&mut self.line, &object)?;
                self.line.push(b'\n');
            }
            Err(_) if notes.rejects.len() >= REJECTS => {
                let what = format!("{REJECTS} rows one after another can't be read; look at the first ones");
                return Err(io::Error::new(io::ErrorKind::InvalidData, what));
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

/// An error on its way through a reader of bytes.
fn as_io(error: Error) -> io::Error {
    match error {
        Error::Io { source, .. } => source,
        Error::Damaged { what, .. } => io::Error::new(io::ErrorKind::InvalidData, what),
        other => io::Error::other(other),
    }
}
