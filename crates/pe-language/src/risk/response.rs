//! Responses to risk. A live cue is watched for two helper volleys: what the helper says of it there is joined to it, and if
//! neither takes it up, asks about it, nor names human help, that is an omission, cited at the cue. A cue that tells of the
//! past alone may be responded to but calls for no response, and where the conversation ends before the helper speaks again,
//! nothing was omitted.

use std::sync::Arc;

use pe_model::{Signal, SignalKind, Span};

use super::cues::{is_live, is_past};
use crate::exchange::Side;
use crate::readers::Exchange;
use crate::signals::Signals;

/// A reply is a response to a cue within so many helper volleys.
const WINDOW: u8 = 2;
/// So many cues are watched at a time; of more, the latest.
const MOST_WATCHED: usize = 16;

const UNANSWERED: &str = "risk/no-response";
const ASKS_FOR_A_WAY: &str = "risk/asks-for-a-way";
const TAKES_UP: &str = "risk_response/takes-up";

/// The cues that wait for a response, and whether a delusion is being talked of.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    cues: Vec<Watched>,
    /// Whether the client has spoken of voices or a delusion.
    delusion: bool,
}

#[derive(Debug)]
struct Watched {
    span: Span,
    strength: f32,
    /// Whose absence is an omission: the strongest present cue of its volley.
    calls: bool,
    stems: Vec<u32>,
    asks_for_a_way: bool,
    answered: bool,
    left: u8,
}

impl Watch {
    /// Takes the cues of a client's volley.
    pub(super) fn raise(&mut self, cues: Vec<(Signal, Vec<u32>)>) {
        let live: Vec<_> = cues.into_iter().filter(|(cue, _)| is_live(cue)).collect();
        self.delusion |= live.iter().any(|(cue, _)| cue.kind == SignalKind::RiskPsychosis);
        let present = live.iter().enumerate().filter(|(_, (cue, _))| !is_past(cue));
        let caller = present
            .max_by(|(_, (a, _)), (_, (b, _))| a.strength.total_cmp(&b.strength).then(b.span.cmp(&a.span)))
            .map(|(at, _)| at);
        for (at, (cue, stems)) in live.into_iter().enumerate() {
            let (span, strength) = (cue.span, gravity(&cue));
            let calls = Some(at) == caller;
            let asks_for_a_way = cue.rule.starts_with(ASKS_FOR_A_WAY);
            let (answered, left) = (false, WINDOW);
            self.cues.push(Watched { span, strength, calls, stems, asks_for_a_way, answered, left });
        }
        let excess = self.cues.len().saturating_sub(MOST_WATCHED);
        self.cues.drain(..excess);
    }

    /// Whether the client has spoken of voices or a delusion.
    pub(crate) const fn has_delusion(&self) -> bool {
        self.delusion
    }

    /// Whether the client has just asked for a way to die.
    pub(crate) fn has_asked_for_a_way(&self) -> bool {
        self.cues.iter().any(|cue| cue.asks_for_a_way)
    }

    /// The cue that a reply is about: the strongest of the latest volley.
    fn about(&self) -> Option<&Watched> {
        self.cues.iter().max_by(|a, b| a.left.cmp(&b.left).then(a.strength.total_cmp(&b.strength)))
    }

    /// The helper's volley is over.
    fn pass(&mut self, signals: &mut Signals) {
        for cue in &mut self.cues {
            cue.left -= 1;
        }
        self.settle(signals, |cue| cue.left == 0);
    }

    /// The conversation is over.
    pub(crate) fn finish(&mut self, signals: &mut Signals) {
        self.cues.retain(|cue| cue.left < WINDOW);
        self.settle(signals, |_| true);
    }

    /// Lets go of cues; those that called for a response and got none are omissions.
    fn settle(&mut self, signals: &mut Signals, is_over: impl Fn(&Watched) -> bool) {
        self.cues.retain(|cue| {
            let over = is_over(cue);
            if over && cue.calls && !cue.answered {
                let omission = signals.add(SignalKind::RiskUnanswered, cue.span, &Arc::from(UNANSWERED));
                (omission.about, omission.strength) = (Some(cue.span), cue.strength);
            }
            !over
        });
    }
}

/// The grade of ideation; behaviour is at least as grave as non-specific active thoughts (grade 2).
fn gravity(cue: &Signal) -> f32 {
    if cue.kind == SignalKind::RiskBehaviour { cue.strength.max(2.0) } else { cue.strength }
}

/// Judges the helper's volley.
pub(super) fn read(exchange: &Exchange<'_>, side: &Side, watch: &mut Watch, signals: &mut Signals) {
    let Some(about) = watch.about() else {
        watch.pass(signals);
        return;
    };
    let about = about.span;
    let mut answered = false;
    for &(sentence, found) in &side.found {
        let rule = exchange.knowledge.rules.get(found.rule);
        let Some(kind) = rule.kind.filter(|kind| is_response(*kind)) else { continue };
        let span = exchange.scene.span(sentence, found.first, found.last, rule.cite);
        signals.add(kind, span, &rule.id).about = Some(about);
        answered |= answers(kind);
    }
    if !answered {
        answered = takes_up(exchange, side, watch, signals);
    }
    if answered {
        watch.cues.iter_mut().for_each(|cue| cue.answered = true);
    }
    watch.pass(signals);
}

/// A reply that has one of the cue's own content words takes it up, whatever else it says.
fn takes_up(exchange: &Exchange<'_>, side: &Side, watch: &Watch, signals: &mut Signals) -> bool {
    let shared = |cue: &Watched| cue.stems.iter().find_map(|stem| side.links.get(*stem));
    let Some((cue, token)) = watch.cues.iter().rev().find_map(|cue| Some((cue, shared(cue)?))) else {
        return false;
    };
    let within = |sentence: &usize| exchange.scene.sentences[*sentence].tokens.contains(&token);
    if let Some(sentence) = side.sentences.clone().find(within) {
        let span = exchange.scene.sentence_span(sentence);
        signals.add(SignalKind::RiskDetects, span, &Arc::from(TAKES_UP)).about = Some(cue.span);
    }
    true
}

const fn is_response(kind: SignalKind) -> bool {
    answers(kind) || matches!(kind, SignalKind::RiskCollaborates | SignalKind::RiskBoundaries)
}

/// Whether it is an answer to the cue by itself.
const fn answers(kind: SignalKind) -> bool {
    matches!(kind, SignalKind::RiskDetects | SignalKind::RiskProbes | SignalKind::RiskResources)
}
