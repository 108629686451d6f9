//! A data folder that was damaged: files cut, overwritten with zeros, deleted, replaced by something else. It is noticed and named,
//! nothing is made worse, and what can be made anew is.

use std::fs;
use std::path::Path;

use crate::person::Person;
use crate::watch::{Run, chats};

/// Readers and writers, none of which may panic or go on as if nothing were wrong.
const COMMANDS: [&[&str]; 6] =
    [&["stats"], &["list"], &["show", "d/c-1"], &["search", "alone"], &["rescore", "--all"], &["reindex"]];

fn with_data() -> Person {
    let person = Person::new();
    person.import(&person.file("many.jsonl", chats(400))).expect(0);
    person
}

fn database(person: &Person) -> std::path::PathBuf {
    person.path("data/pixelated.db")
}

/// Ends by itself, with a complaint that names the database and says what to do.
fn is_told(run: &Run, args: &[&str]) {
    let code = run.code;
    assert!(matches!(code, Some(1 | 2 | 4 | 5)), "{args:?}: {}", run.said());
    run.expect(code.unwrap_or(-1));
    assert!(run.stderr.contains("pixelated.db") || run.stderr.contains("data"), "{args:?}: {}", run.said());
}

#[test]
fn a_database_of_zeros_or_of_other_things_is_named_as_damaged() {
    let zeros = |person: &Person| {
        let length = fs::metadata(database(person)).unwrap().len() as usize;
        fs::write(database(person), vec![0; length]).unwrap();
    };
    let text = |person: &Person| fs::write(database(person), "this is no database\n".repeat(5_000)).unwrap();
    for (name, damage) in [("zeros", &zeros as &dyn Fn(&Person)), ("text", &text)] {
        let person = with_data();
        damage(&person);
        for args in COMMANDS {
            let run = person.watch(args);
            is_told(&run, args);
            run.complains_of(&["damaged"]);
        }
        let again = person.import(&person.path("many.jsonl").to_string_lossy());
        assert_ne!(again.code, Some(0), "{name}: {}", again.said());
    }
}

#[test]
fn a_cut_database_is_noticed_or_still_whole() {
    let person = with_data();
    let whole = fs::read(database(&person)).unwrap();
    for share in [1, 3, 7] {
        fs::write(database(&person), &whole[..whole.len() * share / 8]).unwrap();
        for args in COMMANDS {
            let run = person.watch(args);
            // A command that needs none of what is missing may succeed.
            if run.code != Some(0) {
                is_told(&run, args);
            }
        }
        let all = person.watch(&["rescore", "--all"]);
        assert_ne!(all.code, Some(0), "what is missing is noticed by whoever reads all: {}", all.said());
    }
    fs::write(database(&person), &whole).unwrap();
    person.ok(&["reindex"]);
    person.is_sound(400);
}

#[test]
fn a_damaged_page_is_noticed_by_whoever_reads_it() {
    let person = with_data();
    let whole = fs::read(database(&person)).unwrap();
    let mut told = 0;
    for part in 1..8 {
        let mut bytes = whole.clone();
        let at = bytes.len() / 8 * part / 4096 * 4096;
        bytes[at..at + 4096].fill(0);
        fs::write(database(&person), &bytes).unwrap();
        for args in COMMANDS {
            let run = person.watch(args);
            if run.code != Some(0) {
                is_told(&run, args);
                told += 1;
            }
        }
    }
    assert!(told > 0, "zeros in a page are noticed");
}

#[test]
fn an_empty_database_beside_an_old_index_finds_nothing() {
    let person = with_data();
    fs::write(database(&person), "").unwrap();
    for log in ["pixelated.db-wal", "pixelated.db-shm"] {
        let _ = fs::remove_file(person.path("data").join(log));
    }
    let run = person.watch(&["search", "alone"]);
    assert!(run.code != Some(0) || run.json()["total_matches"] == 0, "{}", run.said());
    let file = person.path("many.jsonl").to_string_lossy().into_owned();
    let again = person.import(&file);
    if again.code != Some(0) {
        is_told(&again, &["import"]);
        return;
    }
    person.is_sound(400);
}

#[test]
fn a_log_of_garbage_does_no_harm() {
    let person = with_data();
    fs::write(person.path("data/pixelated.db-wal"), vec![7; 50_000]).unwrap();
    // SQLite takes what fits no checksum for the rest of an older log.
    person.import(&person.path("many.jsonl").to_string_lossy()).expect(0);
    person.is_sound(400);
}

fn parts_of_index(person: &Person) -> Vec<std::path::PathBuf> {
    let mut parts: Vec<_> =
        fs::read_dir(person.path("data/index")).unwrap().map(|entry| entry.unwrap().path()).collect();
    parts.sort();
    parts
}

/// Whatever a search says, the next import or reindex puts it right.
fn is_made_anew(person: &Person, damage: &str) {
    let run = person.watch(&["search", "alone"]);
    match run.code {
        Some(0) => assert_eq!(run.json()["total_matches"], 400, "{damage}"),
        _ => {
            run.expect(run.code.unwrap_or(-1)).complains_of(&["reindex"]);
        }
    }
    person.watch(&["reindex"]).expect(0);
    person.is_sound(400);
}

#[test]
fn each_missing_or_damaged_file_of_the_index_is_noticed() {
    let person = with_data();
    let count = parts_of_index(&person).len();
    for number in 0..count {
        for damage in ["gone", "empty", "zeros", "half"] {
            let parts = parts_of_index(&person);
            let Some(part) = parts.get(number) else { continue };
            let bytes = fs::read(part).unwrap();
            match damage {
                "gone" => fs::remove_file(part).unwrap(),
                "empty" => fs::write(part, "").unwrap(),
                "zeros" => fs::write(part, vec![0; bytes.len()]).unwrap(),
                _ => fs::write(part, &bytes[..bytes.len() / 2]).unwrap(),
            }
            is_made_anew(&person, &format!("{} {damage}", part.display()));
        }
    }
}

#[test]
fn an_index_that_is_a_file_or_full_of_other_things_is_put_right() {
    let person = with_data();
    let index = person.path("data/index");
    fs::remove_dir_all(&index).unwrap();
    is_made_anew(&person, "gone");
    fs::remove_dir_all(&index).unwrap();
    fs::create_dir(&index).unwrap();
    fs::write(index.join("notes.txt"), "not an index").unwrap();
    is_made_anew(&person, "other things");
    fs::remove_dir_all(&index).unwrap();
    fs::write(&index, "a file").unwrap();
    is_made_anew(&person, "a file");
}

#[test]
fn a_lock_that_is_a_folder_is_named() {
    let person = with_data();
    let lock = person.path("data/pixelated.db.lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    let file = person.path("many.jsonl").to_string_lossy().into_owned();
    person.import(&file).expect(5).complains_of(&["pixelated.db.lock"]);
    fs::remove_dir(&lock).unwrap();
    fs::write(&lock, vec![0xff; 10_000]).unwrap();
    person.import(&file).expect(0);
    person.is_sound(400);
}

#[test]
fn a_data_folder_that_is_a_file_is_named() {
    let person = Person::new();
    let file = person.file("many.jsonl", chats(2));
    person.file("data", "not a folder");
    person.import(&file).expect(5).complains_of(&["data", "folder"]);
    let run = person.watch(&["list"]);
    assert!(matches!(run.code, Some(4 | 5)), "{}", run.said());
    run.complains_of(&["data"]);
    assert_eq!(fs::read_to_string(Path::new(&person.path("data"))).unwrap(), "not a folder");
}
