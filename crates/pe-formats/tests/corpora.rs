//! The counts of published corpora, as their own documents state them. Every text in them is read; none is kept.

use std::collections::BTreeMap;
use std::path::Path;

use pe_formats::{Error, Format, Input, Item, ReadOptions, Reader, expand};
use pe_model::{Conversation, Preference, Role};
use pe_testkit::eval_data;

/// What was read from one or more files.
#[derive(Default)]
struct Found {
    conversations: Vec<Conversation>,
    rejects: Vec<String>,
    formats: BTreeMap<&'static str, usize>,
}

impl Found {
    fn roles(&self) -> BTreeMap<&'static str, usize> {
        let mut counts = BTreeMap::new();
        for message in self.conversations.iter().flat_map(|conversation| &conversation.messages) {
            *counts.entry(message.role.name()).or_default() += 1;
        }
        counts
    }

    /// Every conversation is between two sides.
    fn assert_two_sided(&self) {
        for conversation in &self.conversations {
            let has = |role| conversation.messages.iter().any(|message| message.role == role);
            assert!(has(Role::User) && has(Role::Assistant), "one side only: {conversation:?}");
        }
    }
}

fn read(folder: &Path, path: &str) -> Result<Found, Error> {
    let mut found = Found::default();
    let path = folder.join(path).to_string_lossy().into_owned();
    for input in expand(&[path])? {
        let mut reader = Reader::open(&input, &ReadOptions::default())?;
        *found.formats.entry(reader.guess().format.name()).or_default() += 1;
        for item in &mut reader {
            match item? {
                Item::Record(record) => found.conversations.push(record.conversation),
                Item::Reject(reject) => found.rejects.push(reject.reason),
            }
        }
        // zip members are read by their places, so the directory at the end of the file counts, too.
        assert!(reader.bytes_read() > 0 && reader.bytes_total().is_some());
    }
    Ok(found)
}

/// Reads `path` and checks that all of it came in.
fn whole(folder: &Path, path: &str, format: Format, conversations: usize) -> Found {
    let found = read(folder, path).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(found.formats.keys().copied().collect::<Vec<_>>(), [format.name()], "{path}");
    assert_eq!(found.rejects, Vec::<String>::new(), "{path}");
    assert_eq!(found.conversations.len(), conversations, "{path}");
    found
}

#[test]
fn emotional_support() {
    let Some(data) = eval_data("counts of esconv") else { return };
    let failed = whole(&data, "esconv/FailedESConv.json", Format::Dialogue, 130);
    let rated = whole(&data, "esconv/q-esconv.json", Format::Dialogue, 311);
    for found in [&failed, &rated] {
        assert!(found.conversations.iter().any(|c| c.annotations.iter().any(|a| a.layer == "strategy")));
        assert!(found.conversations.iter().all(|c| c.metadata.contains_key("survey_score")));
    }
    failed.assert_two_sided();
    rated.assert_two_sided();
    whole(&data, "esconv/multiesc_*.txt", Format::Dialogue, 260).assert_two_sided();
    // A list of strategy names holds no conversation.
    assert!(matches!(read(&data, "esconv/strategy.json"), Err(Error::UnknownFormat { .. })));
}

#[test]
fn counselling() {
    let Some(data) = eval_data("counts of mibot, smilechat, cpsycoun, vera_mh") else { return };
    let mibot = whole(&data, "mibot/transcripts", Format::Dialogue, 106);
    mibot.assert_two_sided();
    assert!(mibot.conversations.iter().all(|c| c.source_id.is_some()));
    assert!(mibot.conversations.iter().all(|c| c.annotations.iter().any(|a| a.layer == "auto_misc_label")));
    let smile = whole(&data, "smilechat/smilechat_first4000.tar.zst", Format::Dialogue, 4_000);
    // In six of them the source has messages of the client alone; they are taken as they are.
    let client_alone = |c: &&Conversation| c.messages.iter().all(|message| message.role == Role::User);
    assert_eq!(smile.conversations.iter().filter(client_alone).count(), 6);
    assert_eq!(smile.roles().keys().copied().collect::<Vec<_>>(), ["assistant", "user"]);
    let cpsycoun = read(&data, "cpsycoun/CPsyCounD_E.tar.zst").unwrap();
    // 3,084 of the training part (text files) and 45 of the evaluation part (JSON).
    assert_eq!((cpsycoun.conversations.len(), cpsycoun.rejects), (3_129, Vec::new()));
    let vera = read(&data, "vera_mh/concept_paper_conversations.tar.zst").unwrap();
    assert_eq!((vera.conversations.len(), vera.rejects), (105, Vec::new()));
}

