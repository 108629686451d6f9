//! Whether the client's questions are answered. A question that only vents ("why me?") wants no answer; one is taken up where
//! the reply shares a content word with it, begins like an answer, or turns it back with care. What is left is an omission,
//! cited at the question.

use pe_model::{SignalKind, Span};

use super::Exchange;
use crate::exchange::{Labels, Side};
use crate::interrogative::{self, Form};
use crate::signals::Signals;

/// At most so many questions of one volley are followed up.
const MOST_QUESTIONS: usize = 4;

/// A shorter reply leaves nothing to judge.
const FEWEST_WORDS: u32 = 3;

/// Kinds that answer a request.
const ANSWERING: &[SignalKind] =
    &[SignalKind::AdviseWithPermission, SignalKind::AdviseWithoutPermission, SignalKind::GiveInformation];

/// Reads the answers of a helper's volley to the client's last one.
pub(super) fn read(exchange: &Exchange<'_>, side: &mut Side, signals: &mut Signals) {
    let Some(client) = exchange.client.filter(|_| side.words >= FEWEST_WORDS) else { return };
    let questions: Vec<usize> = client
        .sentences
        .clone()
        .filter(|sentence| wants_answer(exchange, client, *sentence))
        .take(MOST_QUESTIONS)
        .collect();
    for question in questions {
        let span = exchange.scene.sentence_span(question);
        if let Some(sentence) = answering(exchange, side, question) {
            answer(exchange, side, sentence, span, signals);
        } else if has_content(exchange, question) && !is_taken_up(exchange, side, question) {
            signals.add(SignalKind::UnansweredQuestion, span, &exchange.knowledge.names.unanswered);
        }
    }
}

fn answer(exchange: &Exchange<'_>, side: &mut Side, sentence: usize, question: Span, signals: &mut Signals) {
    let span = exchange.scene.sentence_span(sentence);
    signals.add(SignalKind::Answer, span, &exchange.knowledge.names.answer).about = Some(question);
    side.label(sentence, SignalKind::Answer);
}

fn wants_answer(exchange: &Exchange<'_>, client: &Side, sentence: usize) -> bool {
    let cues = &exchange.knowledge.cues;
    client.holds(cues.wants_answer, sentence)
        && !client.holds(cues.rhetorical, sentence)
        && !client.holds(cues.tag, sentence)
}

/// The sentence that answers: it begins like an answer, or informs, or says something with a word of the question.
fn answering(exchange: &Exchange<'_>, side: &Side, question: usize) -> Option<usize> {
    side.sentences.clone().find(|sentence| {
        let labels = side.labels_of(*sentence);
        side.holds(exchange.knowledge.cues.answers, *sentence)
            || labels.meets(Labels::of(ANSWERING))
            || (states(exchange, *sentence) && shares_word(exchange, *sentence, question))
    })
}

fn states(exchange: &Exchange<'_>, sentence: usize) -> bool {
    let mark = exchange.scene.sentences[sentence].mark;
    interrogative::form(&exchange.knowledge.classes, exchange.scene.tokens_of(sentence), mark)
        == Form::Statement
}

fn shares_word(exchange: &Exchange<'_>, sentence: usize, question: usize) -> bool {
    let asked = exchange.scene.tokens_of(question);
    exchange
        .scene
        .tokens_of(sentence)
        .iter()
        .any(|token| token.stem != 0 && asked.iter().any(|other| other.stem == token.stem))
}

fn has_content(exchange: &Exchange<'_>, question: usize) -> bool {
    exchange.scene.tokens_of(question).iter().any(|token| token.stem != 0)
}

fn is_taken_up(exchange: &Exchange<'_>, side: &Side, question: usize) -> bool {
    side.sentences.clone().any(|sentence| shares_word(exchange, sentence, question))
}
