//! A disk that is full, at every command that writes: it ends with a word, what was there stays whole, and once there is room
//! again the next run completes. Needs the right to mount a small file system in memory; where that is missing, it says so.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::person::Person;
use crate::watch::{chats, watch};

/// A file system in memory, gone at the end of the test.
struct Disk {
    path: PathBuf,
}

impl Disk {
    /// `None`, with a word on standard error, where mounting is not allowed.
    fn new(person: &Person, kilobytes: u64) -> Option<Self> {
        let path = person.path("disk");
        std::fs::create_dir(&path).unwrap();
        let options = format!("size={kilobytes}k,mode=755");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", &options, "tmpfs"]).arg(&path);
        if mount.output().is_ok_and(|output| output.status.success()) {
            return Some(Self { path });
        }
        // Not by `eprintln!`, which a passing test swallows: what is skipped must be seen.
        let _ = std::io::stderr()
            .write_all(b"skipped: a full disk (mounting a tmpfs needs root and CAP_SYS_ADMIN)\n");
        None
    }

    fn resize(&self, kilobytes: u64) {
        let options = format!("remount,size={kilobytes}k");
        let status = Command::new("mount").args(["-o", &options]).arg(&self.path).status().unwrap();
        assert!(status.success());
    }

    /// Leaves no more than so much room.
    fn fill(&self, leave: u64) {
        let output = Command::new("df").args(["--output=avail", "-k"]).arg(&self.path).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let free: u64 = text.lines().nth(1).unwrap().trim().parse().unwrap();
        let filler = vec![1; 1024 * free.saturating_sub(leave) as usize];
        std::fs::write(self.path.join("filler"), filler).unwrap();
    }

    fn make_room(&self) {
        std::fs::remove_file(self.path.join("filler")).unwrap();
    }

    fn join(&self, name: &str) -> String {
        self.path.join(name).to_string_lossy().into_owned()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.path).status();
    }
}

/// The same person with the data folder on the disk.
fn on_disk(person: &Person, disk: &Disk, args: &[&str]) -> crate::watch::Run {
    let mut command = person.command(args);
    command.arg("--json").env("PIXELATED_DATA_DIR", disk.path.join("data"));
    watch(command)
}

fn total(person: &Person, disk: &Disk) -> u64 {
    let listed = on_disk(person, disk, &["list", "--limit", "1"]);
    listed.expect(0).json()["total"].as_u64().unwrap()
}

fn found(person: &Person, disk: &Disk) -> u64 {
    let found = on_disk(person, disk, &["search", "role:user"]);
    found.expect(0).json()["total_matches"].as_u64().unwrap()
}

fn says_full(run: &crate::watch::Run) {
    let said = run.stderr.to_lowercase();
    assert!(said.contains("no space left") || said.contains("make room"), "{}", run.said());
}

#[test]
fn an_import_onto_a_full_disk_ends_and_completes_with_more_room() {
    let person = Person::new();
    let Some(disk) = Disk::new(&person, 12_000) else { return };
    let file = person.file("many.jsonl", chats(20_000));
    let import = ["import", &file, "--dataset", "d"];
    let stopped = on_disk(&person, &disk, &import);
    stopped.expect(5);
    says_full(&stopped);
    disk.resize(400_000);
    let reached = match on_disk(&person, &disk, &["list", "--limit", "1"]) {
        listed if listed.code == Some(0) => listed.json()["total"].as_u64().unwrap(),
        nothing => {
            nothing.expect(4);
            0
        }
    };
    assert!(reached < 20_000, "the disk was full before the end");
    let summary = on_disk(&person, &disk, &import).expect(0).json();
    assert_eq!(summary["new"].as_u64().unwrap() + reached, 20_000);
    // Totals are exact up to 10,000.
    assert_eq!((total(&person, &disk), found(&person, &disk)), (20_000, 10_000));
}

