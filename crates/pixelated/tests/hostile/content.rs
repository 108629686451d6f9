//! What stands in a file: nothing, halves, zeros, bytes that are no text, wrong types, holes, rows that do not fit.

use std::io::Write as _;

use crate::person::Person;
use crate::watch::{chat, chats};

#[test]
fn an_empty_file_and_an_empty_folder_say_so_and_make_nothing() {
    let person = Person::new();
    let file = person.file("empty.jsonl", "");
    person.import(&file).expect(2).complains_of(&["empty.jsonl", "the file is empty"]);
    std::fs::create_dir(person.path("nothing")).unwrap();
    let folder = person.path("nothing").to_string_lossy().into_owned();
    person.import(&folder).expect(2).complains_of(&["nothing to read there"]);
    // Beside a good file it is told, and the good one comes in.
    std::fs::create_dir(person.path("both")).unwrap();
    person.file("both/a.jsonl", "");
    person.file("both/b.jsonl", chat("b"));
    let both = person.import(&person.path("both").to_string_lossy());
    let summary = both.expect(3).json();
    assert_eq!(summary["new"], 1);
    assert!(summary["failed"].to_string().contains("the file is empty"), "{summary}");
    person.is_sound(1);
}

#[test]
fn a_cut_gzip_gives_what_comes_before_and_says_where_it_breaks() {
    let person = Person::new();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for number in 0..3_000_u32 {
        let id = format!("c-{:x}", number.wrapping_mul(2_654_435_761));
        packed.write_all(chat(&id).as_bytes()).unwrap();
    }
    let packed = packed.finish().unwrap();
    let cut = person.file("cut.jsonl.gz", &packed[..packed.len() / 2]);
    person.import(&cut).expect(2).complains_of(&[
        "cut.jsonl.gz",
        "gzip stream breaks at byte",
        "fetch or write",
    ]);
    let kept = person.json(&["list"])["total"].as_u64().unwrap();
    assert!((1_000..2_000).contains(&kept), "{kept} came before the cut");
    person.is_sound(kept);
    let whole = person.file("whole.jsonl.gz", &packed);
    let summary = person.import(&whole).expect(0).json();
    assert_eq!((summary["new"].as_u64(), summary["unchanged"].as_u64()), (Some(3_000 - kept), Some(kept)));
    person.is_sound(3_000);
}

#[test]
fn a_cut_parquet_file_is_named_and_nothing_of_it_is_kept() {
    let person = Person::new();
    person.import(&person.file("a.jsonl", chats(50))).expect(0);
    let whole = person.path("whole.parquet");
    let target = whole.to_string_lossy().into_owned();
    person.ok(&[
        "export",
        "--format",
        "parquet",
        "--output",
        &target,
        "--all",
        "--dataset",
        "d",
        "--licence",
        "x",
        "--consent-basis",
        "x",
    ]);
    let bytes = std::fs::read(&whole).unwrap();
    for cut in [4, bytes.len() / 2, bytes.len() - 4] {
        let file = person.file("cut.parquet", &bytes[..cut]);
        person.import(&file).expect(2).complains_of(&["cut.parquet", "damaged or cut off"]);
    }
    let mut lying = bytes.clone();
    let at = lying.len() - 8;
    lying[at..at + 4].copy_from_slice(&0x7fff_ffff_u32.to_le_bytes());
    person.import(&person.file("lying.parquet", lying)).expect(2).complains_of(&["lying.parquet"]);
    person.is_sound(50);
}

