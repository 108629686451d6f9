//! Reading as a user meets it: whole files, in every compression, encoding, archive and layout, and damaged ones.

#![allow(clippy::unwrap_used)] // Helpers of tests, too, fail where they should.

use std::io::Write;
use std::path::{Path, PathBuf};

use pe_formats::{
    Compression, Encoding, Error, FieldMap, Format, Input, Item, Packing, ReadOptions, Reader, Record,
    Reject, RoleMap,
};
use pe_model::{Conversation, Role};
use proptest::prelude::*;
use serde_json::{Value, json};

fn file(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn read_with(path: &Path, options: &ReadOptions) -> Result<(Vec<Record>, Vec<Reject>), Error> {
    let (mut records, mut rejects) = (Vec::new(), Vec::new());
    for item in Reader::open(&Input::file(path), options)? {
        match item? {
            Item::Record(record) => records.push(*record),
            Item::Reject(reject) => rejects.push(reject),
        }
    }
    Ok((records, rejects))
}

fn read(name: &str, bytes: &[u8]) -> Result<(Vec<Record>, Vec<Reject>), Error> {
    let folder = tempfile::tempdir().unwrap();
    read_with(&file(folder.path(), name, bytes), &ReadOptions::default())
}

fn guess(name: &str, bytes: &[u8]) -> pe_formats::Guess {
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), name, bytes);
    Reader::open(&Input::file(path), &ReadOptions::default()).unwrap().guess().clone()
}

fn chat(words: &str) -> Value {
    json!({"messages": [{"role": "user", "content": words}, {"role": "assistant", "content": "Go on."}]})
}

fn lines(records: &[Value]) -> String {
    let lines: Vec<_> = records.iter().map(Value::to_string).collect();
    lines.join("\n") + "\n"
}

/// Names do not tell compression, encoding or packing; bytes do.
#[test]
fn compression_and_encoding_are_undone() {
    let text = lines(&[chat("I can’t sleep – since März."), chat("两个月了。")]);
    let gzip = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap()
    };
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
    let expected = read("plain.jsonl", text.as_bytes()).unwrap();
    assert_eq!((expected.0.len(), expected.1.len()), (2, 0));
    let zstd = zstd::encode_all(text.as_bytes(), 1).unwrap();
    for (bytes, compression, encoding) in [
        (gzip, Compression::Gzip, Encoding::Utf8),
        (zstd, Compression::Zstd, Encoding::Utf8),
        (utf16, Compression::None, Encoding::Utf16Le),
        (marked, Compression::None, Encoding::Utf8WithMark),
    ] {
        assert_eq!(read("misnamed.txt", &bytes).unwrap(), expected, "{compression:?} {encoding:?}");
        let guess = guess("misnamed.txt", &bytes);
        assert_eq!(
            (guess.compression, guess.encoding, guess.format),
            (compression, encoding, Format::OpenAi)
        );
    }
    let (latin, _) = read(
        "latin.json",
        b"[{\"role\":\"user\",\"content\":\"caf\xe9\"},{\"role\":\"assistant\",\"content\":\"?\"}]",
    )
    .unwrap();
    assert_eq!(latin[0].conversation.messages[0].content, "café");
}

