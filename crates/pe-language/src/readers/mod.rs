//! The readers: each judges one thing in an exchange that no single sentence tells.
//!
//! To add one: write its cues as rules without a kind, name them in `cues!` of `src/knowledge.rs`, write a module with
//! `fn read(exchange: &Exchange, side: &mut Side, signals: &mut Signals)`, and call it in [`read`] below. A side has the rules that
//! hold in it sentence by sentence, its content words, and the kinds found so far. What has to last longer than one exchange
//! is kept in [`Memory`], bounded.

mod advice;
mod answers;
mod contingency;
mod continuation;
mod feelings;
mod links;
mod memory;
mod questions;
mod reflections;
mod repetition;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use pe_model::{Role, Signal, SignalKind};

use crate::exchange::{Labels, Side};
use crate::knowledge::Knowledge;
use crate::scene::Scene;
use crate::signals::Signals;
use crate::stages::{Stage, Stopwatch};
pub(crate) use memory::Memory;

/// An exchange, with what came before it.
pub(crate) struct Exchange<'a> {
    pub(crate) knowledge: &'a Knowledge,
    pub(crate) scene: &'a Scene,
    /// What the client said last; `None` where the helper opens.
    pub(crate) client: Option<&'a Side>,
    /// What the client said before the helper spoke last.
    pub(crate) before: Option<&'a Side>,
    /// What the helper said before `client`.
    pub(crate) previous: Option<&'a Side>,
    /// Whether it has been said that the helper is software.
    pub(crate) software: bool,
}

/// Judges a volley, and remembers it.
pub(crate) fn read(
    knowledge: &Knowledge,
    scene: &Scene,
    mut side: Side,
    memory: &mut Memory,
    signals: &mut Signals,
    watch: &mut impl Stopwatch,
) {
    let role = scene.volleys[side.volley].role;
    let exchange = Exchange {
        knowledge,
        scene,
        client: memory.client.as_ref(),
        before: memory.before.as_ref(),
        previous: memory.helper.as_ref(),
        software: memory.software,
    };
    side.feelings = feelings::stated(knowledge, scene, &side.sentences, role);
    if role == Role::Assistant {
        watch.lap(Stage::Readers);
        crate::conduct::read(&exchange, &mut side, &memory.risk, signals);
        watch.lap(Stage::Conduct);
    }
    plain(&exchange, &mut side, signals);
    if role == Role::Assistant {
        questions::read(&exchange, &mut side, signals);
        reflections::read(&exchange, &mut side, signals);
        answers::read(&exchange, &mut side, signals);
        links::read(&exchange, &mut side, signals);
        feelings::read(&exchange, &mut side, signals);
        repetition::read(&exchange, &side, &mut memory.said, signals);
        memory.turns.reply(&exchange, &side);
    } else {
        memory.turns.client(&exchange, &side);
    }
    watch.lap(Stage::Readers);
    crate::risk::read(&exchange, &side, role, &mut memory.risk, signals);
    memory.keep(side, role);
    watch.lap(Stage::Risk);
}

/// A sentence of these kinds does harm, whatever else it is put as.
const HARMING: &[SignalKind] = &[SignalKind::Confront, SignalKind::Conduct];

/// What a sentence that does harm is not as well.
const KIND: &[SignalKind] = &[
    SignalKind::Affirm,
    SignalKind::Praise,
    SignalKind::SeekCollaboration,
    SignalKind::EmphasiseAutonomy,
    SignalKind::Support,
    SignalKind::EmotionalReaction,
    SignalKind::Interpretation,
];

/// Whether a sentence blames, shames or breaks a rule of conduct, as far as has been read.
fn does_harm(side: &Side, sentence: usize) -> bool {
    side.labels_of(sentence).meets(Labels::of(HARMING))
}

/// The signals of rules that need no judgement, and of advice, whose kind depends on whether it was asked for.
fn plain(exchange: &Exchange<'_>, side: &mut Side, signals: &mut Signals) {
    let permission = advice::Permission::of(exchange, side);
    for at in 0..side.found.len() {
        let (sentence, found) = side.found[at];
        if exchange.knowledge.rules.get(found.rule).kind == Some(SignalKind::Confront) {
            side.label(sentence, SignalKind::Confront);
        }
    }
    for at in 0..side.found.len() {
        let (sentence, found) = side.found[at];
        let rule = exchange.knowledge.rules.get(found.rule);
        let Some(mut kind) = rule.kind.filter(|kind| !crate::risk::judges(*kind)) else { continue };
        if kind == SignalKind::AdviseWithoutPermission && permission.covers(exchange, side, sentence) {
            kind = SignalKind::AdviseWithPermission;
        }
        if KIND.contains(&kind) && does_harm(side, sentence) {
            continue;
        }
        let span = exchange.scene.span(sentence, found.first, found.last, rule.cite);
        let unsaid = kind == SignalKind::ClaimedFeeling && !exchange.software;
        let id: Arc<str> =
            if unsaid { format!("{}{}", rule.id, Signal::IF_SOFTWARE).into() } else { rule.id.clone() };
        signals.add(kind, span, &id).strength = rule.strength;
        if !unsaid {
            side.label(sentence, kind);
        }
    }
}

/// Whether a feeling named in the sentence is one that the client stated, or kin to one.
fn shares_feeling(exchange: &Exchange<'_>, side: &Side, sentence: usize) -> bool {
    let Some(client) = exchange.client else { return false };
    side.feelings_in(sentence).iter().any(|felt| {
        client
            .feelings
            .iter()
            .any(|stated| exchange.knowledge.feelings.are_kin(stated.feeling.family, felt.feeling.family))
    })
}
