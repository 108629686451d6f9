//! Killed at fifty random moments: of imports, rescorings, exports and reindexings. Run again, each completes, and the corpus equals
//! one that was never killed, row for row.
//!
//! The moments come from a seed, `PIXELATED_CRASH_SEED`, which a failure prints; when they fall depends on the machine.

mod corpus;
mod noise;
mod station;

use corpus::{CONVERSATIONS, Corpus, write_conversations};
use noise::Noise;
use serde_json::Value;
use station::{Engine, Station};

const IMPORT: [&str; 4] = ["import", "many.jsonl", "--dataset", "d"];
const EXPORT: [&str; 8] =
    ["export", "--dataset", "d", "--format", "jsonl", "--output", "out/d.jsonl", "--all"];

/// A folder with the conversations imported, without a kill.
fn imported(engine: Engine) -> Option<Station> {
    let station = engine.station()?;
    write_conversations(&station);
    station.ok(&IMPORT);
    Some(station)
}

/// A folder on which a command is killed so many times, and then runs to its end.
fn killed(station: Station, kills: usize, noise: &mut Noise, args: &[&str]) -> Station {
    for _ in 0..kills {
        station.kill(args, noise);
    }
    station.ok(args);
    station
}

fn imports(engine: Engine) -> Option<()> {
    let whole = Corpus::of(&imported(engine)?);
    assert_eq!(whole.rows.len(), CONVERSATIONS);
    let mut noise = Noise::new(1);
    for _ in 0..5 {
        let station = engine.station()?;
        write_conversations(&station);
        let station = killed(station, 4, &mut noise, &IMPORT);
        whole.assert_equals(&Corpus::of(&station), &noise);
        station.assert_tidy();
        let again: Value =
            serde_json::from_str(&station.ok(&[&IMPORT[..], &["--json"]].concat())).expect("JSON");
        assert_eq!(again["unchanged"], CONVERSATIONS);
    }
    Some(())
}

fn rescorings(engine: Engine) -> Option<()> {
    let profile = |station: &Station, profile| station.set("PIXELATED__QUALITY__PROFILE", profile);
    let whole = imported(engine)?;
    profile(&whole, "mi");
    whole.ok(&["rescore"]);
    let whole = Corpus::of(&whole);
    for (seed, all) in [(2, &["rescore"][..]), (3, &["rescore", "--all"])] {
        let mut noise = Noise::new(seed);
        let station = imported(engine)?;
        for kill in 0..6 {
            // What one left half done, the next one turns back.
            profile(&station, if kill % 2 == 0 { "mi" } else { "common-factors" });
            station.kill(all, &mut noise);
        }
        profile(&station, "mi");
        station.ok(all);
        whole.assert_equals(&Corpus::of(&station), &noise);
        station.assert_tidy();
    }
    Some(())
}

fn exports(engine: Engine) -> Option<()> {
    let station = imported(engine)?;
    std::fs::create_dir(station.path("out")).expect("a folder");
    station.ok(&["datasets", "d", "--licence", "cc0-1.0", "--consent-basis", "fictional"]);
    station.ok(&EXPORT);
    let file = station.path("out/d.jsonl");
    let whole = std::fs::read(&file).expect("an export");
    let names = station.names("out");
    let mut noise = Noise::new(4);
    for _ in 0..8 {
        std::fs::remove_file(&file).expect("removed");
        station.kill(&[&EXPORT[..], &["--overwrite"]].concat(), &mut noise);
        assert!(std::fs::read(&file).is_ok_and(|bytes| bytes == whole) || !file.exists(), "{noise}");
        station.ok(&[&EXPORT[..], &["--overwrite"]].concat());
        assert!(std::fs::read(&file).expect("an export") == whole, "{noise}");
        assert_eq!(station.names("out"), names, "nothing is left behind; {noise}");
    }
    Some(())
}

fn reindexings(engine: Engine) -> Option<()> {
    let station = imported(engine)?;
    let whole = Corpus::of(&station);
    let mut noise = Noise::new(5);
    for _ in 0..10 {
        station.kill(&["reindex"], &mut noise);
        assert_eq!(corpus::totals(&station), whole.totals, "{noise}");
    }
    station.ok(&["reindex"]);
    whole.assert_equals(&Corpus::of(&station), &noise);
    station.assert_tidy();
    Some(())
}

#[test]
fn imports_killed_at_twenty_moments_complete_when_run_again() {
    imports(Engine::Sqlite);
}

#[test]
fn rescorings_killed_at_twelve_moments_complete_when_run_again() {
    rescorings(Engine::Sqlite);
}

#[test]
fn exports_killed_at_eight_moments_are_whole_or_not_there() {
    exports(Engine::Sqlite);
}

#[test]
fn reindexings_killed_at_ten_moments_leave_an_index_that_answers() {
    reindexings(Engine::Sqlite);
}

#[test]
fn on_postgresql_imports_killed_at_twenty_moments_complete_when_run_again() {
    imports(Engine::Postgres);
}

#[test]
fn on_postgresql_rescorings_killed_at_twelve_moments_complete_when_run_again() {
    rescorings(Engine::Postgres);
}

#[test]
fn on_postgresql_exports_killed_at_eight_moments_are_whole_or_not_there() {
    exports(Engine::Postgres);
}

#[test]
fn on_postgresql_reindexings_killed_at_ten_moments_leave_an_index_that_answers() {
    reindexings(Engine::Postgres);
}
