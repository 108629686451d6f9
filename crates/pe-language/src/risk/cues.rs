//! From the matches of `rules/risk.toml` in a client's volley to cues. A cue's rule id says when: `risk/attempt/past`,
//! `risk/intent/now`, or no suffix for the present.

use std::sync::Arc;

use pe_model::{Experiencer, Signal, SignalKind};

use super::response::Watch;
use super::{denial, person};
use crate::exchange::Side;
use crate::knowledge::Knowledge;
use crate::readers::Exchange;
use crate::rules::{Match, Rule, RuleId};
use crate::signals::Signals;
use crate::words::Token;

/// How many words may stand between "the song goes" and the words of the song.
const NEAR: usize = 3;

/// Judges the client's volley.
pub(super) fn read(exchange: &Exchange<'_>, side: &Side, watch: &mut Watch, signals: &mut Signals) {
    let mut cues: Vec<(Signal, Vec<u32>)> = Vec::new();
    for &(sentence, found) in &side.found {
        let rule = exchange.knowledge.rules.get(found.rule);
        if let Some(kind) = rule.kind.filter(|kind| kind.is_risk_cue()) {
            let cue = Place { exchange, side, sentence, found, rule, kind };
            add(&mut cues, cue.signal(), cue.stems());
        }
    }
    for (cue, _) in &cues {
        *signals.add(cue.kind, cue.span, &cue.rule) = cue.clone();
    }
    watch.raise(cues);
}

/// Of two cues of one kind on one place the live one is kept, then the stronger.
fn add(cues: &mut Vec<(Signal, Vec<u32>)>, cue: Signal, stems: Vec<u32>) {
    let rank = |signal: &Signal| (is_live(signal), signal.strength);
    match cues.iter_mut().find(|(other, _)| other.kind == cue.kind && other.span == cue.span) {
        Some(known) if rank(&known.0) < rank(&cue) => *known = (cue, stems),
        Some(_) => {}
        None => cues.push((cue, stems)),
    }
}

/// Whether somebody who is meant by it may be at risk: not denied, no figure of speech, no fiction.
pub(super) fn is_live(cue: &Signal) -> bool {
    !cue.denied && matches!(cue.experiencer, Experiencer::Speaker | Experiencer::Other)
}

/// Whether it tells of the past.
pub(super) fn is_past(cue: &Signal) -> bool {
    cue.rule.ends_with("/past")
}

/// A match of a risk rule, and where it stands.
struct Place<'a> {
    exchange: &'a Exchange<'a>,
    side: &'a Side,
    sentence: usize,
    found: Match,
    rule: &'a Rule,
    kind: SignalKind,
}

impl Place<'_> {
    fn signal(&self) -> Signal {
        let (first, last) = (self.found.first, self.found.last);
        let span = self.exchange.scene.span(self.sentence, first, last, self.rule.cite);
        let experiencer = self.experiencer();
        let mut signal = Signal::new(self.kind, span, self.id(experiencer));
        signal.strength = self.rule.strength;
        signal.experiencer = experiencer;
        signal.denied = self.is_denied();
        signal
    }

    /// The content words of the match: a reply that has one of them takes the cue up.
    fn stems(&self) -> Vec<u32> {
        let tokens = &self.tokens()[self.found.first..self.found.last];
        tokens.iter().map(|token| token.stem).filter(|stem| *stem != 0).collect()
    }

    fn knowledge(&self) -> &Knowledge {
        self.exchange.knowledge
    }

    fn tokens(&self) -> &[Token] {
        self.exchange.scene.tokens_of(self.sentence)
    }

    /// The matches of a frame in this sentence.
    fn frames(&self, frame: RuleId) -> impl Iterator<Item = Match> {
        self.side
            .found_in(self.sentence)
            .iter()
            .map(|(_, found)| *found)
            .filter(move |found| found.rule == frame)
    }

    fn experiencer(&self) -> Experiencer {
        let (first, last) = (self.found.first, self.found.last);
        let cues = &self.knowledge().cues;
        if self.frames(cues.risk_idiom).any(|idiom| idiom.first < last && first < idiom.last) {
            return Experiencer::Idiom;
        }
        let classes = &self.knowledge().classes;
        let whose = person::whose(classes, self.tokens(), first, last, self.kind, &self.rule.id);
        let fiction =
            self.frames(cues.risk_fiction).any(|fiction| whose == Experiencer::Other || self.quotes(fiction));
        if fiction { Experiencer::Fiction } else { whose }
    }

    /// "the song goes: i want ...": the frame stands right before the speaker's "own" words, without "and" or "because".
    fn quotes(&self, fiction: Match) -> bool {
        let classes = &self.knowledge().classes;
        let between = fiction.last..self.found.first;
        between.len() <= NEAR
            && fiction.last <= self.found.first
            && !self.tokens()[between].iter().any(|token| classes.risk_joint.contains(token.word))
    }

    fn is_denied(&self) -> bool {
        let (first, last) = (self.found.first, self.found.last);
        let cues = &self.knowledge().cues;
        let asked = self.frames(cues.risk_asked).any(|asked| asked.first <= first);
        let denied =
            asked || denial::is_denied(&self.knowledge().classes, self.tokens(), first, last, &self.rule.id);
        denied && !self.is_retracted()
    }

    /// Whether something later in the volley takes the denial back.
    fn is_retracted(&self) -> bool {
        let retraction = self.knowledge().cues.risk_retraction;
        let here = (self.sentence, self.found.last);
        self.side.found.iter().any(|(at, found)| found.rule == retraction && (*at, found.first) >= here)
    }

    /// The rule's id with when it was.
    fn id(&self, experiencer: Experiencer) -> Arc<str> {
        let cues = &self.knowledge().cues;
        if self.frames(cues.risk_past).next().is_some() {
            format!("{}/past", self.rule.id).into()
        } else if experiencer == Experiencer::Speaker && self.frames(cues.risk_imminent).next().is_some() {
            format!("{}/now", self.rule.id).into()
        } else {
            self.rule.id.clone()
        }
    }
}
