//! Whether deleting the words that evidence cites moves the score as stated: the strongest spans of each example conversation
//! are deleted, the conversation is read again, and the movement is held against `Validator::movement`.
//! `cargo run --release -p pe-quality --example deletion [-- FILE...]`
#![allow(clippy::print_stdout)] // A program that prints figures.

use std::collections::BTreeMap;
use std::error::Error;

use pe_language::Reader;
use pe_model::{Assessment, Conversation, EvidenceKind, Points, Reading, Span};
use pe_quality::{QualityConfig, Validator, validators};

const SPANS_OF_EACH: usize = 5;
/// A movement is as stated when it is within so many thousandths.
const TOLERANCE: Points = Points::from_micros(5_000);

struct Case {
    stated: Points,
    moved: Points,
    kind: &'static str,
    text: String,
}

fn score(validator: &dyn Validator, conversation: &Conversation, reading: &Reading) -> Option<Assessment> {
    validator.validate(&conversation.turns(), reading).outcome.assessment().cloned()
}

/// The strongest distinct spans of the overall score.
fn spans(assessment: &Assessment) -> Vec<(Span, &'static str)> {
    let mut spans: Vec<(Span, &'static str)> = Vec::new();
    for line in assessment.scores.last().into_iter().flat_map(|score| &score.evidence) {
        if let EvidenceKind::Signal { signal, span, .. } = &line.source
            && !spans.iter().any(|(known, _)| known == span)
        {
            spans.push((*span, signal.name()));
        }
    }
    spans.truncate(SPANS_OF_EACH);
    spans
}

fn cases(reader: &Reader, validator: &dyn Validator, conversation: &Conversation) -> Vec<Case> {
    let reading = reader.read(&conversation.turns());
    let Some(before) = score(validator, conversation, &reading) else { return Vec::new() };
    let case = |(span, kind): (Span, &'static str)| {
        let stated = validator.movement(&conversation.turns(), &reading, span).last()?.by;
        let mut shorter = conversation.clone();
        let content = &mut shorter.messages.get_mut(span.message as usize)?.content;
        let text = span.of(content)?.to_owned();
        content.replace_range(span.start as usize..span.end as usize, "");
        let after = score(validator, &shorter, &reader.read(&shorter.turns()))?;
        Some(Case { stated, moved: before.overall() - after.overall(), kind, text })
    };
    spans(&before).into_iter().filter_map(case).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let reader = Reader::new()?;
    let validator = validators(&QualityConfig::default())?.remove(0);
    let mut files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        let root = pe_testkit::repository().join("examples");
        files = ["a", "b"]
            .map(|part| root.join(format!("conversations-{part}.jsonl")).display().to_string())
            .into();
    }
    let (mut all, mut held) = (0, 0);
    let mut by_kind: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for file in files {
        for line in std::fs::read_to_string(&file)?.lines().filter(|line| !line.trim().is_empty()) {
            for case in cases(&reader, validator.as_ref(), &serde_json::from_str(line)?) {
                let holds = (case.stated - case.moved).abs() <= TOLERANCE;
                let of_kind = by_kind.entry(case.kind).or_default();
                all += 1;
                held += u32::from(holds);
                *of_kind = (of_kind.0 + u32::from(holds), of_kind.1 + 1);
                if !holds {
                    println!(
                        "{:<26} stated {:+} moved {:+} {:?}",
                        case.kind, case.stated, case.moved, case.text
                    );
                }
            }
        }
    }
    println!("\n{held} of {all} movements as stated, within {TOLERANCE}");
    for (kind, (held, all)) in by_kind {
        println!("{kind:<26}{held:>5} of {all}");
    }
    Ok(())
}
