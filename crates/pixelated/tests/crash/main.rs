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
use station::Station;

const IMPORT: [&str; 4] = ["import", "many.jsonl", "--dataset", "d"];
const EXPORT: [&str; 8] =
    ["export", "--dataset", "d", "--format", "jsonl", "--output", "out/d.jsonl", "--all"];

/// A folder with the conversations imported, without a kill.
fn imported() -> Station {
    let station = Station::new();
    write_conversations(&station);
    station.ok(&IMPORT);
    station
}

/// A folder on which a command is killed so many times, and then runs to its end.
fn killed(station: Station, kills: usize, noise: &mut Noise, args: &[&str]) -> Station {
    for _ in 0..kills {
        station.kill(args, noise);
    }
    station.ok(args);
    station
}

#[test]
fn imports_killed_at_twenty_moments_complete_when_run_again() {
    let whole = Corpus::of(&imported());
    assert_eq!(whole.rows.len(), CONVERSATIONS);
    let mut noise = Noise::new(1);
    for _ in 0..5 {
        let station = Station::new();
        write_conversations(&station);
        let station = killed(station, 4, &mut noise, &IMPORT);
        whole.assert_equals(&Corpus::of(&station), &noise);
        station.assert_tidy();
        let again: Value = serde_json::from_str(&station.ok(&[&IMPORT[..], &["--json"]].concat())).unwrap();
        assert_eq!(again["unchanged"], CONVERSATIONS);
    }
}

#[test]
fn rescorings_killed_at_twelve_moments_complete_when_run_again() {
    let profile = |station: &Station, profile| station.set("PIXELATED__QUALITY__PROFILE", profile);
    let whole = imported();
    profile(&whole, "mi");
    whole.ok(&["rescore"]);
    let whole = Corpus::of(&whole);
    for (seed, all) in [(2, &["rescore"][..]), (3, &["rescore", "--all"])] {
        let mut noise = Noise::new(seed);
        let station = imported();
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
}

#[test]
fn exports_killed_at_eight_moments_are_whole_or_not_there() {
    let station = imported();
    std::fs::create_dir(station.path("out")).unwrap();
    station.ok(&["datasets", "d", "--licence", "cc0-1.0", "--consent-basis", "fictional"]);
    station.ok(&EXPORT);
    let file = station.path("out/d.jsonl");
    let whole = std::fs::read(&file).unwrap();
    let names = station.names("out");
    let mut noise = Noise::new(4);
    for _ in 0..8 {
        std::fs::remove_file(&file).unwrap();
        station.kill(&[&EXPORT[..], &["--overwrite"]].concat(), &mut noise);
        assert!(std::fs::read(&file).is_ok_and(|bytes| bytes == whole) || !file.exists(), "{noise}");
        station.ok(&[&EXPORT[..], &["--overwrite"]].concat());
        assert!(std::fs::read(&file).unwrap() == whole, "{noise}");
        assert_eq!(station.names("out"), names, "nothing is left behind; {noise}");
    }
}

#[test]
fn reindexings_killed_at_ten_moments_leave_an_index_that_answers() {
    let station = imported();
    let whole = Corpus::of(&station);
    let mut noise = Noise::new(5);
    for _ in 0..10 {
        station.kill(&["reindex"], &mut noise);
        assert_eq!(corpus::totals(&station), whole.totals, "{noise}");
    }
    station.ok(&["reindex"]);
    whole.assert_equals(&Corpus::of(&station), &noise);
    station.assert_tidy();
}
