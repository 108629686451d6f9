//! What asks. One question in eight comes without its mark, so the order of the words decides where the mark is missing: a
//! question word or an auxiliary before its subject ("what did you", "do you").

use crate::knowledge::Classes;
use crate::sentences::Mark;
use crate::vocabulary::WordId;
use crate::words::Token;

/// How a sentence asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// It does not.
    Statement,
    /// With a question word.
    Wh {
        /// Position of the question word.
        at: usize,
    },
    /// With an auxiliary first, or as a statement with a question mark.
    YesNo,
}

/// The form of a sentence.
pub(crate) fn form(classes: &Classes, tokens: &[Token], mark: Mark) -> Form {
    let marked = mark == Mark::Question;
    for at in 0..tokens.len() {
        if tokens[at].has(Token::QUOTED) {
            continue;
        }
        if is_wh(classes, tokens, at, marked) {
            return Form::Wh { at };
        }
        let starts = tokens[at].has(if marked { Token::CLAUSE } else { Token::SENTENCE });
        if starts && is_inverted(classes, tokens, at) {
            return Form::YesNo;
        }
    }
    if marked { Form::YesNo } else { Form::Statement }
}

/// A question word that starts its clause, or follows a preposition ("in what way") in a sentence with a question mark.
fn is_wh(classes: &Classes, tokens: &[Token], at: usize, marked: bool) -> bool {
    if !classes.question_word.contains(tokens[at].word) {
        return false;
    }
    if !tokens[at].has(Token::CLAUSE) {
        return marked && at == 1;
    }
    match (tokens[at].has(Token::SENTENCE), marked) {
        (true, true) => return true,
        // "i thought, what did i do": without the mark, nobody is asked.
        (false, false) => return false,
        _ => {}
    }
    // "what did you", "how long have you": the auxiliary within three words, and its subject after it. In "when i was your
    // age" the subject comes first, so nothing is asked.
    (at + 1..tokens.len().min(at + 4))
        .take_while(|next| !is_person(classes, tokens[*next].word))
        .any(|next| is_inverted(classes, tokens, next))
}

/// A word for a person, as subject or object: in "what troubles me is that" nothing is asked.
fn is_person(classes: &Classes, word: WordId) -> bool {
    [&classes.pronoun, &classes.first_person, &classes.second_person, &classes.third_person]
        .iter()
        .any(|class| class.contains(word))
}

/// An auxiliary before a pronoun: "do you", "isn't it".
fn is_inverted(classes: &Classes, tokens: &[Token], at: usize) -> bool {
    let after = |offset: usize| tokens.get(at + offset).map(|token| token.word);
    let Some(next) = after(1) else { return false };
    let subject = if classes.negation.contains(next) { after(2) } else { Some(next) };
    classes.auxiliary.contains(tokens[at].word)
        && subject.is_some_and(|subject| classes.pronoun.contains(subject))
}
