//! Tables in text whose rows have the shape of JSON records: preference pairs (`prompt,chosen,rejected`), instructions
//! (`instruction,input,output`), or a list of messages as JSON in a cell. Each row is read as the JSON object of its cells.

use std::path::Path;

use serde_json::{Map, Value};

use super::table_names::plain;
use super::table_stream::RowStream;
use super::table_window::Row;
use super::{json, table_objects};
use crate::record::Records;
use crate::{Error, ReadOptions};

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
    let objects = rows.map(move |row| row.map(|row| row.map(|row| (row.place, object(&names, &row)))));
    table_objects::records(Box::new(objects), options, path)
}

fn object(names: &[String], row: &Row) -> Map<String, Value> {
    let cells = names.iter().zip(&row.cells).filter(|(name, _)| !name.trim().is_empty());
    cells.map(|(name, cell)| (name.trim().to_owned(), unfolded(cell))).collect()
}

/// A cell as the JSON list or object that it holds, or as text.
fn unfolded(cell: &str) -> Value {
    if cell.trim_start().starts_with(['[', '{'])
        && let Ok(value @ (Value::Array(_) | Value::Object(_))) = json::parse(cell)
    {
        return value;
    }
    cell.into()
}
