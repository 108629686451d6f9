//! Settings of wrong types, in wrong encodings, in the wrong place; maps and definitions that are none. Each is named, and what is
//! said of it is short.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt as _;

use crate::person::Person;
use crate::watch::{chat, watch};

#[test]
fn a_configuration_that_is_none_is_named() {
    let person = Person::new();
    std::fs::create_dir(person.path("folder")).unwrap();
    let folder = person.path("folder").to_string_lossy().into_owned();
    for (file, words) in [
        (person.file("type.toml", "data_dir = 5\n"), "data_dir"),
        (person.file("batch.toml", "[import]\nbatch = \"many\"\n"), "batch"),
        (person.file("section.toml", "import = 3\n"), "import"),
        (person.file("syntax.toml", "[import\n"), "syntax.toml"),
        (person.file("unknown.toml", "[imprt]\nbatch = 1\n"), "imprt"),
        (person.file("encoding.toml", b"\xff\xfed\0a\0"), "encoding.toml"),
        (person.file("zeros.toml", [0; 64]), "zeros.toml"),
        (person.file("bounds.toml", "[import]\nbatch = 0\nmax_record_bytes = 1\n"), "import.batch"),
        (person.file("custom.toml", "[quality]\ncustom = [\"/nowhere.toml\"]\n"), "/nowhere.toml"),
        (folder, "folder"),
        ("/nowhere/at/all.toml".to_owned(), "/nowhere/at/all.toml"),
    ] {
        person.watch(&["list", "--config", &file]).expect(2).complains_of(&[words]);
    }
    assert!(!person.path("data").exists());
}

#[test]
fn a_configuration_of_megabytes_is_refused_in_few_words() {
    let person = Person::new();
    let file = person.file("big.toml", format!("x = \"{}\"\n", "y".repeat(20_000_000)));
    person.watch(&["list", "--config", &file]).expect(2).is_modest().complains_of(&["big.toml"]);
}

#[test]
fn variables_of_wrong_types_are_named_and_those_that_are_no_text_do_no_harm() {
    let person = Person::new();
    let file = person.file("a.jsonl", chat("a"));
    for (name, value, words) in [
        ("PIXELATED__IMPORT__BATCH", "many", "batch"),
        ("PIXELATED__IMPORT__BATCH", "-1", "batch"),
        ("PIXELATED__IMPORT__BATCH", "99999999999999999999", "batch"),
        ("PIXELATED__IMPORT__BATCH", "", "batch"),
        ("PIXELATED__IMPORT", "5", "import"),
        ("PIXELATED__SEARCH__WRITER_MEMORY_BYTES", "1", "writer_memory_bytes"),
        ("PIXELATED__QUALITY__WEIGHTS", "x", "weights"),
        ("PIXELATED__NO_SUCH__THING", "1", "no_such"),
        ("PIXELATED_CONFIG", "/nowhere.toml", "/nowhere.toml"),
    ] {
        let mut command = person.command(&["import", &file, "--dataset", "d"]);
        watch({
            command.env(name, value);
            command
        })
        .expect(2)
        .complains_of(&[words]);
    }
    assert!(!person.path("data").exists());
    for (name, value) in [
        ("PIXELATED__IMPORT__BATCH", &b"\xff\xfe"[..]),
        ("COLUMNS", b"wide"),
        ("COLUMNS", b"0"),
        ("COLUMNS", b"99999999999999999999"),
        ("NO_COLOR", b"\xff"),
        ("TERM", b"\xff"),
        ("LANG", b"\xff\xfe"),
    ] {
        let mut command = person.command(&["import", &file, "--dataset", "d"]);
        watch({
            command.env(name, OsStr::from_bytes(value));
            command
        })
        .expect(0);
        let mut command = person.command(&["list"]);
        watch({
            command.env(name, OsStr::from_bytes(value));
            command
        })
        .expect(0);
    }
    person.is_sound(1);
}

#[test]
fn maps_roles_formats_and_encodings_that_are_none_are_named() {
    let person = Person::new();
    let file = person.file("a.jsonl", chat("a"));
    let map = |text: &str| person.file("map.toml", text);
    for (flag, value, words) in [
        ("--map", map("speaker = 5"), "map"),
        ("--map", person.file("bytes.toml", b"\xff\xfe"), "bytes.toml"),
        ("--map", "/nowhere.toml".to_owned(), "/nowhere.toml"),
        ("--role", "nonsense".to_owned(), "nonsense"),
        ("--role", "a=king".to_owned(), "a=king"),
        ("--format", "word".to_owned(), "word"),
        ("--encoding", "ebcdic".to_owned(), "ebcdic"),
    ] {
        let run = person.watch(&["import", &file, "--dataset", "d", flag, &value]);
        assert!(matches!(run.code, Some(2 | 4)), "{flag} {value}: {}", run.said());
        run.expect(run.code.unwrap_or(-1)).complains_of(&[words]);
    }
    let long = "x".repeat(100_000);
    for name in ["", long.as_str(), "line\nbreak", "../up", "\u{202e}turned"] {
        let run = person.watch(&["import", &file, "--dataset", name]);
        assert!(matches!(run.code, Some(0 | 2)), "{}", run.said());
        run.expect(run.code.unwrap_or(-1));
    }
}

#[test]
fn a_temporary_folder_that_is_not_there_matters_only_where_one_is_needed() {
    let person = Person::new();
    let file = person.file("a.jsonl", chat("a"));
    let mut command = person.command(&["import", &file, "--dataset", "d"]);
    watch({
        command.env("TMPDIR", "/nowhere");
        command
    })
    .expect(0);
    let target = person.path("a.parquet").to_string_lossy().into_owned();
    let args = [
        "export",
        "--format",
        "parquet",
        "--output",
        &target,
        "--all",
        "--licence",
        "x",
        "--consent-basis",
        "x",
    ];
    let mut command = person.command(&[&args[..], &["--dataset", "d"]].concat());
    watch({
        command.env("TMPDIR", "/nowhere");
        command
    })
    .expect(0);
    // Parquet from standard input is put aside first, because it is read from its end.
    let mut command = person.command(&["import", "-", "--dataset", "d"]);
    command.env("TMPDIR", "/nowhere").stdin(std::fs::File::open(&target).unwrap());
    watch(command).expect(5).complains_of(&["/nowhere", "TMPDIR"]);
    person.is_sound(1);
}
