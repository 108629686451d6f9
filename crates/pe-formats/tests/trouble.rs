//! Files that are large, broken or no text at all, and maps that lead nowhere: what can be read is read, the rest is told
//! with its true reason, and nothing is lost or invented in silence.

#![allow(clippy::unwrap_used)] // Helpers of tests, too, fail where they should.

use std::io::Write;
use std::path::{Path, PathBuf};

use pe_formats::{
    Compression, Error, FieldMap, Format, Input, Item, ReadOptions, Reader, Record, Reject, expand,
};
use serde_json::{Value, json};

fn file(folder: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

type Read = (Format, Vec<Record>, Vec<Reject>);

fn read_with(path: &Path, options: &ReadOptions) -> Result<Read, Error> {
    let reader = Reader::open(&Input::file(path), options)?;
    let format = reader.guess().format;
    let (mut records, mut rejects) = (Vec::new(), Vec::new());
    for item in reader {
        match item? {
            Item::Record(record) => records.push(*record),
            Item::Reject(reject) => rejects.push(reject),
        }
    }
    Ok((format, records, rejects))
}

fn read(name: &str, bytes: &[u8]) -> Result<Read, Error> {
    let folder = tempfile::tempdir().unwrap();
    read_with(&file(folder.path(), name, bytes), &ReadOptions::default())
}

fn chat(words: &str) -> Value {
    json!({"messages": [{"role": "user", "content": words}, {"role": "assistant", "content": "Go on."}]})
}

#[test]
fn a_first_record_beyond_the_sample_is_recognised_in_every_layout() {
    let long = "word ".repeat(200_000);
    let (first, second) = (chat(&long), chat("short"));
    let many = json!({"messages": vec![json!({"role": "user", "content": "hi"}); 100_000]});
    let late = json!({"prompt": long, "chosen": "Go on.", "rejected": "Stop."});
    for (name, text, format, count) in [
        ("a.jsonl", format!("{first}\n{second}\n"), Format::OpenAi, 2),
        ("a.json", format!("[{first}, {second}]"), Format::OpenAi, 2),
        ("b.json", format!("{{\"data\": [{first}, {second}]}}"), Format::OpenAi, 2),
        ("c.json", first.to_string(), Format::OpenAi, 1),
        ("f.json", format!("[{many}, {second}]"), Format::OpenAi, 2),
        // What tells the format comes after the long text.
        ("d.jsonl", format!("{late}\n{late}\n"), Format::Preference, 4),
        ("e.json", format!("[{late}]"), Format::Preference, 2),
    ] {
        let (found, records, rejects) = read(name, text.as_bytes()).unwrap();
        assert_eq!((found, records.len(), rejects.len()), (format, count, 0), "{name}");
        assert_eq!(
            records[0].conversation.messages[0].content,
            if name == "f.json" { "hi" } else { &long },
            "{name}"
        );
    }
}

#[test]
fn a_first_record_beyond_the_limit_is_the_only_one_rejected() {
    let folder = tempfile::tempdir().unwrap();
    let long = format!(r#"{{"messages": [{{"role": "user", "content": "{}"}}]}}"#, "word ".repeat(200_000));
    let path = file(folder.path(), "a.jsonl", format!("{long}\n{}\n", chat("short")).as_bytes());
    let options = ReadOptions { max_record_bytes: 500_000, ..ReadOptions::default() };
    let (_, records, rejects) = read_with(&path, &options).unwrap();
    assert_eq!((records.len(), rejects.len()), (1, 1));
    assert!(rejects[0].reason.contains("longer than 500000 bytes"), "{}", rejects[0].reason);
}

#[test]
fn what_is_said_of_a_long_unknown_record_is_true() {
    let text = json!({"alpha": "x".repeat(600_000), "beta": {"gamma": 1}}).to_string();
    let error = read("a.json", text.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("an object with alpha, beta"), "{error}");
}

#[test]
fn a_bad_first_record_is_a_reject_and_no_end() {
    let good = chat("hello").to_string();
    let lone = good.replace("hello", "\\ud800");
    let unnamed =
        json!({"messages": [{"content": "hello"}, {"role": "assistant", "content": "b"}]}).to_string();
    for (bad, what) in
        [(lone, "surrogate"), (unnamed, "does not say who speaks"), ("{\"messages\": NaN}".into(), "JSON")]
    {
        for (name, text) in [
            ("a.jsonl", format!("{bad}\n{good}\n{good}\n")),
            ("a.jsonl", format!("{bad}\n{good}\n")),
            ("a.json", format!("[{bad}, {good}, {good}]")),
            ("b.json", format!("{{\"data\": [{bad}, {good}]}}")),
        ] {
            let (format, records, rejects) = read(name, text.as_bytes()).unwrap();
            assert_eq!((format, rejects.len()), (Format::OpenAi, 1), "{text}");
            assert!(!records.is_empty());
            let reason = &rejects[0].reason;
            assert!(reason.contains(what) || reason.contains("not a chat record"), "{reason}");
        }
    }
}

#[test]
fn a_field_that_is_there_twice_rejects_the_record() {
    let good = chat("hello").to_string();
    let message = r#"[{"role": "user", "content": "a"}]"#;
    for bad in [
        format!("{{\"id\": \"a\", \"id\": \"b\", \"messages\": {message}}}"),
        format!("{{\"messages\": {message}, \"messages\": {message}}}"),
        r#"{"messages": [{"role": "user", "content": "a", "content": "b"}]}"#.to_owned(),
        r#"{"messages": [{"role": "user", "content": "a", "mood": 1, "mood": 2}]}"#.to_owned(),
    ] {
        let (_, records, rejects) = read("a.jsonl", format!("{good}\n{bad}\n{good}\n").as_bytes()).unwrap();
        assert_eq!((records.len(), rejects.len()), (2, 1), "{bad}");
        assert!(rejects[0].reason.contains("is there twice"), "{}", rejects[0].reason);
    }
}

#[test]
fn annotations_come_through_in_every_spelling_or_reject_their_record() {
    let message = json!([{"role": "user", "content": "a b c"}]);
    let lines = [
        json!({"id": "a", "messages": message, "annotations": [{"layer": "s", "value": 3}]}),
        json!({"id": "b", "messages": message, "annotations": [{"layer": "s", "value": true, "message": 0, "start": 0, "end": 1}]}),
        json!({"id": "c", "messages": message, "annotations": [{"layer": "s"}]}),
    ];
    let text: Vec<_> = lines.iter().map(Value::to_string).collect();
    let (format, records, rejects) = read("a.jsonl", text.join("\n").as_bytes()).unwrap();
    assert_eq!((format, records.len(), rejects.len()), (Format::Pixelated, 2, 1));
    assert_eq!(records[0].conversation.annotations[0].value, "3");
    assert_eq!(records[1].conversation.annotations[0].range, Some((0, 1)));
    assert!(rejects[0].reason.contains("annotation 1 has no value"), "{}", rejects[0].reason);
}

#[test]
fn a_packed_stream_that_breaks_gives_what_comes_before_and_says_where() {
    let lines: Vec<_> = (0..4_000_u32)
        .map(|at| chat(&format!("message {}", at.wrapping_mul(2_654_435_761))).to_string())
        .collect();
    let text = lines.join("\n");
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(text.as_bytes()).unwrap();
    for (name, packed) in
        [("gzip", gzip.finish().unwrap()), ("zstd", zstd::encode_all(text.as_bytes(), 1).unwrap())]
    {
        for share in [2, 10] {
            let folder = tempfile::tempdir().unwrap();
            let path = file(folder.path(), "a.jsonl", &packed[..packed.len() * (share - 1) / share]);
            let items: Vec<_> = Reader::open(&Input::file(path), &ReadOptions::default()).unwrap().collect();
            let (last, before) = items.split_last().unwrap();
            let error = last.as_ref().unwrap_err().to_string();
            assert!(error.contains(&format!("the {name} stream breaks at byte")), "{error}");
            assert!(
                before.len() > 100 && before.iter().all(|item| matches!(item, Ok(Item::Record(_)))),
                "{name}"
            );
        }
    }
    // Even where it breaks within what the format is told from.
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "a", b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01");
    let error = Reader::open(&Input::file(path), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error, Error::Damaged { .. }), "{error}");
}

#[test]
fn bytes_that_are_no_letters_are_no_windows_1252() {
    let good = chat("fine").to_string();
    let text = [
        good.as_bytes(),
        b"\n{\"messages\": [{\"role\": \"user\", \"content\": \"hi \xff\xfe\x80 there\"}]}\n",
        good.as_bytes(),
    ]
    .concat();
    let (_, records, rejects) = read("a.jsonl", &text).unwrap();
    assert_eq!((records.len(), rejects.len()), (2, 1));
    assert!(rejects[0].reason.contains("not UTF-8"), "{}", rejects[0].reason);
}

#[test]
fn what_is_no_text_is_named_without_control_characters() {
    let noise: Vec<u8> = (0..2_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for (head, what) in [
        (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], "a PNG image, not text"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj, a, b\n", "a PDF document, not text"),
        (b"\x7fELF\x02\x01\x01", "a program (ELF), not text"),
        (b"\x02\x03\x05\x07\x1b\x1b[2J", "binary data, not text"),
    ] {
        let error = read("a.csv", &[head, &noise].concat()).unwrap_err().to_string();
        assert!(error.contains(what) && !error.contains(char::is_control), "{error:?}");
    }
    let table = "na\u{1b}[2Jme,other\n1,2\n3,4\n";
    let error = read("a.csv", table.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("na\\u{1b}[2Jme") && !error.contains(char::is_control), "{error:?}");
    let wide = format!("{},other\n1,2\n3,4\n", "name".repeat(10_000));
    assert!(read("a.csv", wide.as_bytes()).unwrap_err().to_string().len() < 1_200);
    let good = chat("hello").to_string();
    let (_, _, rejects) = read("a.jsonl", format!("{good}\n{{\u{1b}[2J \u{7}\n{good}\n").as_bytes()).unwrap();
    assert!(!rejects[0].excerpt.contains(char::is_control) && !rejects[0].reason.contains(char::is_control));
    assert!(rejects[0].excerpt.starts_with("{\\u{1b}[2J"), "{}", rejects[0].excerpt);
}

#[test]
fn a_map_that_leads_nowhere_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let record = json!({"log": [{"who": "Ada", "said": "Hm."}, {"who": "Bo", "said": "Tell me."}]});
    let path = file(folder.path(), "a.jsonl", format!("{record}\n{record}\n").as_bytes());
    let map = "messages = 'log'\nspeaker = 'speaker'\ncontent = 'said'";
    let options = ReadOptions { map: Some(FieldMap::parse(map).unwrap()), ..ReadOptions::default() };
    let error = read_with(&path, &options).unwrap_err().to_string();
    assert!(error.contains("speaker is \"speaker\"") && error.contains("\"said\", \"who\""), "{error}");
    let right = FieldMap::parse(&map.replace("'speaker'", "'who'")).unwrap();
    let options = ReadOptions { map: Some(right), ..ReadOptions::default() };
    assert_eq!(read_with(&path, &options).unwrap().1.len(), 2);
    let table = file(folder.path(), "a.csv", b"who,said\nAda,Hm.\nBo,Tell me.\n");
    let map = "speaker = 'who'\ncontent = 'said'\nannotations = ['mood']";
    let options = ReadOptions { map: Some(FieldMap::parse(map).unwrap()), ..ReadOptions::default() };
    let error = read_with(&table, &options).unwrap_err().to_string();
    assert!(error.contains("`mood`") && error.contains("`who`"), "{error}");
}

#[test]
fn an_id_that_can_not_be_kept_rejects_its_record() {
    let with = |id: &str| {
        let mut record = chat("hello");
        record["id"] = id.into();
        record.to_string()
    };
    let text = [with("a"), with(""), with(&"x".repeat(1024)), with(&"x".repeat(1025))].join("\n");
    let (_, records, rejects) = read("a.jsonl", text.as_bytes()).unwrap();
    assert_eq!((records.len(), rejects.len()), (2, 2));
    assert!(rejects[0].reason.contains("0 bytes") && rejects[1].reason.contains("1025 bytes"));
    assert!(rejects[1].reason.contains("1 to 1024 bytes") && rejects[1].excerpt.len() <= Reject::EXCERPT);
}

#[test]
fn a_pair_id_that_can_not_be_kept_rejects_its_record() {
    let pair = |id: &str| {
        let (chosen, rejected) =
            (chat("Take your time.")["messages"].clone(), chat("Calm down.")["messages"].clone());
        json!({"id": id, "chosen": chosen, "rejected": rejected}).to_string()
    };
    let text = [pair("a"), pair(&"x".repeat(1025))].join("\n");
    let (_, records, rejects) = read("pairs.jsonl", text.as_bytes()).unwrap();
    assert_eq!(records.len(), 2, "both halves of the first pair");
    let said: Vec<_> = rejects.iter().map(|reject| reject.reason.as_str()).collect();
    assert!(said.iter().all(|reason| reason.contains("1 to 1024 bytes")) && !said.is_empty(), "{said:?}");
}

#[test]
fn words_for_people() {
    assert_eq!(Compression::None.name(), "not compressed");
    let error = Reader::open(&Input::file("/nowhere/a.json"), &ReadOptions::default()).unwrap_err();
    assert_eq!(error.to_string(), "cannot read /nowhere/a.json: no such file or folder");
}

/// Runs as nobody where it is started as root, whom no folder is closed to.
#[cfg(unix)]
#[test]
#[allow(clippy::print_stderr)] // What is skipped must be seen.
fn a_closed_folder_within_does_not_hide_the_rest() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;

    const NOBODY: &str = "PIXELATED_TEST_AS_NOBODY";
    let folder = tempfile::tempdir().unwrap();
    let (closed, inner) = (folder.path().join("b"), folder.path().join("b/x.jsonl"));
    std::fs::create_dir(&closed).unwrap();
    for path in [folder.path().join("a.jsonl"), inner, folder.path().join("c.jsonl")] {
        std::fs::write(path, chat("hello").to_string()).unwrap();
    }
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::read_dir(&closed).is_ok() {
        if std::env::var_os(NOBODY).is_some() {
            return;
        }
        let name = "a_closed_folder_within_does_not_hide_the_rest";
        let mut again = std::process::Command::new(std::env::current_exe().unwrap());
        again.args(["--exact", name]).env(NOBODY, "1").env("TMPDIR", "/tmp").current_dir("/").uid(65_534);
        match again.status() {
            Ok(status) => assert!(status.success()),
            Err(error) => eprintln!("skipped: a closed folder, as root can open it ({error})"),
        }
        return;
    }
    let inputs = expand(&[folder.path().to_string_lossy().into_owned()]).unwrap();
    let opened: Vec<_> = inputs.iter().map(|input| Reader::open(input, &ReadOptions::default())).collect();
    std::fs::set_permissions(&closed, std::fs::Permissions::from_mode(0o700)).unwrap();
    let opened: Vec<_> = opened.into_iter().map(|reader| reader.map(Iterator::count)).collect();
    assert!(matches!(opened[..], [Ok(1), Err(Error::Io { .. }), Ok(1)]), "{opened:?}");
}
