//! The rows of a table in text, one by one. A row that does not fit the header, or is not text, becomes a reject; a quote
//! that is never closed is noticed, because it would swallow the rest of the file.

use std::io::{self, Read};

use super::table_cell;
use super::table_dialect::Dialect;
use super::table_window::Row;
use crate::record::{Place, Reject};

/// The most columns of a table. Beyond it the header is more likely data.
pub(super) const COLUMNS: usize = 4096;

/// A row, or why it can't be read.
pub(super) type RowOrReject = Result<Row, Reject>;

/// The rows of `R`.
pub(super) struct Rows<R: Read> {
    reader: csv::Reader<Guard<R>>,
    record: csv::ByteRecord,
    quoting: bool,
    width: usize,
    /// The last row read, held back until it is known whether the file ends within it.
    held: Option<Held>,
}

struct Held {
    row: RowOrReject,
    /// Its last cell holds a line end.
    over_lines: bool,
}

/// Counts the bytes of a row, so that an unclosed quote does not fill the memory.
struct Guard<R> {
    inner: R,
    since: usize,
    limit: usize,
    /// The last byte that is not a line end.
    last: u8,
}

impl<R: Read> Read for Guard<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since > self.limit {
            let words =
                format!("a row is longer than {} bytes; an opening quote may lack its end", self.limit);
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, words));
        }
        let read = self.inner.read(buffer)?;
        self.since += read;
        if let Some(last) = buffer[..read].iter().rev().find(|byte| !matches!(byte, b'\n' | b'\r')) {
            self.last = *last;
        }
        Ok(read)
    }
}

impl<R: Read> Rows<R> {
    /// The rows of `source`; none may be much longer than `limit` bytes.
    pub(super) fn new(source: R, dialect: Dialect, limit: usize) -> Self {
        let guard = Guard { inner: source, since: 0, limit, last: 0 };
        let reader = dialect.reader(guard);
        Self { reader, record: csv::ByteRecord::new(), quoting: dialect.quoting, width: 0, held: None }
    }

    /// The header. Every later row must have as many cells.
    pub(super) fn header(&mut self) -> io::Result<Option<Vec<String>>> {
        let Some(place) = self.advance()? else { return Ok(None) };
        self.width = self.record.len();
        match self.row(place) {
            Ok(row) => Ok(Some(row.cells)),
            Err(reject) => {
                Err(io::Error::new(io::ErrorKind::InvalidData, format!("the header: {}", reject.reason)))
            }
        }
    }

    fn advance(&mut self) -> io::Result<Option<Place>> {
        let place = Place { line: self.reader.position().line(), offset: self.reader.position().byte() };
        self.reader.get_mut().since = 0;
        let more = self.reader.read_byte_record(&mut self.record).map_err(|error| {
            let words = format!("{error}, in the row that begins on line {}", place.line);
            match error.into_kind() {
                csv::ErrorKind::Io(error) => io::Error::new(error.kind(), words),
                _ => io::Error::new(io::ErrorKind::InvalidData, words),
            }
        })?;
        // Empty lines before a row belong to no row.
        let place = self.record.position().map_or(place, |at| Place { line: at.line(), offset: at.byte() });
        Ok(more.then_some(place))
    }

    fn row(&self, place: Place) -> RowOrReject {
        let cells: Vec<&[u8]> = self.record.iter().collect();
        let used = cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        if cells.len() < self.width || used > self.width {
            return Err(self.reject(place, &self.ragged(cells.len())));
        }
        let mut row = Row { place, cells: Vec::with_capacity(self.width) };
        for (column, cell) in cells.into_iter().take(self.width).enumerate() {
            match std::str::from_utf8(cell) {
                Ok(text) if text.contains('\0') => {
                    return Err(
                        self.reject(place, &format!("column {} holds a NUL byte; remove it", column + 1))
                    );
                }
                Ok(text) => row.cells.push(text.to_owned()),
                Err(_) => {
                    let words = format!("column {} is not UTF-8; save the file as UTF-8", column + 1);
                    return Err(self.reject(place, &words));
                }
            }
        }
        Ok(row)
    }

