//! What stands at the target after an export, after a failed one, and after one that was given up.

#![allow(clippy::unwrap_used)]

mod fixture;

use std::fs;
use std::path::Path;

use fixture::{dialogue, export, half, options, records};
use pe_formats::write::{
    Adjustment, DatasetFacts, ExportError, ExportFormat, Exporter, Manifest, ManifestFile, SplitRatios,
};
use pe_model::{Conversation, Digest, Message, Preference, Role};
use serde_json::{Value, json};
use sha2::Digest as _;

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn check_file(folder: &Path, file: &ManifestFile) {
    let bytes = fs::read(folder.join(&file.path)).unwrap();
    assert_eq!(bytes.len() as u64, file.bytes, "{}", file.path);
    let sha256 = Digest::from_bytes(sha2::Sha256::digest(&bytes).into()).to_string();
    assert_eq!(sha256, file.sha256, "{}", file.path);
}

fn json_lines(path: &Path) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn extension(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Csv => "out.csv",
        ExportFormat::Parquet => "out.parquet",
        ExportFormat::HuggingFace => "out",
        _ => "out.jsonl",
    }
}

// P-069, P-074
#[test]
fn every_format_leaves_its_files_and_a_manifest_that_fits_them() {
    let all =
        records((0..40).map(dialogue).chain((0..5).flat_map(|pair| {
            [half(pair, Preference::Chosen, "yes"), half(pair, Preference::Rejected, "no")]
        })));
    for format in ExportFormat::ALL {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join(extension(format));
        let manifest = export(options(format, &target), &all);
        let expected = if format == ExportFormat::Preference { 5 } else { 50 };
        assert_eq!(manifest.records, expected, "{format}");
        manifest.files.iter().for_each(|file| check_file(folder.path(), file));
        let path = folder.path().join(format!("{}.manifest.json", extension(format)));
        let stored: Manifest = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        assert_eq!(stored, manifest, "{format}");
        assert_eq!(names(folder.path()).len(), 2, "{format}: {:?}", names(folder.path()));
    }
}

#[test]
fn an_export_that_is_given_up_leaves_nothing() {
    for format in ExportFormat::ALL {
        let folder = tempfile::tempdir().unwrap();
        let mut exporter = Exporter::create(options(format, &folder.path().join(extension(format)))).unwrap();
        for record in records((0..10).map(dialogue)) {
            exporter.write(&record).unwrap();
        }
        assert!(names(folder.path()).iter().all(|name| name.starts_with('.') && name.ends_with(".partial")));
        drop(exporter);
        assert_eq!(names(folder.path()), Vec::<String>::new(), "{format}");
    }
}

#[test]
fn what_stands_at_the_target_is_refused_and_replaced_only_when_asked() {
    for format in ExportFormat::ALL {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join(extension(format));
        export(options(format, &target), &records((0..3).map(dialogue)));
        let before = names(folder.path());
        let refused = Exporter::create(options(format, &target)).err().unwrap();
        assert!(matches!(refused, ExportError::Exists { .. }), "{refused}");
        assert!(refused.to_string().contains("--overwrite"), "{refused}");

        let mut again = options(format, &target);
        again.overwrite = true;
        let manifest = export(again, &records((0..4).map(dialogue)));
        assert_eq!(names(folder.path()), before, "{format}");
        manifest.files.iter().for_each(|file| check_file(folder.path(), file));
    }
}

#[test]
fn a_file_that_appears_meanwhile_is_not_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out.jsonl");
    let exporter = Exporter::create(options(ExportFormat::Jsonl, &target)).unwrap();
    fs::write(&target, "somebody else's").unwrap();
    assert!(matches!(exporter.finish(), Err(ExportError::Exists { .. })));
    assert_eq!(names(folder.path()), ["out.jsonl"]);
    assert_eq!(fs::read_to_string(&target).unwrap(), "somebody else's");
}

#[test]
fn a_folder_that_no_export_wrote_is_never_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("home");
    fs::create_dir(&target).unwrap();
    fs::write(target.join("letter.txt"), "dear").unwrap();
    let mut asked = options(ExportFormat::HuggingFace, &target);
    asked.overwrite = true;
    let refused = Exporter::create(asked).err().unwrap();
    assert!(refused.to_string().contains("no export wrote it"), "{refused}");
    assert_eq!(fs::read_to_string(target.join("letter.txt")).unwrap(), "dear");
}

#[test]
fn options_that_clash_are_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = |format, name: &str| {
        Exporter::create(options(format, &folder.path().join(name))).err().unwrap().to_string()
    };
    assert!(refusal(ExportFormat::Parquet, "x.parquet.gz").contains("without .gz"));
    assert!(refusal(ExportFormat::Jsonl, "missing/x.jsonl").contains("missing/x.jsonl"));
    let mut uneven = options(ExportFormat::Csv, &folder.path().join("x.csv"));
    uneven.split = Some(SplitRatios { train: 0.9, validation: 0.2, test: 0.1 });
    assert!(Exporter::create(uneven).err().unwrap().to_string().contains("add up to 1"));
    assert_eq!(names(folder.path()), Vec::<String>::new());
}