#[test]
fn archives_are_read_member_by_member() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.zip");
    let mut zip = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, content) in [
        ("README.md", "# Data".to_owned()),
        ("list.json", "[1, 2, 3]".to_owned()),
        ("a/1.json", chat("one").to_string()),
        ("a/2.jsonl", lines(&[chat("two"), chat("three")])),
    ] {
        zip.start_file(name, stored).unwrap();
        zip.write_all(content.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    let (records, rejects) = read_with(&path, &ReadOptions::default()).unwrap();
    let sources: Vec<_> =
        records.iter().map(|r| r.conversation.metadata["source_file"].as_str().unwrap()).collect();
    assert_eq!(sources, ["a/1.json", "a/2.jsonl", "a/2.jsonl"]);
    assert_eq!(rejects.len(), 1);
    assert!(rejects[0].reason.contains("list.json"), "{}", rejects[0].reason);
    let reader = Reader::open(&Input::file(path), &ReadOptions::default()).unwrap();
    assert_eq!((reader.guess().packing, reader.member()), (Some(Packing::Zip), Some("a/1.json")));
}

#[test]
fn a_bad_record_is_rejected_with_its_place_and_the_rest_goes_on() {
    let good = chat("hello").to_string();
    let text =
        format!("{good}\n{{\"messages\": [{{\"role\": \"user\"\n\n{good}\n{{\"messages\": []}}\n{good}\n");
    let (records, rejects) = read("a.jsonl", text.as_bytes()).unwrap();
    assert_eq!(records.iter().map(|record| record.place.line).collect::<Vec<_>>(), [1, 4, 6]);
    assert_eq!(rejects.iter().map(|reject| reject.place.line).collect::<Vec<_>>(), [2, 5]);
    assert_eq!(rejects[0].place.offset, good.len() as u64 + 1);
    assert!(rejects[0].excerpt.starts_with("{\"messages\""));
    assert!(rejects[1].reason.contains("no messages"));

    let list = format!("[{good}, {{\"messages\": 7}}, {good}]");
    let (records, rejects) = read("a.json", list.as_bytes()).unwrap();
    assert_eq!((records.len(), rejects.len()), (2, 1));
}

#[test]
fn bytes_that_are_no_text_reject_only_their_record() {
    let good = chat("é è ü — fine").to_string();
    let bytes = [
        good.as_bytes(),
        b"\n",
        &good.as_bytes()[..20],
        b"\xff\xfe",
        &good.as_bytes()[20..],
        b"\n",
        good.as_bytes(),
    ]
    .concat();
    let (records, rejects) = read("a.jsonl", &bytes).unwrap();
    assert_eq!((records.len(), rejects.len()), (2, 1));
    assert!(rejects[0].reason.contains("not UTF-8") && rejects[0].reason.contains("--encoding"));
}

#[test]
fn files_that_break_off_give_what_they_had() {
    let text = format!("[{}, {}]", chat("one"), chat("two"));
    let (records, rejects) = read("a.json", &text.as_bytes()[..text.len() - 20]).unwrap();
    assert_eq!((records.len(), rejects.len()), (1, 1));
    assert!(rejects[0].reason.contains("ends within"));
    let many: Vec<_> = (0..5_000).map(|number| chat(&format!("message {number}"))).collect();
    let mut packed = zstd::encode_all(lines(&many).as_bytes(), 1).unwrap();
    packed.truncate(packed.len() / 2);
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "a.jsonl.zst", &packed);
    let items: Vec<_> = Reader::open(&Input::file(path), &ReadOptions::default())
        .map_or_else(|error| vec![Err(error)], Iterator::collect);
    assert!(matches!(items.last(), Some(Err(Error::Damaged { .. }))));
}

