//! JSON read for its shape alone: what breaks off is closed where it ends, what is wrong is passed over, and long texts and
//! lists are kept in part. It serves to tell what a file is from a part of it, or beside its mistakes, and never to read
//! a record.

use serde_json::{Map, Number, Value};

/// Elements of a list that are kept.
const ELEMENTS: usize = 64;
/// Bytes of a text that are kept.
const TEXT: usize = 256 * 1024;
/// Bytes that all kept texts may have together. None takes more than a quarter of what is left, so that some is for all.
const ROOM: usize = 4 << 20;
/// Values that are kept, some 10 MB.
const VALUES: usize = 100_000;
/// Deeper values are passed over.
const DEPTH: usize = 32;

/// A value, and whether the text ends within it.
#[derive(Debug, PartialEq)]
pub(super) struct Found {
    pub(super) value: Value,
    pub(super) is_cut: bool,
}

/// The objects and lists that stand one after another in `text`, at most `most` of them.
pub(super) fn containers(text: &str, most: usize) -> Vec<Found> {
    let mut reading = Lenient { text, at: 0, room: ROOM, values: VALUES, is_cut: false };
    let mut found = Vec::new();
    while found.len() < most {
        reading.pass(b" \t\r\n,\x1e");
        let begins = reading.peek();
        if begins.is_none() {
            break;
        }
        let value = reading.value(0).filter(|value| !is_nothing(value));
        if let (Some(value), Some(b'{' | b'[')) = (value, begins) {
            found.push(Found { value, is_cut: reading.is_cut });
        }
    }
    found
}

/// Braces and brackets around words that are no JSON.
fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Object(fields) => fields.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => true,
    }
}

struct Lenient<'t> {
    text: &'t str,
    at: usize,
    room: usize,
    values: usize,
    is_cut: bool,
}

impl<'t> Lenient<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Passes over any of `bytes`.
    fn pass(&mut self, bytes: &[u8]) {
        while self.peek().is_some_and(|byte| bytes.contains(&byte)) {
            self.at += 1;
        }
    }

    /// The value that begins here; `None` where there is none, or it is wrong. Goes on by at least a byte.
    fn value(&mut self, depth: usize) -> Option<Value> {
        let begins = self.peek()?;
        if depth == DEPTH && matches!(begins, b'{' | b'[') || self.values == 0 {
            self.pass_value();
            return None;
        }
        self.values -= 1;
        match begins {
            b'{' => Some(Value::Object(self.object(depth))),
            b'[' => Some(Value::Array(self.list(depth))),
            b'"' => Some(Value::String(self.string())),
            _ => self.bare(),
        }
    }

    fn object(&mut self, depth: usize) -> Map<String, Value> {
        let mut fields = Map::new();
        self.at += 1;
        loop {
            self.pass(b" \t\r\n,");
            match self.peek() {
                None => {
                    self.is_cut = true;
                    return fields;
                }
                Some(b'}' | b']') => {
                    self.at += 1;
                    return fields;
                }
                Some(b'"') => {
                    let name = self.string();
                    self.pass(b" \t\r\n");
                    if self.peek() == Some(b':') {
                        self.pass(b": \t\r\n");
                        if let Some(value) = self.value(depth + 1) {
                            fields.insert(name, value);
                        }
                    }
                }
                Some(_) => _ = self.value(depth + 1),
            }
        }
    }

    fn list(&mut self, depth: usize) -> Vec<Value> {
        let mut items = Vec::new();
        self.at += 1;
        loop {
            self.pass(b" \t\r\n,");
            match self.peek() {
                None => {
                    self.is_cut = true;
                    return items;
                }
                Some(b'}' | b']') => {
                    self.at += 1;
                    return items;
                }
                Some(_) if items.len() == ELEMENTS => self.pass_value(),
                Some(_) => items.extend(self.value(depth + 1)),
            }
        }
    }

    fn string(&mut self) -> String {
        let raw = self.raw_string();
        let kept = head(raw, TEXT.min(self.room / 4));
        self.room -= kept.len();
        unescaped(kept)
    }

    /// What stands between quotes; a text that is open at the end of its line counts as closed there.
    fn raw_string(&mut self) -> &'t str {
        self.at += 1;
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        let mut from = 0;
        let length = loop {
            let Some(found) = memchr::memchr3(b'"', b'\\', b'\n', rest.get(from..).unwrap_or_default())
            else {
                self.is_cut = true;
                break rest.len();
            };
            if rest[from + found] != b'\\' {
                break from + found;
            }
            from += found + 2;
        };
        self.at = (start + length + 1).min(self.text.len());
        &self.text[start..start + length]
    }

    /// A number or a word.
    fn bare(&mut self) -> Option<Value> {
        let rest = &self.text[self.at..];
        let delimits = |letter: char| letter.is_whitespace() || ",:\"{}[]\u{1e}".contains(letter);
        let length = rest.find(delimits).unwrap_or(rest.len());
        let word = &rest[..length];
        let first = rest.chars().next().map_or(1, char::len_utf8);
        self.at += length.max(first);
        match word {
            "true" | "false" => Some(Value::Bool(word == "true")),
            "null" => Some(Value::Null),
            // A number that the text ends in may have more digits.
            _ if length < rest.len() => word.parse::<Number>().ok().map(Value::Number),
            _ => None,
        }
    }

    /// Passes over the value that begins here.
    fn pass_value(&mut self) {
        let mut open = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => _ = self.raw_string(),
                b'{' | b'[' => {
                    open += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    open = open.saturating_sub(1);
                    self.at += 1;
                }
                b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                _ => _ = self.bare(),
            }
            if open == 0 {
                return;
            }
        }
        self.is_cut = true;
    }
}

