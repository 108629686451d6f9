//! Made-up conversations: written, piped, imported, and counted.

use std::collections::HashSet;
use std::fs::read_to_string;

use serde_json::Value;

use crate::person::Person;

#[test]
fn made_up_conversations_are_imported_and_repeated_ones_found() {
    let person = Person::new();
    let out = person.path("made-up.jsonl").to_string_lossy().into_owned();
    let manifest = person.json(&["synth", "--seed", "5", "--conversations", "600", "--out", &out]);
    let summary = person.json(&["import", &out, "--dataset", "made-up"]);
    assert_eq!((&summary["new"], &summary["rejected"]), (&Value::from(600), &Value::from(0)));
    assert_eq!(summary["messages"], manifest["messages"]);
    let stats = person.json(&["stats", "--dataset", "made-up"]);
    let text = stats.to_string();
    assert!(manifest["duplicates"].as_u64().is_some_and(|repeated| repeated > 0), "{manifest}");
    assert!(text.contains("duplicate"), "{text}");
}

#[test]
fn a_file_and_a_pipe_are_the_same_bytes_and_the_manifest_counts_them() {
    let person = Person::new();
    let path = |name: &str| person.path(name).to_string_lossy().into_owned();
    let (out, manifest) = (path("one.jsonl"), path("manifest.json"));
    person.ok(&["synth", "-n", "200", "--out", &out]);
    let piped = person.ok(&["synth", "-n", "200", "--manifest", &manifest]);
    assert_eq!(read_to_string(&out).unwrap(), piped);
    assert!(person.path("one.jsonl.partial").metadata().is_err(), "nothing else is left");
    let ids: HashSet<String> =
        piped.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].to_string()).collect();
    let manifest: Value = serde_json::from_str(&read_to_string(manifest).unwrap()).unwrap();
    assert_eq!((ids.len(), &manifest["conversations"]), (200, &Value::from(200)));
    assert_ne!(person.ok(&["synth", "-n", "200", "--seed", "2"]), piped);
}

#[test]
fn a_file_of_made_up_conversations_replaces_nothing_unasked() {
    let person = Person::new();
    let out = person.file("there.jsonl", "mine");
    let complaint = person.fails(1, &["synth", "-n", "3", "--out", &out]);
    assert!(complaint.contains("--overwrite"), "{complaint}");
    assert_eq!(read_to_string(&out).unwrap(), "mine");
    let told = person.ok(&["synth", "-n", "3", "--out", &out, "--overwrite"]);
    assert!(told.contains("3 conversations of seed 1"), "{told}");
    let complaint = person.fails(5, &["synth", "-n", "3", "--out", "/no/such/folder/x.jsonl"]);
    assert!(complaint.contains("/no/such/folder"), "{complaint}");
}
