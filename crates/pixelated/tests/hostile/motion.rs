//! What changes meanwhile: a file that shrinks, grows or vanishes while it is read, a folder that vanishes while it is written to,
//! two writers that begin at once, an export that is killed.

use std::process::{Child, Stdio};

use crate::person::Person;
use crate::watch::{chat, chats, watch};

/// Starts an import that is in the middle of its files when this returns: more than `seen` conversations are there.
fn importing(person: &Person, paths: &[&str], seen: u64) -> Child {
    let args = [&["import"], paths, &["--dataset", "d", "--json"]].concat();
    let mut child = person.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    loop {
        let listed = person.run(&["list", "--limit", "1", "--json"]);
        let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap_or_default();
        if listed["total"].as_u64().is_some_and(|total| total > seen) || child.try_wait().unwrap().is_some() {
            return child;
        }
        std::thread::yield_now();
    }
}

/// The exit code, the summary, and the complaint.
fn end(child: Child) -> (Option<i32>, serde_json::Value, String) {
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!said.contains("panicked at"), "{said}");
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_default(), said)
}

#[test]
fn a_file_that_shrinks_or_vanishes_while_it_is_read_gives_whole_records() {
    let person = Person::new();
    let text = chats(20_000);
    let file = person.file("many.jsonl", &text);
    let child = importing(&person, &[&file], 0);
    let shrunk = std::fs::OpenOptions::new().write(true).open(&file).unwrap();
    shrunk.set_len(text.len() as u64 / 2 + 40).unwrap();
    let (code, summary, said) = end(child);
    // Cut in the middle of a record, unless all of it had been read before.
    assert!(matches!(code, Some(0 | 3)), "{code:?} {said}");
    let kept = person.json(&["list"])["total"].as_u64().unwrap();
    assert_eq!(summary["new"], kept);
    person.is_sound(kept);

    let file = person.file("many.jsonl", &text);
    let child = importing(&person, &[&file], kept);
    std::fs::remove_file(&file).unwrap();
    // An open file lasts until it is closed.
    assert_eq!(end(child).0, Some(0));
    person.is_sound(20_000);
}

#[test]
fn a_file_that_grows_while_it_is_read_is_read_as_far_as_it_goes() {
    let person = Person::new();
    let file = person.file("growing.jsonl", chats(10_000));
    let child = importing(&person, &[&file], 0);
    let mut longer = std::fs::OpenOptions::new().append(true).open(&file).unwrap();
    std::io::Write::write_all(&mut longer, chat("late").as_bytes()).unwrap();
    let (code, _, said) = end(child);
    assert_eq!(code, Some(0), "{said}");
    person.import(&file).expect(0);
    person.is_sound(10_001);
}

#[test]
fn a_file_that_is_gone_before_its_turn_is_told_and_the_others_come_in() {
    let person = Person::new();
    let (first, second) = (person.file("a.jsonl", chats(10_000)), person.file("b.jsonl", chat("b")));
    let third = person.file("c.jsonl", chat("c"));
    let child = importing(&person, &[&first, &second, &third], 0);
    std::fs::remove_file(&second).unwrap();
    let (code, summary, said) = end(child);
    // Where the import was quicker than the removal, all three are in.
    let total = person.json(&["list"])["total"].as_u64().unwrap();
    match code {
        Some(0) => assert_eq!(total, 10_002),
        Some(3) => {
            assert!(summary["failed"].to_string().contains("b.jsonl: no such file"), "{summary}");
            assert_eq!(total, 10_001);
        }
        other => panic!("{other:?} {said}"),
    }
    person.is_sound(total);
}

#[test]
fn two_writers_at_once_are_one_after_the_other_or_one_is_refused() {
    let person = Person::new();
    let files = [person.file("a.jsonl", chats(3_000)), person.file("b.jsonl", chats(3_001))];
    let start = |file: &String| {
        let mut command = person.command(&["import", file, "--dataset", "d", "--json"]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let ends: Vec<_> = files.iter().map(start).collect::<Vec<_>>().into_iter().map(end).collect();
    let refused: Vec<_> = ends.iter().filter(|(code, ..)| *code == Some(5)).collect();
    assert!(refused.len() <= 1, "{ends:?}");
    assert!(ends.iter().all(|(code, ..)| matches!(code, Some(0 | 5))), "{ends:?}");
    assert!(refused.iter().all(|(.., said)| said.contains("being written by process")), "{refused:?}");
    for file in &files {
        person.import(file).expect(0);
    }
    person.is_sound(3_001);
}

fn exporting(person: &Person, folder: &str) -> Child {
    std::fs::create_dir_all(person.path(folder)).unwrap();
    let target = person.path(folder).join("out.jsonl").to_string_lossy().into_owned();
    let terms = ["--all", "--dataset", "d", "--licence", "x", "--consent-basis", "x"];
    let args = [&["export", "--format", "jsonl", "--output", &target], &terms[..]].concat();
    let mut child = person.command(&args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // Its first file is there, under a temporary name.
    while std::fs::read_dir(person.path(folder)).unwrap().next().is_none() {
        assert!(child.try_wait().unwrap().is_none(), "the export has begun");
        std::thread::yield_now();
    }
    child
}

#[test]
fn an_export_whose_folder_vanishes_says_so() {
    let person = Person::new();
    person.import(&person.file("many.jsonl", chats(10_000))).expect(0);
    let child = exporting(&person, "gone");
    std::fs::remove_dir_all(person.path("gone")).unwrap();
    let (code, _, said) = end(child);
    assert!(code == Some(5) && said.contains("gone/out.jsonl"), "{code:?} {said}");
    assert!(!person.path("gone").exists());
    person.is_sound(10_000);
}

#[test]
fn a_killed_export_leaves_no_target_and_the_next_one_clears_up() {
    let person = Person::new();
    person.import(&person.file("many.jsonl", chats(10_000))).expect(0);
    let mut child = exporting(&person, "out");
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(!person.path("out/out.jsonl").exists());
    let child = exporting(&person, "out");
    assert_eq!(end(child).0, Some(0));
    person.is_sound(10_000);
}

#[test]
fn standard_input_that_breaks_off_gives_whole_records() {
    let person = Person::new();
    let text = chats(100);
    let cut = person.file("cut", &text[..text.len() - 30]);
    let mut command = person.command(&["import", "-", "--dataset", "d", "--json"]);
    command.stdin(std::fs::File::open(cut).unwrap());
    let run = watch(command);
    assert_eq!((run.expect(3).json()["new"].as_u64(), run.rejects().len()), (Some(99), 1));
    person.is_sound(99);
    // A parent that gives no standard input at all.
    let mut command = person.command(&["import", "-", "--dataset", "d"]);
    command.stdin(Stdio::null());
    watch(command).expect(2).complains_of(&["standard input", "empty"]);
}
