//! The line that opens a message of a transcript: an optional position, a label of at most four words, a colon. Whether
//! the label is a speaker's is decided by the cast of the whole conversation; here a line is only read as it looks.

use super::transcript_clock;

/// A line that may open a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Header<'a> {
    /// The label, without marks of emphasis.
    pub(super) label: &'a str,
    /// Where in the recording it was said, in seconds.
    pub(super) start: Option<f64>,
    /// What follows the colon, without the one space after it.
    pub(super) text: &'a str,
    /// Nothing stands between the colon and the text (`Human:hello`), so only a well-known label counts.
    pub(super) tight: bool,
}

/// The longest label, in characters.
const LABEL: usize = 40;
/// The most words of a label.
const WORDS: usize = 4;

/// Reads `line` as a header.
pub(super) fn parse(line: &str) -> Option<Header<'_>> {
    let line = line.trim();
    let (before, line) = match transcript_clock::leading(line) {
        Some((start, rest)) => (Some(start), rest.trim_start_matches(['-', '|']).trim_start()),
        None => (None, line),
    };
    let (label, text) = emphasised(line).or_else(|| plain(line))?;
    let (label, after) = trailing_position(label);
    if !is_label(label) {
        return None;
    }
    let tight = text.chars().next().is_some_and(|next| !next.is_whitespace());
    let text = text.strip_prefix([' ', '\t', '\u{3000}']).unwrap_or(text);
    Some(Header { label, start: before.or(after), text, tight })
}

/// `**Label:** text`, `**Label**: text`.
fn emphasised(line: &str) -> Option<(&str, &str)> {
    let (label, rest) = line.strip_prefix("**")?.split_once("**")?;
    match label.strip_suffix([':', '：']) {
        Some(label) => Some((label.trim_end(), rest)),
        None => Some((label.trim_end(), rest.strip_prefix([':', '：'])?)),
    }
}

/// `Label: text`, `### Label: text`.
fn plain(line: &str) -> Option<(&str, &str)> {
    // A heading, `### Label`; `#Person1#` is a label that begins so.
    let line = line.trim_start_matches('#').strip_prefix(' ').map_or(line, str::trim_start);
    // A position in brackets behind the label holds colons of its own.
    let search_from = match line.find(['[', '(']) {
        Some(open) if open <= LABEL * 4 => {
            line[open..].find([']', ')']).filter(|close| *close <= 32).map_or(0, |close| open + close)
        }
        _ => 0,
    };
    let head = line.find([':', '：'])?;
    let at = if head > search_from { head } else { head_after(line, head, search_from)? };
    let (label, rest) = line.split_at(at);
    let mut rest = rest.chars();
    rest.next();
    Some((label.trim_end(), rest.as_str()))
}

fn head_after(line: &str, head: usize, from: usize) -> Option<usize> {
    if line.find(['[', '(']).is_some_and(|open| open < head) {
        return line[from..].find([':', '：']).map(|at| from + at);
    }
    Some(head)
}

/// `Label [00:01:02]`.
fn trailing_position(label: &str) -> (&str, Option<f64>) {
    let Some(open) = label.rfind(['[', '(']) else { return (label, None) };
    match transcript_clock::leading(&label[open..]) {
        Some((start, "")) => (label[..open].trim_end(), Some(start)),
        _ => (label, None),
    }
}

fn is_label(label: &str) -> bool {
    let inside = |letter: char| {
        letter.is_alphanumeric() || matches!(letter, ' ' | '_' | '-' | '.' | '\'' | '’' | '&' | '/' | '#')
    };
    label.trim_start_matches('#').chars().next().is_some_and(char::is_alphabetic)
        && label.chars().count() <= LABEL
        && label.split_whitespace().count() <= WORDS
        && label.chars().all(inside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Option<(&str, &str)> {
        parse(line).map(|header| (header.label, header.text))
    }

    #[test]
    fn labels_are_read_in_their_usual_dresses() {
        assert_eq!(read("Client: I see"), Some(("Client", "I see")));
        assert_eq!(read(" Patient:  two spaces"), Some(("Patient", " two spaces")));
        assert_eq!(read("**User:** hi"), Some(("User", "hi")));
        assert_eq!(read("**Dr. Lee**: hi"), Some(("Dr. Lee", "hi")));
        assert_eq!(read("### Human: hi"), Some(("Human", "hi")));
        assert_eq!(read("#Person1#: hi"), Some(("#Person1#", "hi")));
        assert_eq!(read("Guest_family:"), Some(("Guest_family", "")));
        assert_eq!(read("来访者：你好"), Some(("来访者", "你好")));
        assert!(parse("Human:hello").unwrap().tight);
    }

    #[test]
    fn positions_before_and_behind_the_label_are_kept() {
        let header = parse("[00:01:02] Client: hello").unwrap();
        assert_eq!((header.label, header.start), ("Client", Some(62.0)));
        let header = parse("Client [00:01:02]: hello").unwrap();
        assert_eq!((header.label, header.start, header.text), ("Client", Some(62.0), "hello"));
        assert_eq!(parse("00:01:02 - Client: hello").unwrap().start, Some(62.0));
    }

    #[test]
    fn times_addresses_bullets_and_sentences_are_no_headers() {
        for line in [
            "10:30 is fine",
            "https://example.org/a",
            "- Breathe: in and out",
            "I told her, and I mean this: stop",
            "a very long label of many words: text",
            "no colon here",
            ": empty",
            "",
        ] {
            assert!(parse(line).is_none_or(|header| header.tight), "{line}");
        }
    }
}
