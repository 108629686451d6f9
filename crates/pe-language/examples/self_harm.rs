//! Which messages of the HH-RLHF pairs are read as telling of a way or a plan to hurt oneself, and which messages that speak of
//! it in so many words are not.
//!
//! `cargo run --release -p pe-language --example self_harm [-- --left]`

#![allow(clippy::print_stdout, clippy::unwrap_used)] // A report for people; a bad file may stop it.

use std::collections::BTreeMap;
use std::io::Read;

use pe_language::Reader;
use pe_model::{Experiencer, Role, Signal, SignalKind, Turn};

/// Plain words; a message with one of them is worth a look where nothing was read in it.
const WORDS: [&str; 7] = [
    "kill myself",
    "kill yourself",
    "killing yourself",
    "suicide",
    "end my life",
    "end your life",
    "ways to die",
];

/// So much of a message is printed, in characters.
const SHOWN: usize = 160;

fn main() {
    let Some(folder) = pe_testkit::eval_data("self-harm cues on HH-RLHF") else { return };
    let mut text = String::new();
    let file = std::fs::File::open(folder.join("hh_rlhf/test.jsonl.gz")).unwrap();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    let reader = Reader::new().unwrap();
    // By text, as the two halves of a pair share most of their messages.
    let mut messages: BTreeMap<(String, bool), String> = BTreeMap::new();
    for line in text.lines() {
        let pair: BTreeMap<String, String> = serde_json::from_str(line).unwrap();
        for whole in pair.values() {
            read(&reader, whole, &mut messages);
        }
    }
    let left = std::env::args().any(|argument| argument == "--left");
    let shown: Vec<_> =
        messages.iter().filter(|((text, _), rule)| !rule.is_empty() || left && speaks(text)).collect();
    for ((text, helper), rule) in &shown {
        let start: String = text.chars().take(SHOWN).collect();
        println!("{} [{rule}] {start}", if *helper { "helper" } else { "client" });
    }
    let folded = messages.values().filter(|rule| !rule.is_empty()).count();
    println!("{folded} of {} distinct messages", messages.len());
}

/// Reads a conversation; of each message, the rule by which it is folded, or nothing.
fn read(reader: &Reader, whole: &str, messages: &mut BTreeMap<(String, bool), String>) {
    let marked = whole.replace("\n\nHuman: ", "\u{1}H").replace("\n\nAssistant: ", "\u{1}A");
    let turns: Vec<Turn<'_>> = marked.split('\u{1}').filter_map(turn).collect();
    let reading = reader.read(&turns);
    for (at, turn) in turns.iter().enumerate() {
        let found = reading.signals.iter().find(|one| one.span.message as usize == at && tells_of_a_way(one));
        let rule = found.map_or(String::new(), |one| {
            format!("{}: {}", one.rule, one.span.of(turn.text).unwrap_or("").replace('\n', " "))
        });
        messages.insert((turn.text.replace('\n', " "), turn.role == Role::Assistant), rule);
    }
}

fn turn(part: &str) -> Option<Turn<'_>> {
    if let Some(text) = part.strip_prefix('H') {
        return Some(Turn { role: Role::User, text });
    }
    part.strip_prefix('A').map(|text| Turn { role: Role::Assistant, text })
}

/// What is folded on the screen and left out of exports.
fn tells_of_a_way(signal: &Signal) -> bool {
    let told = matches!(signal.experiencer, Experiencer::Speaker | Experiencer::Other) && !signal.denied;
    match signal.kind {
        SignalKind::RiskIdeation => told && signal.strength >= 3.0,
        SignalKind::RiskBehaviour => told,
        SignalKind::Conduct => signal.rule.starts_with("conduct/method-information"),
        _ => false,
    }
}

fn speaks(text: &str) -> bool {
    let text = text.to_lowercase();
    WORDS.iter().any(|word| text.contains(word))
}
