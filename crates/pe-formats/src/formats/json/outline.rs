//! What the head of a JSON document shows: how its records are laid out, and the first few of them.

use std::borrow::Cow;

use serde::de::IgnoredAny;
use serde_json::Value;

use super::lenient::{self, Found};
use super::python;
use super::values::Layout;
use crate::formats::is_record;

/// The outline of a JSON document.
#[derive(Clone, Debug)]
pub(crate) struct Outline {
    /// How the records are laid out.
    pub(crate) layout: Layout,
    /// The first records, at most [`Outline::RECORDS`]; the last may lack its end.
    pub(crate) records: Vec<Value>,
    /// Whether the text ends within the first record.
    pub(crate) is_cut: bool,
}

impl Outline {
    const RECORDS: usize = 16;

    /// The outline of a document that begins with `text`; `None` where that is no JSON.
    pub(crate) fn of(text: &str, complete: bool, extension: &str) -> Option<Self> {
        lines(text, complete, extension).or_else(|| document(text, extension))
    }

    /// For people.
    pub(crate) fn describe(&self) -> String {
        let first = self.records.first().map_or_else(|| "nothing".to_owned(), describe);
        match &self.layout {
            Layout::Lines => format!("on each line {first}"),
            Layout::Sequence => first,
            Layout::List(path) if path.is_empty() => format!("a list of {first}"),
            Layout::List(path) => format!("in \"{}\" a list of {first}", path.join(".")),
            Layout::Entries => format!("an object of {first}"),
        }
    }

    /// The share of the first records for which `fits` holds, in percent; 0 where there are none.
    pub(crate) fn share(&self, fits: impl Fn(&Value) -> bool) -> usize {
        let fitting = self.records.iter().filter(|record| fits(record)).count();
        (fitting * 100).checked_div(self.records.len()).unwrap_or(0)
    }

    /// The first record for which `fits` holds, where at least half of them do.
    pub(crate) fn example(&self, fits: impl Fn(&Value) -> bool) -> Option<&Value> {
        if self.share(&fits) < 50 {
            return None;
        }
        self.records.iter().find(|record| fits(record))
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let names: Vec<_> = fields.keys().take(8).map(String::as_str).collect();
            format!("an object with {}", names.join(", "))
        }
        Value::Array(_) => "a list".to_owned(),
        Value::String(_) => "text".to_owned(),
        Value::Number(_) => "a number".to_owned(),
        Value::Bool(_) | Value::Null => "a truth value or null".to_owned(),
    }
}

/// JSON Lines: most of the first lines are objects or lists by themselves. A single line is a document like any other, unless
/// the file's name says otherwise.
fn lines(text: &str, complete: bool, extension: &str) -> Option<Outline> {
    let whole = if complete { text } else { &text[..=text.rfind('\n')?] };
    let lines: Vec<_> = whole.lines().filter(|line| !line.trim().is_empty()).take(32).collect();
    let records: Vec<Value> = lines.iter().filter_map(|line| record(line)).take(Outline::RECORDS).collect();
    let several = lines.len() > 1 || is_named(extension);
    let most = !records.is_empty() && records.len() * 2 >= lines.len().min(Outline::RECORDS);
    (several && most).then_some(Outline { layout: Layout::Lines, records, is_cut: false })
}

/// Whether the file's name says that each line is a record.
fn is_named(extension: &str) -> bool {
    matches!(extension, "jsonl" | "ndjson" | "jsonlines")
}

/// The object or list that a line is.
fn record(line: &str) -> Option<Value> {
    let line = python::to_json(line).map_or(Cow::Borrowed(line), Cow::Owned);
    // Checked without being kept, as a line may be long.
    serde_json::from_str::<IgnoredAny>(&line).ok()?;
    lenient::containers(&line, 1).pop().map(|found| found.value)
}

fn document(text: &str, extension: &str) -> Option<Outline> {
    if !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let found = lenient::containers(text, Outline::RECORDS);
    if found.is_empty() {
        let is_empty = serde_json::from_str::<IgnoredAny>(text).is_ok();
        return is_empty.then(|| Outline { layout: Layout::Sequence, records: Vec::new(), is_cut: false });
    }
    let several = found.len() > 1 && found.iter().any(|one| is_record(&one.value));
    let outline = if several { None } else { container(&found[0]) };
    Some(outline.unwrap_or_else(|| {
        // A record that goes beyond the text, without a line break: the name tells what comes behind it.
        let is_cut = found.len() == 1 && found[0].is_cut;
        let is_line = is_cut && is_named(extension) && !text.trim().contains('\n');
        let layout = if is_line { Layout::Lines } else { Layout::Sequence };
        Outline { layout, records: found.into_iter().map(|one| one.value).collect(), is_cut }
    }))
}

