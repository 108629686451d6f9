//! Where the time of a reading goes: microseconds of one core for each message, stage by stage.
//!
//! `cargo run --release -p pe-language --example reading_speed -- FILE...` reads conversations in our own JSONL format. It reads
//! them again and again for some seconds and prints the best round of each stage, because other programs may use the machine;
//! `--rounds N` reads them N times. Reading the clock is part of what is measured, so a reading as a whole is timed without.

#![allow(clippy::print_stdout)] // It is made to print.

use std::fs::read_to_string;
use std::hint::black_box;
use std::time::{Duration, Instant};

use pe_language::{Reader, Stage, Stopwatch};
use pe_model::{Conversation, Turn};

/// How long a measurement goes on.
const LASTS: Duration = Duration::from_secs(3);

/// Adds up the time of each stage.
struct Laps {
    last: Instant,
    stages: [Duration; Stage::ALL.len()],
}

impl Stopwatch for Laps {
    fn lap(&mut self, stage: Stage) {
        let now = Instant::now();
        self.stages[stage as usize] += now - self.last;
        self.last = now;
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (mut files, mut rounds) = (Vec::new(), None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--rounds" => rounds = Some(arguments.next().unwrap_or_default().parse()?),
            _ => files.push(argument),
        }
    }
    let reader = Reader::new()?;
    println!("{:<28}{:>9}{:>7}{:>7}  microseconds a message", "file", "messages", "words", "all");
    for file in files {
        let text = read_to_string(&file)?;
        let conversations = text
            .lines()
            .filter(|line| !line.trim().is_empty())
            .map(serde_json::from_str::<Conversation>)
            .collect::<Result<Vec<_>, _>>()?;
        let turns: Vec<_> = conversations.iter().map(Conversation::turns).collect();
        measure(&reader, &file, &turns, rounds);
    }
    Ok(())
}

/// Prints a line of the table.
fn measure(reader: &Reader, file: &str, conversations: &[Vec<Turn<'_>>], rounds: Option<usize>) {
    let messages = conversations.iter().map(Vec::len).sum::<usize>().max(1) as f64;
    let words: u32 =
        conversations.iter().flat_map(|turns| reader.read(turns).volleys).map(|volley| volley.words).sum();
    let mut whole = Duration::MAX;
    let mut stages = [Duration::MAX; Stage::ALL.len()];
    let (start, mut round) = (Instant::now(), 0);
    while rounds.map_or(start.elapsed() < LASTS, |rounds| round < rounds) {
        round += 1;
        whole = whole.min(plain(reader, conversations));
        let found = timed(reader, conversations);
        stages.iter_mut().zip(found).for_each(|(best, found)| *best = found.min(*best));
    }
    let each = |time: Duration| time.as_secs_f64() * 1e6 / messages;
    let name = file.rsplit('/').next().unwrap_or(file);
    print!("{name:<28}{messages:>9}{:>7.1}{:>7.2}", f64::from(words) / messages, each(whole));
    for (stage, time) in Stage::ALL.into_iter().zip(stages) {
        print!("  {} {:.2}", stage.name(), each(time));
    }
    println!();
}

/// The time for all conversations, nothing in between.
fn plain(reader: &Reader, conversations: &[Vec<Turn<'_>>]) -> Duration {
    let start = Instant::now();
    for turns in conversations {
        black_box(reader.read(black_box(turns)));
    }
    start.elapsed()
}

/// The time of each stage.
fn timed(reader: &Reader, conversations: &[Vec<Turn<'_>>]) -> [Duration; Stage::ALL.len()] {
    let mut laps = Laps { last: Instant::now(), stages: Default::default() };
    for turns in conversations {
        laps.last = Instant::now();
        black_box(reader.read_timed(black_box(turns), &mut laps));
    }
    laps.stages
}
