//! Lines that Python's `repr` wrote (`{'a': "it's", 'b': None}`) where JSON was meant. They are frequent in published data, and
//! what they mean is certain, so they are read as the JSON they stand for.

use std::str::Chars;

/// The JSON that a Python literal of dictionaries, lists, tuples, texts, numbers, `True`, `False` and `None` stands for; `None`
/// where `text` is something else.
pub(super) fn to_json(text: &str) -> Option<String> {
    let start = text.trim_start();
    if !["{'", "[{'", "['"].iter().any(|head| start.starts_with(head)) {
        return None;
    }
    let mut json = String::with_capacity(text.len() + 16);
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        match letter {
            '\'' | '"' => json.push_str(&serde_json::to_string(&string(&mut rest, letter)?).ok()?),
            '(' => json.push('['),
            '}' | ']' | ')' => {
                // Python allows a comma behind the last element, and a tuple of one has it always.
                if json.trim_end().ends_with(',') {
                    json.truncate(json.trim_end().len() - 1);
                }
                json.push(if letter == '}' { '}' } else { ']' });
            }
            'T' | 'F' | 'N' => word(letter, &mut rest, &mut json)?,
            'a'..='d' | 'f'..='z' | 'A'..='D' | 'G'..='M' | 'O'..='S' | 'U'..='Z' => return None,
            other => json.push(other),
        }
    }
    Some(json)
}

fn word(first: char, rest: &mut Chars<'_>, json: &mut String) -> Option<()> {
    const WORDS: [(&str, &str); 3] = [("True", "true"), ("False", "false"), ("None", "null")];
    let (python, word) = WORDS.into_iter().find(|(python, _)| python.starts_with(first))?;
    *rest = rest.as_str().strip_prefix(&python[1..])?.chars();
    json.push_str(word);
    Some(())
}

/// The text up to the closing quote (Python 3 reference, 2.4.1 "String and Bytes literals").
fn string(rest: &mut Chars<'_>, quote: char) -> Option<String> {
    let mut text = String::new();
    loop {
        match rest.next()? {
            letter if letter == quote => return Some(text),
            '\\' => text.push(match rest.next()? {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'x' => code(rest, 2)?,
                'u' => code(rest, 4)?,
                'U' => code(rest, 8)?,
                letter @ ('\\' | '\'' | '"') => letter,
                _ => return None,
            }),
            letter => text.push(letter),
        }
    }
}

fn code(rest: &mut Chars<'_>, digits: usize) -> Option<char> {
    let number = rest.as_str().get(..digits)?;
    let code = u32::from_str_radix(number, 16).ok()?;
    *rest = rest.as_str()[digits..].chars();
    char::from_u32(code)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(text: &str) -> Option<Value> {
        serde_json::from_str(&to_json(text)?).ok()
    }

    #[test]
    fn literals_are_read_as_the_json_they_stand_for() {
        let text = r#"{'a': "it's", 'b': [1, -2.5e3, True, None], 'c': ('x\n\u00e9\'',), 'd': 'say "hi"'}"#;
        let expected = json!({"a": "it's", "b": [1, -2500.0, true, null], "c": ["x\né'"], "d": "say \"hi\""});
        assert_eq!(read(text), Some(expected));
    }

    #[test]
    fn what_is_no_literal_is_left_alone() {
        for text in
            ["{'a': foo()}", "{'a': 'open}", r"{'a': '\q'}", "{\"a\": 1}", "['a', Text]", "{'a': '\\ud800'}"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
