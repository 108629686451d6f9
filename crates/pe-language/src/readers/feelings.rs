//! Feelings that are stated, named, missed or passed over. Evidence is a pair: the client's phrase and the reply's.

use std::ops::Range;

use pe_model::{Role, SignalKind};

use super::memory::is_negated;
use super::{Exchange, does_harm};
use crate::exchange::{Felt, Labels, Side};
use crate::feelings::{Feeling, Valence};
use crate::knowledge::Knowledge;
use crate::rules::Cite;
use crate::scene::Scene;
use crate::signals::Signals;
use crate::words::Token;

/// A reply of fewer words passes nothing over.
const FEWEST_WORDS: u32 = 4;
/// A named feeling this much milder or stronger than the stated one fits in kind but not in strength.
const FAR_IN_STRENGTH: u8 = 2;
/// The strength of a signal for a feeling that fits in kind only.
const KIND_ONLY: f32 = 0.6;

/// A reply that does any of these does not pass over what the client feels.
const ACKNOWLEDGING: &[SignalKind] = &[
    SignalKind::EmotionalReaction,
    SignalKind::Interpretation,
    SignalKind::InterpretationOwnStory,
    SignalKind::SimpleReflection,
    SignalKind::ComplexReflection,
    SignalKind::InaccurateReflection,
    SignalKind::Support,
    SignalKind::Affirm,
    SignalKind::StockPhrase,
    SignalKind::OpenQuestion,
    SignalKind::Exploration,
    SignalKind::PickUp,
    SignalKind::Facilitate,
    SignalKind::Answer,
    SignalKind::SeekCollaboration,
    SignalKind::Reassure,
];

/// A reply passes a feeling over only where it visibly goes elsewhere: it does one of these.
const ELSEWHERE: &[SignalKind] = &[
    SignalKind::AdviseWithoutPermission,
    SignalKind::AdviseWithPermission,
    SignalKind::GiveInformation,
    SignalKind::SelfDisclosure,
    SignalKind::ClosedQuestion,
    SignalKind::Direct,
    SignalKind::Warn,
    SignalKind::Confront,
    SignalKind::ForcedCheer,
    SignalKind::Praise,
    SignalKind::Structure,
    SignalKind::OffTopic,
    SignalKind::Conduct,
];

/// Kinds that speak of "you" and hear nothing.
const PUSHING: &[SignalKind] = &[
    SignalKind::AdviseWithoutPermission,
    SignalKind::Direct,
    SignalKind::Warn,
    SignalKind::Confront,
    SignalKind::ForcedCheer,
    SignalKind::ClosedQuestion,
    SignalKind::Conduct,
];

/// In a reply of at most so many words a feeling is the client's although no "you" is said.
const SHORT: u32 = 30;

/// Where the client named no feeling, one that is named within these fits as far as can be read.
const UNDERSTANDING: &[SignalKind] =
    &[SignalKind::SimpleReflection, SignalKind::ComplexReflection, SignalKind::Interpretation];

/// No volley states more feelings than this, as far as we read; it bounds the pairs that are compared.
const MOST_FEELINGS: usize = 64;

/// The feelings that the speaker of these sentences states: their own for a client, the client's for a helper.
pub(super) fn stated(
    knowledge: &Knowledge,
    scene: &Scene,
    sentences: &Range<usize>,
    role: Role,
) -> Vec<Felt> {
    let mut felt = Vec::new();
    for sentence in sentences.clone() {
        let tokens = scene.tokens_of(sentence);
        if felt.len() >= MOST_FEELINGS {
            break;
        }
        for at in 0..tokens.len() {
            let Some(feeling) = knowledge.feelings.get(tokens[at].word) else { continue };
            if is_felt(knowledge, tokens, at, feeling, role) {
                let from = strengthened(knowledge, tokens, at);
                let span = scene.span(sentence, from, at + 1, Cite::Phrase);
                felt.push(Felt { sentence, at, feeling, denied: is_negated(knowledge, tokens, at), span });
            }
        }
    }
    felt
}

