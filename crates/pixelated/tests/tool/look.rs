//! What a person sees: help, colours, widths.

use crate::person::{Person, examples};

#[test]
fn every_command_fits_narrow_and_wide_screens_without_colour() {
    let person = Person::with_examples();
    let (a, b) = (examples("a"), examples("b"));
    let out = person.path("out.csv").to_string_lossy().into_owned();
    let export = [
        "export",
        "--format",
        "csv",
        "--output",
        &out,
        "--dataset",
        "demo",
        "--overwrite",
        "--licence",
        "x",
        "--consent-basis",
        "x",
    ];
    let commands: [&[&str]; 12] = [
        &["stats"],
        &["list", "--sort", "best"],
        &["show", "demo/a-001"],
        &["show", "demo/b-042"],
        &["datasets"],
        &["datasets", "demo"],
        &["search", "sleep"],
        &["compare", "demo/a-001", "demo/b-012"],
        &["validate", &a],
        &["import", &b, "--dry-run"],
        &["rescore"],
        &export,
    ];
    for columns in ["80", "200"] {
        for args in commands {
            let output = person.command(args).env("COLUMNS", columns).output().unwrap();
            assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
            let text = String::from_utf8(output.stdout).unwrap();
            assert!(!text.contains('\u{1b}'), "no colour codes in a pipe: {args:?}");
            // Names of files are never cut.
            let lines = text.lines().filter(|line| !line.contains('/'));
            let widest = lines.map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(widest <= columns.parse().unwrap(), "{args:?} at {columns}: {widest}");
        }
    }
}

#[test]
fn colour_changes_nothing_but_colour() {
    let person = Person::with_examples();
    for args in [&["stats"][..], &["show", "demo/a-001"], &["list"]] {
        let coloured = person.ok(&[&["--color", "always"], args].concat());
        assert!(coloured.contains('\u{1b}'));
        let mut plain = String::new();
        let mut rest = coloured.as_str();
        while let Some((before, code)) = rest.split_once('\u{1b}') {
            plain += before;
            rest = code.split_once('m').expect("a colour code ends with m").1;
        }
        plain += rest;
        assert_eq!(plain, person.ok(args));
    }
}

#[test]
fn every_command_has_help_with_examples() {
    let person = Person::new();
    for command in [
        "import",
        "search",
        "export",
        "datasets",
        "list",
        "show",
        "stats",
        "compare",
        "validate",
        "rescore",
        "evaluate",
        "backup",
        "restore",
        "config",
        "completions",
        "reindex",
        "man",
    ] {
        let help = person.ok(&[command, "--help"]);
        assert!(help.contains("Examples:"), "{command}");
    }
}

#[test]
fn a_reader_that_leaves_early_is_no_error() {
    let person = Person::with_examples();
    let mut child = person
        .command(&["list", "--limit", "1000", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn wrong_settings_are_named_all_at_once() {
    let person = Person::new();
    let config = person.file("bad.toml", "[import]\nbatch = 0\n[search]\ncommit_every = 0\n");
    let complaint = person.fails(2, &["--config", &config, "config"]);
    assert!(complaint.contains("import.batch") && complaint.contains("search.commit_every"), "{complaint}");
}

#[test]
fn settings_printed_can_be_given_back() {
    let person = Person::new();
    let printed = person.ok(&["config"]);
    let file = person.file("printed.toml", &printed);
    assert_eq!(person.ok(&["--config", &file, "config"]), printed);
}
