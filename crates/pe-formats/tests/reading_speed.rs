//! How long a conversation takes to read. The budget is 20 microseconds on one core; the bound here is loose, because tests
//! share their machine, and the figure is printed.

#![allow(clippy::unwrap_used)]

use std::time::Instant;

use pe_formats::{Input, Item, ReadOptions, Reader};
use serde_json::{Value, json};

const CONVERSATIONS: usize = 20_000;
const MESSAGES: usize = 8;

/// The best of three runs, in microseconds a conversation.
fn microseconds(name: &str, record: impl Fn(usize) -> Value) -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    let lines: Vec<_> = (0..CONVERSATIONS).map(|number| record(number).to_string()).collect();
    let text = lines.join("\n");
    std::fs::write(&path, &text).unwrap();
    let best = (0..3)
        .map(|_| {
            let begun = Instant::now();
            let reader = Reader::open(&Input::file(&path), &ReadOptions::default()).unwrap();
            let count = reader.filter(|item| matches!(item, Ok(Item::Record(_)))).count();
            assert_eq!(count, CONVERSATIONS);
            begun.elapsed().as_secs_f64() * 1e6 / CONVERSATIONS as f64
        })
        .fold(f64::INFINITY, f64::min);
    let rate = text.len() as f64 / CONVERSATIONS as f64 / best;
    #[allow(clippy::print_stderr)] // A figure is for the eye.
    {
        eprintln!("{name}: {best:.1} us a conversation of {MESSAGES} messages, {rate:.0} MB/s");
    }
    best
}

fn words(number: usize) -> String {
    format!(
        "Message {number}: it has been a long week, and I \"don't\" know\nhow to say it to them at home. "
    )
    .repeat(2)
}

#[test]
fn a_conversation_is_read_within_its_budget() {
    let sides = |user, assistant| [user, assistant];
    let messages = |speaker: &str, text: &str, names: [&str; 2]| -> Value {
        (0..MESSAGES).map(|at| json!({speaker: names[at % 2], text: words(at)})).collect()
    };
    let own = microseconds(
        "pixelated",
        |number| json!({"id": format!("c{number}"), "messages": messages("role", "content", sides("user", "assistant")), "metadata": {"topic": "work"}}),
    );
    let sharegpt = microseconds(
        "sharegpt",
        |_| json!({"conversations": messages("from", "value", sides("human", "gpt"))}),
    );
    let dialogue = microseconds(
        "dialogue",
        |_| json!({"situation": "home", "dialog": messages("speaker", "text", sides("seeker", "supporter"))}),
    );
    if !cfg!(debug_assertions) {
        assert!(own < 100.0 && sharegpt < 100.0 && dialogue < 100.0, "five times over the budget");
    }
}
