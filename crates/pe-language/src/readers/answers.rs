//! Whether the client's questions are answered. A question that only vents ("why me?") wants no answer; one is taken up where
//! the reply shares a content word with it, begins like an answer, or turns it back with care. A plain statement may answer in words
//! of its own ("What is that?" "A drug against fever."), so an omission needs more than missing words: every sentence of the reply has
//! to go visibly elsewhere. It is cited at the question.

use pe_model::{SignalKind, Span};

use super::Exchange;
use super::links::stands_alone;
use crate::exchange::{Labels, Side};
use crate::interrogative::{self, Form};
use crate::signals::Signals;

/// At most so many questions of one volley are followed up.
const MOST_QUESTIONS: usize = 4;

/// At most so many sentences are cited as an answer to one question.
const MOST_ANSWERS: usize = 32;

/// A shorter reply leaves nothing to judge.
const FEWEST_WORDS: u32 = 3;

/// A statement of fewer content words may be a short answer.
const FEWEST_CONTENT: usize = 3;

/// Kinds that answer a request.
const ANSWERING: &[SignalKind] =
    &[SignalKind::AdviseWithPermission, SignalKind::AdviseWithoutPermission, SignalKind::GiveInformation];

/// Kinds that answer nothing: they fit any question.
const BESIDE: &[SignalKind] = &[
    SignalKind::StockPhrase,
    SignalKind::ForcedCheer,
    SignalKind::Praise,
    SignalKind::Structure,
    SignalKind::EmotionalReaction,
];

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
        let answering = answering(exchange, side, question);
        if answering.is_empty() && is_evaded(exchange, side, question) {
            signals.add(SignalKind::UnansweredQuestion, span, &exchange.knowledge.names.unanswered);
        }
        for sentence in answering {
            answer(exchange, side, sentence, span, signals);
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

/// The sentences that answer: they begin like an answer, or inform, or say something with a word of the question.
fn answering(exchange: &Exchange<'_>, side: &Side, question: usize) -> Vec<usize> {
    let answers = |sentence: &usize| {
        let labels = side.labels_of(*sentence);
        side.holds(exchange.knowledge.cues.answers, *sentence)
            || labels.meets(Labels::of(ANSWERING))
            || (states(exchange, *sentence) && shares_word(exchange, *sentence, question))
    };
    side.sentences.clone().filter(answers).take(MOST_ANSWERS).collect()
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

/// Whether the reply passes the question over in so many words. A reply that asks back, points back ("that", "they") or speaks of
/// the client may well answer in words of its own, and gets the benefit of the doubt.
fn is_evaded(exchange: &Exchange<'_>, side: &Side, question: usize) -> bool {
    has_content(exchange, question)
        && !is_taken_up(exchange, side, question)
        && side.sentences.clone().all(|sentence| {
            states(exchange, sentence)
                && (is_beside(exchange, side, sentence, question)
                    || stands_alone(exchange, side, sentence)
                        && is_impersonal(exchange, side, sentence, question))
        })
}

/// Goes on with the helper's own affairs, or with what fits any question.
fn is_beside(exchange: &Exchange<'_>, side: &Side, sentence: usize, question: usize) -> bool {
    let labels = side.labels_of(sentence);
    let of_helper = || {
        let second = &exchange.knowledge.classes.second_person;
        exchange.scene.tokens_of(question).iter().any(|token| second.contains(token.word))
    };
    labels.meets(Labels::of(BESIDE))
        || side.holds(exchange.knowledge.cues.own_agenda, sentence)
        || labels.meets(Labels::of(&[SignalKind::SelfDisclosure])) && !of_helper()
}

/// To what asks for a yes or a no, a statement about things, without a person, a "not", or a word of more or less, says neither.
fn is_impersonal(exchange: &Exchange<'_>, side: &Side, sentence: usize, question: usize) -> bool {
    let classes = &exchange.knowledge.classes;
    let tokens = exchange.scene.tokens_of(sentence);
    let mark = exchange.scene.sentences[question].mark;
    let yes_or_no = interrogative::form(classes, exchange.scene.tokens_of(question), mark) == Form::YesNo;
    let speaks = [&classes.first_person, &classes.third_person, &classes.negation, &classes.graded];
    let content = tokens.iter().filter(|token| token.stem != 0).count();
    yes_or_no
        && content >= FEWEST_CONTENT
        && side.labels_of(sentence) == Labels::default()
        && !tokens.iter().any(|token| speaks.iter().any(|class| class.contains(token.word)))
}

fn has_content(exchange: &Exchange<'_>, question: usize) -> bool {
    exchange.scene.tokens_of(question).iter().any(|token| token.stem != 0)
}

fn is_taken_up(exchange: &Exchange<'_>, side: &Side, question: usize) -> bool {
    side.sentences.clone().any(|sentence| shares_word(exchange, sentence, question))
}
