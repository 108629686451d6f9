//! Whose experience a cue tells of: the speaker's, or somebody else's. The words of the match decide where they can
//! ("kill myself", "end her life"); otherwise the nearest person before it that can be its subject does.

use pe_model::{Experiencer, SignalKind};

use crate::knowledge::Classes;
use crate::lexicons::WordSet;
use crate::words::Token;

/// How far before the match a subject is looked for, in words.
const REACH: usize = 20;
/// Up to so many words may stand between a person and what they feel or do ("my brother really wants to"); more only if one of
/// them reports ("my brother keeps telling everyone that").
const NEAR: usize = 3;

/// Rules that tell of the speaker's own danger, whoever else is named in them.
const SPEAKERS_OWN: &[&str] = &["risk/control", "risk/abusive-person"];

/// Whose experience the tokens `first..last` of a sentence tell of.
pub(super) fn whose(
    classes: &Classes,
    tokens: &[Token],
    first: usize,
    last: usize,
    kind: SignalKind,
    rule: &str,
) -> Experiencer {
    if SPEAKERS_OWN.contains(&rule) {
        return Experiencer::Speaker;
    }
    let quoted = tokens[first].has(Token::QUOTED);
    let named = match kind {
        _ if quoted => None,
        // Who does the harm, not who suffers it.
        SignalKind::RiskHarmToOthers => None,
        SignalKind::RiskAbuse => victim(classes, &tokens[first..last]),
        // Who says so, watches, would be relieved, or gets a letter is no subject of the cue.
        SignalKind::RiskIdeation | SignalKind::RiskBehaviour | SignalKind::RiskPsychosis => {
            named_in(classes, &tokens[first..last], &classes.risk_other_self)
        }
        _ => named_in(classes, &tokens[first..last], &classes.risk_other_person),
    };
    let start = if quoted { start_of_quote(tokens, first) } else { first };
    named.unwrap_or_else(|| subject(classes, tokens, start))
}

/// "kill myself", "end her life".
fn named_in(classes: &Classes, tokens: &[Token], others: &WordSet) -> Option<Experiencer> {
    let says = |set: &WordSet| tokens.iter().any(|token| set.contains(token.word));
    if tokens.iter().enumerate().any(|(at, _)| is_own(classes, tokens, at)) {
        Some(Experiencer::Speaker)
    } else if says(&classes.risk_other_self) || says(others) {
        Some(Experiencer::Other)
    } else {
        None
    }
}

/// "hits me", "hits my brother".
fn victim(classes: &Classes, tokens: &[Token]) -> Option<Experiencer> {
    if tokens.iter().enumerate().any(|(at, _)| is_own(classes, tokens, at)) {
        return Some(Experiencer::Speaker);
    }
    // The first word is who does it.
    let other = tokens.iter().skip(1).any(|token| classes.risk_other_person.contains(token.word));
    other.then_some(Experiencer::Other)
}

/// "me", "i", "my food"; not the "my" of "my brother".
fn is_own(classes: &Classes, tokens: &[Token], at: usize) -> bool {
    let word = tokens[at].word;
    if classes.risk_my.contains(word) {
        return !tokens[at + 1..].iter().take(2).any(|next| classes.risk_other_person.contains(next.word));
    }
    classes.risk_first_person.contains(word)
}

/// The nearest person before the token `first` that can be its subject; the speaker where there is none.
fn subject(classes: &Classes, tokens: &[Token], first: usize) -> Experiencer {
    let mut reported = false;
    for at in (first.saturating_sub(REACH)..first).rev() {
        let word = tokens[at].word;
        if classes.risk_first_person.contains(word) {
            return Experiencer::Speaker;
        }
        if classes.risk_other_person.contains(word) && (reported || first - at <= NEAR + 1) {
            return Experiencer::Other;
        }
        reported |= classes.risk_report.contains(word);
    }
    Experiencer::Speaker
}

fn start_of_quote(tokens: &[Token], first: usize) -> usize {
    (0..first).rev().take_while(|at| tokens[*at].has(Token::QUOTED)).last().unwrap_or(first)
}
