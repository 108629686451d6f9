//! What is promised of the conversations, measured on what comes out.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::LazyLock;

use pe_model::{Conversation, Digest};
use pe_synth::{Planted, Synth};
use regex::Regex;

const SEED: u64 = 1;
const MANY: u64 = 10_000;

static CONVERSATIONS: LazyLock<Vec<Conversation>> = LazyLock::new(|| Synth::new(SEED, MANY).collect());

fn texts() -> impl Iterator<Item = &'static str> {
    CONVERSATIONS
        .iter()
        .flat_map(|conversation| &conversation.messages)
        .map(|message| message.content.as_str())
}

fn words() -> HashMap<String, u64> {
    let mut words = HashMap::new();
    for text in texts() {
        for word in text.split(|c: char| !c.is_alphanumeric() && c != '\'').filter(|word| !word.is_empty()) {
            *words.entry(word.to_lowercase()).or_default() += 1;
        }
    }
    words
}

#[test]
fn nearly_every_message_is_distinct() {
    // Ten times as many as elsewhere: what repeats itself does so the more, the more there is.
    let (mut all, mut distinct) = (0_u64, HashSet::new());
    for message in Synth::new(SEED, 10 * MANY).flat_map(|conversation| conversation.messages) {
        let mut hasher = DefaultHasher::new();
        message.content.hash(&mut hasher);
        distinct.insert(hasher.finish());
        all += 1;
    }
    let share = distinct.len() as f64 / all as f64;
    assert!(share >= 0.95, "{share:.4} of {all}");
}

#[test]
fn there_are_fifty_thousand_words_with_a_tail_like_zipfs() {
    let mut counts: Vec<u64> = words().into_values().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    assert!(counts.len() >= 50_000, "{} words", counts.len());
    // The slope of log frequency over log rank, by least squares at ranks that are even in the logarithm; Zipf's is -1, and
    // languages measure between -0.8 and -1.3.
    let points: Vec<(f64, f64)> = (0..=20)
        .map(|step| 10_f64.powf(1.0 + f64::from(step) * 3.5 / 20.0))
        .map(|rank| (rank.ln(), (counts[rank as usize] as f64).ln()))
        .collect();
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / points.len() as f64;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let slope = points.iter().map(|p| (p.0 - x) * (p.1 - y)).sum::<f64>()
        / points.iter().map(|p| (p.0 - x).powi(2)).sum::<f64>();
    assert!((-1.3..=-0.8).contains(&slope), "slope {slope:.2}");
    // The most usual word is a few per cent of all, as "the" is.
    let share = counts[0] as f64 / counts.iter().sum::<u64>() as f64;
    assert!((0.02..0.12).contains(&share), "{share:.3}");
    let once = counts.iter().filter(|count| **count == 1).count() as f64;
    assert!(once / counts.len() as f64 > 0.2, "a fifth of the words is said once: {once}");
}

#[test]
fn a_conversation_has_eight_messages_of_twenty_words() {
    let messages = texts().count() as f64;
    let said: usize = texts().map(|text| text.split_whitespace().count()).sum();
    let (per_conversation, per_message) = (messages / MANY as f64, said as f64 / messages);
    assert!((7.6..8.4).contains(&per_conversation), "{per_conversation:.2} messages");
    assert!((19.0..21.0).contains(&per_message), "{per_message:.2} words");
}

#[test]
fn what_is_planted_is_found_again() {
    let mut synth = Synth::new(SEED, MANY);
    synth.by_ref().for_each(drop);
    let manifest = synth.manifest();
    let mut seen = BTreeSet::new();
    let repeated = CONVERSATIONS.iter().filter(|one| !seen.insert(one.text_digest())).count() as u64;
    assert_eq!(manifest.duplicates, repeated);
    near("duplicates", repeated, manifest.duplicates_per_mille);

    let patterns = [
        (Planted::Name, r"(My name is|registered as|addressed to|ask for) \p{Lu}\w+ \p{Lu}\w+"),
        (Planted::Email, r"[a-z.]+@example\.org"),
        (Planted::Phone, r"\b\d{3}-555-01\d\d\b|\+44 7700 900\d{3}\b"),
        (
            Planted::Address,
            r"\b\d{1,3} \p{Lu}\w+ (Road|Lane|Street|Close|Avenue|Terrace|Way|Row|Gardens|Hill), \p{Lu}",
        ),
        (Planted::Birth, r"\b\d{1,2} \p{Lu}[a-z]+ (19|20)\d\d\b"),
    ];
    for (kind, pattern) in patterns {
        let pattern = Regex::new(pattern).expect("a pattern");
        let found = texts().map(|text| pattern.find_iter(text).count() as u64).sum::<u64>();
        assert_eq!(manifest.planted[kind.name()], found, "{kind:?}");
        near(kind.name(), found, manifest.planted_per_mille[kind.name()]);
    }
}

/// Four standard deviations of a binomial.
fn near(what: &str, found: u64, per_mille: u64) {
    let expected = MANY as f64 * per_mille as f64 / 1000.0;
    assert!((found as f64 - expected).abs() < 4.0 * expected.sqrt(), "{what}: {found}, not {expected}");
}

#[test]
fn topics_and_registers_are_even() {
    let mut synth = Synth::new(SEED, MANY);
    synth.by_ref().for_each(drop);
    for counts in [&synth.manifest().topics, &synth.manifest().registers] {
        let even = MANY as f64 / counts.len() as f64;
        assert!(counts.values().all(|n| (*n as f64 / even - 1.0).abs() < 0.15), "{counts:?}");
    }
}

#[test]
fn a_seed_is_the_same_everywhere_and_another_is_not() {
    let digest = |seed| {
        let lines: Vec<Vec<u8>> =
            Synth::new(seed, 300).map(|one| serde_json::to_vec(&one).expect("JSON")).collect();
        Digest::of_parts(lines.iter().map(Vec::as_slice)).to_string()
    };
    assert_eq!(
        digest(1),
        "c162f917791a3b037a0a67fd83b81c5b63594cbb7eb65bb6507a0fe022d9d56b",
        "raise VERSION and write the new digest where this is meant"
    );
    assert_ne!(digest(1), digest(2));
}

#[test]
fn the_first_ones_do_not_depend_on_how_many_are_asked_for() {
    let few: Vec<_> = Synth::new(SEED, 50).collect();
    assert_eq!(few[..], CONVERSATIONS[..50]);
    assert_eq!(Synth::new(SEED, 0).count(), 0);
}

#[test]
fn texts_are_whole_sentences() {
    for text in texts() {
        assert!(
            !text.contains(['{', '}', '|'])
                && !text.contains("  ")
                && text.trim() == text
                && !text.is_empty(),
            "{text}"
        );
    }
    let mut roles = BTreeMap::new();
    for message in CONVERSATIONS.iter().flat_map(|one| &one.messages) {
        *roles.entry(message.role).or_insert(0_u64) += 1;
    }
    assert_eq!(roles.len(), 2, "users and helpers: {roles:?}");
}
