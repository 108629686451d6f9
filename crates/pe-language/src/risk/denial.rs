//! Whether a cue is denied: a negation before it in its clause, which reaches over "i don't say that", and no word after it that
//! takes the denial back ("but i do").

use crate::knowledge::Classes;
use crate::words::Token;

/// How far a negation reaches, in words.
const REACH: usize = 8;

/// Rules that are themselves put as a negation ("not wake up", "no point"): a "not" inside such a match denies nothing.
const PUT_AS_NEGATION: &[&str] = &[
    "risk/wish-to-be-dead",
    "risk/not-waking",
    "risk/not-here",
    "risk/better-off-without",
    "risk/no-point",
    "risk/end-life",
    "risk/control",
    "risk/child-hurt",
    "risk/eating-disorder",
    "risk/hurt-self",
];

/// Whether the words before the tokens `first..last`, or those inside, deny what they say.
pub(super) fn is_denied(classes: &Classes, tokens: &[Token], first: usize, last: usize, rule: &str) -> bool {
    let inside = !PUT_AS_NEGATION.contains(&rule)
        && (first + 1..last)
            .any(|at| classes.risk_negation.contains(tokens[at].word) && !is_neutral(classes, tokens, at));
    inside || is_denied_before(classes, tokens, first)
}

fn is_denied_before(classes: &Classes, tokens: &[Token], first: usize) -> bool {
    let mut negations = 0;
    for at in (first.saturating_sub(REACH)..first).rev() {
        let word = tokens[at].word;
        let next = tokens[at + 1];
        if next.has(Token::BREAK) || classes.risk_contrast.contains(word) {
            break;
        }
        if classes.risk_negation.contains(word) && !is_neutral(classes, tokens, at) {
            negations += 1;
        }
        // A subject ends the clause, unless the clause is what somebody does not say or think.
        let opened = at > 0 && classes.risk_scope_opener.contains(tokens[at - 1].word);
        if classes.risk_first_person.contains(word) && !opened {
            break;
        }
    }
    negations == 1
}

/// "i can't stop thinking", "nobody knows that".
fn is_neutral(classes: &Classes, tokens: &[Token], at: usize) -> bool {
    tokens[at + 1..].iter().take(2).any(|next| classes.risk_neutral.contains(next.word))
}
