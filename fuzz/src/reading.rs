//! Reading: whatever a file holds, reading it ends, in bounded memory and without a panic; every record is a conversation or a
//! reject with its place and reason, and no more is said than was in the file.

use std::path::Path;

use pe_formats::{Encoding, Error, FieldMap, Format, Input, Item, ReadOptions, Reader, Record, Reject};

use crate::place;

/// Small bounds, so that small inputs reach them.
pub(crate) const MAX_MESSAGES: usize = 50;
const MAX_RECORD_BYTES: usize = 4_000;
const MAX_SPOOL_BYTES: u64 = 1 << 20;
/// The longest id that a record may have.
const MAX_ID: usize = 1_024;

/// Everything of one file.
pub(crate) struct Read {
    pub(crate) records: Vec<Record>,
    pub(crate) rejects: Vec<Reject>,
    pub(crate) error: Option<Error>,
}

/// Options with the small bounds.
pub(crate) fn options() -> ReadOptions {
    ReadOptions {
        max_record_bytes: MAX_RECORD_BYTES,
        max_messages: MAX_MESSAGES,
        max_spool_bytes: MAX_SPOOL_BYTES,
        ..ReadOptions::default()
    }
}

/// The format is told from the bytes.
pub(crate) fn detected(bytes: &[u8]) {
    check(&place::file("input", bytes), &options());
}

/// Everything is read as `format`, under each ending that its files have.
pub(crate) fn named(format: Format, bytes: &[u8]) {
    let options = ReadOptions { format: Some(format), ..options() };
    for name in names(format) {
        let plain_bytes = is_plain(bytes) && format != Format::Parquet;
        let read = check(&place::file(name, bytes), &options);
        if plain_bytes {
            check_amount(&read, bytes.len());
        }
    }
}

const fn names(format: Format) -> &'static [&'static str] {
    match format {
        Format::Parquet => &["input.parquet"],
        Format::WebVtt => &["input.vtt"],
        Format::Srt => &["input.srt"],
        Format::Csv => &["input.csv", "input.tsv"],
        Format::ChatMl | Format::Transcript => &["input.txt"],
        _ => &["input.json", "input.jsonl"],
    }
}

/// The first byte names an encoding; the rest is read in it.
pub(crate) fn encoded(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    let encoding = Encoding::ALL[usize::from(*first) % Encoding::ALL.len()];
    check(&place::file("input.txt", rest), &ReadOptions { encoding: Some(encoding), ..options() });
}

/// What stands before the first zero is a field map; what comes behind it is read by that map.
pub(crate) fn mapped(bytes: &[u8]) {
    let middle = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    let Ok(text) = std::str::from_utf8(&bytes[..middle]) else { return };
    let map = match FieldMap::parse(text) {
        Ok(map) => map,
        Err(error) => return assert!(!error.to_string().is_empty()),
    };
    let rest = bytes.get(middle + 1..).unwrap_or_default();
    check(&place::file("input", rest), &ReadOptions { map: Some(map), ..options() });
}

/// Whether the bytes are the text itself: neither compressed nor an archive.
fn is_plain(bytes: &[u8]) -> bool {
    !matches!(bytes, [0x1f, 0x8b, ..] | [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..])
        && !bytes.starts_with(b"PK")
        && bytes.get(257..262) != Some(b"ustar")
}

/// Reads a file, and checks what holds for every file.
pub(crate) fn check(path: &Path, options: &ReadOptions) -> Read {
    let mut read = Read { records: Vec::new(), rejects: Vec::new(), error: None };
    let reader = match Reader::open(&Input::file(path), options) {
        Ok(reader) => reader,
        Err(error) => {
            check_error(&error);
            read.error = Some(error);
            return read;
        }
    };
    for item in reader {
        assert!(read.error.is_none(), "something follows an error");
        match item {
            Ok(Item::Record(record)) => {
                check_record(&record);
                read.records.push(*record);
            }
            Ok(Item::Reject(reject)) => {
                check_reject(&reject);
                read.rejects.push(reject);
            }
            Err(error) => {
                check_error(&error);
                read.error = Some(error);
            }
        }
    }
    read
}

fn check_record(record: &Record) {
    let conversation = &record.conversation;
    let messages = conversation.messages.len();
    assert!((1..=MAX_MESSAGES).contains(&messages), "{messages} messages");
    let id = conversation.source_id.as_ref().map_or(1, String::len);
    assert!((1..=MAX_ID).contains(&id), "an id of {id} bytes");
    for annotation in &conversation.annotations {
        let place = annotation.message.unwrap_or_default() as usize;
        assert!(place < messages, "an annotation of message {place} of {messages}");
    }
}

fn check_reject(reject: &Reject) {
    assert!(!reject.reason.is_empty(), "a reject without a reason");
    assert!(reject.excerpt.len() <= Reject::EXCERPT, "an excerpt of {} bytes", reject.excerpt.len());
    let is_clean = |text: &str| !text.contains(char::is_control);
    assert!(is_clean(&reject.reason) && is_clean(&reject.excerpt), "control characters in {reject:?}");
}

fn check_error(error: &Error) {
    let said = error.to_string();
    assert!(said.len() < 4_000, "an error of {} bytes", said.len());
    assert!(!said.contains(char::is_control), "control characters in {said:?}");
}

/// Entities and decoding may lengthen a text, and never by more than the widest character of a byte.
fn check_amount(read: &Read, bytes: usize) {
    let messages = read.records.iter().flat_map(|record| &record.conversation.messages);
    let said: usize = messages.map(|message| message.content.len()).sum();
    let is_pair = read.records.iter().any(|record| record.conversation.pair.is_some());
    // Both halves of a pair hold its prompt.
    let most = (bytes * 3 + 16) * if is_pair { 2 } else { 1 };
    assert!(said <= most, "{said} bytes said in a file of {bytes}");
    let end = bytes as u64 * 3 + 3;
    let rejects = read.rejects.iter().map(|reject| reject.place);
    for place in read.records.iter().map(|record| record.place).chain(rejects) {
        assert!(place.offset <= end, "a place at byte {} of {bytes}", place.offset);
    }
}
