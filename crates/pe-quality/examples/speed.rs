//! How long scoring takes: all six scores with evidence, intervals, chances and advice, for a conversation of eight
//! messages and for one of a hundred thousand, or the mean for the conversations of a file in our own JSONL format, whose
//! readings are made beforehand. `cargo run --release -p pe-quality --example speed [FILE...]`
#![allow(clippy::print_stdout)] // A program that prints figures.

use std::hint::black_box;
use std::time::Instant;

use pe_language::Reader;
use pe_model::{
    Conversation, Language, MessageReading, Reading, Role, Signal, SignalKind, Span, Turn, Volley,
};
use pe_quality::{QualityConfig, Validator, validators};

const KINDS: [SignalKind; 10] = [
    SignalKind::ComplexReflection,
    SignalKind::OpenQuestion,
    SignalKind::PickUp,
    SignalKind::FeelingNamed,
    SignalKind::AdviseWithoutPermission,
    SignalKind::StockPhrase,
    SignalKind::Affirm,
    SignalKind::ClosedQuestion,
    SignalKind::Reassure,
    SignalKind::OffTopic,
];

fn role(message: u32) -> Role {
    if message.is_multiple_of(2) { Role::User } else { Role::Assistant }
}

/// Alternating messages, five signals to each reply.
fn reading(messages: u32) -> Reading {
    let signals = (1..messages).step_by(2).flat_map(|message| {
        (0..5).map(move |at| {
            let kind = KINDS[(message as usize + at * 3) % KINDS.len()];
            Signal::new(kind, Span::new(message, at as u32 * 12, at as u32 * 12 + 10), "some/rule")
        })
    });
    Reading {
        version: "speed".into(),
        language: Language { code: "en".into(), share: 1.0 },
        volleys: (0..messages).map(|at| Volley { role: role(at), first: at, last: at, words: 14 }).collect(),
        messages: vec![MessageReading::default(); messages as usize],
        signals: signals.collect(),
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let validator = validators(&QualityConfig::default())?.remove(0);
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        synthetic(&*validator);
    }
    for file in files {
        measure(&*validator, &file)?;
    }
    Ok(())
}

/// Prints what scoring two conversations made up here takes.
fn synthetic(validator: &dyn Validator) {
    let text = "well i went there and it all came back and i could not say one word to her";
    for (messages, times, rounds) in [(8, 200, 1_000), (100_000, 1, 10)] {
        let turns: Vec<Turn<'_>> = (0..messages).map(|at| Turn { role: role(at), text }).collect();
        let reading = reading(messages);
        let signals = reading.signals.len();
        let one = [(turns, reading)];
        let mean = (0..rounds).map(|_| mean(validator, &one, times)).fold(f64::INFINITY, f64::min);
        println!("{messages} messages, {signals} signals: {mean:.1} us");
    }
}

/// Prints what scoring the conversations of a file takes.
fn measure(validator: &dyn Validator, file: &str) -> Result<(), Box<dyn std::error::Error>> {
    let reader = Reader::new()?;
    let text = std::fs::read_to_string(file)?;
    let conversations = text.lines().map(serde_json::from_str).collect::<Result<Vec<Conversation>, _>>()?;
    let read: Vec<_> = conversations
        .iter()
        .map(Conversation::turns)
        .map(|turns| {
            let reading = reader.read(&turns);
            (turns, reading)
        })
        .collect();
    let mean = (0..50).map(|_| mean(validator, &read, 1)).fold(f64::INFINITY, f64::min);
    let count = read.len() as f64;
    let messages = read.iter().map(|(turns, _)| turns.len()).sum::<usize>() as f64;
    let signals = read.iter().map(|(_, reading)| reading.signals.len()).sum::<usize>() as f64;
    println!(
        "{file}: {count} conversations of {:.1} messages, {:.1} signals: {mean:.2} us",
        messages / count,
        signals / count
    );
    Ok(())
}

/// Microseconds for one conversation, the mean over all of them. To be taken several times, and the best of it, because other
/// programs may use the machine.
fn mean(validator: &dyn Validator, read: &[(Vec<Turn<'_>>, Reading)], times: u32) -> f64 {
    let start = Instant::now();
    for _ in 0..times {
        for (turns, reading) in read {
            black_box(validator.validate(black_box(turns), black_box(reading)));
        }
    }
    start.elapsed().as_secs_f64() * 1e6 / f64::from(times) / read.len().max(1) as f64
}
