//! What the helper says again, asks again, or takes back. Sentences are compared by the set of their content words, kept as a
//! hash, so that a conversation of any length is compared with itself in linear time.

use std::hash::Hasher;

use pe_model::{SignalKind, Span};
use rustc_hash::{FxHashMap, FxHasher};

use super::Exchange;
use crate::exchange::{Labels, Side};
use crate::interrogative::{self, Form};
use crate::signals::Signals;
use crate::words::Token;

/// A sentence with fewer content words is compared word by word, if it is long enough.
const FEWEST_CONTENT: usize = 3;
/// A shorter statement may be said twice,
const FEWEST_WORDS: usize = 6;
/// and a shorter question asked twice.
const FEWEST_WORDS_ASKED: usize = 5;
/// A client's volley of fewer words answers no question.
const FEWEST_ANSWER: u32 = 3;

/// What may be said again: back-channels, and the client's words.
const REPEATABLE: &[SignalKind] = &[
    SignalKind::Facilitate,
    SignalKind::Structure,
    SignalKind::SimpleReflection,
    SignalKind::ComplexReflection,
    SignalKind::RiskProbes,
    SignalKind::RiskResources,
];

/// What the helper has said so far.
#[derive(Debug, Default)]
pub(crate) struct Said {
    statements: FxHashMap<u64, Saying>,
    questions: FxHashMap<u64, Saying>,
}

/// One saying.
#[derive(Clone, Copy, Debug)]
struct Saying {
    span: Span,
    volley: usize,
    negated: bool,
    /// Has enough content words for its opposite to be one.
    full: bool,
}

/// Reads what a helper's volley says again, and remembers it.
pub(super) fn read(exchange: &Exchange<'_>, side: &Side, said: &mut Said, signals: &mut Signals) {
    for sentence in side.sentences.clone() {
        let tokens = exchange.scene.tokens_of(sentence);
        let mark = exchange.scene.sentences[sentence].mark;
        let asks = interrogative::form(&exchange.knowledge.classes, tokens, mark) != Form::Statement;
        let fewest = if asks { FEWEST_WORDS_ASKED } else { FEWEST_WORDS };
        let Some((key, full)) = key(tokens, fewest) else { continue };
        if side.labels_of(sentence).meets(Labels::of(REPEATABLE))
            || side.holds(exchange.knowledge.cues.greeting, sentence)
        {
            continue;
        }
        let span = exchange.scene.sentence_span(sentence);
        let saying = Saying { span, volley: side.volley, negated: is_negated(exchange, tokens), full };
        let earlier = if asks { &mut said.questions } else { &mut said.statements };
        match earlier.get(&key).copied() {
            Some(first) => again(exchange, asks, &first, &saying, signals),
            None => {
                earlier.insert(key, saying);
            }
        }
    }
}

fn again(exchange: &Exchange<'_>, asks: bool, first: &Saying, now: &Saying, signals: &mut Signals) {
    let names = &exchange.knowledge.names;
    let (kind, name) = match (asks, first.negated == now.negated) {
        (true, _) if was_answered(exchange, first.volley) => (SignalKind::ReAsking, &names.re_asking),
        (false, true) => (SignalKind::SelfRepetition, &names.self_repetition),
        (false, false) if now.full && first.volley != now.volley => {
            (SignalKind::Contradiction, &names.contradiction)
        }
        _ => return,
    };
    signals.add(kind, now.span, name).about = Some(first.span);
}

/// Whether the client said something to it, and did not just ask back.
fn was_answered(exchange: &Exchange<'_>, volley: usize) -> bool {
    let scene = exchange.scene;
    let Some(reply) = scene.volleys.get(volley + 1) else { return false };
    let asks_back = scene.sentences_of(reply).any(|sentence| {
        let form = interrogative::form(
            &exchange.knowledge.classes,
            scene.tokens_of(sentence),
            scene.sentences[sentence].mark,
        );
        form != Form::Statement
    });
    reply.words >= FEWEST_ANSWER && !asks_back
}

/// The hash of what a sentence says, and whether it is made of content words; `None` for what may be said twice.
fn key(tokens: &[Token], fewest: usize) -> Option<(u64, bool)> {
    let mut stems: Vec<u32> = tokens.iter().map(|token| token.stem).filter(|stem| *stem != 0).collect();
    stems.sort_unstable();
    stems.dedup();
    let full = stems.len() >= FEWEST_CONTENT;
    if !full && tokens.len() < fewest {
        return None;
    }
    let mut hasher = FxHasher::default();
    if full {
        for stem in stems {
            hasher.write_u32(stem);
        }
    } else {
        for token in tokens {
            hasher.write_u64(u64::from(token.word) << 32 | u64::from(token.stem));
        }
    }
    Some((hasher.finish(), full))
}

fn is_negated(exchange: &Exchange<'_>, tokens: &[Token]) -> bool {
    tokens.iter().filter(|token| exchange.knowledge.classes.negation.contains(token.word)).count() % 2 == 1
}