#[test]
fn a_record_that_cannot_be_written_leaves_the_export_whole() {
    for format in [ExportFormat::Jsonl, ExportFormat::Csv, ExportFormat::Parquet] {
        let folder = tempfile::tempdir().unwrap();
        let mut all = records((0..3).map(dialogue));
        all[1].weights = Some(vec![1]);
        let mut exporter = Exporter::create(options(format, &folder.path().join(extension(format)))).unwrap();
        exporter.write(&all[0]).unwrap();
        let refused = exporter.write(&all[1]).unwrap_err().to_string();
        assert!(
            refused.contains(&all[1].id.to_string()) && refused.contains("1 weights for 4 messages"),
            "{refused}"
        );
        exporter.write(&all[2]).unwrap();
        assert_eq!(exporter.finish().unwrap().records, 2, "{format}");
    }
}

#[test]
fn text_files_are_packed_as_their_names_ask() {
    let folder = tempfile::tempdir().unwrap();
    let all = records((0..200).map(dialogue));
    let mut texts = Vec::new();
    for name in ["plain.jsonl", "packed.jsonl.gz", "packed.jsonl.zst"] {
        let path = folder.path().join(name);
        export(options(ExportFormat::Jsonl, &path), &all);
        let bytes = fs::read(&path).unwrap();
        texts.push(match name.rsplit_once('.').unwrap().1 {
            "gz" => {
                std::io::read_to_string(flate2::read::GzDecoder::new(bytes.as_slice())).unwrap().into_bytes()
            }
            "zst" => zstd::decode_all(bytes.as_slice()).unwrap(),
            _ => bytes,
        });
    }
    assert_eq!(texts[0], texts[1]);
    assert_eq!(texts[0], texts[2]);
}

#[test]
fn a_divided_export_puts_each_conversation_into_one_part() {
    let folder = tempfile::tempdir().unwrap();
    let mut asked = options(ExportFormat::Jsonl, &folder.path().join("talks.jsonl.gz"));
    asked.split = Some(SplitRatios { train: 0.6, validation: 0.2, test: 0.2 });
    let manifest = export(asked, &records((0..100).map(dialogue)));
    let paths: Vec<_> = manifest.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(paths, ["talks.test.jsonl.gz", "talks.train.jsonl.gz", "talks.validation.jsonl.gz"]);
    assert_eq!(manifest.files.iter().map(|file| file.records).sum::<u64>(), 100);
    assert!(manifest.files.iter().all(|file| file.records > 5));
}

#[test]
fn fine_tuning_records_end_with_a_reply_and_begin_with_the_system() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("tune.jsonl");
    let talk = |parts: &[(Role, &str)]| Conversation {
        messages: parts.iter().map(|(role, text)| Message::new(*role, *text)).collect(),
        ..Conversation::default()
    };
    let mut all = records([
        talk(&[
            (Role::User, "a"),
            (Role::System, "s"),
            (Role::Assistant, "b"),
            (Role::User, "c"),
            (Role::User, "d"),
        ]),
        talk(&[(Role::User, "alone")]),
        talk(&[(Role::User, "a"), (Role::Assistant, "weak"), (Role::User, "c"), (Role::Assistant, "good")]),
        talk(&[(Role::User, "a"), (Role::Assistant, "weak")]),
    ]);
    all[2].weights = Some(vec![1, 0, 1, 1]);
    all[3].weights = Some(vec![1, 0]);
    let mut asked = options(ExportFormat::OpenAi, &target);
    asked.weights = true;
    let manifest = export(asked, &all);
    assert_eq!(
        json_lines(&target),
        [
            json!({"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "a"},
                {"role": "assistant", "content": "b"}]}),
            json!({"messages": [{"role": "user", "content": "a"},
                {"role": "assistant", "content": "weak", "weight": 0}, {"role": "user", "content": "c"},
                {"role": "assistant", "content": "good", "weight": 1}]}),
        ]
    );
    assert_eq!((manifest.records, manifest.messages), (2, 7));
    assert_eq!(manifest.adjusted(Adjustment::MessageAfterLastReply), 2);
    assert_eq!(manifest.adjusted(Adjustment::SystemMessageMoved), 1);
    assert_eq!(manifest.adjusted(Adjustment::ConversationWithoutReply), 1);
    assert_eq!(manifest.adjusted(Adjustment::ConversationFullyMasked), 1);
}

