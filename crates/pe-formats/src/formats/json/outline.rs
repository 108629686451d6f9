//! What the head of a JSON document shows: how its records are laid out, and the first few of them.

use serde_json::Value;

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
}

impl Outline {
    const RECORDS: usize = 16;

    /// The outline of a document that begins with `text`; `None` where that is no JSON.
    pub(crate) fn of(text: &str, complete: bool, extension: &str) -> Option<Self> {
        lines(text, complete, extension).or_else(|| document(text))
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
    let records: Vec<Value> = lines
        .iter()
        .filter_map(|line| {
            python::to_json(line)
                .map_or_else(|| serde_json::from_str(line), |line| serde_json::from_str(&line))
                .ok()
        })
        .filter(|value: &Value| value.is_object() || value.is_array())
        .take(Outline::RECORDS)
        .collect();
    let several = lines.len() > 1 || matches!(extension, "jsonl" | "ndjson" | "jsonlines");
    let most = !records.is_empty() && records.len() * 2 >= lines.len().min(Outline::RECORDS);
    (several && most).then_some(Outline { layout: Layout::Lines, records })
}

fn document(text: &str) -> Option<Outline> {
    let value = prefix(text)?;
    if is_record(&value) {
        return Some(Outline { layout: Layout::Sequence, records: vec![value] });
    }
    match value {
        Value::Array(items) => Some(listed(Vec::new(), items)),
        Value::Object(fields) => {
            for (name, value) in &fields {
                if let Value::Array(items) = value
                    && items.iter().take(Outline::RECORDS).any(is_record)
                {
                    return Some(listed(vec![name.clone()], items.clone()));
                }
            }
            if fields.values().take(Outline::RECORDS).any(is_record) {
                let records = fields.into_iter().map(|(_, value)| value).take(Outline::RECORDS).collect();
                return Some(Outline { layout: Layout::Entries, records });
            }
            Some(Outline { layout: Layout::Sequence, records: vec![Value::Object(fields)] })
        }
        _ => None,
    }
}

fn listed(path: Vec<String>, mut items: Vec<Value>) -> Outline {
    items.truncate(Outline::RECORDS);
    Outline { layout: Layout::List(path), records: items }
}

/// The value that `text` begins with. Where the text breaks off, the value is closed after the last part that is whole.
fn prefix(text: &str) -> Option<Value> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    match stream.next()? {
        Ok(value) => Some(value),
        Err(error) if error.is_eof() => serde_json::from_str(&closed(text)).ok(),
        // What stands before a mistake shows the shape just as well.
        Err(error) => serde_json::from_str(&closed(text.get(..offset(text, &error))?)).ok(),
    }
}

/// Where in `text` an error lies.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    before + error.column().saturating_sub(1)
}

/// `text` up to the last comma or closing bracket, with the brackets that are open there closed.
fn closed(text: &str) -> String {
    let mut open = Vec::new();
    let (mut end, mut depth) = (0, 0);
    let (mut in_string, mut escaped) = (false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' => open.push('}'),
            b'[' => open.push(']'),
            b'}' | b']' => {
                open.pop();
                (end, depth) = (at + 1, open.len());
            }
            b',' => (end, depth) = (at, open.len()),
            _ => {}
        }
    }
    let closers: String = open[..depth.min(open.len())].iter().rev().collect();
    text[..end].to_owned() + &closers
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
    fn a_cut_off_value_is_closed_after_its_last_whole_part() {
        assert_eq!(prefix(r#"[{"a": [1, 2], "b": "x, ["#), Some(json!([{"a": [1, 2]}])));
        assert_eq!(prefix(r#"{"a": {"b": 1}, "c"#), Some(json!({"a": {"b": 1}})));
        assert_eq!(prefix("["), None);
    }
}