    fn ragged(&self, cells: usize) -> String {
        let mut words = format!("the row has {cells} cells where the header has {}", self.width);
        let over_lines = self.record.iter().any(|cell| cell.contains(&b'\n'));
        words.push_str(if over_lines {
            "; an opening quote may lack its end"
        } else {
            "; quote cells that hold the delimiter"
        });
        words
    }

    fn reject(&self, place: Place, reason: &str) -> Reject {
        let text = String::from_utf8_lossy(self.record.as_slice()).replace('\0', " ");
        Reject { place, reason: reason.to_owned(), excerpt: table_cell::excerpt(&text, Reject::EXCERPT) }
    }

    fn step(&mut self) -> io::Result<Option<RowOrReject>> {
        loop {
            let Some(place) = self.advance()? else {
                let Some(held) = self.held.take() else { return Ok(None) };
                // A file that ends within a quoted cell ends with something else than a quote.
                let cut = self.quoting && held.over_lines && self.reader.get_ref().last != b'"';
                return Ok(Some(if cut { held.row.and_then(|row| unclosed(&row)) } else { held.row }));
            };
            let over_lines = self.record.iter().next_back().is_some_and(|cell| cell.contains(&b'\n'));
            let row = self.row(place);
            if let Some(held) = self.held.replace(Held { row, over_lines }) {
                return Ok(Some(held.row));
            }
        }
    }
}

fn unclosed(row: &Row) -> RowOrReject {
    let reason =
        "the last cell is not closed by a quote, so it runs to the end of the file; close it".to_owned();
    Err(Reject { place: row.place, reason, excerpt: row.excerpt() })
}

impl<R: Read> Iterator for Rows<R> {
    type Item = io::Result<RowOrReject>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8], limit: usize) -> Vec<Result<Vec<String>, (u64, String)>> {
        let mut rows = Rows::new(text, Dialect { delimiter: b',', quoting: true }, limit);
        rows.header().unwrap();
        rows.map(|row| row.unwrap().map(|row| row.cells).map_err(|reject| (reject.place.line, reject.reason)))
            .collect()
    }

    fn reason(row: &Result<Vec<String>, (u64, String)>) -> &str {
        row.as_ref().map_or_else(|(_, reason)| reason.as_str(), |_| "")
    }

    #[test]
    fn cells_hold_quotes_delimiters_and_lines() {
        let rows = rows(b"a,b\n1,\"x, \"\"y\"\"\nz\"\n2,w\n", 1000);
        assert_eq!(rows[0], Ok(vec!["1".into(), "x, \"y\"\nz".into()]));
        assert_eq!(rows[1], Ok(vec!["2".into(), "w".into()]));
    }

    #[test]
    fn a_bad_row_is_rejected_with_its_line_and_the_rest_goes_on() {
        let rows = rows(b"a,b\n1\n2,3,4\n5,6,,\n7,\xff\n8,a\0b\n9,9\n", 1000);
        assert_eq!(
            rows.iter().map(Result::is_ok).collect::<Vec<_>>(),
            [false, false, true, false, false, true]
        );
        assert_eq!(rows[0].as_ref().unwrap_err().0, 2);
        assert!(reason(&rows[1]).contains("3 cells where the header has 2"));
        assert!(reason(&rows[3]).contains("UTF-8"));
        assert!(reason(&rows[4]).contains("NUL"));
    }

    #[test]
    fn an_unclosed_quote_is_noticed_wherever_it_stands() {
        assert!(reason(&rows(b"a,b\n1,\"x\n2,y\n", 1000)[0]).contains("not closed"));
        assert!(reason(&rows(b"a,b\n\"1,x\n2,y\n", 1000)[0]).contains("may lack its end"));
        assert_eq!(rows(b"a,b\n1,\"x\ny\"\n", 1000).len(), 1);
        assert!(rows(b"a,b\n1,\"x\ny\"\n", 1000)[0].is_ok());
    }

    #[test]
    fn a_row_without_end_stops_the_reading() {
        let mut text = b"a,b\n1,\"".to_vec();
        text.resize(300_000, b'x');
        let mut rows = Rows::new(text.as_slice(), Dialect { delimiter: b',', quoting: true }, 100_000);
        rows.header().unwrap();
        let error = rows.next().unwrap().unwrap_err().to_string();
        assert!(error.contains("longer than 100000 bytes") && error.contains("line 2"), "{error}");
    }
}
