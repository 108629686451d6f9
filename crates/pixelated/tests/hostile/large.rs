//! What is large: a line, a message, a conversation, a table's width, and what a few bytes unpack to. Memory stays below the
//! promised gigabyte.

use std::io::Write as _;
use std::path::Path;

use crate::person::Person;
use crate::watch::{chat, chats};

/// A file that is written piece by piece.
fn written(person: &Person, name: &str, write: impl FnOnce(&mut dyn std::io::Write)) -> String {
    let path = person.path(name);
    let mut file = std::io::BufWriter::new(std::fs::File::create(&path).unwrap());
    write(&mut file);
    file.into_inner().unwrap();
    path.to_string_lossy().into_owned()
}

fn line_of(file: &mut dyn std::io::Write, megabytes: usize) {
    write!(file, r#"{{"id":"long","messages":[{{"role":"user","content":""#).unwrap();
    let piece = "word and ".repeat(1_000_000 / 9 + 1);
    for _ in 0..megabytes {
        file.write_all(&piece.as_bytes()[..1_000_000]).unwrap();
    }
    writeln!(file, r#""}},{{"role":"assistant","content":"What was that like?"}}]}}"#).unwrap();
}

#[test]
fn a_line_of_200_megabytes_is_the_only_one_rejected() {
    let person = Person::new();
    let file = written(&person, "long.jsonl", |file| {
        file.write_all(chat("a").as_bytes()).unwrap();
        line_of(file, 200);
        file.write_all(chat("b").as_bytes()).unwrap();
    });
    let run = person.import(&file);
    assert_eq!(run.expect(3).is_modest().json()["new"], 2);
    let rejects = run.rejects();
    assert_eq!((rejects.len(), rejects[0]["line"].as_u64()), (1, Some(2)));
    assert!(rejects[0]["reason"].as_str().unwrap().contains("longer than 67108864 bytes"));
    person.is_sound(2);
}

#[test]
fn a_message_of_10_megabytes_comes_in_and_goes_out() {
    let person = Person::new();
    let file = written(&person, "long.jsonl", |file| {
        file.write_all(chat("a").as_bytes()).unwrap();
        line_of(file, 10);
    });
    assert_eq!(person.import(&file).expect(0).is_modest().json()["new"], 2);
    person.is_sound(2);
    person.watch(&["show", "d/long"]).expect(0).is_modest();
    person.watch(&["search", "word"]).expect(0).is_modest();
    let target = person.path("out.jsonl").to_string_lossy().into_owned();
    let args = [
        "export",
        "--format",
        "jsonl",
        "--output",
        &target,
        "--all",
        "--licence",
        "x",
        "--consent-basis",
        "x",
    ];
    person.watch(&[&args[..], &["--dataset", "d"]].concat()).expect(0).is_modest();
    assert!(std::fs::metadata(&target).unwrap().len() > 10_000_000);
    assert_eq!(person.import(&target).expect(0).is_modest().json()["unchanged"], 2);
}

#[test]
fn a_hundred_thousand_messages_are_one_conversation() {
    let person = Person::new();
    let file = written(&person, "many.jsonl", |file| {
        write!(file, r#"{{"id":"many","messages":["#).unwrap();
        for number in 0..100_000 {
            let comma = if number == 0 { "" } else { "," };
            let role = if number % 2 == 0 { "user" } else { "assistant" };
            write!(
                file,
                r#"{comma}{{"role":"{role}","content":"I feel {number} times sad about it. Why {number}?"}}"#
            )
            .unwrap();
        }
        writeln!(file, "]}}").unwrap();
        file.write_all(chat("after").as_bytes()).unwrap();
    });
    let summary = person.import(&file).expect(0).is_modest().json();
    assert_eq!((summary["new"].as_u64(), summary["messages"].as_u64()), (Some(2), Some(100_002)));
    person.is_sound(2);
    person.watch(&["show", "d/many"]).expect(0).is_modest();
    assert_eq!(person.import(&file).expect(0).is_modest().json()["unchanged"], 2);
}

#[test]
fn ten_thousand_columns_are_told_and_not_read() {
    let person = Person::new();
    let file = written(&person, "wide.csv", |file| {
        write!(file, "conversation_id,role,content").unwrap();
        (0..10_000).for_each(|column| write!(file, ",column {column}").unwrap());
        for row in 0..50 {
            write!(file, "\n{row},user,hello").unwrap();
            (0..10_000).for_each(|_| write!(file, ",x").unwrap());
        }
        writeln!(file).unwrap();
    });
    person.import(&file).expect(2).is_modest().complains_of(&["wide.csv", "10003 columns", "at most 4096"]);
    // Keys of JSON are as many as there are.
    let keys: Vec<_> = (0..10_000).map(|key| format!(",\"key {key}\":{key}")).collect();
    let record = chat("keys").replace("]}\n", &format!("]{}}}\n", keys.concat()));
    assert_eq!(person.import(&person.file("keys.jsonl", record)).expect(0).is_modest().json()["new"], 1);
    person.is_sound(1);
}

/// Bytes that unpack to a line of two gigabytes between two good ones.
fn bomb(mut packed: impl std::io::Write) {
    packed.write_all(chat("a").as_bytes()).unwrap();
    line_of(&mut packed, 2_000);
    packed.write_all(chat("b").as_bytes()).unwrap();
}

#[test]
fn a_few_bytes_that_unpack_to_gigabytes_take_little_memory() {
    let person = Person::new();
    let gzip = written(&person, "bomb.jsonl.gz", |file| {
        bomb(flate2::write::GzEncoder::new(file, flate2::Compression::fast()));
    });
    let zstd =
        written(&person, "bomb.jsonl.zst", |file| bomb(zstd::Encoder::new(file, 1).unwrap().auto_finish()));
    for (file, key) in [(&gzip, "new"), (&zstd, "unchanged")] {
        let run = person.import(file);
        assert_eq!(run.expect(3).is_modest().json()[key], 2, "{}", run.said());
        assert_eq!(run.rejects().len(), 1);
    }
    person.is_sound(2);
    let zeros = written(&person, "zeros.gz", |file| {
        let mut packed = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        let piece = vec![0; 1_000_000];
        (0..1_000).for_each(|_| packed.write_all(&piece).unwrap());
    });
    person.import(&zeros).expect(2).is_modest().complains_of(&["zeros.gz", "binary data"]);
}

#[test]
fn archives_that_state_more_than_they_hold_are_told() {
    let person = Person::new();
    for (name, size) in [("8-gigabytes.tar", 8_u64 << 30), ("half-of-all.tar", 0x3fff_ffff_ffff_ffff)] {
        let file = person.file(name, tar_member("a.jsonl", size, chat("a").as_bytes()));
        person.import(&file).expect(2).is_modest().complains_of(&[name, "damaged or cut off"]);
    }
    // What is whole before it comes in.
    let two = [
        tar_member("a.jsonl", chat("a").len() as u64, chat("a").as_bytes()),
        tar_member("b.jsonl", 1 << 40, b"{}"),
    ];
    let run = person.import(&person.file("second.tar", two.concat()));
    assert_eq!(person.json(&["list"])["total"], 1, "{}", run.said());
    assert!(matches!(run.code, Some(2 | 3)), "{}", run.said());
    person.is_sound(1);
}

/// A tar member whose header states `size`, in GNU's binary form.
fn tar_member(name: &str, size: u64, content: &[u8]) -> Vec<u8> {
    let mut header = [0_u8; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[124] = 0x80;
    header[128..136].copy_from_slice(&size.to_be_bytes());
    header[156] = b'0';
    header[257..263].copy_from_slice(b"ustar\0");
    header[148..156].fill(b' ');
    let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut bytes = [&header[..], content].concat();
    bytes.resize(bytes.len().next_multiple_of(512), 0);
    bytes
}

#[test]
fn parquet_files_that_unpack_to_gigabytes_are_told() {
    let person = Person::new();
    let bombs = pe_testkit::repository().join("crates/pe-formats/tests/bombs");
    let bomb = |name: &str| Path::new(&bombs).join(name).to_string_lossy().into_owned();
    let refused = person.import(&bomb("900-megabytes-in-a-cell.parquet"));
    refused.expect(2).is_modest().complains_of(&["900-megabytes", "smaller pages"]);
    person
        .import(&bomb("30-million-texts-in-a-row.parquet"))
        .expect(2)
        .is_modest()
        .complains_of(&["split the rows"]);
    let one = person.import(&bomb("70-megabytes-in-one-message.parquet"));
    assert_eq!(one.expect(3).is_modest().json()["new"], 2, "{}", one.said());
    assert_eq!(one.rejects()[0]["line"], 2);
    person.is_sound(2);
}

#[test]
fn metadata_count_for_what_a_batch_may_hold() {
    let person = Person::new();
    let many = "0,".repeat(900_000);
    let file = written(&person, "heavy.jsonl", |file| {
        for number in 0..60 {
            let record = chat(&format!("c-{number}"))
                .replace("]}\n", &format!("],\"metadata\":{{\"a\":[{many}0]}}}}\n"));
            file.write_all(record.as_bytes()).unwrap();
        }
    });
    assert_eq!(person.import(&file).expect(0).is_modest().json()["new"], 60);
    person.is_sound(60);
}

#[test]
fn thousands_of_rejects_are_listed_and_take_no_memory() {
    let person = Person::new();
    let file = written(&person, "bad.jsonl", |file| {
        file.write_all(chats(50).as_bytes()).unwrap();
        for _ in 0..200_000 {
            writeln!(file, r#"{{"id":"x","messages":"no"}}"#).unwrap();
        }
    });
    let run = person.import(&file);
    run.expect(3).is_modest();
    assert_eq!(run.rejects().len(), 200_000);
    person.is_sound(50);
}
