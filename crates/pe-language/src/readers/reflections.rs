//! Reflections: statements about the client that say back what was said (simple) or what was meant (complex).
//!
//! A sentence is one if it opens like one ("it sounds like"), or speaks of "you" and takes up the client's words or feeling, or
//! is a fragment made of the client's own words, or goes on with what the client tells ([`continuation`]). It is complex if it
//! adds a feeling, a meaning, the other side, or words that are all the helper's; it is
//! inaccurate if it turns what the client said into its opposite, which is only called where the words leave no doubt.

use pe_model::SignalKind;

use super::{Exchange, continuation, shares_feeling};
use crate::exchange::{Labels, Side};
use crate::interrogative::{self, Form};
use crate::lexicons::WordSet;
use crate::scene::clause;
use crate::signals::Signals;
use crate::stems::Stem;
use crate::words::Token;

/// A sentence of these kinds is not a reflection as well.
const OTHER_SKILLS: &[SignalKind] = &[
    SignalKind::Affirm,
    SignalKind::Praise,
    SignalKind::SeekCollaboration,
    SignalKind::EmphasiseAutonomy,
    SignalKind::GiveInformation,
    SignalKind::AdviseWithPermission,
    SignalKind::AdviseWithoutPermission,
    SignalKind::Confront,
    SignalKind::Direct,
    SignalKind::Warn,
    SignalKind::Reassure,
    SignalKind::OverValidate,
    SignalKind::SelfDisclosure,
    SignalKind::InterpretationOwnStory,
    SignalKind::Facilitate,
    SignalKind::Structure,
    SignalKind::StockPhrase,
    SignalKind::ForcedCheer,
    SignalKind::ClaimedFeeling,
    SignalKind::OpenQuestion,
    SignalKind::ClosedQuestion,
    SignalKind::LeadingQuestion,
    SignalKind::Conduct,
];

/// A fragment has at most so many words.
const LONGEST_FRAGMENT: usize = 9;

/// The strength of a reflection that opens like one but shares no word with what the client said.
const UNLINKED: f32 = 0.6;

/// So many sentences of the client's are searched for the opposite; later ones are left alone, so that time stays linear.
const MOST_SENTENCES: usize = 64;

/// What a sentence and the client's last volley have in common.
struct Overlap {
    /// Content words of the sentence.
    content: usize,
    /// Those of them that the client used.
    shared: usize,
    /// A word of the client's that was taken up.
    taken_up: Option<u32>,
}

/// Reads the reflections of a helper's volley.
pub(super) fn read(exchange: &Exchange<'_>, side: &mut Side, signals: &mut Signals) {
    let Some(client) = exchange.client else { return };
    let open = continuation::is_open(exchange, side);
    for sentence in side.sentences.clone() {
        if side.labels_of(sentence).meets(Labels::of(OTHER_SKILLS)) {
            continue;
        }
        let overlap = overlap(client, exchange.scene.tokens_of(sentence));
        let feeling = shares_feeling(exchange, side, sentence);
        let own_words = overlap.shared == 0 && !feeling;
        let goes_on = open
            && is_statement(exchange, sentence)
            && continuation::goes_on(exchange, side, sentence, !own_words);
        let reflects = is_reflection(exchange, side, sentence, &overlap, feeling);
        if !goes_on && !reflects {
            continue;
        }
        let names = &exchange.knowledge.names;
        let (kind, name) = if contradicts(exchange, client, sentence) {
            (SignalKind::InaccurateReflection, &names.inaccurate_reflection)
        } else if own_words && !reflects {
            (SignalKind::ComplexReflection, &names.goes_on)
        } else if own_words || adds_meaning(exchange, side, sentence, &overlap) {
            (SignalKind::ComplexReflection, &names.complex_reflection)
        } else {
            (SignalKind::SimpleReflection, &names.simple_reflection)
        };
        let signal = signals.add(kind, exchange.scene.sentence_span(sentence), name);
        signal.strength = if own_words { UNLINKED } else { 1.0 };
        signal.about = overlap.taken_up.map(|token| exchange.scene.clause_around(token));
        side.label(sentence, kind);
    }
}

fn overlap(client: &Side, tokens: &[Token]) -> Overlap {
    let mut overlap = Overlap { content: 0, shared: 0, taken_up: None };
    for token in tokens.iter().filter(|token| token.stem != 0) {
        overlap.content += 1;
        if let Some(taken_up) = client.links.get(token.stem) {
            overlap.shared += 1;
            overlap.taken_up.get_or_insert(taken_up);
        }
    }
    overlap
}