/// Whether the word is a feeling here, and the feeling of the client.
fn is_felt(knowledge: &Knowledge, tokens: &[Token], at: usize, feeling: Feeling, role: Role) -> bool {
    let classes = &knowledge.classes;
    let after_article = at > 0 && classes.article.contains(tokens[at - 1].word);
    if tokens[at].has(Token::QUOTED)
        || (after_article && !feeling.loose)
        || (feeling.loose && !is_introduced(knowledge, tokens, at))
    {
        return false;
    }
    let from = clause_start(tokens, at);
    let wished = tokens[from..at].iter().any(|token| classes.wished.contains(token.word));
    if feeling.valence == Valence::Positive && wished {
        return false;
    }
    match (whose(knowledge, tokens, from, at), role) {
        (Whose::Unsaid, _) => true,
        (Whose::Speaker, role) => role == Role::User,
        (Whose::Addressee, role) => role == Role::Assistant,
        (Whose::Other, _) => false,
    }
}

/// Whose feeling it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Speaker,
    Addressee,
    Other,
    Unsaid,
}

/// The nearest person before the word, in its clause: "my boss is furious" is the boss's, "he makes me furious" is mine.
fn whose(knowledge: &Knowledge, tokens: &[Token], from: usize, at: usize) -> Whose {
    let classes = &knowledge.classes;
    let it = knowledge.vocabulary.id("it");
    for before in (from..at).rev() {
        let word = tokens[before].word;
        if classes.other_person.contains(word) {
            return Whose::Other;
        }
        if classes.first_person.contains(word) {
            return Whose::Speaker;
        }
        if classes.second_person.contains(word) {
            return Whose::Addressee;
        }
        if classes.third_person.contains(word) && word != it {
            return Whose::Other;
        }
    }
    Whose::Unsaid
}

fn clause_start(tokens: &[Token], at: usize) -> usize {
    (0..=at).rev().find(|before| tokens[*before].has(Token::BREAK)).unwrap_or(0)
}

/// "i feel so down", "i'm a burden": after at most three words that strengthen or belong to it, a word that makes it a feeling.
fn is_introduced(knowledge: &Knowledge, tokens: &[Token], at: usize) -> bool {
    let classes = &knowledge.classes;
    for before in (at.saturating_sub(4)..at).rev() {
        let word = tokens[before].word;
        if classes.feeling_intro.contains(word) {
            return true;
        }
        if !classes.intensifier.contains(word) && !classes.article.contains(word) {
            return false;
        }
    }
    false
}

/// Where the words begin that strengthen the feeling.
fn strengthened(knowledge: &Knowledge, tokens: &[Token], at: usize) -> usize {
    let strengthens = |before: &usize| knowledge.classes.intensifier.contains(tokens[*before].word);
    at - (0..at).rev().take_while(strengthens).count()
}

/// A statement about "you" that is no advice may well be about the feeling, in words of its own.
fn speaks_of_client(exchange: &Exchange<'_>, side: &Side, sentence: usize) -> bool {
    let you = |token: &Token| exchange.knowledge.classes.second_person.contains(token.word);
    !side.labels_of(sentence).meets(Labels::of(PUSHING)) && exchange.scene.tokens_of(sentence).iter().any(you)
}

/// Reads how a helper's volley meets the client's feelings.
pub(super) fn read(exchange: &Exchange<'_>, side: &mut Side, signals: &mut Signals) {
    let Some(client) = exchange.client else { return };
    let client: Vec<Felt> = client.feelings.iter().filter(|felt| !felt.denied).copied().collect();
    let named: Vec<Felt> = side.feelings.iter().filter(|felt| !felt.denied).copied().collect();
    for felt in &named {
        if does_harm(side, felt.sentence) {
            continue;
        }
        name(exchange, side, &client, felt, signals);
    }
    if let Some(felt) = passed_over(exchange, side, &client) {
        signals.add(SignalKind::FeelingIgnored, felt.span, &exchange.knowledge.names.feeling_ignored);
    }
}