#[test]
fn nothing_to_read_is_an_error_that_says_what_was_seen() {
    for (name, bytes, seen) in [
        ("empty.json", &b""[..], "empty"),
        ("strings.json", br#"["a", "b"]"#, "a list of text"),
        ("prose.txt", b"Once upon a time.", "Once upon"),
        ("binary", &[0, 1, 2, 3, 0, 0, 0, 9], "not text"),
        ("config.json", br#"{"alpha": {"file": "a.json"}}"#, "alpha"),
    ] {
        let error = read(name, bytes).unwrap_err().to_string();
        assert!(error.contains(seen) && error.contains("--format"), "{error}");
    }
}

#[test]
fn limits_hold() {
    let folder = tempfile::tempdir().unwrap();
    let text = lines(&[chat("short"), chat(&"long ".repeat(500)), chat("short")]);
    let path = file(folder.path(), "a.jsonl", text.as_bytes());
    let options = ReadOptions { max_record_bytes: 500, ..ReadOptions::default() };
    let (records, rejects) = read_with(&path, &options).unwrap();
    assert_eq!((records.len(), rejects.len()), (2, 1));
    assert!(rejects[0].reason.contains("longer than 500 bytes"));
    let options = ReadOptions { max_messages: 1, ..ReadOptions::default() };
    let (records, rejects) = read_with(&path, &options).unwrap();
    assert_eq!((records.len(), rejects.len()), (0, 3));
}

#[test]
fn roles_and_fields_can_be_named() {
    let folder = tempfile::tempdir().unwrap();
    let record = json!({"nr": 4, "chat": {"log": [{"w": "Ada", "t": "Hm."}, {"w": "Bo", "t": "Tell me."}]}});
    let path = file(folder.path(), "a.json", json!([record, record]).to_string().as_bytes());
    let map = FieldMap::parse("id = 'nr'\nmessages = 'chat.log'\nspeaker = 'w'\ncontent = 't'").unwrap();
    let roles = RoleMap::parse(&["Ada=assistant"]).unwrap();
    let options = ReadOptions { map: Some(map), roles, ..ReadOptions::default() };
    let (records, rejects) = read_with(&path, &options).unwrap();
    assert_eq!((records.len(), rejects.len()), (2, 0));
    let conversation = &records[0].conversation;
    assert_eq!(conversation.source_id.as_deref(), Some("4"));
    assert_eq!(conversation.messages[0].role, Role::Assistant);
    assert_eq!(conversation.messages[1].role, Role::User);
    assert_eq!(conversation.messages[1].speaker.as_deref(), Some("Bo"));
}

#[test]
fn rows_of_one_conversation_come_together() {
    let row =
        |id: u32, speaker: &str, text: &str| json!({"dialogue_id": id, "speaker": speaker, "text": text});
    let rows = [
        row(1, "Ann", "Hello"),
        row(1, "Bo", "Hi, how are you?"),
        row(2, "Ann", "Bye now"),
        row(2, "Bo", "Bye"),
    ];
    let (records, rejects) = read("rows.jsonl", lines(&rows).as_bytes()).unwrap();
    assert_eq!((records.len(), rejects.len()), (2, 0));
    assert_eq!(records[1].conversation.messages[0].content, "Bye now");
    let (listed, _) = read("rows.json", json!(rows).to_string().as_bytes()).unwrap();
    let said =
        |records: &[Record]| records.iter().map(|r| r.conversation.messages.clone()).collect::<Vec<_>>();
    assert_eq!(said(&listed), said(&records));
}

#[test]
fn tool_calls_and_parts_are_kept() {
    let record = json!({"messages": [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "What is"}, {"type": "image_url", "image_url": {"url": "x"}}, {"type": "text", "text": "this?"}]},
        {"role": "assistant", "content": null, "tool_calls": [{"id": "c1", "function": {"name": "look", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "a cat"}], "model": "m"});
    let (records, _) = read("a.jsonl", lines(&[record]).as_bytes()).unwrap();
    let messages = &records[0].conversation.messages;
    let roles: Vec<_> = messages.iter().map(|message| message.role).collect();
    assert_eq!(roles, [Role::System, Role::User, Role::Assistant, Role::Tool]);
    assert_eq!(messages[0].speaker.as_deref(), Some("developer"));
    assert_eq!(messages[1].content, "What is\nthis?");
    assert_eq!(messages[1].metadata["parts"][0]["type"], "image_url");
    assert_eq!(messages[2].content, "");
    assert_eq!(messages[2].metadata["tool_calls"][0]["function"]["name"], "look");
    assert_eq!(messages[3].metadata["tool_call_id"], "c1");
    assert_eq!(records[0].conversation.metadata["model"], "m");
}

fn records() -> impl Strategy<Value = Vec<Value>> {
    let message = ("(user|assistant|system|tool|Maria|client)", "\\PC{0,20}|[\\n\"\\\\{}\\[\\],: a]{0,12}")
        .prop_map(|(role, content)| json!({"role": role, "content": content}));
    let first = "\\PC{0,20}".prop_map(|content| json!({"role": "user", "content": content}));
    let record = (first, prop::collection::vec(message, 0..5)).prop_map(|(first, rest)| {
        let messages: Vec<_> = std::iter::once(first).chain(rest).collect();
        json!({"messages": messages})
    });
    prop::collection::vec(record, 2..6)
}

fn conversations(bytes: &[u8]) -> Vec<Conversation> {
    let (records, rejects) = read("a.json", bytes).unwrap();
    assert_eq!(rejects, []);
    records.into_iter().map(|record| Conversation { source_id: None, ..record.conversation }).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    /// However records are laid out, the same conversations come out.
    #[test]
    fn layout_does_not_matter(records in records()) {
        let expected = conversations(lines(&records).as_bytes());
        prop_assert_eq!(expected.len(), records.len());
        let pretty = serde_json::to_string_pretty(&records).unwrap();
        prop_assert_eq!(&conversations(pretty.as_bytes()), &expected);
        let wrapped = json!({"version": 1, "data": records}).to_string();
        prop_assert_eq!(&conversations(wrapped.as_bytes()), &expected);
        let named: serde_json::Map<_, _> =
            records.iter().enumerate().map(|(at, record)| (format!("{at:03}"), record.clone())).collect();
        prop_assert_eq!(&conversations(Value::Object(named).to_string().as_bytes()), &expected);
    }

    /// A chat file with bytes changed anywhere is read to its end or to an error, and never panics.
    #[test]
    fn damage_never_panics(records in records(), at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = lines(&records).into_bytes();
        let length = bytes.len();
        bytes[at.index(length)] = byte;
        let _ = read("a.jsonl", &bytes);
        bytes.truncate(cut.index(length));
        let _ = read("a.jsonl", &bytes);
    }

    /// Whatever the bytes are.
    #[test]
    fn noise_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..600), open in "[\\[{\"PK\\x1f\\x8b]{0,3}") {
        let bytes = [open.as_bytes(), &bytes].concat();
        if let Ok((_, rejects)) = read("noise", &bytes) {
            prop_assert!(rejects.iter().all(|reject| reject.excerpt.len() <= Reject::EXCERPT));
        }
    }
}