/// What holds the records, if `found` is no record itself.
fn container(found: &Found) -> Option<Outline> {
    if is_record(&found.value) {
        return None;
    }
    match &found.value {
        Value::Array(items) => Some(listed(Vec::new(), items.clone(), found.is_cut)),
        Value::Object(fields) => {
            let holds = |items: &Vec<Value>| items.iter().take(Outline::RECORDS).any(is_record);
            let list = fields.iter().find_map(|(name, value)| {
                value.as_array().filter(|items| holds(items)).map(|items| (name, items))
            });
            if let Some((name, items)) = list {
                return Some(listed(vec![name.clone()], items.clone(), found.is_cut));
            }
            let values = || fields.values().take(Outline::RECORDS);
            values().any(is_record).then(|| Outline {
                layout: Layout::Entries,
                records: values().cloned().collect(),
                is_cut: found.is_cut && fields.len() == 1,
            })
        }
        _ => None,
    }
}

fn listed(path: Vec<String>, mut items: Vec<Value>, is_cut: bool) -> Outline {
    items.truncate(Outline::RECORDS);
    let is_cut = is_cut && items.len() < 2;
    Outline { layout: Layout::List(path), records: items, is_cut }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHAT: &str =
        r#"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}"#;

    fn layout(text: &str) -> Layout {
        Outline::of(text, true, "json").unwrap().layout
    }

    #[test]
    fn layouts() {
        assert_eq!(layout(&format!("{CHAT}\n{CHAT}\n")), Layout::Lines);
        assert_eq!(layout(CHAT), Layout::Sequence);
        assert_eq!(layout(&format!("[{CHAT}]")), Layout::List(vec![]));
        assert_eq!(
            layout(&format!("{{\"version\": 1, \"data\": [{CHAT}]}}")),
            Layout::List(vec!["data".into()])
        );
        assert_eq!(layout(&format!("{{\"a\": {CHAT}, \"b\": {CHAT}}}")), Layout::Entries);
        assert_eq!(
            layout(r#"[{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]"#),
            Layout::Sequence
        );
        assert!(Outline::of("Hello, {you}", true, "txt").is_none());
    }

    #[test]
    fn one_bad_line_does_not_hide_the_lines() {
        assert_eq!(layout(&format!("{{broken\n{CHAT}\n{CHAT}\n")), Layout::Lines);
    }

    #[test]
    fn lines_written_by_python_are_lines() {
        assert_eq!(layout("{'messages': [], 'a': None}\n{'messages': [\"it's\"]}\n"), Layout::Lines);
    }

    #[test]
    fn a_record_that_goes_on_beyond_the_text_is_seen_in_part() {
        let long = format!("{{\"messages\": [{{\"role\": \"user\", \"content\": \"{}", "x".repeat(500));
        let line = Outline::of(&long, false, "jsonl").unwrap();
        assert_eq!((line.layout, line.is_cut), (Layout::Lines, true));
        let list = Outline::of(&format!("[{long}"), false, "json").unwrap();
        assert_eq!((list.layout, list.is_cut, list.records.len()), (Layout::List(vec![]), true, 1));
        assert!(is_record(&list.records[0]));
    }

    #[test]
    fn a_bad_first_record_does_not_hide_the_others() {
        let bad =
            r#"{"messages": [{"role": "user", "content": "\ud800"}, {"role": "assistant", "content": "b"}]}"#;
        assert_eq!(layout(&format!("[{bad}, {CHAT}]")), Layout::List(vec![]));
        assert_eq!(
            layout(&format!("{{\"data\": [{{\"a\": NaN}}, {CHAT}]}}")),
            Layout::List(vec!["data".into()])
        );
        assert_eq!(layout(&format!("{{\n\"a\": NaN}}\n{{\n\"messages\": {}}}", "[]")), Layout::Sequence);
    }
}
