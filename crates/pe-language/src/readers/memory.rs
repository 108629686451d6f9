//! What the readers remember of a conversation: the last volleys of each side, and what was said that holds from then on.

use pe_model::Role;

use crate::exchange::Side;
use crate::feelings::Valence;
use crate::interrogative::{self, Form};
use crate::knowledge::Knowledge;
use crate::rules::{Match, Need};
use crate::scene::Scene;
use crate::words::Token;

use super::contingency::Turns;
use super::repetition::Said;

/// How many words before a match a negation reaches over.
const NEGATION_REACH: usize = 4;

/// What is remembered.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// The client's last volley.
    pub(crate) client: Option<Side>,
    /// The client's volley before that.
    pub(crate) before: Option<Side>,
    /// The helper's last volley.
    pub(crate) helper: Option<Side>,
    /// What the helper has said and asked.
    pub(crate) said: Said,
    /// The client's turns and the replies to them, to be compared at the end.
    pub(crate) turns: Turns,
    /// Whether it has been said that the helper is software.
    pub(crate) software: bool,
    /// Whether a behaviour that could change has been named.
    target: bool,
    /// Cues of risk that wait for a response.
    pub(crate) risk: crate::risk::Watch,
}

impl Memory {
    /// Takes note of what a sentence says that holds for the rest of the conversation.
    pub(crate) fn notice(&mut self, knowledge: &Knowledge, tokens: &[Token], found: &[Match]) {
        self.software |= found.iter().any(|found| found.rule == knowledge.cues.is_software);
        self.target = self.target || tokens.iter().any(|token| knowledge.classes.target.contains(token.word));
    }

    /// Keeps a volley that has been judged.
    pub(crate) fn keep(&mut self, side: Side, role: Role) {
        match role {
            Role::User => {
                self.before = self.client.take();
                self.client = Some(side);
            }
            _ => self.helper = Some(side),
        }
    }

    /// Whether a rule's need is met where it matched.
    pub(crate) fn meets(
        &self,
        knowledge: &Knowledge,
        scene: &Scene,
        sentence: usize,
        found: Match,
        need: Need,
    ) -> bool {
        let tokens = scene.tokens_of(sentence);
        let asks = || {
            interrogative::form(&knowledge.classes, tokens, scene.sentences[sentence].mark) != Form::Statement
        };
        match need {
            Need::Statement => !asks(),
            Need::Question => asks(),
            Need::NotNegated => !is_negated(knowledge, tokens, found.first),
            Need::TakesUpClient => self.client.as_ref().is_some_and(|client| {
                tokens.iter().any(|token| token.stem != 0 && client.links.get(token.stem).is_some())
            }),
            Need::ClientDistress => self.client.as_ref().is_some_and(|client| {
                client.feelings.iter().any(|felt| felt.feeling.valence == Valence::Negative && !felt.denied)
            }),
            Need::TargetNamed => self.target,
        }
    }
}

/// Whether a negation stands shortly before the token `at`, in its clause.
pub(crate) fn is_negated(knowledge: &Knowledge, tokens: &[Token], at: usize) -> bool {
    let mut negated = false;
    for before in (at.saturating_sub(NEGATION_REACH)..at).rev() {
        if tokens[before + 1].has(Token::BREAK) {
            break;
        }
        negated ^= knowledge.classes.negation.contains(tokens[before].word);
    }
    negated
}
