//! A record that can't be read does no harm to those beside it: whatever stands on a line between two good records, both are
//! read, and the line itself is a conversation, a pair of them, or a reject.

use pe_formats::{Encoding, Format, ReadOptions};

use crate::{place, reading};

const BEFORE: &[u8] =
    br#"{"id":"before","messages":[{"role":"user","content":"I slept badly."},{"role":"assistant","content":"Since when?"}]}"#;
const AFTER: &[u8] =
    br#"{"id":"after","messages":[{"role":"user","content":"It is better."},{"role":"assistant","content":"What helped?"}]}"#;

/// Puts the bytes, as one line, between two good records.
pub(crate) fn are_left_alone(bytes: &[u8]) {
    let line: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != b'\n').collect();
    let text = [BEFORE, b"\n", &line, b"\n", AFTER, b"\n"].concat();
    let options =
        ReadOptions { format: Some(Format::Pixelated), encoding: Some(Encoding::Utf8), ..reading::options() };
    let read = reading::check(&place::file("input.jsonl", &text), &options);
    assert!(read.error.is_none(), "{:?}", read.error);
    let id = |at: Option<&pe_formats::Record>| {
        at.and_then(|record| record.conversation.source_id.clone()).unwrap_or_default()
    };
    assert_eq!((id(read.records.first()), id(read.records.last())), ("before".into(), "after".into()));
    // Separators of RFC 7464 count as white space.
    let blank = line.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'\r' | 0x1e));
    let between = (read.records.len() - 2, read.rejects.len());
    assert!(if blank { between == (0, 0) } else { matches!(between, (1, 0) | (0, 1)) }, "{between:?}");
    assert!(read.rejects.iter().all(|reject| reject.place.line == 2), "{:?}", read.rejects);
}
