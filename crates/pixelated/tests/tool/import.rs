//! Importing: again, changed, broken, killed.

use std::io::Write;
use std::process::Stdio;

use crate::person::{Person, examples};

fn chat(id: &str, reply: &str) -> String {
    format!(
        r#"{{"id":"{id}","messages":[{{"role":"user","content":"I can't sleep since the move and I feel so alone in this town"}},{{"role":"assistant","content":"{reply}"}}]}}"#
    ) + "\n"
}

// P-097
#[test]
fn importing_again_changes_nothing() {
    let person = Person::with_examples();
    let before = person.json(&["list", "--limit", "1000"]);
    let again = person.json(&["import", &examples("a"), &examples("b"), "--dataset", "demo"]);
    assert_eq!(again["new"], 0);
    assert_eq!(again["unchanged"], 132);
    assert_eq!(person.json(&["list", "--limit", "1000"]), before);
}

#[test]
fn a_changed_record_is_updated_or_left_as_asked() {
    let person = Person::new();
    let first = person.file("one.jsonl", chat("x", "What has the move been like for you?"));
    person.ok(&["import", &first, "--dataset", "d"]);
    let changed = person.file("two.jsonl", chat("x", "You should just get a dog."));

    let complaint = person.fails(1, &["import", &changed, "--dataset", "d", "--on-conflict", "fail"]);
    assert!(complaint.contains("other content"), "{complaint}");
    assert_eq!(person.json(&["import", &changed, "--dataset", "d", "--on-conflict", "skip"])["skipped"], 1);
    assert!(person.ok(&["show", "d/x"]).contains("What has the move been like"));
    assert_eq!(person.json(&["import", &changed, "--dataset", "d"])["updated"], 1);
    assert!(person.ok(&["show", "d/x"]).contains("get a dog"));
    assert!(person.ok(&["search", "dog"]).contains("d/x"));
    assert!(person.ok(&["search", "\"the move been\""]).contains("nothing found"));
}

#[test]
fn what_cannot_be_read_is_listed_and_the_rest_goes_on() {
    let person = Person::new();
    let text = chat("a", "Tell me more.") + "{\"id\": \"broken\", \"messages\": [\n" + &chat("b", "Mm-hm.");
    let file = person.file("some.jsonl", &text);
    let rejects = person.path("rejects.jsonl");
    let rejects_text = rejects.to_string_lossy().into_owned();
    let output = person.run(&["import", &file, "--dataset", "d", "--rejects", &rejects_text]);
    assert_eq!(output.status.code(), Some(3));
    let lines = std::fs::read_to_string(&rejects).unwrap();
    let line: serde_json::Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(lines.lines().count(), 1);
    assert_eq!(line["line"], 2);
    assert_eq!(line["offset"], chat("a", "Tell me more.").len());
    assert_eq!(person.json(&["list"])["total"], 2);

    let strict = person.fails(2, &["import", &file, "--dataset", "strict", "--strict"]);
    assert!(strict.contains("line 2"), "{strict}");
}

#[test]
fn many_small_batches_give_every_conversation_an_id_of_its_own() {
    let person = Person::new();
    let mut text = String::new();
    for number in 0..500 {
        text += &chat(&format!("c{number}"), "What was that like?");
        if number % 7 == 0 {
            text += "{\"id\": \"broken\", \"messages\": [\n";
        }
    }
    let file = person.file("broken.jsonl", &text);
    let output = person.run(&["import", &file, "--dataset", "d", "--json"]);
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&summary["new"], &summary["rejected"]), (&500.into(), &72.into()));
}

#[test]
fn an_id_that_stands_twice_is_not_overwritten() {
    let person = Person::new();
    let file = person
        .file("two.jsonl", chat("x", "Mm-hm.") + &chat("x", "You should get a dog.") + &chat("x", "Mm-hm."));
    let output = person.run(&["import", &file, "--dataset", "d", "--json"]);
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&summary["new"], &summary["unchanged"], &summary["rejected"]),
        (&1.into(), &1.into(), &1.into())
    );
    assert!(person.ok(&["show", "d/x"]).contains("Mm-hm."));
}

#[test]
fn standard_input_and_compression() {
    let person = Person::new();
    let text = chat("a", "Tell me more.");
    let packed = zstd_of(&text);
    let file = person.file("some.jsonl.zst", packed);
    assert_eq!(person.json(&["import", &file, "--dataset", "d"])["new"], 1);

    let mut child = person
        .command(&["import", "-", "--dataset", "d", "--json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(summary["unchanged"], 1, "the same record by another door");
}

fn zstd_of(text: &str) -> Vec<u8> {
    zstd::stream::encode_all(text.as_bytes(), 3).expect("zstd packs")
}

#[test]
fn a_dry_run_keeps_nothing() {
    let person = Person::new();
    let shown = person.ok(&["import", &examples("a"), "--dry-run"]);
    assert!(shown.contains("66 conversations"), "{shown}");
    assert!(shown.contains("counsellor = assistant"), "{shown}");
    assert!(!person.path("data").exists());
}

/// How many conversations are there; `None` where there is no folder yet.
fn total(person: &Person) -> Option<u64> {
    let listed = person.run(&["list", "--limit", "1", "--json"]);
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).ok()?;
    listed["total"].as_u64()
}

#[test]
fn a_killed_import_completes_when_run_again() {
    let whole = Person::new();
    let mut text = String::new();
    for number in 0..20_000 {
        text +=
            &chat(&format!("c-{number}"), &format!("So number {number} is where it began to feel too much?"));
    }
    let source = whole.file("many.jsonl", &text);
    whole.ok(&["import", &source, "--dataset", "d"]);

    let person = Person::new();
    let mut seen = 0;
    let mut landed = 0;
    // Each time it is killed as soon as it has got a little further.
    while landed < 3 && seen < 10_000 {
        let mut child = person
            .command(&["import", &source, "--dataset", "d"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let reached = loop {
            assert!(child.try_wait().unwrap().is_none(), "the import was killed before its end");
            match total(&person) {
                Some(reached) if reached > seen => break reached,
                _ => std::thread::yield_now(),
            }
        };
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(reached < 20_000, "the kill landed in the middle");
        seen = total(&person).expect("what was there is still there");
        assert!(seen >= reached);
        landed += 1;
    }
    person.ok(&["import", &source, "--dataset", "d"]);
    let texts = |person: &Person| {
        let mut rows = Vec::new();
        let file = person.path("all.jsonl");
        person.ok(&[
            "export",
            "--format",
            "jsonl",
            "--output",
            &file.to_string_lossy(),
            "--all",
            "--licence",
            "cc0-1.0",
            "--consent-basis",
            "fictional",
            "--dataset",
            "d",
            "--overwrite",
        ]);
        for line in std::fs::read_to_string(&file).unwrap().lines() {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            // Ids and times of import differ; everything else must not.
            let quality = (row["quality"]["tier"].to_string(), row["quality"]["scores"].to_string());
            rows.push((row["id"].to_string(), row["messages"].to_string(), quality));
        }
        rows.sort();
        rows
    };
    assert!(landed > 0);
    assert_eq!(texts(&whole).len(), 20_000);
    assert!(texts(&person) == texts(&whole), "the corpus is that of an import that was never killed");
    let found = |person: &Person| person.json(&["search", "number"])["total_matches"].clone();
    assert_eq!(found(&person), found(&whole));
}
