//! What was read from any file, and written, is read again as the same conversations, in every format that says so.

use pe_formats::write::{ExportError, ExportFormat, ExportOptions, ExportRecord, Exporter};
use pe_model::{Conversation, ConversationId};
use time::macros::datetime;

use crate::{place, reading};

/// Reads the bytes, writes what was in them, and reads that.
pub(crate) fn loses_nothing(bytes: &[u8]) {
    let read = reading::check(&place::file("input", bytes), &reading::options());
    let wanted: Vec<_> = read.records.into_iter().map(|record| record.conversation).collect();
    if wanted.is_empty() {
        return;
    }
    for (format, name) in [
        (ExportFormat::Jsonl, "output.jsonl"),
        (ExportFormat::Csv, "output.csv"),
        (ExportFormat::Parquet, "output.parquet"),
    ] {
        let written = write(format, name, &wanted);
        if written.is_empty() {
            continue;
        }
        // What was read within the bounds may be larger as it is written.
        let options = pe_formats::ReadOptions::default();
        let again = reading::check(&place::path(name), &options);
        assert!(again.error.is_none() && again.rejects.is_empty(), "{:?} {:?}", again.error, again.rejects);
        assert_eq!(again.records.len(), written.len(), "as {format}");
        for (found, wanted) in again.records.iter().zip(written) {
            let found = &found.conversation;
            assert!(found == wanted && found.digest() == wanted.digest(), "{found:?}\nfor {wanted:?}");
        }
    }
}

/// Writes the conversations; those that were written.
fn write<'a>(format: ExportFormat, name: &str, wanted: &'a [Conversation]) -> Vec<&'a Conversation> {
    let now = datetime!(2026-01-02 03:04:05 UTC);
    let mut options = ExportOptions::new(format, place::path(name), now);
    options.overwrite = true;
    let mut exporter = Exporter::create(options).expect("a file that can be written");
    let mut written = Vec::new();
    for (number, conversation) in wanted.iter().enumerate() {
        match exporter.write(&record(number as u128, conversation)) {
            Ok(()) => written.push(conversation),
            // Such as a NUL, which no table can carry: told, and nothing of it is written.
            Err(ExportError::Record { .. }) => {}
            Err(error) => panic!("{error}"),
        }
    }
    exporter.finish().expect("a finished export");
    written
}

fn record(number: u128, conversation: &Conversation) -> ExportRecord {
    ExportRecord {
        id: ConversationId(uuid::Uuid::from_u128(number)),
        dataset: "fuzz".into(),
        conversation: conversation.clone(),
        language: None,
        tier: None,
        scores: None,
        validation_version: None,
        created_at: datetime!(2026-01-02 03:04:05 UTC),
        emotions: Vec::new(),
        weights: None,
    }
}