fn is_reflection(
    exchange: &Exchange<'_>,
    side: &Side,
    sentence: usize,
    overlap: &Overlap,
    feeling: bool,
) -> bool {
    let (knowledge, tokens) = (exchange.knowledge, exchange.scene.tokens_of(sentence));
    let linked = overlap.shared > 0 || feeling;
    if !is_statement(exchange, sentence) {
        return false;
    }
    if side.holds(knowledge.cues.stem, sentence) && (linked || overlap.content > 0) {
        return true;
    }
    if side.holds(knowledge.cues.you_statement, sentence) {
        let meant =
            side.holds(knowledge.cues.two_sides, sentence) || side.holds(knowledge.cues.meaning, sentence);
        return linked || meant || side.holds(knowledge.cues.inner, sentence);
    }
    let answers = exchange.client.is_some_and(|client| client.holds_anywhere(knowledge.cues.wants_answer));
    !answers && repeats(exchange, tokens, overlap)
}

/// The client's own words: a fragment of them ("Scared of the letters."), or a statement that is made of them in the main. Not
/// the helper's "I ...", and not an order to "you".
fn repeats(exchange: &Exchange<'_>, tokens: &[Token], overlap: &Overlap) -> bool {
    let classes = &exchange.knowledge.classes;
    let has = |class: &WordSet| tokens.iter().any(|token| class.contains(token.word));
    if has(&classes.first_person) || has(&classes.second_person) || overlap.shared == 0 {
        return false;
    }
    let fragment =
        tokens.len() <= LONGEST_FRAGMENT && !has(&classes.auxiliary) && overlap.shared == overlap.content;
    fragment || (overlap.shared > 1 && overlap.shared * 3 >= overlap.content * 2)
}

/// Adds a feeling the client did not name, the other side, or what it means.
fn adds_meaning(exchange: &Exchange<'_>, side: &Side, sentence: usize, overlap: &Overlap) -> bool {
    let cues = &exchange.knowledge.cues;
    let felt = side.feelings_in(sentence).iter().any(|felt| !felt.denied);
    let restates = overlap.shared * 2 > overlap.content;
    side.holds(cues.two_sides, sentence)
        || side.holds(cues.meaning, sentence)
        || (felt && !shares_feeling(exchange, side, sentence))
        || (felt && !restates)
        || ((side.holds(cues.stem, sentence) || side.holds(cues.inner, sentence)) && !restates)
}

/// Whether two content words that stand in one clause of the client's stand in one clause here, and one of the clauses is
/// negated and the other is not.
fn contradicts(exchange: &Exchange<'_>, client: &Side, sentence: usize) -> bool {
    let tokens = exchange.scene.tokens_of(sentence);
    if !tokens.iter().any(|token| exchange.knowledge.classes.second_person.contains(token.word)) {
        return false;
    }
    let shared: Vec<(usize, Stem)> = tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| token.stem != 0 && client.links.get(token.stem).is_some())
        .map(|(at, token)| (at, token.stem))
        .collect();
    let [(first, one), (second, other), ..] = shared[..] else { return false };
    if clause(tokens, first, first + 1) != clause(tokens, second, second + 1)
        || has_two_sides(exchange, tokens)
    {
        return false;
    }
    let here = is_negated_anywhere(exchange, tokens, first);
    let mut opposite = false;
    for said in client.sentences.clone().take(MOST_SENTENCES) {
        if !is_statement(exchange, said) {
            continue;
        }
        let said = exchange.scene.tokens_of(said);
        let Some(at) = said.iter().position(|token| token.stem == one) else { continue };
        let (from, to) = clause(said, at, at + 1);
        if said[from..to].iter().any(|token| token.stem == other) {
            if is_negated_anywhere(exchange, said, at) == here || has_two_sides(exchange, said) {
                return false;
            }
            opposite = true;
        }
    }
    opposite
}

fn is_statement(exchange: &Exchange<'_>, sentence: usize) -> bool {
    let (tokens, mark) = (exchange.scene.tokens_of(sentence), exchange.scene.sentences[sentence].mark);
    interrogative::form(&exchange.knowledge.classes, tokens, mark) == Form::Statement
}

/// Whether the clause around `at` has an odd number of negations.
fn is_negated_anywhere(exchange: &Exchange<'_>, tokens: &[Token], at: usize) -> bool {
    let (from, to) = clause(tokens, at, at + 1);
    let negations =
        tokens[from..to].iter().filter(|token| exchange.knowledge.classes.negation.contains(token.word));
    negations.count() % 2 == 1
}

/// Where someone wishes, doubts or weighs, a negation says little about what is meant.
fn has_two_sides(exchange: &Exchange<'_>, tokens: &[Token]) -> bool {
    let classes = &exchange.knowledge.classes;
    tokens.iter().any(|token| classes.wished.contains(token.word) && !classes.negation.contains(token.word))
}
