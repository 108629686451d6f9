//! How long scoring takes: all six scores with evidence, intervals, chances and advice, for a conversation of eight
//! messages and for one of a hundred thousand. `cargo run --release -p pe-quality --example speed`
#![allow(clippy::print_stdout)] // A program that prints a figure.

use std::hint::black_box;
use std::time::Instant;

use pe_model::{Language, MessageReading, Reading, Role, Signal, SignalKind, Span, Turn, Volley};
use pe_quality::{QualityConfig, validators};

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

fn main() -> Result<(), pe_quality::Error> {
    let validator = validators(&QualityConfig::default())?.remove(0);
    let text = "well i went there and it all came back and i could not say one word to her";
    // The best of many short runs, because other programs may use the machine.
    for (messages, times, rounds) in [(8, 200, 1_000), (100_000, 1, 10)] {
        let turns: Vec<Turn<'_>> = (0..messages).map(|at| Turn { role: role(at), text }).collect();
        let reading = reading(messages);
        let best = (0..rounds)
            .map(|_| {
                let start = Instant::now();
                for _ in 0..times {
                    black_box(validator.validate(black_box(&turns), black_box(&reading)));
                }
                start.elapsed().as_secs_f64() / f64::from(times)
            })
            .fold(f64::INFINITY, f64::min);
        println!("{messages} messages, {} signals: {:.1} us", reading.signals.len(), best * 1e6);
    }
    Ok(())
}