/// The first bytes of a text, at most so many, up to the end of a character.
fn head(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// A text with its escapes undone (RFC 8259, section 7); half of a surrogate pair becomes the replacement character.
fn unescaped(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut units = Vec::new();
    let mut rest = raw.chars();
    while let Some(letter) = rest.next() {
        let escape = if letter == '\\' { rest.next() } else { None };
        if escape == Some('u') {
            let Some(digits) = rest.as_str().get(..4) else { break };
            units.push(u16::from_str_radix(digits, 16).unwrap_or(0xfffd));
            rest = rest.as_str()[4..].chars();
            continue;
        }
        flush(&mut units, &mut text);
        match (letter, escape) {
            ('\\', Some('n')) => text.push('\n'),
            ('\\', Some('t')) => text.push('\t'),
            ('\\', Some('r')) => text.push('\r'),
            ('\\', escape) => text.extend(escape),
            (letter, _) => text.push(letter),
        }
    }
    flush(&mut units, &mut text);
    text
}

fn flush(units: &mut Vec<u16>, text: &mut String) {
    text.extend(char::decode_utf16(units.drain(..)).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Option<(Value, bool)> {
        containers(text, 1).pop().map(|found| (found.value, found.is_cut))
    }

    #[test]
    fn what_is_whole_is_read_as_it_is() {
        let value = json!({"a": [1, -2.5, true, null, "x\n\"é\u{1f600}"], "b": {"c": {}}});
        assert_eq!(read(&value.to_string()), Some((value.clone(), false)));
        let escaped = r#"["\ud83d\ude00 \u00e9 \ud800 x"]"#;
        assert_eq!(read(escaped), Some((json!(["😀 é \u{fffd} x"]), false)));
    }

    #[test]
    fn what_breaks_off_is_closed() {
        assert_eq!(read(r#"[{"a": [1, 2], "b": "x, ["#), Some((json!([{"a": [1, 2], "b": "x, ["}]), true)));
        assert_eq!(read(r#"{"a": {"b": 1}, "c"#), Some((json!({"a": {"b": 1}}), true)));
        assert_eq!(read("["), None);
    }

    #[test]
    fn what_is_wrong_is_passed_over() {
        assert_eq!(read(r#"[{"a": NaN, "b": 2}, oh, {"c": 3}]"#), Some((json!([{"b": 2}, {"c": 3}]), false)));
        assert_eq!(read("{you} and [me]"), None);
    }

    #[test]
    fn long_texts_and_lists_are_kept_in_part() {
        let record = json!({"a": "x".repeat(3 << 20), "l": vec![1; 1000], "z": "end"}).to_string();
        let (value, _) = read(&record).unwrap();
        assert_eq!(value["a"].as_str().map(str::len), Some(TEXT));
        assert_eq!((value["l"].as_array().map(Vec::len), &value["z"]), (Some(ELEMENTS), &json!("end")));
        assert!(read(&"[".repeat(100_000)).is_some());
        let many =
            json!([{"l": vec![json!({"a": "x", "b": [1, 2]}); 300_000], "z": "end"}, {"l": []}]).to_string();
        let (value, is_cut) = read(&many).unwrap();
        assert_eq!((&value[0]["z"], &value[1], is_cut), (&json!("end"), &json!({"l": []}), false));
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "[\\[\\]{}\":,\\\\u0d8a é\n-]{0,60}") {
            let _ = containers(&text, 4);
        }
    }
}