#[test]
fn fine_tuning_records_keep_tool_calls() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("tune.jsonl");
    let calls = json!([{"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{}"}}]);
    let mut calling = Message::new(Role::Assistant, "");
    calling.metadata.insert("tool_calls".into(), calls.clone());
    let mut result = Message::new(Role::Tool, "sunny");
    result.metadata.insert("tool_call_id".into(), json!("c1"));
    let lost = Message::new(Role::Tool, "which call?");
    let messages =
        vec![Message::new(Role::User, "?"), calling, result, lost, Message::new(Role::Assistant, "Sunny.")];
    let mut conversation = Conversation { messages, ..Conversation::default() };
    conversation.metadata.insert("tools".into(), json!([{"type": "function"}]));
    let manifest = export(options(ExportFormat::OpenAi, &target), &records([conversation]));
    let line = json_lines(&target).remove(0);
    assert_eq!(line["tools"], json!([{"type": "function"}]));
    assert_eq!(line["messages"][1], json!({"role": "assistant", "content": null, "tool_calls": calls}));
    assert_eq!(line["messages"][2], json!({"role": "tool", "content": "sunny", "tool_call_id": "c1"}));
    assert_eq!(manifest.adjusted(Adjustment::ToolMessageWithoutCall), 1);
}

#[test]
fn pairs_become_prompt_chosen_rejected_and_the_rest_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("pairs.jsonl");
    let all = records([
        half(1, Preference::Rejected, "no"),
        half(1, Preference::Chosen, "yes"),
        half(2, Preference::Chosen, "alone"),
        half(3, Preference::Chosen, "same"),
        half(3, Preference::Rejected, "same"),
        dialogue(1),
        half(4, Preference::Chosen, "last"),
    ]);
    let manifest = export(options(ExportFormat::Preference, &target), &all);
    assert_eq!(
        json_lines(&target),
        [json!({
            "id": "pair-1",
            "prompt": [{"role": "user", "content": "question 1"}],
            "chosen": [{"role": "assistant", "content": "yes"}],
            "rejected": [{"role": "assistant", "content": "no"}],
        })]
    );
    assert_eq!((manifest.records, manifest.messages), (1, 3));
    assert_eq!(manifest.adjusted(Adjustment::UnmatchedHalf), 2);
    assert_eq!(manifest.adjusted(Adjustment::PairWithoutDifference), 1);
    assert_eq!(manifest.adjusted(Adjustment::ConversationOutsidePairs), 1);
}

// P-074
#[test]
fn every_chosen_reply_is_set_against_every_rejected_one_up_to_a_bound() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out.jsonl");
    let chosen = |at: usize| half(1, Preference::Chosen, &format!("yes {at}"));
    let rejected = |at: usize| half(1, Preference::Rejected, &format!("no {at}"));
    let all = records([chosen(0), rejected(0), rejected(1), chosen(1), half(2, Preference::Chosen, "alone")]);
    let manifest = export(options(ExportFormat::Preference, &target), &all);
    let lines = json_lines(&target);
    let pairs: Vec<_> = lines
        .iter()
        .map(|line| [&line["id"], &line["chosen"][0]["content"], &line["rejected"][0]["content"]])
        .map(|line| line.map(|value| value.as_str().unwrap_or_default()).join("/"))
        .collect();
    assert_eq!(
        pairs,
        ["pair-1/yes 0/no 0", "pair-1#2/yes 0/no 1", "pair-1#3/yes 1/no 0", "pair-1#4/yes 1/no 1"]
    );
    assert_eq!((manifest.records, manifest.messages), (4, 12));
    assert_eq!(manifest.adjusted(Adjustment::UnmatchedHalf), 1);

    let many = folder.path().join("many.jsonl");
    let all = records((0..20).map(chosen).chain((0..9).map(rejected)));
    let manifest = export(options(ExportFormat::Preference, &many), &all);
    assert_eq!(manifest.records, 64);
    assert_eq!(manifest.adjusted(Adjustment::HalfBeyondBound), 12 + 1);
    assert_eq!(manifest.adjusted(Adjustment::UnmatchedHalf), 0);
}

