//! Questions: open or closed by their form, stacked by their number; and how far they explore what the client told (after
//! EPITOME's explorations: 1 generic, 2 specific).

use pe_model::SignalKind;

use super::{Exchange, shares_feeling};
use crate::exchange::{Labels, Side};
use crate::interrogative::{self, Form};
use crate::signals::Signals;

/// More questions than this in one volley are stacked.
const MOST_QUESTIONS: usize = 2;

/// Kinds of which a question may be the form; they are not counted as questions again.
const NOT_QUESTIONS: &[SignalKind] = &[
    SignalKind::SeekCollaboration,
    SignalKind::AdviseWithPermission,
    SignalKind::AdviseWithoutPermission,
    SignalKind::Confront,
    SignalKind::Warn,
];

/// Reads the questions of a helper's volley.
pub(super) fn read(exchange: &Exchange<'_>, side: &mut Side, signals: &mut Signals) {
    let mut asked = Vec::new();
    for sentence in side.sentences.clone() {
        let Some(open) = openness(exchange, side, sentence) else { continue };
        if side.labels_of(sentence).meets(Labels::of(NOT_QUESTIONS)) {
            continue;
        }
        let names = &exchange.knowledge.names;
        let span = exchange.scene.sentence_span(sentence);
        let (kind, name) = if open {
            (SignalKind::OpenQuestion, &names.open_question)
        } else {
            (SignalKind::ClosedQuestion, &names.closed_question)
        };
        signals.add(kind, span, name);
        side.label(sentence, kind);
        asked.push(span);
        if let Some(stacked_on) = asked.len().checked_sub(MOST_QUESTIONS + 1) {
            signals.add(SignalKind::StackedQuestion, span, &names.stacked_question).about =
                Some(asked[stacked_on]);
        }
        explore(exchange, side, sentence, open, signals);
    }
}

/// Whether a sentence asks, and if so, whether it asks openly.
fn openness(exchange: &Exchange<'_>, side: &Side, sentence: usize) -> Option<bool> {
    let cues = &exchange.knowledge.cues;
    let tokens = exchange.scene.tokens_of(sentence);
    if side.holds(cues.tag, sentence) || tokens.is_empty() {
        return None;
    }
    let form =
        interrogative::form(&exchange.knowledge.classes, tokens, exchange.scene.sentences[sentence].mark);
    if side.holds(cues.invites, sentence) {
        return Some(true);
    }
    match form {
        Form::Statement => None,
        Form::YesNo => Some(false),
        Form::Wh { at } => Some(asks_for_a_story(exchange, sentence, at)),
    }
}

/// "what", "why" and "how" do, "when", "who" and "how long" don't.
fn asks_for_a_story(exchange: &Exchange<'_>, sentence: usize, at: usize) -> bool {
    let vocabulary = &exchange.knowledge.vocabulary;
    let tokens = exchange.scene.tokens_of(sentence);
    let is = |offset: usize, words: &[&str]| {
        tokens
            .get(at + offset)
            .is_some_and(|token| words.iter().any(|word| vocabulary.id(word) == token.word))
    };
    let narrow_how =
        ["many", "much", "long", "often", "old", "far", "soon", "big", "late", "early", "recently"];
    let narrow_what = ["time", "day", "date", "age", "year", "number", "colour", "color", "size", "month"];
    if is(0, &["how"]) {
        return !is(1, &narrow_how);
    }
    is(0, &["why"]) || is(0, &["what"]) && !is(1, &narrow_what)
}

/// A question explores specifically where it takes up the client's words or feeling, generically where it is an open one.
fn explore(exchange: &Exchange<'_>, side: &mut Side, sentence: usize, open: bool, signals: &mut Signals) {
    let Some(client) = exchange.client else { return };
    let tokens = exchange.scene.tokens_of(sentence);
    let linked = tokens.iter().find_map(|token| client.links.get(token.stem).filter(|_| token.stem != 0));
    let about = linked.map(|token| exchange.scene.clause_around(token));
    let specific = about.is_some() || shares_feeling(exchange, side, sentence);
    let generic = side.holds(exchange.knowledge.cues.generic_exploration, sentence);
    if !(specific || open || generic) {
        return;
    }
    let span = exchange.scene.sentence_span(sentence);
    let signal = signals.add(SignalKind::Exploration, span, &exchange.knowledge.names.exploration);
    signal.strength = if specific { 2.0 } else { 1.0 };
    signal.about = about;
    side.label(sentence, SignalKind::Exploration);
}
