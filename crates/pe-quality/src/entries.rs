//! Entries: the signals that count, each with its reply and what it adds to which slot.

use pe_model::{Reading, Role, Signal, SignalKind, Span, Turn};

use crate::frame::Frame;
use crate::plan::{Plan, Slot};
use crate::routes::{Route, share, whole};
use crate::tally::{Tally, WHOLE};
use crate::term::nearest;

/// So many matches of one pattern in one message count; a text made of one word would otherwise give a signal per word.
const MAX_MATCHES: usize = 16;
/// From this strength on, a signal sets off a cap.
const GATE: f64 = 0.5;

/// One signal that counts.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) signal: &'a Signal,
    pub(crate) reply: usize,
    /// Which metrics it may move, one bit each; the bit after the last metric stands for a cap of the overall score.
    pub(crate) metrics: u64,
    /// In which metrics it sets off a cap, or opens an opportunity.
    pub(crate) gates: u64,
    amounts: (u32, u32),
}

/// All signals that count.
#[derive(Debug)]
pub(crate) struct Entries<'a> {
    pub(crate) all: Vec<Entry<'a>>,
    amounts: Vec<(Slot, i32)>,
}

impl<'a> Entries<'a> {
    /// `matches` are the finds of [`matches`], each with the position of its pattern.
    pub(crate) fn of(
        plan: &Plan,
        frame: &Frame,
        reading: &'a Reading,
        matches: &'a [(usize, Signal)],
    ) -> Self {
        let mut entries = Self {
            all: Vec::with_capacity(reading.signals.len() + matches.len()),
            amounts: Vec::with_capacity(3 * reading.signals.len()),
        };
        for signal in &reading.signals {
            entries.push(frame, signal, |found| plan.routes.of(signal, &plan.conduct, found));
        }
        for (pattern, signal) in matches {
            entries.push(frame, signal, |found| found(&plan.patterns[*pattern].route));
        }
        entries
    }

    fn push(&mut self, frame: &Frame, signal: &'a Signal, routes: impl FnOnce(&mut dyn FnMut(&Route))) {
        let Some((role, reply)) = frame.place_of(signal.span.message) else { return };
        if role != speaker(signal.kind) {
            return;
        }
        let (start, share) = (self.amounts.len() as u32, share(signal));
        let (mut metrics, mut gates) = (0, 0);
        routes(&mut |route| {
            let amount = if route.gate {
                i32::from(share >= GATE) * WHOLE
            } else {
                nearest(share * route.factor) as i32
            };
            if amount != 0 {
                self.amounts.push((route.slot, amount));
                metrics |= route.metrics;
                gates |= if route.gate { route.metrics } else { 0 };
            }
        });
        if metrics != 0 {
            let amounts = (start, self.amounts.len() as u32);
            self.all.push(Entry { signal, reply, metrics, gates, amounts });
        }
    }

    /// What an entry adds.
    pub(crate) fn amounts(&self, entry: &Entry<'_>) -> &[(Slot, i32)] {
        &self.amounts[entry.amounts.0 as usize..entry.amounts.1 as usize]
    }

    /// Adds every entry to the tally.
    pub(crate) fn fill(&self, tally: &mut Tally<'_>) {
        for entry in &self.all {
            tally.add(entry.reply, self.amounts(entry), 1);
        }
    }
}

/// Who is expected to show a kind of signal; a skill in the client's words is no skill of the helper.
const fn speaker(kind: SignalKind) -> Role {
    match kind {
        SignalKind::ChangeTalk | SignalKind::SustainTalk | SignalKind::Discord => Role::User,
        _ if kind.is_risk_cue() || kind.is_omission() => Role::User,
        _ => Role::Assistant,
    }
}

/// What the patterns of a plan find in the helper's words, each with the position of its pattern.
pub(crate) fn matches(plan: &Plan, turns: &[Turn<'_>]) -> Vec<(usize, Signal)> {
    let mut found = Vec::new();
    for (pattern, rule) in plan.patterns.iter().enumerate() {
        for (message, turn) in turns.iter().enumerate().filter(|(_, turn)| turn.role == Role::Assistant) {
            for hit in rule.regex.find_iter(turn.text).filter(|hit| !hit.is_empty()).take(MAX_MATCHES) {
                let span = Span::new(message as u32, hit.start() as u32, hit.end() as u32);
                let signal = Signal::new(rule.kind, span, rule.rule.clone());
                found.push((pattern, Signal { strength: whole(rule.kind), ..signal }));
            }
        }
    }
    found
}
