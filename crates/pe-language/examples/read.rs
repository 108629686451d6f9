//! Reads conversations in our own JSONL format and prints what was found in them, and how fast.
//!
//! `cargo run --release -p pe-language --example read -- examples/*.jsonl [--quiet] [--kind NAME]`

#![allow(clippy::print_stdout)] // It is made to print.

use std::collections::BTreeMap;
use std::fs::read_to_string;
use std::time::Instant;

use pe_language::Reader;
use pe_model::{Conversation, Signal};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = Vec::new();
    let (mut quiet, mut only) = (false, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--quiet" => quiet = true,
            "--kind" => only = arguments.next(),
            _ => files.push(argument),
        }
    }
    let mut conversations = Vec::new();
    for file in files {
        for line in read_to_string(file)?.lines().filter(|line| !line.trim().is_empty()) {
            conversations.push(serde_json::from_str::<Conversation>(line)?);
        }
    }
    let start = Instant::now();
    let reader = Reader::new()?;
    println!("rules {} ready in {:.1} ms", reader.version(), start.elapsed().as_secs_f64() * 1e3);
    if !quiet {
        for conversation in &conversations {
            print(&reader, conversation, only.as_deref());
        }
    }
    summarise(&reader, &conversations);
    delete(&reader, &conversations);
    time(&reader, &conversations);
    Ok(())
}

fn print(reader: &Reader, conversation: &Conversation, only: Option<&str>) {
    let reading = reader.read(&conversation.turns());
    let shown = |signal: &&Signal| only.is_none_or(|kind| signal.kind.name() == kind);
    if !reading.signals.iter().any(|signal| shown(&signal)) {
        return;
    }
    println!(
        "\n== {} {:?}",
        conversation.source_id.as_deref().unwrap_or("-"),
        conversation.metadata.get("intended")
    );
    for (at, message) in conversation.messages.iter().enumerate() {
        println!("{:>3} {:<9} {}", at, message.role.name(), message.content);
        for signal in reading.signals.iter().filter(|signal| signal.span.message as usize == at).filter(shown)
        {
            let about = signal.about.and_then(|span| conversation.text_of(span));
            println!(
                "        {} {:.1} [{}] `{}`{}",
                signal.kind.name(),
                signal.strength,
                signal.rule,
                conversation.text_of(signal.span).unwrap_or("?"),
                about.map(|about| format!(" <- `{about}`")).unwrap_or_default()
            );
        }
    }
}

/// Signals per hundred messages, by the band that the writer of the conversation intended.
fn summarise(reader: &Reader, conversations: &[Conversation]) {
    let mut bands: BTreeMap<String, (usize, BTreeMap<&str, usize>)> = BTreeMap::new();
    for conversation in conversations {
        let band = conversation.metadata.get("intended").and_then(|band| band.as_str()).unwrap_or("-");
        let (messages, counts) = bands.entry(band.to_owned()).or_default();
        *messages += conversation.messages.len();
        for signal in reader.read(&conversation.turns()).signals {
            *counts.entry(signal.kind.name()).or_default() += 1;
        }
    }
    let mut kinds: Vec<&str> = bands.values().flat_map(|(_, counts)| counts.keys().copied()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    print!("\n{:<26}", "per 100 messages");
    for band in bands.keys() {
        print!("{band:>10}");
    }
    for kind in kinds {
        print!("\n{kind:<26}");
        for (messages, counts) in bands.values() {
            print!("{:>10.1}", 100.0 * *counts.get(kind).unwrap_or(&0) as f64 / *messages as f64);
        }
    }
    println!();
}

/// Deletes the span of each signal (an omission's is the client's own words) and reads again: is the signal gone, and do all
/// signals that do not touch the span stay?
fn delete(reader: &Reader, conversations: &[Conversation]) {
    let (mut tried, mut gone, mut alone) = (0, 0, 0);
    for conversation in conversations {
        let reading = reader.read(&conversation.turns());
        for signal in &reading.signals {
            let mut cut = conversation.clone();
            let place = signal.span;
            cut.messages[place.message as usize]
                .content
                .replace_range(place.start as usize..place.end as usize, "");
            let after = reader.read(&cut.turns()).signals;
            let touched = reading.signals.iter().filter(|other| other.span.overlaps(place));
            let expected: Vec<_> = touched.map(|other| (other.kind, &other.rule)).collect();
            tried += 1;
            let count = |signals: &[Signal]| {
                signals.iter().filter(|other| other.kind == signal.kind && other.rule == signal.rule).count()
            };
            gone += usize::from(count(&after) < count(&reading.signals));
            alone += usize::from(after.len() + expected.len() == reading.signals.len());
        }
    }
    println!(
        "\n{tried} spans deleted: the signal is gone in {:.1} %, and nothing else changed in {:.1} %",
        100.0 * f64::from(gone as u32) / f64::from(tried),
        100.0 * f64::from(alone as u32) / f64::from(tried)
    );
}

fn time(reader: &Reader, conversations: &[Conversation]) {
    let turns: Vec<_> = conversations.iter().map(Conversation::turns).collect();
    let messages: usize = turns.iter().map(Vec::len).sum();
    let rounds = (200_000 / messages.max(1)).max(1);
    let start = Instant::now();
    let mut signals = 0;
    for _ in 0..rounds {
        signals += turns.iter().map(|turns| reader.read(turns).signals.len()).sum::<usize>();
    }
    let seconds = start.elapsed().as_secs_f64();
    let read = (messages * rounds) as f64;
    println!(
        "\n{} messages, {} signals; {:.0} messages/s, {:.2} microseconds a message on one core",
        messages,
        signals / rounds,
        read / seconds,
        seconds * 1e6 / read
    );
}
