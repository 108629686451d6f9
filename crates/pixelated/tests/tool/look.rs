//! What a person sees: help, colours, widths.

use crate::person::Person;

/// Columns of the widest line; the screens under test show Latin text.
fn widest(text: &str) -> usize {
    text.lines().map(|line| line.chars().count()).max().unwrap_or(0)
}

#[test]
fn every_command_fits_narrow_and_wide_screens_without_colour() {
    let person = Person::with_examples();
    for columns in ["80", "200"] {
        for args in [
            &["stats"][..],
            &["list", "--sort", "best"],
            &["show", "demo/a-001"],
            &["datasets"],
            &["search", "sleep"],
        ] {
            let output = person.command(args).env("COLUMNS", columns).output().unwrap();
            let text = String::from_utf8(output.stdout).unwrap();
            assert!(!text.contains('\u{1b}'), "no colour codes in a pipe: {args:?}");
            assert!(widest(&text) <= columns.parse().unwrap(), "{args:?} at {columns}: {}", widest(&text));
        }
    }
    let coloured = person.ok(&["--color", "always", "stats"]);
    assert!(coloured.contains('\u{1b}'));
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
