//! JSON records that are rows of a table, an utterance each: `{"dialogue_id": 7, "speaker": "Anna", "text": "Hello"}`. Rows with the
//! same conversation id make up one conversation; fields have the same names and rules as a table's columns.

use serde_json::{Map, Value};

use super::json::texts;
use super::table_columns::Kind;
use super::table_stream;
use super::table_window::Row;
use crate::record::{Place, Records};
use crate::roles::RoleMap;
use crate::sample::{Sample, Sniff};
use crate::source::Source;
use crate::{Error, ReadOptions};

/// The column for fields that the first records do not have.
const MORE: &str = "other_fields";

/// Recognises it: fields that tell of an utterance and of the conversation it belongs to.
pub(super) fn sniff(sample: &Sample) -> Option<Sniff> {
    let (names, rows) = head(sample)?;
    let columns = table_stream::columns(&names, &rows, &RoleMap::default())?;
    let (Kind::Utterance { text, speaker, .. }, Some(group)) = (columns.kind, columns.group) else {
        return None;
    };
    let why = format!(
        "each record is an utterance ({}, {}), conversations by {}",
        names[speaker], names[text], names[group]
    );
    Some(Sniff::new(75, why))
}

/// Reads it.
pub(super) fn read(source: Source, options: &ReadOptions) -> Result<Records, Error> {
    let path = source.path.clone();
    let Some((names, _)) = head(&source.sample) else {
        return Err(Error::UnknownFormat { path, why: "its records are no JSON objects".to_owned() });
    };
    let columns = names.clone();
    let rows = texts(source, options)?.map(move |text| {
        Ok(text?.and_then(|(place, text)| {
            let fields = serde_json::from_str(&text).map_err(|error| {
                super::json::reject(place, format!("not a JSON object: {error}; correct it"), text.as_bytes())
            })?;
            Ok(row(place, fields, &columns))
        }))
    });
    table_stream::records(names, Box::new(rows.fuse()), options, &path)
}

/// The names of the first records' fields, and these records as rows.
fn head(sample: &Sample) -> Option<(Vec<String>, Vec<Row>)> {
    let objects: Vec<_> = sample.outline()?.records.iter().filter_map(Value::as_object).collect();
    let mut names: Vec<String> = Vec::new();
    for name in objects.iter().flat_map(|fields| fields.keys()) {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    if names.is_empty() {
        return None;
    }
    names.push(MORE.to_owned());
    let rows = objects.into_iter().map(|fields| row(Place::default(), fields.clone(), &names)).collect();
    Some((names, rows))
}

fn row(place: Place, mut fields: Map<String, Value>, names: &[String]) -> Row {
    let (_, known) = names.split_last().unwrap_or((&names[0], &[]));
    let mut cells: Vec<String> =
        known.iter().map(|name| fields.remove(name).map_or_else(String::new, cell)).collect();
    cells.push(if fields.is_empty() { String::new() } else { Value::Object(fields).to_string() });
    Row { place, cells }
}

fn cell(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}
