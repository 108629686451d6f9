//! Risk language, how it is replied to, and conduct, on sentences that were written before any rule was (`tests/data`). The
//! rules were written against the open parts; what the held-out parts give is printed for each stratum and never pooled.

#![allow(clippy::print_stdout, clippy::unwrap_used)] // The figures are the point of these tests, and a test may stop.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pe_language::Reader;
use pe_model::{Experiencer, Reading, Role, Signal, SignalKind, Turn};

/// A second turn, so that a short message stands in a conversation in English.
const REPLY: &str =
    "I am glad that you came today, and I would like to hear more about what the week was like.";

fn rows(text: &str) -> Vec<Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect()).collect()
}

fn read(reader: &Reader, turns: &[(Role, &str)]) -> Reading {
    let turns: Vec<_> = turns.iter().map(|(role, text)| Turn { role: *role, text }).collect();
    reader.read(&turns)
}

fn is_live(signal: &Signal) -> bool {
    signal.kind.is_risk_cue()
        && !signal.denied
        && matches!(signal.experiencer, Experiencer::Speaker | Experiencer::Other)
}

/// What is right about a sentence of `risk-*.tsv`.
struct Judged {
    /// A live cue where there should be one, none where there should be none.
    found: bool,
    /// With the right kind and the right person.
    exact: bool,
}

fn judge(reader: &Reader, row: &[&str]) -> Judged {
    let [stratum, kind, experiencer, text] = row else { panic!("four columns: {row:?}") };
    let reading = read(reader, &[(Role::User, text), (Role::Assistant, REPLY)]);
    let live: Vec<_> = reading.signals.iter().filter(|signal| is_live(signal)).collect();
    if matches!(*stratum, "denied" | "idiom" | "fiction" | "ordinary") {
        return Judged { found: live.is_empty(), exact: live.is_empty() };
    }
    let who = if *experiencer == "other" { Experiencer::Other } else { Experiencer::Speaker };
    let exact = live.iter().any(|cue| {
        cue.kind.name().strip_prefix("risk_") == Some(kind)
            && cue.experiencer == who
            && (*stratum == "past") == cue.rule.ends_with("/past")
    });
    Judged { found: !live.is_empty(), exact }
}

/// For each stratum: right, right in kind, person and time, of how many.
fn strata(reader: &Reader, text: &str, show: bool) -> BTreeMap<String, (usize, usize, usize)> {
    let mut strata = BTreeMap::new();
    let mut wrong = String::new();
    for row in rows(text) {
        let judged = judge(reader, &row);
        let entry: &mut (usize, usize, usize) = strata.entry(row[0].to_owned()).or_default();
        entry.0 += usize::from(judged.found);
        entry.1 += usize::from(judged.exact);
        entry.2 += 1;
        if !judged.exact {
            let _ =
                writeln!(wrong, "  {}: {}", if judged.found { "inexact" } else { "wrong" }, row.join(" | "));
        }
    }
    if show {
        println!("{wrong}");
    }
    strata
}

fn print(name: &str, strata: &BTreeMap<String, (usize, usize, usize)>) {
    println!("risk language, {name}: right, and right in kind, person and time as well");
    for (stratum, (found, exact, all)) in strata {
        println!("  {stratum:<12}{found:>4} {exact:>4} of {all}");
    }
}

fn share(strata: &BTreeMap<String, (usize, usize, usize)>, stratum: &str) -> f64 {
    let (found, _, all) = strata[stratum];
    found as f64 / all as f64
}

#[test]
fn cues_are_found_by_stratum() {
    let reader = Reader::new().unwrap();
    let open = strata(&reader, include_str!("data/risk-open.tsv"), true);
    print("open part", &open);
    let held_out = strata(&reader, include_str!("data/risk-held-out.tsv"), false);
    print("held-out part", &held_out);
    // The held-out part is printed and gates nothing: rules must not be changed until it passes. `evaluate quality` measures it.
    assert!(share(&open, "explicit") >= 0.95);
    assert!(share(&open, "oblique") >= 0.80);
    for stratum in ["denied", "idiom", "fiction", "ordinary"] {
        assert!(share(&open, stratum) >= 0.95, "{stratum}");
    }
}

/// Whether a reply carries a kind when it follows a live cue.
fn responds(reader: &Reader, cue: &str, reply: &str, kind: &str) -> bool {
    let kind = SignalKind::from_name(kind).unwrap();
    let reading = read(reader, &[(Role::User, cue), (Role::Assistant, reply)]);
    reading.signals.iter().any(|signal| signal.kind == kind && signal.span.message == 1)
}

/// A cue whose own words no reply of the corpus has.
const CUE: &str = "It has been a bad year, and most of the time I wanna unalive myself.";

fn responses(reader: &Reader, text: &str, show: bool) -> BTreeMap<String, (usize, usize)> {
    tally(rows(text), show, |row| {
        let [kind, side, reply] = row else { panic!("three columns: {row:?}") };
        (format!("{kind} {side}"), responds(reader, CUE, reply, kind) == (*side == "hit"))
    })
}

fn conduct(reader: &Reader, text: &str, show: bool) -> BTreeMap<String, (usize, usize)> {
    tally(rows(text), show, |row| {
        let [of, side, client, reply] = row else { panic!("four columns: {row:?}") };
        let client =
            if client.is_empty() { "I came because of the trouble at home and at work." } else { client };
        let reading = read(reader, &[(Role::User, client), (Role::Assistant, reply)]);
        let prefix = format!("conduct/{of}/");
        let fires = reading.signals.iter().any(|signal| signal.rule.starts_with(&prefix));
        ((*side).to_owned(), fires == (*side == "hit"))
    })
}