#[test]
fn zeros_and_bytes_that_are_no_text_reject_their_record_alone() {
    let person = Person::new();
    let bad: [&[u8]; 5] = [
        b"\0\0\0\0\n",
        b"{\"id\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":\"a\0b\"}]}\n",
        b"{\"id\":\"y\",\"messages\":[{\"role\":\"user\",\"content\":\"hi \xff\xfe\x80\x81 there\"}]}\n",
        b"{\"id\":\"z\",\"messages\":[{\"role\":\"user\",\"content\":\"\\ud800\"}]}\n",
        b"\xc3\x28\n",
    ];
    let mut text = Vec::new();
    for (number, bad) in bad.iter().enumerate() {
        text.extend_from_slice(chat(&format!("good-é-{number}")).as_bytes());
        text.extend_from_slice(bad);
    }
    text.extend_from_slice(chat("last").as_bytes());
    let run = person.import(&person.file("zeros.jsonl", text));
    assert_eq!(run.expect(3).json()["new"], 6);
    let lines: Vec<_> = run.rejects().iter().map(|reject| reject["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [2, 4, 6, 8, 10]);
    person.is_sound(6);
}

#[test]
fn a_text_with_an_escaped_zero_is_kept_or_rejected_with_a_reason() {
    let person = Person::new();
    let zero = chat("zero").replace("alone", "al\\u0000one");
    let run = person.import(&person.file("zero.jsonl", chat("a") + &zero + &chat("b")));
    let kept = run.json()["new"].as_u64().unwrap();
    assert_eq!(kept + run.rejects().len() as u64, 3, "{}", run.said());
    person.is_sound(kept);
    person.ok(&["search", "alone"]);
}

#[test]
fn wrong_types_missing_roles_and_double_keys_are_rejected_with_their_reason() {
    let person = Person::new();
    let wrong = [
        (r#"{"id":"1","messages":"hello"}"#, "expected a sequence"),
        (r#"{"id":"2","messages":[{"role":5,"content":"x"}]}"#, "expected a string"),
        (
            r#"{"id":"4","messages":[{"content":"nobody says this"},{"role":"user","content":"x"}]}"#,
            "who speaks",
        ),
        (r#"{"id":"5","id":"6","messages":[{"role":"user","content":"x"}]}"#, "twice"),
        (r#"{"id":"7","messages":[{"role":"user","content":"x","content":"y"}]}"#, "twice"),
        (r#"{"id":"8","messages":[]}"#, "no messages"),
        (r#"{"id":"9"}"#, ""),
        ("17", ""),
        ("null", ""),
        ("\"text\"", ""),
        ("[[[", ""),
    ];
    let mut text = chat("first");
    for (line, _) in wrong {
        text += line;
        text.push('\n');
        text += &chat(&format!("after {line}").replace(['"', '\\'], "'"));
    }
    let run = person.import(&person.file("wrong.jsonl", text));
    let summary = run.expect(3).json();
    assert_eq!(summary["new"], wrong.len() + 1, "{summary}");
    let rejects = run.rejects();
    assert_eq!(rejects.len(), wrong.len(), "{rejects:?}");
    for ((line, reason), reject) in wrong.iter().zip(&rejects) {
        assert!(reject["reason"].as_str().unwrap().contains(reason), "{line}: {reject}");
    }
    person.is_sound(wrong.len() as u64 + 1);
    // What is no text or time is kept as it is, beside the text.
    let odd = r#"{"id":"o-1","messages":[{"role":"user","content":{"a":1}}]}
        {"id":"o-2","messages":[{"role":"user","content":"x","timestamp":"yesterday"}]}"#;
    person.import(&person.file("odd.json", odd)).expect(0);
    let kept = |id: &str| person.json(&["show", id])["conversation"]["messages"][0]["metadata"].clone();
    assert_eq!(
        (&kept("d/o-1")["parts"][0]["a"], &kept("d/o-2")["timestamp"]),
        (&1.into(), &"yesterday".into())
    );
}

#[test]
fn a_depth_of_ten_thousand_is_rejected_wherever_it_stands() {
    let person = Person::new();
    let (open, close) = ("[".repeat(10_000), "]".repeat(10_000));
    let deep = [
        format!(r#"{{"id":"deep","messages":{open}{close}}}"#),
        format!(
            r#"{{"id":"deep","messages":[{{"role":"user","content":"x"}}],"metadata":{{"a":{open}{close}}}}}"#
        ),
        format!("{open}{close}"),
        "{\"a\":".repeat(10_000) + "1" + &"}".repeat(10_000),
    ];
    let text: String =
        deep.iter().enumerate().map(|(number, deep)| chat(&number.to_string()) + deep + "\n").collect();
    let run = person.import(&person.file("deep.jsonl", text));
    assert_eq!(run.expect(3).json()["new"], 4);
    assert_eq!(run.rejects().len(), 4);
    // Alone, and as a list, too.
    for (name, text) in [("alone.json", deep[2].clone()), ("object.json", deep[3].clone())] {
        person.import(&person.file(name, text)).expect(2).complains_of(&[name]);
    }
    person.is_sound(4);
}

#[test]
fn ragged_rows_quotes_and_line_breaks_cost_only_their_row() {
    let person = Person::new();
    let table = "conversation_id,role,content\n\
        1,user,\"I said \"\"no\"\",\nand left\"\n1,assistant,What was that like?\n\
        2,user\n2,user,a,b,c\n2,assistant,Tell me more.\n\
        3,user,\"closed\"\n3,assistant,\"\"\"quoted\"\"\"\n";
    let run = person.import(&person.file("ragged.csv", table));
    let summary = run.expect(3).json();
    assert_eq!((summary["new"].as_u64(), summary["rejected"].as_u64()), (Some(3), Some(2)), "{summary}");
    let lines: Vec<_> = run.rejects().iter().map(|reject| reject["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [5, 6]);
    let shown = person.json(&["list", "--limit", "10"]);
    let first = shown["conversations"][0]["id"].as_str().unwrap();
    assert!(person.ok(&["show", first]).contains("I said \"no\""));
    person.is_sound(3);
    // A quote that is never closed is told, not taken for the rest of the file.
    let open = "conversation_id,role,content\n1,user,x\n1,assistant,y\n2,user,\"open\n2,assistant,z\n";
    let run = Person::new().import(&person.file("open.csv", open));
    assert_eq!((run.expect(3).json()["new"].as_u64(), run.json()["rejected"].as_u64()), (Some(1), Some(1)));
}
