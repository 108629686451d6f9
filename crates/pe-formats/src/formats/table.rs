//! Tables in text: CSV and TSV, with commas, semicolons, tabs or bars between the cells.
//!
//! ```text
//! conversation_id,speaker,text,emotion        an utterance a row
//! 1,client,"I can't sleep.",sadness
//!
//! question;answer                             an exchange a row
//!
//! id,dialogue                                 a transcript a row
//! 7,"Doctor: How are you?
//! Patient: Well."
//! ```

use std::io;
use std::path::Path;

use super::table_columns::Kind;
use super::table_dialect::Dialect;
use super::table_rows::{COLUMNS, Rows};
use super::table_window::Row;
use super::{table_json, table_stream};
use crate::record::Records;
use crate::roles::RoleMap;
use crate::sample::{Sample, Sniff};
use crate::source::Source;
use crate::{Encoding, Error, ReadOptions, bytes};

/// A table whose columns tell of conversations.
pub(crate) fn sniff(sample: &Sample) -> Option<Sniff> {
    let (dialect, names, rows) = head(sample)?;
    if is_like_json(&names, &rows) {
        let words = "whose rows are preference pairs, instructions or lists of messages";
        return Some(Sniff::new(
            88,
            format!("it is a table with {} between the cells, {words}", dialect.name()),
        ));
    }
    let columns = table_stream::columns(&names, &rows, &RoleMap::default())?;
    let name = |column: usize| names[column].trim();
    let (confidence, what) = match columns.kind {
        Kind::Utterance { text, speaker, .. } => {
            let by = columns
                .group
                .map(|group| format!(", conversations by `{}`", name(group)))
                .unwrap_or_default();
            let confidence = if columns.group.is_some() { 95 } else { 85 };
            (confidence, format!("an utterance a row (`{}`, `{}`{by})", name(speaker), name(text)))
        }
        Kind::Exchange { prompt, response, .. } => {
            (80, format!("an exchange a row (`{}`, `{}`)", name(prompt), name(response)))
        }
        Kind::Transcript { text } => (85, format!("a whole transcript a row (`{}`)", name(text))),
    };
    Some(Sniff::new(
        confidence,
        format!("it is a table with {} between the cells and {what}", dialect.name()),
    ))
}

/// Any table, for a field map to say what its columns stand for.
pub(crate) fn sniff_mapped(sample: &Sample) -> Option<Sniff> {
    let (dialect, names, _) = head(sample)?;
    let words = format!("it is a table with {} between its {} columns", dialect.name(), names.len());
    Some(Sniff::new(60, words))
}

/// What is to be seen in a table that holds no conversations.
pub(crate) fn describe(sample: &Sample) -> Option<String> {
    if let Some(columns) = too_wide(sample) {
        return Some(format!("a table of {columns} columns, and at most {COLUMNS} can be read; drop some"));
    }
    let (_, names, rows) = head(sample)?;
    (!rows.is_empty()).then(|| table_stream::why_not(&names))
}

/// Reads a table.
pub(crate) fn read(source: Source, options: &ReadOptions) -> Result<Records, Error> {
    let path = source.path.clone();
    let Some(dialect) = dialect(&source.sample) else {
        let why = "no delimiter gives two columns".to_owned();
        return Err(Error::UnknownFormat { path, why });
    };
    let is_like_json = options.map.is_none()
        && head(&source.sample).is_some_and(|(_, names, rows)| is_like_json(&names, &rows));
    let mut rows = Rows::new(source.into_text()?, dialect, options.max_record_bytes);
    let names = match rows.header() {
        Ok(names) => names.unwrap_or_default(),
        Err(error) => return Err(failure(&path, error)),
    };
    if names.len() > COLUMNS {
        let what =
            format!("the header has {} columns, and at most {COLUMNS} can be read; drop some", names.len());
        return Err(Error::Damaged { path, what });
    }
    let within = path.clone();
    let rows = rows.map(move |row| row.map_err(|error| failure(&within, error)));
    if is_like_json {
        return table_json::records(names, Box::new(rows), options, &path);
    }
    table_stream::records(names, Box::new(rows), options, &path)
}

fn is_like_json(names: &[String], rows: &[Row]) -> bool {
    table_json::is_record(names) || table_json::has_lists(names, rows)
}

/// What the table itself is wrong in is damage; the rest is the system's.
fn failure(path: &Path, error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::FileTooLarge => Error::Damaged { path: path.to_path_buf(), what: error.to_string() },
        _ => bytes::failure(path, error),
    }
}

fn dialect(sample: &Sample) -> Option<Dialect> {
    let named = matches!(sample.extension().as_str(), "csv" | "tsv");
    let plain = Dialect { delimiter: b',', quoting: true };
    Dialect::of(&sample.text, sample.complete).or_else(|| named.then_some(plain))
}

/// The number of columns of what is a table, where it is too large.
fn too_wide(sample: &Sample) -> Option<usize> {
    let dialect = Dialect::of(&sample.text, sample.complete)?;
    let records = dialect.records(&sample.text, sample.complete, 8);
    let columns = records.first()?.len();
    let even = records.iter().all(|record| record.len() == columns);
    (columns > COLUMNS && records.len() > 1 && even).then_some(columns)
}

/// The names of the columns and the rows of a sample that fit them.
fn head(sample: &Sample) -> Option<(Dialect, Vec<String>, Vec<Row>)> {
    if sample.encoding == Encoding::Binary || sample.text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let dialect = dialect(sample)?;
    let mut records = dialect.records(&sample.text, sample.complete, 300).into_iter();
    let names = records.next().filter(|names| names.len() <= COLUMNS)?;
    let fits = |cells: &Vec<String>| cells.len() == names.len();
    let rows = records.filter(fits).map(|cells| Row { cells, ..Row::default() }).collect();
    Some((dialect, names, rows))
}
