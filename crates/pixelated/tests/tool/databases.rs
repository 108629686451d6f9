//! The same commands on a server: import, search, copies both ways, migration, and a password that nobody sees.

use std::process::Output;

use pe_testkit::{Database, database};

use crate::person::{Person, examples};

/// Exports everything with its scores, by source id: what two databases are compared by.
fn everything(person: &Person, arguments: &[&str]) -> String {
    let file = person.path("everything.jsonl").to_string_lossy().into_owned();
    let mut command = arguments.to_vec();
    command.extend([
        "export",
        "--dataset",
        "demo",
        "--format",
        "jsonl",
        "--output",
        &file,
        "--all",
        "--overwrite",
        "--graphic",
        "--licence",
        "internal",
        "--consent-basis",
        "fictional",
    ]);
    person.ok(&command);
    let mut lines: Vec<_> =
        std::fs::read_to_string(&file).expect("the export").lines().map(str::to_owned).collect();
    lines.sort();
    lines.join("\n")
}

fn imported(person: &Person, server: &Database) {
    let url = ["--database-url", &server.url];
    person.ok(&[&url[..], &["import", &examples("a"), &examples("b"), "--dataset", "demo"]].concat());
}

#[test]
fn every_command_works_on_a_server_as_on_a_file() {
    let Some(server) = database("commands on a server") else { return };
    let (person, local) = (Person::new(), Person::with_examples());
    imported(&person, &server);
    let url = ["--database-url", &server.url];
    let ask = |command: &[&str]| person.json(&[&url[..], command].concat());
    for command in
        [&["search", "sleep \"night\" role:user"][..], &["search", "sleep", "--min-quality", "0.7"]]
    {
        assert_eq!(ask(command)["total_matches"], local.json(command)["total_matches"], "{command:?}");
    }
    for field in ["conversations", "messages", "tiers"] {
        assert_eq!(ask(&["stats"])[field], local.json(&["stats"])[field], "{field}");
    }
    assert_eq!(ask(&["list", "--sort", "worst"])["total"], 132);
    assert_eq!(ask(&["show", "demo/a-020"])["source_id"], local.json(&["show", "demo/a-020"])["source_id"]);
    assert_eq!(ask(&["rescore", "--all"])["rescored"], 132);
    let refused = person.fails(2, &[&url[..], &["backup", "x.db"]].concat());
    assert!(refused.contains("pg_dump") || refused.contains("copy"), "says what to do instead: {refused}");
    let sound = ask(&["doctor"]);
    assert_eq!(sound["sound"], true, "{sound}");
}

#[test]
fn a_copy_there_and_back_is_equal_row_for_row() {
    let Some(server) = database("copies between databases") else { return };
    let (person, back) = (Person::with_examples(), Person::new());
    let (here, there) = (person.path("data"), back.path("data"));
    let copied = person.json(&["copy", "--from", &here.to_string_lossy(), "--to", &server.url]);
    assert_eq!(copied["written"], 132);
    let returned = person.json(&["copy", "--from", &server.url, "--to", &there.to_string_lossy()]);
    assert_eq!(copied["tables"], returned["tables"], "digests of every table");
    let again = person.json(&["copy", "--from", &server.url, "--to", &there.to_string_lossy()]);
    assert_eq!(again["written"], 0, "what is there is passed over");
    let expected = everything(&person, &[]);
    assert_eq!(everything(&back, &[]), expected);
    assert_eq!(everything(&person, &["--database-url", &server.url]), expected);
    let found = |person: &Person| person.json(&["search", "sleep"])["total_matches"].clone();
    assert_eq!(found(&back), found(&person), "the index follows");
    assert_eq!(back.json(&["doctor"])["sound"], true);
}

#[test]
fn a_copy_over_other_data_is_refused() {
    let (person, other) = (Person::with_examples(), Person::new());
    other.ok(&["import", &examples("a"), "--dataset", "demo"]);
    let (from, to) = (person.path("data"), other.path("data"));
    let refused = person.run(&["copy", "--from", &from.to_string_lossy(), "--to", &to.to_string_lossy()]);
    assert!(!refused.status.success());
    assert_eq!(other.json(&["list"])["total"], 66, "nothing is removed");
    let itself =
        person.fails(2, &["copy", "--from", &from.to_string_lossy(), "--to", &from.to_string_lossy()]);
    assert!(itself.contains("itself") || itself.contains("being written"), "{itself}");
}