#[test]
fn exports_onto_a_full_disk_leave_nothing() {
    let person = Person::new();
    let Some(disk) = Disk::new(&person, 300) else { return };
    // Texts that no packing makes small.
    let noise = |number: u64| {
        (0..60_u64)
            .map(|at| format!("{:x}", (number * 60 + at + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut text = String::new();
    for number in 0..1_500 {
        text += &crate::watch::chat(&format!("c-{number}"))
            .replace("What has", &format!("{} What has", noise(number)));
    }
    person.import(&person.file("many.jsonl", text)).expect(0);
    let terms = ["--all", "--dataset", "d", "--licence", "x", "--consent-basis", "x"];
    for (format, name) in [
        ("jsonl", "out.jsonl"),
        ("jsonl", "out.jsonl.gz"),
        ("jsonl", "out.jsonl.zst"),
        ("csv", "out.csv"),
        ("parquet", "out.parquet"),
        ("huggingface", "out"),
        ("openai", "tune.jsonl"),
    ] {
        let target = disk.join(name);
        let run = person.watch(&[&["export", "--format", format, "--output", &target], &terms[..]].concat());
        run.expect(5);
        says_full(&run);
        let left: Vec<_> =
            std::fs::read_dir(&disk.path).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.is_empty(), "{format}: {left:?}");
    }
    let backup = disk.join("backup.db");
    let run = person.watch(&["backup", &backup]);
    run.expect(5);
    says_full(&run);
    assert!(std::fs::read_dir(&disk.path).unwrap().next().is_none(), "no half of a backup is left");
    person.is_sound(1_500);
}

#[test]
fn a_manifest_that_does_not_fit_leaves_no_export_without_it() {
    let person = Person::new();
    let Some(disk) = Disk::new(&person, 400) else { return };
    person.import(&person.file("few.jsonl", chats(20))).expect(0);
    let target = disk.join("out.jsonl");
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
    let args = [&args[..], &["--dataset", "d"]].concat();
    // Whatever room is left, there is an export with its manifest or neither.
    for room in (0..48).step_by(4) {
        disk.fill(room);
        let run = person.watch(&args);
        let both = (Path::new(&target).exists(), Path::new(&disk.join("out.jsonl.manifest.json")).exists());
        assert!(both == (run.code == Some(0), run.code == Some(0)), "{room} KB: {both:?} {}", run.said());
        if run.code == Some(0) {
            return;
        }
        run.expect(5);
        disk.make_room();
    }
    panic!("with 48 KB an export of 20 conversations fits");
}

#[test]
fn rescoring_and_reindexing_on_a_full_disk_keep_what_there_is() {
    let person = Person::new();
    let Some(disk) = Disk::new(&person, 300_000) else { return };
    let file = person.file("many.jsonl", chats(3_000));
    on_disk(&person, &disk, &["import", &file, "--dataset", "d"]).expect(0);
    let config = person.file("five.toml", "[quality]\nvalidators = [\"canonical\", \"five-metric\"]\n");
    let rescore = ["rescore", "--all", "--config", &config];
    for args in [&rescore[..], &["reindex"]] {
        disk.fill(16);
        let run = on_disk(&person, &disk, args);
        run.expect(5);
        says_full(&run);
        // A reader, too, needs some kilobytes: SQLite's shared memory beside the log.
        disk.make_room();
        assert_eq!((total(&person, &disk), found(&person, &disk)), (3_000, 3_000), "{args:?}");
        on_disk(&person, &disk, args).expect(0);
        assert_eq!((total(&person, &disk), found(&person, &disk)), (3_000, 3_000), "{args:?}");
    }
    let again = on_disk(&person, &disk, &["import", &file, "--dataset", "d"]);
    assert_eq!(again.expect(0).json()["unchanged"], 3_000);
}

#[test]
fn rejects_and_reports_that_do_not_fit_are_told() {
    let person = Person::new();
    let Some(disk) = Disk::new(&person, 64) else { return };
    let bad: Vec<_> =
        (0..5_000).map(|number| format!("{{\"id\":\"{number}\",\"messages\":\"no\"}}\n")).collect();
    let file = person.file("bad.jsonl", chats(10) + &bad.concat());
    let rejects = disk.join("rejects.jsonl");
    let run = person.watch(&["import", &file, "--dataset", "d", "--rejects", &rejects]);
    run.expect(5).complains_of(&["rejects.jsonl"]);
    says_full(&run);
    let reports = disk.join("reports.jsonl");
    let run = person.watch(&["validate", &person.file("many.jsonl", chats(500)), "--output", &reports]);
    run.expect(5).complains_of(&["reports.jsonl"]);
    assert!(!Path::new(&reports).exists(), "no half of a report is left");
    person.is_sound(10);
}
