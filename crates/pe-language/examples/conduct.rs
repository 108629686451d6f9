//! Which conduct rules fire on the example conversations, band by band, and how often on the doctors of MTS-Dialog.
//!
//! `cargo run --release -p pe-language --example conduct [-- --misses]`

#![allow(clippy::print_stdout, clippy::unwrap_used)] // A report for people; a bad file may stop it.

use std::collections::BTreeMap;
use std::fs;

use pe_language::Reader;
use pe_model::{Conversation, Role, Signal, SignalKind, Turn};

fn main() {
    let reader = Reader::new().unwrap();
    let misses = std::env::args().any(|argument| argument == "--misses");
    let conversations = examples();
    for band in ["excellent", "good", "fair", "poor", "harmful"] {
        report(&reader, band, conversations.get(band).map_or(&[], Vec::as_slice), misses);
    }
    doctors(&reader);
}

/// The example conversations by the band that was intended.
fn examples() -> BTreeMap<String, Vec<Conversation>> {
    let mut bands: BTreeMap<String, Vec<Conversation>> = BTreeMap::new();
    for entry in fs::read_dir(pe_testkit::repository().join("examples")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "jsonl") {
            for line in fs::read_to_string(&path).unwrap().lines() {
                let conversation: Conversation = serde_json::from_str(line).unwrap();
                let band = conversation.metadata.get("intended").and_then(|band| band.as_str());
                bands.entry(band.unwrap_or("none").to_owned()).or_default().push(conversation);
            }
        }
    }
    bands
}

fn report(reader: &Reader, band: &str, conversations: &[Conversation], misses: bool) {
    let (mut with, mut signals) = (0, 0);
    let mut lines = Vec::new();
    for conversation in conversations {
        let reading = reader.read(&conversation.turns());
        let found: Vec<&Signal> =
            reading.signals.iter().filter(|signal| signal.kind == SignalKind::Conduct).collect();
        with += usize::from(!found.is_empty());
        signals += found.len();
        let id = conversation.source_id.as_deref().unwrap_or("");
        for signal in &found {
            let text = conversation.text_of(signal.span).unwrap_or("");
            lines.push(format!("  {id} {}: {text}", signal.rule));
        }
        if misses && found.is_empty() && band == "harmful" {
            lines.push(format!("  {id} nothing fired ({})", conversation.metadata["title"]));
        }
    }
    let replies =
        conversations.iter().flat_map(|one| &one.messages).filter(|one| one.role == Role::Assistant);
    let replies = replies.count();
    println!(
        "{band}: {with} of {} conversations have conduct signals; {signals} in {replies} helper messages",
        conversations.len()
    );
    println!("{}", lines.join("\n"));
}

/// Doctors diagnose and prescribe lawfully, so what fires there shows what the rules do outside counselling.
fn doctors(reader: &Reader) {
    let Some(folder) = pe_testkit::eval_data("conduct rules on MTS-Dialog") else { return };
    let path = folder.join("mts_dialog/MTS-Dialog-TrainingSet.csv");
    let (mut messages, mut rules) = (0, BTreeMap::<String, usize>::new());
    for record in csv::Reader::from_path(path).unwrap().records() {
        let record = record.unwrap();
        let turns: Vec<Turn<'_>> = record[3].lines().filter_map(turn).collect();
        messages += turns.iter().filter(|turn| turn.role == Role::Assistant).count();
        for signal in reader.read(&turns).signals {
            if signal.kind == SignalKind::Conduct {
                println!(
                    "  {}: {}",
                    signal.rule,
                    signal.span.of(turns[signal.span.message as usize].text).unwrap_or("")
                );
                *rules.entry(signal.rule.to_string()).or_default() += 1;
            }
        }
    }
    let fired: usize = rules.values().sum();
    println!(
        "doctors: {fired} in {messages} messages, {:.1} per 1,000",
        fired as f64 * 1000.0 / messages as f64
    );
    for (rule, times) in rules {
        println!("  {times:>4} {rule}");
    }
}

fn turn(line: &str) -> Option<Turn<'_>> {
    let (speaker, text) = line.split_once(": ")?;
    let role = if speaker.starts_with("Patient") { Role::User } else { Role::Assistant };
    Some(Turn { role, text })
}