#[test]
fn a_migration_says_what_it_does_and_can_be_asked_first() {
    let Some(server) = database("migration of a server") else { return };
    let person = Person::new();
    let url = ["--database-url", &server.url];
    let check = person.run(&[&url[..], &["migrate", "--check"]].concat());
    assert_eq!(check.status.code(), Some(1), "something is to be done");
    assert!(person.ok(&[&url[..], &["migrate"]].concat()).contains("from version 0"));
    assert!(person.ok(&[&url[..], &["migrate", "--check"]].concat()).contains("as this program needs"));
    server.run_inside("UPDATE schema_version SET version = 99");
    let newer = person.fails(1, &[&url[..], &["migrate"]].concat());
    assert!(newer.contains("99") && newer.contains("newer"), "{newer}");
}

#[test]
fn an_index_is_only_used_with_the_database_it_was_made_from() {
    let (Some(one), Some(two)) =
        (database("two databases, one folder"), database("two databases, one folder"))
    else {
        return;
    };
    let person = Person::new();
    imported(&person, &one);
    person.ok(&["--database-url", &two.url, "import", &examples("a"), "--dataset", "demo"]);
    let total =
        |url: &str| person.json(&["--database-url", url, "search", "the"])["total_matches"].as_u64().unwrap();
    let (all, half) = (total(&one.url), total(&two.url));
    assert!(half < all, "{half} of {all}");
    assert_eq!(total(&one.url), all);
}

/// Whether nothing that was printed has the password.
fn is_silent_about(output: &Output, password: &str) -> bool {
    let all = [&output.stdout[..], &output.stderr[..]].concat();
    !String::from_utf8_lossy(&all).contains(password)
}

#[test]
fn a_password_is_never_printed() {
    const PASSWORD: &str = "hunter2-secret";
    let person = Person::new();
    let wrong = [
        format!("postgres://u:{PASSWORD}@127.0.0.1:1/db"),
        format!("postgres://u:{PASSWORD}@no-such-host.invalid/db"),
        format!("postgres://u:{PASSWORD}@127.0.0.1:notaport/db"),
        format!("mysql://u:{PASSWORD}@h/db"),
        format!("postgres://h/db?user=u&password={PASSWORD}&sslmode=never"),
    ];
    for url in &wrong {
        for command in [
            &["list"][..],
            &["config"],
            &["config", "--json"],
            &["doctor"],
            &["migrate"],
            &["import", "-", "--dataset", "x"],
        ] {
            let mut flag = vec!["--database-url", url];
            flag.extend(command);
            assert!(is_silent_about(&person.run(&flag), PASSWORD), "{flag:?}");
            for variable in ["DATABASE_URL", "PIXELATED_DATABASE_URL", "PIXELATED__DATABASE_URL"] {
                let output = person.command(command).env(variable, url).output().unwrap();
                assert!(is_silent_about(&output, PASSWORD), "{variable} {command:?}");
            }
        }
        let copy = person.run(&["copy", "--from", url, "--to", url]);
        assert!(!copy.status.success() && is_silent_about(&copy, PASSWORD), "{url}");
    }
    for text in [
        format!("database_url = \"{}\"\n", wrong[0]),
        format!("database_url = [\"{}\"]\n", wrong[0]),
        format!("database_url = \"{}\n", wrong[0]),
    ] {
        let file = person.file("settings.toml", text);
        for command in [&["--config", &*file, "config"][..], &["--config", &*file, "list"]] {
            assert!(is_silent_about(&person.run(command), PASSWORD), "{command:?}");
        }
    }
    let shown = person.ok(&["--database-url", &wrong[0], "config"]);
    assert!(shown.contains("u:***@127.0.0.1:1/db"), "{shown}");
}

#[test]
fn a_server_that_is_not_there_says_where_and_what_to_do() {
    let person = Person::new();
    let complaint = person.fails(5, &["--database-url", "postgres://u:p@127.0.0.1:1/db", "list"]);
    assert!(complaint.contains("127.0.0.1:1") && complaint.contains("start it"), "{complaint}");
}

#[test]
fn memory_is_asked_for_in_units_and_checked() {
    let person = Person::new();
    let config = person.json(&["--memory", "256MB", "config"]);
    assert_eq!(config["memory_bytes"], 256_000_000);
    assert_eq!(person.json(&["--memory", "2GiB", "config"])["memory_bytes"], 2_u64 << 30);
    assert!(person.fails(2, &["--memory", "lots", "config"]).contains("256MB"));
    assert!(person.fails(2, &["--memory", "1MB", "config"]).contains("67,108,864"));
    person.ok(&["--memory", "64MiB", "import", &examples("a"), "--dataset", "demo"]);
}
