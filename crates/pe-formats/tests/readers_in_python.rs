//! Exports as others see them: polars, duckdb, pyarrow and `datasets` open every format and find every text.
//!
//! `PIXELATED_PYTHON` names an interpreter with the packages of `tests/python/requirements.txt`; `make test` prepares one.
#![allow(clippy::unwrap_used)]

mod fixture;

use std::path::Path;
use std::process::Command;

use fixture::{dialogue, export, half, options, records};
use pe_formats::write::{ExportFormat, ExportRecord, SplitRatios};
use pe_model::{Conversation, Message, Preference, Role};
use serde_json::{Value, json};

/// Texts that careless readers and writers change; without NUL, which duckdb takes for the end of a text.
const HARD: [&str; 9] = [
    "=SUM(A1:A9)",
    "-1",
    "0012",
    "true",
    "null",
    "a \"quoted\" word,\nand\r\na break; and | a bar",
    " blank ends ",
    "👩‍👩‍👧 e\u{301} \u{2028} 我很累。",
    "\\n \\\" {\"role\":\"user\"}",
];

fn hard() -> Conversation {
    let messages = HARD.iter().enumerate().map(|(position, text)| {
        Message::new(if position % 2 == 0 { Role::Assistant } else { Role::User }, *text)
    });
    Conversation { messages: messages.collect(), ..Conversation::default() }
}

fn chat(messages: &[Message]) -> Value {
    messages.iter().map(|message| json!([message.role, message.content])).collect()
}

fn write_all(folder: &Path) {
    let talks = records((0..300).map(dialogue).chain([hard()]));
    let texts = |records: &[ExportRecord]| -> serde_json::Map<_, _> {
        records.iter().map(|one| (one.id.to_string(), chat(&one.conversation.messages))).collect()
    };
    for (format, name) in [
        (ExportFormat::Jsonl, "talks.jsonl"),
        (ExportFormat::Csv, "talks.csv"),
        (ExportFormat::Parquet, "talks.parquet"),
        (ExportFormat::OpenAi, "tune.jsonl"),
    ] {
        export(options(format, &folder.join(name)), &talks);
    }
    let mut divided = options(ExportFormat::HuggingFace, &folder.join("talks"));
    divided.split = Some(SplitRatios { train: 0.8, validation: 0.1, test: 0.1 });
    divided.max_shard_bytes = 10_000;
    export(divided, &talks);

    let halves = (0..40).flat_map(|pair| {
        [half(pair, Preference::Chosen, HARD[pair % HARD.len()]), half(pair, Preference::Rejected, "no")]
    });
    let halves = records(halves);
    export(options(ExportFormat::Preference, &folder.join("pairs.jsonl")), &halves);
    let pairs = halves.chunks(2).map(|pair| {
        let (chosen, rejected) = (&pair[0].conversation.messages, &pair[1].conversation.messages);
        json!({"prompt": chat(&chosen[..1]), "chosen": chat(&chosen[1..]), "rejected": chat(&rejected[1..])})
    });
    let tune: Vec<_> = talks.iter().map(|one| chat(&one.conversation.messages)).collect();
    let expected = json!({
        "talks": texts(&talks),
        "tune": tune,
        "pairs": pairs.collect::<Vec<_>>(),
        "overall_quality": [0.812_345],
    });
    std::fs::write(folder.join("expected.json"), expected.to_string()).unwrap();
}

// P-074
#[test]
#[allow(clippy::print_stderr, clippy::print_stdout)] // What was skipped, and what was compared, must be seen.
fn polars_duckdb_pyarrow_and_datasets_find_every_text() {
    let Some(python) = std::env::var_os("PIXELATED_PYTHON") else {
        eprintln!(
            "skipped: reading exports with polars, duckdb, pyarrow and datasets (set PIXELATED_PYTHON to an interpreter \
             with tests/python/requirements.txt installed; `make test` does)"
        );
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    write_all(folder.path());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/read_exports.py");
    let output = Command::new(&python).arg(script).arg(folder.path()).output().unwrap();
    let (said, complained) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{}: {said}{complained}", Path::new(&python).display());
    println!("{said}");
    assert_eq!(said.lines().count(), 6 * 4, "{said}");
}
