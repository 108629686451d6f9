//! Continuations: short statements that go on with what the client tells, in words of the helper's own ("Nothing left for the
//! evenings.", "He never once asked you."). A counsellor calls them reflections ("continuing the paragraph", Miller and
//! Rollnick); in other talk the same form informs, orders or judges. So they count only where the client tells of themselves and
//! asks nothing in their last volley, and the reply is short and neither urges, judges, denies, asks for a fact, nor speaks of the
//! helper.

use pe_model::SignalKind;

use super::{Exchange, does_harm};
use crate::exchange::{Labels, Side};
use crate::lexicons::WordSet;
use crate::sentences::Mark;
use crate::words::Token;

/// A longer reply explains rather than goes on.
const MOST_WORDS: u32 = 45;
/// A fragment has at most so many words,
const LONGEST_FRAGMENT: usize = 10;
/// and any continuation at most so many.
const LONGEST: usize = 26;

/// A client's volley of fewer words ("okay, sure then") tells nothing that one could go on with.
const FEWEST_WORDS: u32 = 5;
/// A "not" within so many words denies ("You're not making sense"), later it may be part of what is told.
const OPENING: usize = 4;

/// Whether this exchange has room for continuations: the client tells of themselves and asks nothing, and the reply is short.
pub(super) fn is_open(exchange: &Exchange<'_>, side: &Side) -> bool {
    let cues = &exchange.knowledge.cues;
    let tells = |client: &&Side| side.words <= MOST_WORDS && client.words >= FEWEST_WORDS;
    let Some(client) = exchange.client.filter(tells) else { return false };
    !asks_for_a_fact(side)
        && !client.holds_anywhere(cues.wants_answer)
        && !client.holds_anywhere(cues.client_asks)
        && !client.holds_anywhere(cues.refuses)
        && (tells_of_self(exchange, client)
            || exchange.before.is_some_and(|before| tells_of_self(exchange, before)))
}

/// Whether a statement of such an exchange goes on with what the client tells; one that is `linked` shares words or a feeling.
pub(super) fn goes_on(exchange: &Exchange<'_>, side: &Side, sentence: usize, linked: bool) -> bool {
    let (cues, classes) = (&exchange.knowledge.cues, &exchange.knowledge.classes);
    let tokens = exchange.scene.tokens_of(sentence);
    let has = |class: &WordSet| tokens.iter().any(|token| class.contains(token.word));
    if tokens.len() > LONGEST
        || exchange.scene.sentences[sentence].mark == Mark::Exclamation
        || tokens.iter().any(|token| token.has(Token::QUOTED))
        || has(&classes.first_person)
        || has(&classes.verdict)
        || denies(exchange, tokens)
        || urges(exchange, tokens)
        || side.holds(cues.aside, sentence)
        || does_harm(side, sentence)
    {
        return false;
    }
    let fragment =
        side.holds(cues.fragment, sentence) && tokens.len() <= LONGEST_FRAGMENT && !has(&classes.auxiliary);
    has(&classes.second_person) && (linked || tells_of_client(exchange, tokens))
        || fragment
        || side.holds(cues.names_feeling, sentence)
}

/// A clause begins with "you", "your", or somebody the client may have spoken of: "The form has your name on it" informs.
fn tells_of_client(exchange: &Exchange<'_>, tokens: &[Token]) -> bool {
    let classes = &exchange.knowledge.classes;
    tokens.iter().any(|token| {
        token.has(Token::CLAUSE)
            && (classes.second_person.contains(token.word) || classes.third_person.contains(token.word))
    })
}

/// A question that a word answers: what stands beside it informs.
fn asks_for_a_fact(side: &Side) -> bool {
    let asked = side.all_labels();
    asked.meets(Labels::of(&[SignalKind::ClosedQuestion]))
        && !asked.meets(Labels::of(&[SignalKind::OpenQuestion]))
}

/// "You're not making sense", "You don't look old": it argues with the client.
fn denies(exchange: &Exchange<'_>, tokens: &[Token]) -> bool {
    let classes = &exchange.knowledge.classes;
    let of_client = tokens.first().is_some_and(|token| classes.second_person.contains(token.word));
    of_client && tokens.iter().take(OPENING).any(|token| classes.negation.contains(token.word))
}

fn tells_of_self(exchange: &Exchange<'_>, client: &Side) -> bool {
    client.sentences.clone().any(|sentence| {
        let tokens = exchange.scene.tokens_of(sentence);
        tokens.iter().any(|token| exchange.knowledge.classes.first_person.contains(token.word))
    })
}

/// "should", "will", "if", or an order: it urges, offers, foretells or supposes.
fn urges(exchange: &Exchange<'_>, tokens: &[Token]) -> bool {
    let (classes, supposed) = (&exchange.knowledge.classes, exchange.knowledge.vocabulary.id("if"));
    tokens.iter().any(|token| {
        let ordered = token.has(Token::SENTENCE) && classes.action.contains(token.word);
        ordered || token.word == supposed || classes.urging.contains(token.word)
    })
}