#[test]
fn a_dataset_folder_has_shards_by_split_and_a_card_with_what_was_measured() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("talks");
    let mut asked = options(ExportFormat::HuggingFace, &target);
    asked.split = Some(SplitRatios { train: 0.8, validation: 0.1, test: 0.1 });
    asked.max_shard_bytes = 2_000;
    asked.datasets = vec![DatasetFacts {
        name: "talks: \"about\" sleep".into(),
        description: Some("Fictional talks,\nwritten for a test.".into()),
        licence: Some("CC BY 4.0".into()),
        modality: Some("mi".into()),
        helper_profile: Some("peer".into()),
        ..DatasetFacts::default()
    }];
    asked.tier_by = "lower".into();
    let manifest = export(asked, &records((0..20_000).map(dialogue)));
    let train: Vec<_> = manifest.files.iter().filter(|file| file.split.as_deref() == Some("train")).collect();
    assert!(train.len() > 1, "{manifest:#?}");
    for (number, file) in train.iter().enumerate() {
        assert_eq!(file.path, format!("talks/data/train-{number:05}-of-{:05}.parquet", train.len()));
    }
    manifest.files.iter().for_each(|file| check_file(folder.path(), file));
    assert_eq!(manifest.records, 20_000);
    assert_eq!(manifest.tier_by, "lower");

    let card = fs::read_to_string(target.join("README.md")).unwrap();
    for part in [
        "license: cc-by-4.0\n",
        "  * modality: mi\n",
        "  * helper: peer\n",
        "(`tier_by = lower`)",
        "pretty_name: \"talks: \\\"about\\\" sleep\"\n",
        "language:\n- \"en\"\n",
        "size_categories:\n- 10K<n<100K\n",
        "  - split: validation\n    path: data/validation-*.parquet\n",
        "Fictional talks, written for a test.",
        "* consent basis: not stated",
        "20000 conversations, 80000 messages",
        "| user | 40000 | ",
        "| clinical | 20000 |",
        "| overall_quality | weighted mean with caps | 0.812 | 0.812 | 0.812 |",
        "Personal data are not redacted",
        "not clinical validation or consent",
    ] {
        assert!(card.contains(part), "{part:?} is not in\n{card}");
    }
}

// P-082, P-083, P-084, P-085, P-086, P-087, P-088
#[test]
fn every_row_of_a_table_names_the_six_scores_and_who_made_them() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("out.csv");
    let mut all = records((0..3).map(dialogue));
    all[2].scores = None;
    all[2].tier = None;
    export(options(ExportFormat::Csv, &target), &all);
    let mut rows = csv::Reader::from_path(&target).unwrap();
    let names = rows.headers().unwrap().clone();
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 12);
    let cell = |row: usize, name: &str| {
        rows[row].get(names.iter().position(|known| known == name).unwrap()).unwrap().to_owned()
    };
    for (axis, score) in pe_model::Axis::ALL.iter().zip(["0.7", "0.71", "0.72", "0.73", "0.74", "0.812345"]) {
        assert_eq!(cell(7, axis.name()), score);
        assert_eq!(cell(8, axis.name()), "");
    }
    assert_eq!((cell(7, "tier"), cell(8, "tier")), ("clinical".into(), String::new()));
    assert_eq!((cell(7, "sequence_number"), cell(7, "validation_version")), ("3".into(), "test-1".into()));
    assert_eq!(cell(5, "emotions"), "joy;relief");
    assert!(cell(4, "metadata").contains("sleep") && cell(5, "metadata").is_empty());
}

#[test]
fn a_text_that_no_table_can_hold_is_left_out_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let mut all = records((0..3).map(dialogue));
    all[1].conversation.messages[0].content.push('\0');
    let manifest = export(options(ExportFormat::Csv, &folder.path().join("out.csv")), &all);
    assert_eq!((manifest.records, manifest.messages), (2, 8));
    assert_eq!(manifest.adjusted(Adjustment::ConversationWithNul), 1);
}

#[test]
fn an_export_of_nothing_is_a_readable_file_without_records() {
    for format in ExportFormat::ALL {
        let folder = tempfile::tempdir().unwrap();
        let manifest = export(options(format, &folder.path().join(extension(format))), &[]);
        assert_eq!(manifest.records, 0, "{format}");
        manifest.files.iter().for_each(|file| check_file(folder.path(), file));
    }
}

#[test]
fn what_a_killed_export_left_goes_with_the_next_one() {
    for format in ExportFormat::ALL {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join(extension(format));
        let left = folder.path().join(format!(".{}.aB3dE6.partial", extension(format)));
        if format.is_folder() { fs::create_dir(&left) } else { fs::write(&left, "half") }.unwrap();
        export(options(format, &target), &records((0..3).map(dialogue)));
        assert!(!left.exists(), "{format}");
        assert_eq!(names(folder.path()).len(), 2, "{format}: {:?}", names(folder.path()));
    }
}

#[test]
fn options_that_can_not_be_carried_out_are_refused() {
    let refused = |asked| Exporter::create(asked).err().unwrap().to_string();
    let error = refused(options(ExportFormat::Jsonl, Path::new("-")));
    assert!(error.contains("standard output") && !Path::new("-").exists(), "{error}");
    let folder = tempfile::tempdir().unwrap();
    for format in ExportFormat::ALL.into_iter().filter(|format| *format != ExportFormat::OpenAi) {
        let mut asked = options(format, &folder.path().join(extension(format)));
        asked.weights = true;
        let error = refused(asked);
        assert!(error.contains("no weights") && error.contains("openai"), "{error}");
    }
}
