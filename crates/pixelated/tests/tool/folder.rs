//! The data folder: one writer, many readers, backups.

use std::process::Stdio;

use crate::person::{Person, examples, snapshot};

#[test]
fn a_folder_without_data_says_what_to_do() {
    let person = Person::new();
    let complaint = person.fails(4, &["list"]);
    assert!(complaint.contains("import something first"), "{complaint}");
    assert!(!person.path("data").exists(), "reading makes nothing");
}

#[test]
fn a_second_writer_is_refused_and_readers_are_not() {
    let person = Person::with_examples();
    // A writer that waits for its input holds the folder.
    let mut writer = person
        .command(&["import", "-", "--dataset", "slow"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lock = person.path("data/pixelated.db.lock");
    let pid = writer.id().to_string();
    while !std::fs::read_to_string(&lock).is_ok_and(|holder| holder.contains(&pid)) {
        assert!(writer.try_wait().unwrap().is_none(), "the writer waits for its input");
        std::thread::yield_now();
    }
    let complaint = person.fails(5, &["import", &examples("a"), "--dataset", "second"]);
    assert!(complaint.contains(&pid), "names the holder: {complaint}");
    assert!(person.ok(&["search", "sleep"]).contains("conversation"));
    assert_eq!(person.json(&["list", "--dataset", "demo"])["total"], 132);
    writer.kill().unwrap();
    writer.wait().unwrap();
    person.ok(&["import", &examples("a"), "--dataset", "second"]);
}

#[test]
fn a_backup_is_restored_whole_and_only_into_an_empty_folder() {
    let person = Person::with_examples();
    let backup = person.path("backup.db").to_string_lossy().into_owned();
    person.ok(&["backup", &backup]);
    assert!(person.fails(1, &["backup", &backup]).contains("already exists"));
    person.ok(&["backup", &backup, "--overwrite"]);
    assert!(person.fails(1, &["restore", &backup]).contains("holds data already"));

    let other = Person::new();
    other.ok(&["restore", &backup]);
    assert_eq!(other.json(&["list", "--limit", "1000"]), person.json(&["list", "--limit", "1000"]));
    assert_eq!(
        other.json(&["search", "sleep"])["total_matches"],
        person.json(&["search", "sleep"])["total_matches"]
    );

    let third = Person::new();
    let broken = third.file("broken.db", "no database");
    third.fails(2, &["restore", &broken]);
    assert!(snapshot(&third.path("data")).is_empty(), "nothing is left of a failed restore");
}

#[test]
fn a_dataset_is_removed_with_everything_in_it() {
    let person = Person::with_examples();
    person.ok(&["import", &examples("a"), "--dataset", "copy"]);
    let complaint = person.fails(2, &["datasets", "copy", "--remove"]);
    assert!(complaint.contains("--yes"), "{complaint}");
    person.ok(&["datasets", "copy", "--remove", "--yes"]);
    person.fails(4, &["datasets", "copy"]);
    assert_eq!(person.json(&["search", "dataset:copy"])["total_matches"], 0);
    assert_eq!(person.json(&["list"])["total"], 132);
}

#[test]
fn nothing_is_written_over_the_data_folder_itself() {
    let person = Person::with_examples();
    let database = person.path("data/pixelated.db").to_string_lossy().into_owned();
    assert!(person.fails(2, &["backup", &database, "--overwrite"]).contains("belongs to the data folder"));
    let args = [
        "export",
        "--format",
        "csv",
        "--output",
        &database,
        "--overwrite",
        "--dataset",
        "demo",
        "--licence",
        "x",
        "--consent-basis",
        "x",
    ];
    assert!(person.fails(2, &args).contains("belongs to the data folder"));
    assert_eq!(person.json(&["list"])["total"], 132);
}

#[test]
fn names_with_slashes_are_found() {
    let person = Person::new();
    person.ok(&["import", &examples("a"), "--dataset", "team/2026 \"spring\""]);
    let shown = person.json(&["show", "team/2026 \"spring\"/a-001"]);
    assert_eq!(shown["source_id"], "a-001");
}

#[test]
fn statistics_beside_a_writer_are_of_one_state() {
    let person = Person::with_examples();
    let mut text = String::new();
    for number in 0..4_000 {
        let line = r#"{"id":"s-NUMBER","messages":[{"role":"user","content":"I keep waking up at four and then the day is gone"},{"role":"assistant","content":"What goes through your mind at four?"}]}"#;
        text += &line.replace("NUMBER", &number.to_string());
        text.push('\n');
    }
    let file = person.file("many.jsonl", text);
    let mut writer = person
        .command(&["import", &file, "--dataset", "many"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut looks = 0;
    while writer.try_wait().unwrap().is_none() {
        let stats = person.json(&["stats"]);
        let tiers: u64 =
            stats["tiers"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
        assert_eq!(tiers + stats["not_scorable"].as_u64().unwrap(), stats["conversations"].as_u64().unwrap());
        looks += 1;
    }
    assert!(looks > 0);
}