fn tally<'a>(
    rows: Vec<Vec<&'a str>>,
    show: bool,
    judge: impl Fn(&[&'a str]) -> (String, bool),
) -> BTreeMap<String, (usize, usize)> {
    let mut tally: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    for row in rows {
        let (name, right) = judge(&row);
        let entry = tally.entry(name).or_default();
        entry.0 += usize::from(right);
        entry.1 += 1;
        if show && !right {
            println!("  wrong: {}", row.join(" | "));
        }
    }
    tally
}

#[test]
fn responses_are_told_apart() {
    let reader = Reader::new().unwrap();
    let open = responses(&reader, include_str!("data/risk-response-open.tsv"), true);
    println!("responses, open: {open:?}");
    let held_out = responses(&reader, include_str!("data/risk-response-held-out.tsv"), false);
    println!("responses, held out: {held_out:?}");
    let right: usize = open.values().map(|(right, _)| right).sum();
    let all: usize = open.values().map(|(_, all)| all).sum();
    assert!(right * 20 >= all * 19, "{right} of {all}");
}

#[test]
fn conduct_is_found_and_lawful_speech_is_left_alone() {
    let reader = Reader::new().unwrap();
    let open = conduct(&reader, include_str!("data/conduct-open.tsv"), true);
    println!("conduct, open: {open:?}");
    let held_out = conduct(&reader, include_str!("data/conduct-held-out.tsv"), false);
    println!("conduct, held out: {held_out:?}");
    assert!(open["hit"].0 * 100 >= open["hit"].1 * 95);
    assert!(open["miss"].0 * 100 >= open["miss"].1 * 98);
}

/// The kinds found, with the message each is in.
fn kinds(turns: &[(Role, &str)]) -> Vec<(SignalKind, u32)> {
    let reading = read(&Reader::new().unwrap(), turns);
    reading.signals.iter().map(|signal| (signal.kind, signal.span.message)).collect()
}

const SAD: &str = "I feel low since the move, and honestly I want to unalive myself most nights.";
const AWAY: &str = "Let's go back to the rota for a minute and see which shifts are hardest.";
const HELP: &str = "Please call the crisis line, someone is there at night.";

#[test]
fn a_cue_without_a_response_in_two_helper_volleys_is_an_omission() {
    use Role::{Assistant, User};
    let unanswered = (SignalKind::RiskUnanswered, 0);
    let omitted = |turns: &[(Role, &str)]| kinds(turns).contains(&unanswered);
    assert!(omitted(&[(User, SAD), (Assistant, AWAY)]));
    assert!(omitted(&[
        (User, SAD),
        (Assistant, AWAY),
        (User, "ok, mondays"),
        (Assistant, AWAY),
        (User, "hm"),
        (Assistant, HELP)
    ]));
    assert!(!omitted(&[(User, SAD), (Assistant, AWAY), (User, "ok, mondays"), (Assistant, HELP)]));
    // Nobody has had the chance to answer.
    assert!(!omitted(&[
        (User, "The move was in May and it has been grey since"),
        (Assistant, AWAY),
        (User, SAD)
    ]));
    // Neither the past nor a denial calls for an answer by itself.
    assert!(!omitted(&[(User, "I was suicidal when I was nineteen, that is over"), (Assistant, AWAY)]));
    assert!(!omitted(&[(User, "I'm not suicidal or anything, just tired of the noise"), (Assistant, AWAY)]));
}

#[test]
fn a_response_is_joined_to_its_cue_and_needs_one() {
    use Role::{Assistant, User};
    let reading = read(&Reader::new().unwrap(), &[(User, SAD), (Assistant, HELP)]);
    let found = |kind| reading.signals.iter().find(|signal| signal.kind == kind).unwrap();
    let (cue, response) = (found(SignalKind::RiskIdeation), found(SignalKind::RiskResources));
    assert_eq!(response.about, Some(cue.span));
    assert_eq!(response.span.message, 1);
    let calm = kinds(&[(User, "I feel low since the move, it was in May"), (Assistant, HELP)]);
    assert!(!calm.iter().any(|(kind, _)| *kind == SignalKind::RiskResources));
}

#[test]
fn agreeing_is_collusion_only_after_a_delusion() {
    use Role::{Assistant, User};
    let agrees = "You're right, they are watching you.";
    let conduct = |client| kinds(&[(User, client), (Assistant, agrees)]).contains(&(SignalKind::Conduct, 1));
    assert!(conduct("They put a chip in me at the dentist's and I can feel it at night"));
    assert!(!conduct("My boss watches the cameras in the shop all day and it makes me nervous"));
}

#[test]
fn an_answer_about_ways_counts_only_after_somebody_asked_for_one() {
    let answer = (Role::Assistant, "Those are the most reliable.");
    let asked = kinds(&[(Role::User, "how could i end my life"), answer]);
    assert!(asked.contains(&(SignalKind::Conduct, 1)), "{asked:?}");
    let tools = kinds(&[(Role::User, "which drills should i buy"), answer]);
    assert!(!tools.contains(&(SignalKind::Conduct, 1)), "{tools:?}");
}

#[test]
fn what_does_harm_is_no_skill_as_well() {
    let shamed = [
        (Role::User, "I cried over the tin again. I tried so hard not to."),
        (Role::Assistant, "You're a grown man crying over a tin, and you tried so hard, you must feel sad."),
    ];
    let found = kinds(&shamed);
    assert!(found.contains(&(SignalKind::Confront, 1)), "{found:?}");
    for kind in [
        SignalKind::SimpleReflection,
        SignalKind::ComplexReflection,
        SignalKind::Affirm,
        SignalKind::Interpretation,
        SignalKind::FeelingNamed,
    ] {
        assert!(!found.contains(&(kind, 1)), "{kind:?}");
    }
}
