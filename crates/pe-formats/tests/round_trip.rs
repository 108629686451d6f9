//! What is exported and imported again is equal: the words to the byte, the metadata to the last bit of a number.
#![allow(clippy::unwrap_used)]

mod fixture;

use std::path::Path;

use fixture::{conversation, dialogue, export, half, options, records};
use pe_formats::write::{ExportFormat, ExportOptions, SplitRatios};
use pe_formats::{Item, ReadOptions, Reader, expand};
use pe_model::{Conversation, Message, Preference, Role};
use proptest::prelude::*;

/// Everything that is read from a file or folder; a reject is a failure.
fn import(path: &Path) -> Vec<Conversation> {
    let (found, rejects) = import_what_can_be(path);
    assert_eq!(rejects, Vec::<String>::new(), "{}", path.display());
    found
}

/// Everything that is read from a file or folder, and the reasons of the rejects.
fn import_what_can_be(path: &Path) -> (Vec<Conversation>, Vec<String>) {
    let (mut found, mut rejects) = (Vec::new(), Vec::new());
    for input in expand(&[path.to_str().unwrap().to_owned()]).unwrap() {
        let reader = Reader::open(&input, &ReadOptions::default());
        for item in reader.unwrap_or_else(|error| panic!("{error}")) {
            match item.unwrap_or_else(|error| panic!("{error}")) {
                Item::Record(record) => found.push(record.conversation),
                Item::Reject(reject) => rejects.push(reject.reason),
            }
        }
    }
    (found, rejects)
}

fn again(format: ExportFormat, name: &str, conversations: &[Conversation]) -> Vec<Conversation> {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join(name);
    export(options(format, &target), &records(conversations.iter().cloned()));
    import(&target)
}

fn check_equal(found: &[Conversation], wanted: &[Conversation]) {
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(wanted) {
        assert_eq!(found, wanted);
        // The digest decides whether an import changes anything; it also sees what equality does not, such as an offset.
        assert_eq!(found.digest(), wanted.digest(), "{found:?}\n{wanted:?}");
    }
}

fn several() -> impl Strategy<Value = Vec<Conversation>> {
    prop::collection::vec(conversation(), 1..5)
}

/// Tables can't carry NUL; such conversations are left out of them and counted.
fn without_nul(mut conversations: Vec<Conversation>) -> Vec<Conversation> {
    let messages = conversations.iter_mut().flat_map(|conversation| &mut conversation.messages);
    messages.for_each(|message| message.content = message.content.replace('\0', ""));
    conversations
}

// P-074
proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn jsonl_loses_nothing(conversations in several()) {
        check_equal(&again(ExportFormat::Jsonl, "out.jsonl", &conversations), &conversations);
    }

    #[test]
    fn csv_loses_nothing(conversations in several()) {
        let conversations = without_nul(conversations);
        check_equal(&again(ExportFormat::Csv, "out.csv", &conversations), &conversations);
    }

    #[test]
    fn parquet_loses_nothing(conversations in several()) {
        check_equal(&again(ExportFormat::Parquet, "out.parquet", &conversations), &conversations);
    }

    #[test]
    fn packed_files_lose_nothing(conversations in several()) {
        let conversations = without_nul(conversations);
        check_equal(&again(ExportFormat::Jsonl, "out.jsonl.zst", &conversations), &conversations);
        check_equal(&again(ExportFormat::Csv, "out.csv.gz", &conversations), &conversations);
    }
}

fn words(conversation: &Conversation) -> Vec<(Role, &str)> {
    conversation.messages.iter().map(|message| (message.role, message.content.as_str())).collect()
}

#[test]
fn a_dataset_folder_in_parts_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("talks");
    let mut asked: ExportOptions = options(ExportFormat::HuggingFace, &target);
    asked.split = Some(SplitRatios { train: 0.5, validation: 0.25, test: 0.25 });
    asked.max_shard_bytes = 4_000;
    let mut wanted: Vec<_> = (0..60).map(dialogue).collect();
    export(asked, &records(wanted.iter().cloned()));
    let mut found = import(&target);
    found.sort_by(|one, two| one.source_id.cmp(&two.source_id));
    wanted.sort_by(|one, two| one.source_id.cmp(&two.source_id));
    check_equal(&found, &wanted);
}

#[test]
fn fine_tuning_records_keep_every_word_up_to_the_last_reply() {
    let wanted: Vec<_> = (0..20).map(dialogue).collect();
    let found = again(ExportFormat::OpenAi, "tune.jsonl", &wanted);
    assert_eq!(found.iter().map(words).collect::<Vec<_>>(), wanted.iter().map(words).collect::<Vec<_>>());
}

#[test]
fn tool_calls_come_back() {
    let mut calling = Message::new(Role::Assistant, "");
    calling.metadata.insert("tool_calls".into(), serde_json::json!([{"id": "c1", "type": "function"}]));
    let mut result = Message::new(Role::Tool, "sunny");
    result.metadata.insert("tool_call_id".into(), "c1".into());
    let messages =
        vec![Message::new(Role::User, "?"), calling, result, Message::new(Role::Assistant, "Sunny.")];
    let wanted = vec![Conversation { messages, ..Conversation::default() }];
    assert_eq!(again(ExportFormat::OpenAi, "tune.jsonl", &wanted), wanted);
}

#[test]
fn preference_pairs_keep_both_halves() {
    let wanted: Vec<_> = (0..20)
        .flat_map(|pair| {
            [half(pair, Preference::Chosen, "yes, \"you\""), half(pair, Preference::Rejected, "no\n")]
        })
        .collect();
    let found = again(ExportFormat::Preference, "pairs.jsonl", &wanted);
    assert_eq!(found.iter().map(words).collect::<Vec<_>>(), wanted.iter().map(words).collect::<Vec<_>>());
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_eq!(found.pair, wanted.pair);
    }
}

#[test]
fn real_conversations_come_back_equal() {
    let Some(data) = pe_testkit::eval_data("exporting real corpora and importing them again") else { return };
    let mut differences = Vec::new();
    for path in [
        "annomi/AnnoMI-full.csv",
        "esconv/FailedESConv.json",
        "mibot/transcripts",
        "vera_mh/concept_paper_conversations.tar.zst",
        "mts_dialog/MTS-Dialog-TrainingSet.csv",
        "hh_rlhf/test.jsonl.gz",
        "chat_formats/glaive_toolcall_en_demo.json",
        "smilechat",
    ] {
        let (wanted, _) = import_what_can_be(&data.join(path));
        assert!(wanted.len() > 50, "{path}: {}", wanted.len());
        for (format, name) in [
            (ExportFormat::Jsonl, "out.jsonl.zst"),
            (ExportFormat::Csv, "out.csv"),
            (ExportFormat::Parquet, "out.parquet"),
        ] {
            let found = again(format, name, &wanted);
            let changed =
                found.iter().zip(&wanted).position(|(found, wanted)| found.digest() != wanted.digest());
            if let Some(at) = changed {
                differences.push(format!("{path} as {format}: {:?} for {:?}", found[at], wanted[at]));
            }
            assert_eq!(found.len(), wanted.len(), "{path} as {format}");
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
