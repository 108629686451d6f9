//! How long it takes to save, read and export conversations of eight messages: `cargo run --release -p pe-store --example
//! save_speed [CONVERSATIONS [URL]]`. Without the URL of an empty PostgreSQL database it is a database file that is measured.
#![allow(clippy::print_stdout)] // A measurement is there to be printed.

use std::sync::Arc;
use std::time::Instant;

use pe_model::{
    Assessment, Axis, Conversation, Emotion, Ids, Language, Message, MessageReading, Outcome, Points,
    Reading, Report, Role, Score, Signal, SignalKind, Span, SystemClock, Tier, TierChance, Volley,
};
use pe_store::{Filter, OpenMode, Order, SavedConversation, SourceKey, Store};

const MESSAGES: u32 = 8;
const BATCH: usize = 1000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let count: usize = std::env::args().nth(1).map_or(Ok(100_000), |text| text.parse())?;
    let url = std::env::args().nth(2);
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?
        .block_on(measure(count, url))
}

async fn measure(count: usize, url: Option<String>) -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let target = url.unwrap_or_else(|| folder.path().display().to_string());
    let store = Store::open(&target, OpenMode::Write).await?;
    let clock = SystemClock;
    let ids = Ids::new(&clock, 1);
    let (mut resolving, mut saving, mut committing) = (0.0, 0.0, 0.0);
    for start in (0..count).step_by(BATCH) {
        let batch: Vec<_> = (start..count.min(start + BATCH)).map(|number| saved(&ids, number)).collect();
        let keys: Vec<_> = batch
            .iter()
            .map(|one| SourceKey::new(Some(&one.source_id), one.conversation.digest(), 0))
            .collect();
        let mut tx = store.begin().await?;
        let begin = Instant::now();
        tx.resolve("speed", &keys).await?;
        resolving += begin.elapsed().as_secs_f64();
        let begin = Instant::now();
        tx.save_batch(&batch).await?;
        saving += begin.elapsed().as_secs_f64();
        let begin = Instant::now();
        tx.commit().await?;
        committing += begin.elapsed().as_secs_f64();
    }
    let each = |seconds: f64| seconds * 1e6 / count as f64;
    println!(
        "{count} conversations of {MESSAGES} messages, us each: resolve {:.1}, save {:.1}, commit {:.1}",
        each(resolving),
        each(saving),
        each(committing)
    );
    let begin = Instant::now();
    let mut export = store.export(&Filter::default(), Order::Dataset).await?;
    while !export.next_batch().await?.is_empty() {}
    println!("export {:.1} us each", each(begin.elapsed().as_secs_f64()));
    let begin = Instant::now();
    store.statistics(&Filter::default()).await?;
    println!("statistics {:.2} s", begin.elapsed().as_secs_f64());
    if let Some(file) = store.location().database_file() {
        println!("{:.0} bytes a conversation", std::fs::metadata(file)?.len() as f64 / count as f64);
    }
    Ok(())
}

fn saved(ids: &Ids<'_>, number: usize) -> SavedConversation {
    let conversation = conversation(number);
    SavedConversation {
        id: ids.conversation(),
        dataset: Arc::from("speed"),
        source_id: format!("conversation-{number}"),
        reading: reading(),
        conversation,
        reports: vec![report(0.3 + (number % 600) as f64 / 1000.0)],
    }
}

fn conversation(number: usize) -> Conversation {
    let messages = (0..MESSAGES).map(|place| {
        let role = if place % 2 == 0 { Role::User } else { Role::Assistant };
        Message::new(
            role,
            format!("Message {place} of conversation {number}: {}", "some words of it, ".repeat(4)),
        )
    });
    Conversation { messages: messages.collect(), ..Conversation::default() }
}

fn reading() -> Reading {
    let read = MessageReading {
        language: "en".into(),
        emotions: vec![0.1; Emotion::COUNT],
        selected: vec![Emotion::Neutral],
    };
    let signal = |message| Signal::new(SignalKind::OpenQuestion, Span::new(message, 0, 20), "question/what");
    Reading {
        version: "speed".into(),
        language: Language { code: "en".into(), share: 1.0 },
        volleys: (0..MESSAGES)
            .map(|place| Volley { role: Role::User, first: place, last: place, words: 20 })
            .collect(),
        messages: vec![read; MESSAGES as usize],
        signals: (0..MESSAGES).map(signal).collect(),
    }
}

fn report(overall: f64) -> Report {
    let value = Points::from_fraction(overall);
    let score = |axis: &Axis| Score {
        metric: axis.name().into(),
        value,
        low: value,
        high: value,
        evidence: vec![],
        note: None,
    };
    let tier = Tier::of(value);
    Report {
        validator: "six-axes".into(),
        version: "speed".into(),
        outcome: Outcome::Scored(Assessment {
            scores: Axis::ALL.iter().map(score).collect(),
            tier,
            chances: vec![TierChance { tier, probability: 0.5 }],
            recommendations: vec![],
        }),
    }
}
