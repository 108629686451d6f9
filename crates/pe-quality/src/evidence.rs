//! Evidence: a score taken apart into lines that add up to it exactly.
//!
//! A base (the score without any signal), one line a signal (the score minus the score without it), one shared line a term
//! (what its signals do jointly beyond their own lines), and one line for a bound (what is left: how much it holds back).

use pe_model::{Evidence, EvidenceKind, Points};

use crate::effects::{Counter, Effects, Listed};
use crate::entries::{Entries, Entry};
use crate::plan::{Slot, Values};
use crate::term::Shape;

/// The evidence of metric `at`, or, after the last one, of the overall score.
pub(crate) fn evidence(counter: &Counter<'_>, effects: &Effects, none: &Values, at: usize) -> Vec<Evidence> {
    let plan = counter.plan;
    let mut lines = Lines::new(counter.entries, &effects.listed[at]);
    lines.base(none.at(at));
    if let Some(metric) = plan.metrics.get(at) {
        for term in metric.terms.clone() {
            let shared = counter.now.terms[term] - none.terms[term] - effects.terms[term];
            let shape = &plan.terms[term].shape;
            lines.shared(&plan.terms[term].name, shared, |entry| {
                counter.entries.amounts(entry).iter().any(|(slot, _)| belongs(shape, *slot))
            });
        }
    } else {
        for (at, metric) in plan.metrics.iter().enumerate() {
            let whole = metric.part(counter.now.metrics[at]) - metric.part(none.metrics[at]);
            let touches = |entry: &Entry<'_>| entry.metrics & 1 << at != 0;
            lines.shared(&plan.infos[at].name, whole - effects.parts[at], touches);
        }
    }
    let cap = plan.cap(at, &counter.tally.totals);
    lines.rest(counter.now.at(at), cap.map_or("between 0 and 1", |cap| cap.name.as_str()));
    lines.all
}

fn belongs(shape: &Shape, slot: Slot) -> bool {
    match (shape, slot) {
        (Shape::Amount { slot: own, .. }, _) => *own == slot,
        (Shape::Ratio { over, under, .. }, _) => *over == slot || *under == slot,
        (Shape::Mean(own) | Shape::Worst(own), Slot::Reply { plan, .. }) => *own == plan as usize,
        _ => false,
    }
}

struct Lines<'a> {
    all: Vec<Evidence>,
    sum: i64,
    entries: &'a Entries<'a>,
    listed: &'a Listed,
}

impl<'a> Lines<'a> {
    fn new(entries: &'a Entries<'a>, listed: &'a Listed) -> Self {
        Self { all: Vec::with_capacity(listed.lines.len() + 6), sum: 0, entries, listed }
    }

    fn push(&mut self, source: EvidenceKind, micros: i64) {
        self.sum += micros;
        self.all.push(Evidence { source, contribution: Points::from_micros(micros) });
    }

    /// The base, and the signals after it.
    fn base(&mut self, micros: i64) {
        self.push(EvidenceKind::Base, micros);
        for &(at, contribution) in &self.listed.lines {
            let signal = self.entries.all[at].signal;
            let source = EvidenceKind::Signal {
                signal: signal.kind,
                rule: signal.rule.clone(),
                span: signal.span,
                about: signal.about,
            };
            self.push(source, contribution);
        }
    }

    fn shared(&mut self, term: &str, micros: i64, touches: impl Fn(&Entry<'_>) -> bool) {
        if micros != 0 {
            let count = self.entries.all.iter().filter(|entry| touches(entry)).count() as u32;
            self.push(EvidenceKind::Shared { term: term.to_owned(), count }, micros);
        }
    }

    fn rest(&mut self, value: i64, rule: &str) {
        if value != self.sum {
            self.push(EvidenceKind::Cap { rule: rule.to_owned() }, value - self.sum);
        }
    }
}