#[test]
fn everyday_dialogues() {
    let Some(data) = eval_data("counts of dailydialog, dialogsum, fed") else { return };
    let daily = read(&data, "dailydialog/data.zip").unwrap();
    assert_eq!(daily.conversations.len(), 13_118);
    // The list of slots and values beside the dialogues holds none.
    assert_eq!(daily.rejects.len(), 1, "{:?}", daily.rejects);
    assert!(daily.rejects[0].contains("ontology.json"));
    assert_eq!(daily.conversations.iter().map(|c| c.messages.len()).sum::<usize>(), 102_979);
    assert_eq!(daily.roles().keys().copied().collect::<Vec<_>>(), ["assistant", "user"]);
    assert!(daily.conversations[0].annotations.iter().any(|a| a.layer == "emotion"));

    whole(&data, "dialogsum/dialogsum.dev.jsonl", Format::JsonTranscript, 500);
    // The archive has the 500 again, the 500 of the test part, and the training part, whose lines Python wrote.
    let parts = whole(&data, "dialogsum/DialogSum_Data.zip", Format::JsonTranscript, 500 + 500 + 12_460);
    assert!(parts.conversations.iter().all(|c| c.source_id.is_some()));
    let fed = whole(&data, "fed/fed_data.json", Format::JsonTranscript, 375);
    fed.assert_two_sided();
    // 250 single replies and 125 whole conversations were rated, by five people each.
    let rated_reply = |c: &&Conversation| c.annotations.iter().any(|a| a.message.is_some());
    assert_eq!(fed.conversations.iter().filter(rated_reply).count(), 250);
}

#[test]
fn preferences() {
    let Some(data) = eval_data("counts of hh_rlhf") else { return };
    // 2,312 pairs.
    let found = whole(&data, "hh_rlhf/test.jsonl.gz", Format::Preference, 4_624);
    let mut sides: BTreeMap<&str, Vec<Preference>> = BTreeMap::new();
    for conversation in &found.conversations {
        let pair = conversation.pair.as_ref().unwrap();
        sides.entry(&pair.pair_id).or_default().push(pair.preference);
    }
    assert!(sides.values().all(|side| side.len() % 2 == 0));
    assert_eq!(found.roles().keys().copied().collect::<Vec<_>>(), ["assistant", "user"]);
}

#[test]
fn chat_formats() {
    let Some(data) = eval_data("counts of chat_formats") else { return };
    for (path, format, conversations) in [
        ("alpaca_en_demo.json", Format::Alpaca, 999),
        ("alpaca_zh_demo.json", Format::Alpaca, 1_000),
        ("identity.json", Format::Alpaca, 91),
        // 300 pairs.
        ("dpo_en_demo.json", Format::Preference, 600),
        ("v1_dpo_demo.jsonl", Format::Preference, 20),
        ("kto_en_demo.json", Format::Kto, 300),
        ("glaive_toolcall_en_demo.json", Format::ShareGpt, 300),
        ("fastchat/dummy_conversation.json", Format::ShareGpt, 500),
        ("mllm_demo.json", Format::OpenAi, 6),
        ("reason_tool_use_demo_50.jsonl", Format::OpenAi, 50),
        ("v1_sft_demo.jsonl", Format::OpenAi, 500),
        ("taskmaster4/TM-4-2024__data__data_00.json", Format::Dialogue, 500),
    ] {
        let found = whole(&data, &format!("chat_formats/{path}"), format, conversations);
        assert!(found.conversations.iter().all(|c| c.messages.len() > 1), "{path}");
    }
    let tools = read(&data, "chat_formats/glaive_toolcall_en_demo.json").unwrap();
    // 746 from people, 746 from the helper and 211 calls by it, answered 211 times.
    assert_eq!(tools.roles(), BTreeMap::from([("assistant", 957), ("tool", 211), ("user", 746)]));
    let error = read(&data, "chat_formats/dataset_info.json").err().expect("no conversations").to_string();
    assert!(error.contains("--format"), "{error}");
}

#[test]
fn every_corpus_has_places_that_lead_back() {
    let Some(data) = eval_data("places of records") else { return };
    let path = data.join("chat_formats/v1_sft_demo.jsonl");
    let text = std::fs::read_to_string(&path).unwrap();
    let reader = Reader::open(&Input::file(path), &ReadOptions::default()).unwrap();
    for (line, item) in reader.enumerate() {
        let Item::Record(record) = item.unwrap() else { panic!("line {line} was rejected") };
        assert_eq!(record.place.line, line as u64 + 1);
        let offset = usize::try_from(record.place.offset).unwrap();
        assert!(offset == 0 || text.as_bytes()[offset - 1] == b'\n');
    }
}

#[test]
fn what_holds_no_conversations_is_refused() {
    let Some(data) = eval_data("sets without conversations") else { return };
    for path in [
        "banking77/train.csv",
        "clinc150/data_full_train_val.json",
        "cranfield/cran.all.1400",
        "goemotions/dev.tsv",
        "snips_cc0/2017-06-custom-intent-engines/PlayMusic/train_PlayMusic.json",
        "vera_mh/rubric.tsv",
        "wnut17/wnut17train.conll",
        "xed/AnnotatedData__en-annotated.tsv",
    ] {
        let refused = matches!(read(&data, path), Err(Error::UnknownFormat { .. }));
        assert!(refused, "{path}");
    }
}
