//! Apache Parquet. A file with plain columns is a table like any other (an utterance, an exchange or a transcript a row);
//! one whose rows hold lists of messages, preference pairs or instructions is read as if each row were a JSON object, so
//! that it may have every shape that JSON may have. That holds for our own export too, whose metadata and annotations
//! are JSON texts.

use arrow_array::RecordBatch;
use arrow_schema::{DataType, SchemaRef};
use serde_json::{Map, Value};

use super::parquet_rows::ParquetRows;
use super::parquet_value::Room;
use super::table_columns;
use super::table_names::{OWN, OWN_COMPUTED, plain};
use super::table_window::Row;
use super::{json, parquet_rows, parquet_value, table_json, table_objects, table_stream};
use crate::record::{Place, Records, Reject};
use crate::sample::{Sample, Sniff};
use crate::source::Source;
use crate::{Error, ReadOptions};

/// The mark at both ends of a Parquet file.
const MAGIC: &[u8] = b"PAR1";

/// The mark at the head of the file.
pub(crate) fn sniff(sample: &Sample) -> Option<Sniff> {
    sample.head.starts_with(MAGIC).then(|| Sniff::new(100, "it begins with PAR1"))
}

/// Whether the file is an export of ours.
pub(crate) fn is_export(source: &Source) -> bool {
    let file = source.file.as_ref().filter(|_| sniff(&source.sample).is_some());
    file.and_then(|file| parquet_rows::schema(file)).is_some_and(|schema| is_own(&schema))
}

/// Reads a file.
pub(crate) fn read(source: Source, options: &ReadOptions) -> Result<Records, Error> {
    let path = source.path.clone();
    let rows = ParquetRows::open(source, options)?;
    let schema = rows.schema();
    let as_json = options.map.as_ref().map_or_else(|| is_like_json(&schema), |map| map.messages.is_some());
    let most = options.max_record_bytes;
    if as_json {
        let is_own = is_own(&schema);
        let mut rows = rows;
        let objects = std::iter::from_fn(move || match rows.next() {
            Ok(None) => None,
            Ok(Some((batch, at, number))) => Some(Ok(object(batch, at, most, is_own).map_or_else(
                || Err(too_long(number, most)),
                |object| Ok((Place { line: number, offset: 0 }, object)),
            ))),
            Err(error) => Some(Err(error)),
        });
        return table_objects::records(Box::new(objects.fuse()), options, &path);
    }
    let names = names(&schema);
    let mut rows = rows;
    let cells = std::iter::from_fn(move || match rows.next() {
        Ok(None) => None,
        Ok(Some((batch, at, number))) => Some(Ok(cells(batch, at, most).map_or_else(
            || Err(too_long(number, most)),
            |cells| Ok(Row { place: Place { line: number, offset: 0 }, cells }),
        ))),
        Err(error) => Some(Err(error)),
    });
    table_stream::records(names, Box::new(cells.fuse()), options, &path)
}

fn too_long(number: u64, most: usize) -> Reject {
    let reason = format!("the row is longer than {most} bytes; split it or raise the limit");
    Reject { place: Place { line: number, offset: 0 }, reason, excerpt: String::new() }
}

fn names(schema: &SchemaRef) -> Vec<String> {
    schema.fields().iter().map(|field| field.name().clone()).collect()
}

/// Whether the rows are to be read as JSON objects: there is a list of structures, or a list and no columns of a table,
/// or columns of preference pairs or instructions.
fn is_like_json(schema: &SchemaRef) -> bool {
    let names: Vec<String> = names(schema).iter().map(|name| plain(name)).collect();
    let mut lists = schema.fields().iter().filter_map(|field| match field.data_type() {
        DataType::List(item) | DataType::LargeList(item) | DataType::FixedSizeList(item, _) => Some(item),
        _ => None,
    });
    if lists.clone().any(|item| matches!(item.data_type(), DataType::Struct(_))) {
        return true;
    }
    table_json::is_record(&names)
        || (lists.next().is_some() && table_columns::of(&names, &|_| false).is_none())
}

fn is_own(schema: &SchemaRef) -> bool {
    let names: Vec<String> = names(schema).iter().map(|name| plain(name)).collect();
    let has = |name: &&str| names.iter().any(|other| other == name);
    OWN.iter().all(has) && has(&"messages")
}

/// The cells of a row as text; `None` where they are too much.
fn cells(batch: &RecordBatch, row: usize, most: usize) -> Option<Vec<String>> {
    let mut room = Room::of(most);
    let cells = batch.columns().iter().map(|column| parquet_value::text(column, row, &mut room)).collect();
    (!room.is_exceeded()).then_some(cells)
}

/// A row as JSON; `None` where it is too much.
fn object(batch: &RecordBatch, row: usize, most: usize, is_own: bool) -> Option<Map<String, Value>> {
    let mut room = Room::of(most);
    let schema = batch.schema();
    let columns = schema.fields().iter().zip(batch.columns());
    let mut object = columns
        .map(|(field, column)| (field.name().clone(), parquet_value::json(column, row, &mut room)))
        .filter(|(_, value)| !value.is_null())
        .collect();
    if is_own {
        restore(&mut object);
    }
    (!room.is_exceeded()).then_some(object)
}

/// Turns a row of our own export back into the conversation that was exported: JSON texts are read, and what was
/// computed by us is left out.
fn restore(row: &mut Map<String, Value>) {
    row.retain(|name, _| !OWN_COMPUTED.contains(&plain(name).as_str()));
    if let Some(id) = row.remove("source_id") {
        row.insert("id".to_owned(), id);
    }
    if let (Some(id), Some(preference)) = (row.remove("pair_id"), row.remove("preference")) {
        row.insert("pair".to_owned(), serde_json::json!({ "pair_id": id, "preference": preference }));
    }
    for name in ["metadata", "annotations"] {
        unfold(row, name);
    }
    for message in row.get_mut("messages").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Value::Object(message) = message {
            message.remove("emotions");
            unfold(message, "metadata");
        }
    }
}

fn unfold(object: &mut Map<String, Value>, name: &str) {
    if let Some(Value::String(text)) = object.get(name)
        && let Ok(value) = json::parse(text)
    {
        object.insert(name.to_owned(), value);
    }
}
