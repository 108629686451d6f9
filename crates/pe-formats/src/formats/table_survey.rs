//! What the columns without a fixed meaning hold, told from the first rows: something of the whole conversation or of
//! one message, and a label that somebody gave or a plain fact. Labels become annotations, so that no reader of text can
//! come upon them; facts become metadata.

use std::collections::{BTreeMap, HashSet};

use super::table_columns::{Columns, Kind};
use super::table_names::plain;
use super::table_window::Row;
use crate::FieldMap;

/// A column without a fixed meaning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Extra {
    /// Which one, counted from 0.
    pub(super) column: usize,
    /// Its name.
    pub(super) name: String,
    /// It differs between the rows of a conversation.
    pub(super) per_message: bool,
    /// It is a label that somebody gave.
    pub(super) is_label: bool,
}

/// Parts of the names of columns that judge a whole conversation.
const LABELS: [&str; 22] = [
    "quality",
    "rating",
    "rated",
    "score",
    "label",
    "grade",
    "rank",
    "satisf",
    "outcome",
    "success",
    "severity",
    "emotion",
    "sentiment",
    "intent",
    "class",
    "diagnos",
    "empathy",
    "survey",
    "annotat",
    "flag",
    "verdict",
    "judg",
];
/// The fewest rows that tell an identifier from a label.
const ROWS: usize = 8;

/// Judges the other columns of a table by its first rows.
pub(super) fn extras(names: &[String], columns: &Columns, rows: &[Row]) -> Vec<Extra> {
    let groups = groups(columns, rows);
    let judge = |column: usize| {
        let per_message = groups.iter().any(|group| varies(group, column));
        let name = &names[column];
        let plain = plain(name);
        let is_label = if per_message {
            !is_identifier(rows, column)
        } else {
            LABELS.iter().any(|part| plain.contains(part))
        };
        // The index that data frames write has no name.
        let name = if name.trim().is_empty() { "row".to_owned() } else { name.trim().to_owned() };
        Extra { column, name, per_message, is_label }
    };
    columns.others.iter().copied().map(judge).collect()
}

/// What a field map says of columns, over what their contents suggest. Columns that it leaves out of `metadata` or
/// `message_metadata` are not kept.
pub(super) fn obey(extras: Vec<Extra>, map: &FieldMap) -> Vec<Extra> {
    let holds = |list: &[String], name: &str| list.iter().any(|one| plain(one) == plain(name));
    let chosen = map.metadata.is_some() || map.message_metadata.is_some();
    let judge = |extra: Extra| {
        if holds(&map.annotations, &extra.name) {
            Some(Extra { is_label: true, ..extra })
        } else if holds(map.message_metadata.as_deref().unwrap_or_default(), &extra.name) {
            Some(Extra { is_label: false, per_message: true, ..extra })
        } else if holds(map.metadata.as_deref().unwrap_or_default(), &extra.name) {
            Some(Extra { is_label: false, per_message: false, ..extra })
        } else {
            (!chosen).then_some(extra)
        }
    };
    extras.into_iter().filter_map(judge).collect()
}

/// Whether the first rows hold what the names of the columns promise. A column `answer` with `yes` and `no` in it is a
/// questionnaire: at least four of five exchanges need both sides, and half of the replies must differ.
pub(super) fn is_plausible(columns: &Columns, rows: &[Row]) -> bool {
    let filled = |column: usize| rows.iter().filter(|row| !row.cells[column].trim().is_empty()).count();
    match columns.kind {
        Kind::Utterance { text, speaker, .. } => {
            filled(text) * 2 >= rows.len() && filled(speaker) * 2 >= rows.len()
        }
        Kind::Exchange { prompt, response, .. } => {
            let replies: HashSet<&str> = rows.iter().map(|row| row.cells[response].as_str()).collect();
            let both = filled(prompt).min(filled(response));
            both * 5 >= rows.len() * 4 && (rows.len() < ROWS || replies.len() * 2 >= rows.len())
        }
        Kind::Transcript { .. } => true,
    }
}

/// Whether `rows` hold more than one value of a column.
pub(super) fn varies(rows: &[&Row], column: usize) -> bool {
    rows.windows(2).any(|pair| pair[0].cells[column] != pair[1].cells[column])
}

fn groups<'r>(columns: &Columns, rows: &'r [Row]) -> Vec<Vec<&'r Row>> {
    let mut groups: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    match (columns.group, columns.kind) {
        (Some(group), _) => {
            for row in rows {
                groups.entry(&row.cells[group]).or_default().push(row);
            }
        }
        (None, Kind::Utterance { .. }) => {
            groups.insert("", rows.iter().collect());
        }
        (None, _) => {}
    }
    groups.into_values().collect()
}

/// One word, another in nearly every row (19 of 20; numbers of rows repeat where tables were joined): not a label.
fn is_identifier(rows: &[Row], column: usize) -> bool {
    let word = |cell: &str| !cell.is_empty() && cell.len() <= 64 && !cell.contains(char::is_whitespace);
    let cells = || rows.iter().map(|row| row.cells[column].as_str());
    let distinct = cells().collect::<HashSet<_>>().len();
    rows.len() >= ROWS && cells().all(word) && distinct * 20 >= rows.len() * 19
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::table_columns;

    #[test]
    fn facts_and_labels_of_conversations_and_messages() {
        let names: Vec<String> = ["", "conversation_id", "speaker", "text", "emotion", "quality", "topic"]
            .map(str::to_owned)
            .into();
        let columns = table_columns::of(&names, &|_| false).unwrap();
        let row = |at: usize| Row {
            cells: [
                &at.to_string(),
                &(at / 4).to_string(),
                "client",
                "text",
                ["joy", "fear"][at % 2],
                ["high", "low"][at / 4 % 2],
                "work",
            ]
            .map(str::to_owned)
            .into(),
            ..Row::default()
        };
        let rows: Vec<Row> = (0..16).map(row).collect();
        let found: Vec<_> = extras(&names, &columns, &rows)
            .into_iter()
            .map(|one| (one.name, one.per_message, one.is_label))
            .collect();
        assert_eq!(
            found,
            [
                ("row".into(), true, false),
                ("emotion".into(), true, true),
                ("quality".into(), false, true),
                ("topic".into(), false, false)
            ]
        );
    }
}