fn name(exchange: &Exchange<'_>, side: &mut Side, client: &[Felt], felt: &Felt, signals: &mut Signals) {
    let feelings = &exchange.knowledge.feelings;
    let names = &exchange.knowledge.names;
    let kin = client
        .iter()
        .filter(|stated| feelings.are_kin(stated.feeling.family, felt.feeling.family))
        .min_by_key(|stated| stated.feeling.intensity.abs_diff(felt.feeling.intensity));
    if let Some(stated) = kin {
        let far = stated.feeling.intensity.abs_diff(felt.feeling.intensity) >= FAR_IN_STRENGTH;
        let signal = signals.add(SignalKind::FeelingNamed, felt.span, &names.feeling_named);
        signal.about = Some(stated.span);
        signal.strength = if far { KIND_ONLY } else { 1.0 };
        side.label(felt.sentence, SignalKind::FeelingNamed);
    } else if client.is_empty() {
        if is_understood(exchange, side, felt) {
            let signal = signals.add(SignalKind::FeelingNamed, felt.span, &names.feeling_named);
            signal.strength = KIND_ONLY;
            side.label(felt.sentence, SignalKind::FeelingNamed);
        }
    } else if let Some(stated) = client.iter().max_by_key(|stated| stated.feeling.intensity)
        && mistakes(exchange, client, felt)
    {
        signals.add(SignalKind::FeelingMismatch, felt.span, &names.feeling_mismatch).about =
            Some(stated.span);
        side.label(felt.sentence, SignalKind::FeelingMismatch);
    }
}

/// An unpleasant feeling, named within a sentence that is about the client, and neither supposed nor foretold.
fn is_understood(exchange: &Exchange<'_>, side: &Side, felt: &Felt) -> bool {
    let tokens = exchange.scene.tokens_of(felt.sentence);
    let (classes, supposed) = (&exchange.knowledge.classes, exchange.knowledge.vocabulary.id("if"));
    let about_client = tokens[..felt.at].iter().any(|token| classes.second_person.contains(token.word));
    felt.feeling.valence == Valence::Negative
        && side.labels_of(felt.sentence).meets(Labels::of(UNDERSTANDING))
        && !tokens.iter().any(|token| token.word == supposed || classes.urging.contains(token.word))
        && (side.words <= SHORT || about_client)
}

/// A pleasant feeling is put on a client who stated only unpleasant ones, or the other way round, in so many words: "you are",
/// "you must be".
fn mistakes(exchange: &Exchange<'_>, client: &[Felt], felt: &Felt) -> bool {
    let classes = &exchange.knowledge.classes;
    let tokens = exchange.scene.tokens_of(felt.sentence);
    let from = clause_start(tokens, felt.at);
    let vocabulary = &exchange.knowledge.vocabulary;
    let said_of_them = tokens[from..felt.at].iter().any(|token| token.word == vocabulary.id("you"))
        && is_introduced(exchange.knowledge, tokens, felt.at);
    let conditional = ["if", "want", "wish", "hope", "used", "when", "could", "would", "brave", "strong"]
        .iter()
        .any(|word| tokens[..felt.at].iter().any(|token| token.word == vocabulary.id(word)));
    said_of_them
        && !conditional
        && !tokens.iter().any(|token| classes.negation.contains(token.word))
        && felt.feeling.intensity > 1
        && client
            .iter()
            .all(|stated| stated.feeling.valence != felt.feeling.valence && stated.feeling.intensity > 1)
        && exchange.scene.sentences[felt.sentence].mark != crate::sentences::Mark::Question
}

/// The client's strongest unpleasant feeling, where the reply shows no sign of having heard anything.
fn passed_over(exchange: &Exchange<'_>, side: &Side, client: &[Felt]) -> Option<Felt> {
    let heard = side.words < FEWEST_WORDS
        || !side.all_labels().meets(Labels::of(ELSEWHERE))
        || !side.feelings.is_empty()
        || side.all_labels().meets(Labels::of(ACKNOWLEDGING))
        || side.sentences.clone().any(|sentence| speaks_of_client(exchange, side, sentence))
        || side.holds_anywhere(exchange.knowledge.cues.greeting);
    let strongest = client
        .iter()
        .filter(|felt| felt.feeling.valence == Valence::Negative && felt.feeling.intensity > 1)
        // "cross with me, or just worn?" asks after a feeling and states none.
        .filter(|felt| exchange.scene.sentences[felt.sentence].mark != crate::sentences::Mark::Question)
        .max_by_key(|felt| felt.feeling.intensity);
    strongest.filter(|_| !heard).copied()
}
