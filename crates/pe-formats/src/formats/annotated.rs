//! Rows of annotated utterances. Where several annotators labelled an utterance, a table repeats it once for each of
//! them; it becomes one message with a layer of annotations for each column of labels, never repeated text.

use std::collections::{BTreeMap, HashMap};

use pe_model::{Annotation, Conversation, Message, Metadata};
use serde_json::Value;

use super::table_cell;
use super::table_columns::{Columns, Kind};
use super::table_survey::{self, Extra};
use super::table_window::Row;
use super::transcript_clock;
use crate::roles::RoleMap;

/// The utterances of one conversation, put together from their rows.
struct Utterances<'r> {
    /// One for each message: its first row.
    first: Vec<&'r Row>,
    /// The message of each row.
    message_of: Vec<u32>,
}

/// Fills in the messages of a conversation from rows that each hold one utterance (or one annotator's view of it), and
/// the annotations of those messages.
pub(super) fn read(
    rows: &[Row],
    columns: &Columns,
    extras: &[Extra],
    roles: &RoleMap,
    conversation: &mut Conversation,
) {
    let Kind::Utterance { text, speaker, role, order } = columns.kind else { return };
    let rows = in_order(rows, order);
    let utterances = Utterances::of(&rows, [Some(speaker), Some(text)], order, columns.annotator);
    let labels: Vec<&str> =
        utterances.first.iter().map(|row| row.cells[role.unwrap_or(speaker)].as_str()).collect();
    for (row, (assigned, label)) in utterances.first.iter().zip(table_cell::assign(&labels, roles)) {
        let mut message = Message::new(assigned, row.cells[text].clone());
        let name = &row.cells[speaker];
        // Beside a column that states the role, the speaker's is kept as it is.
        message.speaker = if role.is_some() { (!name.is_empty()).then(|| name.clone()) } else { label };
        place_in_time(&mut message, row, columns);
        if let Some(column) = columns.message_metadata {
            table_cell::merge_metadata(&mut message.metadata, "metadata", &row.cells[column]);
        }
        conversation.messages.push(message);
    }
    annotate(&rows, &utterances, columns, extras, conversation);
}

/// The rows by their place in the conversation, where all of them have a number for it; as they stand otherwise.
fn in_order(rows: &[Row], order: Option<usize>) -> Vec<&Row> {
    let mut rows: Vec<&Row> = rows.iter().collect();
    let number = |row: &Row| order.and_then(|column| row.cells[column].trim().parse::<u64>().ok());
    if rows.iter().all(|row| number(row).is_some()) {
        rows.sort_by_key(|row| number(row));
    }
    rows
}

impl<'r> Utterances<'r> {
    fn of(
        rows: &[&'r Row],
        said: [Option<usize>; 2],
        order: Option<usize>,
        annotator: Option<usize>,
    ) -> Self {
        let mut utterances = Self { first: Vec::new(), message_of: Vec::new() };
        let mut known: HashMap<&str, u32> = HashMap::new();
        let mut annotators: Vec<&str> = Vec::new();
        let same =
            |left: &Row, right: &Row| said.iter().flatten().all(|at| left.cells[*at] == right.cells[*at]);
        for row in rows {
            let place = order.map(|column| row.cells[column].as_str()).filter(|place| !place.is_empty());
            let by = annotator.map(|column| row.cells[column].as_str());
            let earlier = match place {
                Some(place) => known.get(place).copied(),
                // Without a place, the row before is the same utterance if somebody else annotated it.
                None => by
                    .filter(|by| !annotators.contains(by))
                    .and_then(|_| (utterances.first.len() as u32).checked_sub(1)),
            };
            let repeated = earlier.filter(|message| same(utterances.first[*message as usize], row));
            let message = repeated.unwrap_or(utterances.first.len() as u32);
            if repeated.is_none() {
                utterances.first.push(row);
                annotators.clear();
            }
            annotators.extend(by);
            if let Some(place) = place {
                known.insert(place, message);
            }
            utterances.message_of.push(message);
        }
        utterances
    }
}

fn place_in_time(message: &mut Message, row: &Row, columns: &Columns) {
    for (column, key, otherwise) in [(columns.time, "start", "timestamp"), (columns.end, "end", "end_time")] {
        let Some(cell) = column.map(|column| row.cells[column].trim()).filter(|cell| !cell.is_empty()) else {
            continue;
        };
        if let Some(seconds) = transcript_clock::seconds(cell).or_else(|| plain_seconds(cell)) {
            message.metadata.insert(key.into(), seconds.into());
        } else if let (Some(moment), "start") = (table_cell::moment(cell), key) {
            message.timestamp = Some(moment);
        } else {
            message.metadata.insert(otherwise.into(), cell.into());
        }
    }
}

/// A bare number of seconds. Larger ones are times of day since 1970 in some unit, and stay as they are.
fn plain_seconds(cell: &str) -> Option<f64> {
    cell.parse().ok().filter(|seconds: &f64| (0.0..1e8).contains(seconds))
}

fn annotate(
    rows: &[&Row],
    utterances: &Utterances<'_>,
    columns: &Columns,
    extras: &[Extra],
    conversation: &mut Conversation,
) {
    let per_message: Vec<&Extra> =
        extras.iter().filter(|extra| extra.per_message || table_survey::varies(rows, extra.column)).collect();
    let mut written: BTreeMap<(u32, usize, &str), Vec<&str>> = BTreeMap::new();
    for (row, message) in rows.iter().zip(&utterances.message_of) {
        let annotator = columns.annotator.map_or("", |column| row.cells[column].as_str());
        for extra in &per_message {
            let value = row.cells[extra.column].as_str();
            if !extra.is_label && extra.per_message {
                note(&mut conversation.messages[*message as usize].metadata, &extra.name, value);
            } else if table_cell::is_value(value) {
                let earlier = written.entry((*message, extra.column, annotator)).or_default();
                if !earlier.contains(&value) {
                    earlier.push(value);
                    conversation.annotations.push(annotation(&extra.name, annotator, *message, value));
                }
            }
        }
    }
}

fn annotation(layer: &str, annotator: &str, message: u32, value: &str) -> Annotation {
    Annotation {
        layer: layer.to_owned(),
        annotator: annotator.to_owned(),
        message: Some(message),
        range: None,
        value: value.to_owned(),
    }
}

/// Keeps a fact; where the rows of one message differ in it, all that they say.
fn note(metadata: &mut Metadata, name: &str, value: &str) {
    if value.is_empty() {
        return;
    }
    let value = Value::from(value);
    match metadata.get_mut(name) {
        None => {
            metadata.insert(name.to_owned(), value);
        }
        Some(Value::Array(values)) => {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        Some(earlier) if *earlier != value => *earlier = Value::Array(vec![earlier.take(), value]),
        Some(_) => {}
    }
}
