//! How fast each format is written, and in how much memory: `cargo run --release -p pe-formats --example export_speed [CONVERSATIONS]`.
//!
//! The conversations are made up: eight messages of about 25 words from a small vocabulary, which packs better than speech.
#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::error::Error;
use std::time::Instant;

use pe_formats::write::{ExportFormat, ExportOptions, ExportRecord, Exporter, SplitRatios};
use pe_model::{Conversation, ConversationId, Ids, Message, Points, Role, SystemClock, Tier};
use time::OffsetDateTime;

const WORDS: [&str; 24] = [
    "I",
    "feel",
    "sleep",
    "work",
    "tired",
    "because",
    "\"never\"",
    "mother",
    "and",
    "then",
    "lately",
    "what",
    "you",
    "hope",
    "could",
    "tomorrow",
    "again",
    "would",
    "it",
    "is",
    "hard",
    "to",
    "say",
    "that's",
];

fn main() -> Result<(), Box<dyn Error>> {
    let count: usize = std::env::args().nth(1).map_or(Ok(200_000), |count| count.parse())?;
    let folder = tempfile::tempdir()?;
    let clock = SystemClock;
    let ids = Ids::new(&clock, 1);
    println!(
        "{:<14}{:>12}{:>12}{:>12}{:>16}",
        "format", "MB text", "MB written", "MB text/s", "conversations/s"
    );
    for (format, name) in [
        (ExportFormat::Jsonl, "a.jsonl"),
        (ExportFormat::Jsonl, "b.jsonl.zst"),
        (ExportFormat::Jsonl, "c.jsonl.gz"),
        (ExportFormat::Csv, "d.csv"),
        (ExportFormat::OpenAi, "e.jsonl"),
        (ExportFormat::Parquet, "f.parquet"),
        (ExportFormat::HuggingFace, "g"),
    ] {
        let mut options = ExportOptions::new(format, folder.path().join(name), OffsetDateTime::UNIX_EPOCH);
        options.split = format.is_folder().then_some(SplitRatios { train: 0.8, validation: 0.1, test: 0.1 });
        let mut exporter = Exporter::create(options)?;
        let (mut seconds, mut bytes) = (0.0, 0);
        for number in 0..count {
            let record = record(ids.conversation(), number as u64);
            bytes += record.conversation.messages.iter().map(|message| message.content.len()).sum::<usize>();
            let start = Instant::now();
            exporter.write(&record)?;
            seconds += start.elapsed().as_secs_f64();
        }
        let start = Instant::now();
        let manifest = exporter.finish()?;
        seconds += start.elapsed().as_secs_f64();
        let written: u64 = manifest.files.iter().map(|file| file.bytes).sum();
        let megabytes = |bytes: f64| bytes / 1e6;
        println!(
            "{name:<14}{:>12.1}{:>12.1}{:>12.0}{:>16.0}",
            megabytes(bytes as f64),
            megabytes(written as f64),
            megabytes(bytes as f64) / seconds,
            count as f64 / seconds
        );
    }
    println!("peak memory of the process: {}", peak());
    Ok(())
}

fn record(id: ConversationId, number: u64) -> ExportRecord {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        WORDS[(state % WORDS.len() as u64) as usize]
    };
    let messages = (0..8).map(|position| {
        let text = (0..25).map(|_| word()).collect::<Vec<_>>().join(" ");
        Message::new(if position % 2 == 0 { Role::User } else { Role::Assistant }, text)
    });
    ExportRecord {
        id,
        dataset: "speed".into(),
        conversation: Conversation {
            source_id: Some(number.to_string()),
            messages: messages.collect(),
            ..Conversation::default()
        },
        language: Some("en".into()),
        tier: Some(Tier::Standard),
        scores: Some([Points::from_fraction(0.7); 6]),
        validation_version: Some("speed".into()),
        created_at: OffsetDateTime::UNIX_EPOCH,
        emotions: Vec::new(),
        weights: None,
    }
}

/// The most memory the process has had, where the system tells.
fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.map_or_else(|| "not told by this system".into(), |peak| peak.trim().to_owned())
}
