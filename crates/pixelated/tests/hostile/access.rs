//! What may not be read or written: files, folders, the data folder. Run as `nobody` where the tests run as root, to whom nothing
//! is closed.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::Path;

use crate::person::Person;
use crate::watch::{Run, chat, chats, watch};

/// Debian's `nobody` and `nogroup`.
const NOBODY: u32 = 65_534;

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.starts_with("Uid:\t0\t"))
}

/// Runs a command as somebody who is not root.
fn as_nobody(person: &Person, args: &[&str]) -> Run {
    let mut command = person.command(args);
    command.arg("--json").current_dir("/");
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    watch(command)
}

/// Gives a folder and all in it to whom the commands run as.
fn give(path: &Path) {
    if !is_root() {
        return;
    }
    chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        give(&entry.path());
    }
}

fn close(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_file_that_may_not_be_read_is_named_and_the_others_come_in() {
    let person = Person::new();
    std::fs::create_dir(person.path("in")).unwrap();
    let closed = person.file("in/closed.jsonl", chat("a"));
    person.file("in/open.jsonl", chat("b"));
    give(&person.path(""));
    close(Path::new(&closed), 0);
    as_nobody(&person, &["import", &closed, "--dataset", "d"])
        .expect(5)
        .complains_of(&["closed.jsonl", "ermission denied"]);
    let both = as_nobody(&person, &["import", &person.path("in").to_string_lossy(), "--dataset", "d"]);
    let summary = both.expect(3).json();
    assert_eq!(summary["new"], 1);
    assert!(summary["failed"].to_string().contains("ermission denied"), "{summary}");
    person.is_sound(1);
}

#[test]
fn an_unwritable_data_folder_is_named_and_can_still_be_read() {
    let person = Person::new();
    let file = person.file("many.jsonl", chats(30));
    give(&person.path(""));
    as_nobody(&person, &["import", &file, "--dataset", "d"]).expect(0);
    let data = person.path("data");
    for path in [data.join("index"), data.clone()] {
        close(&path, 0o555);
    }
    close(&data.join("pixelated.db"), 0o444);
    for args in [
        &["import", &file, "--dataset", "d"][..],
        &["rescore", "--all"],
        &["reindex"],
        &["datasets", "d", "--describe", "x"],
        &["datasets", "d", "--remove", "--yes"],
    ] {
        let run = as_nobody(&person, args);
        run.expect(5);
        let said = run.stderr.to_lowercase();
        assert!(said.contains("permission"), "{args:?} {}", run.said());
    }
    for args in [&["stats"][..], &["list"], &["search", "alone"], &["show", "d/c-1"], &["datasets"]] {
        as_nobody(&person, args).expect(0);
    }
    for path in [data.clone(), data.join("index")] {
        close(&path, 0o700);
    }
    close(&data.join("pixelated.db"), 0o644);
    as_nobody(&person, &["import", &file, "--dataset", "d"]).expect(0);
    person.is_sound(30);
}

#[test]
fn a_data_folder_that_can_not_be_made_is_named() {
    let person = Person::new();
    let file = person.file("a.jsonl", chat("a"));
    give(&person.path(""));
    close(&person.path(""), 0o555);
    let run = as_nobody(&person, &["import", &file, "--dataset", "d"]);
    close(&person.path(""), 0o755);
    run.expect(5).complains_of(&["/data", "ermission denied"]);
    assert!(!person.path("data").exists());
}

#[test]
fn a_closed_folder_takes_no_export_no_backup_and_no_rejects() {
    let person = Person::new();
    let file = person.file("some.jsonl", chats(10) + "{\"id\":\"x\",\"messages\":\"no\"}\n");
    std::fs::create_dir(person.path("closed")).unwrap();
    give(&person.path(""));
    as_nobody(&person, &["import", &file, "--dataset", "d"]).expect(3);
    close(&person.path("closed"), 0o555);
    let inside = |name: &str| person.path("closed").join(name).to_string_lossy().into_owned();
    let terms = ["--all", "--dataset", "d", "--licence", "x", "--consent-basis", "x"];
    for format in ["jsonl", "csv", "parquet", "huggingface"] {
        let target = inside("out");
        let run =
            as_nobody(&person, &[&["export", "--format", format, "--output", &target], &terms[..]].concat());
        run.expect(5).complains_of(&["closed/out", "ermission denied"]);
    }
    let backup = as_nobody(&person, &["backup", &inside("b.db")]);
    backup.expect(5).complains_of(&["closed/b.db"]);
    let rejects = as_nobody(&person, &["import", &file, "--dataset", "d", "--rejects", &inside("r.jsonl")]);
    rejects.expect(5).complains_of(&["closed/r.jsonl", "--rejects"]);
    person.is_sound(10);
}
