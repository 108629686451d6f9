//! Effects: what each signal does to each score, found by counting again without it.

use pe_model::Signal;

use crate::entries::{Entries, Entry};
use crate::plan::{Plan, Slot, Values};
use crate::tally::Tally;

/// A score shows so many signals by themselves; the rest is in its shared lines.
pub(crate) const MAX_LINES: usize = 32;

/// The signals that one score shows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Listed {
    /// Entry and contribution in millionths, largest first.
    pub(crate) lines: Vec<(usize, i64)>,
}

/// What one signal does to the overall score and, most of all, to which metric.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loss {
    pub(crate) entry: usize,
    /// 2 when it caps the overall score, 1 when it caps a metric: such a thing comes first, even where others like it leave
    /// its own contribution at 0.
    pub(crate) urgency: u8,
    /// Millionths of the overall score that it costs.
    pub(crate) cost: i64,
    pub(crate) metric: usize,
}

/// The effects of all signals.
#[derive(Debug)]
pub(crate) struct Effects {
    /// Of each metric, then of the overall score.
    pub(crate) listed: Vec<Listed>,
    /// What the listed signals do to each term, bounds aside.
    pub(crate) terms: Vec<i64>,
    /// What the listed signals of the overall score do to the part of each metric, bounds aside.
    pub(crate) parts: Vec<i64>,
    /// The signals that cost something.
    pub(crate) losses: Vec<Loss>,
}

/// Counts again without signals.
#[derive(Debug)]
pub(crate) struct Counter<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) entries: &'a Entries<'a>,
    pub(crate) tally: Tally<'a>,
    pub(crate) now: Values,
    without: Values,
    /// The terms in which `without` differs from `now`.
    changed: Vec<usize>,
}

impl<'a> Counter<'a> {
    pub(crate) fn new(plan: &'a Plan, entries: &'a Entries<'a>, tally: Tally<'a>) -> Self {
        let now = plan.values(&tally.totals);
        let without = now.clone();
        Self { plan, entries, tally, now, without, changed: Vec::with_capacity(8) }
    }

    /// Values without the entries that `gone` holds for.
    pub(crate) fn values_without(&mut self, gone: impl Fn(&Signal) -> bool) -> Values {
        let gone: Vec<&Entry<'_>> = self.entries.all.iter().filter(|entry| gone(entry.signal)).collect();
        for entry in &gone {
            self.tally.add(entry.reply, self.entries.amounts(entry), -1);
        }
        let values = self.plan.values(&self.tally.totals);
        for entry in &gone {
            self.tally.add(entry.reply, self.entries.amounts(entry), 1);
        }
        values
    }

    /// Values with these amounts in every one of `replies` as well. They open no gates, so only the terms that they touch are
    /// computed again.
    pub(crate) fn values_with(
        &mut self,
        replies: impl Iterator<Item = usize> + Clone,
        amounts: &[(Slot, i32)],
    ) -> Values {
        for reply in replies.clone() {
            self.tally.add(reply, amounts, 1);
        }
        let (plan, totals) = (self.plan, &self.tally.totals);
        let mut values = self.now.clone();
        for term in amounts.iter().flat_map(|(slot, _)| plan.terms_of(*slot)) {
            values.terms[term] = plan.terms[term].points(totals);
        }
        plan.sum_up(totals, &mut values);
        for reply in replies {
            self.tally.add(reply, amounts, -1);
        }
        values
    }

    /// Writes to `without` what the scores come to without one entry. Only the terms that it touches are computed again.
    fn leave_out(&mut self, entry: &Entry<'_>) {
        for term in self.changed.drain(..) {
            self.without.terms[term] = self.now.terms[term];
        }
        let (plan, amounts) = (self.plan, self.entries.amounts(entry));
        self.tally.add(entry.reply, amounts, -1);
        if entry.gates == 0 {
            for term in amounts.iter().flat_map(|(slot, _)| plan.terms_of(*slot)) {
                if !self.changed.contains(&term) {
                    self.changed.push(term);
                }
            }
        } else {
            // A gate may open terms that the entry itself adds nothing to.
            self.changed.extend(0..plan.terms.len());
        }
        let mut parts = 0;
        for &term in &self.changed {
            self.without.terms[term] = plan.terms[term].points(&self.tally.totals);
        }
        for (at, metric) in plan.metrics.iter().enumerate() {
            let value = if entry.metrics & 1 << at == 0 {
                self.now.metrics[at]
            } else {
                metric.value(&self.tally.totals, &self.without.terms)
            };
            self.without.metrics[at] = value;
            parts += metric.part(value);
        }
        self.without.overall = plan.overall(&self.tally.totals, parts);
        self.tally.add(entry.reply, amounts, 1);
    }

    /// The effects of all entries.
    pub(crate) fn effects(&mut self) -> Effects {
        let (plan, entries) = (self.plan, self.entries);
        let mut effects = Effects {
            listed: vec![Listed::default(); plan.metrics.len() + 1],
            terms: vec![0; plan.terms.len()],
            parts: vec![0; plan.metrics.len()],
            losses: Vec::new(),
        };
        for (at, entry) in entries.all.iter().enumerate() {
            self.leave_out(entry);
            self.note_loss(at, entry, &mut effects);
            for metric in 0..=plan.metrics.len() {
                let contribution = self.contribution(metric);
                let counted = entry.metrics & 1 << metric != 0 || metric == plan.metrics.len();
                if counted && (contribution != 0 || entry.gates & 1 << metric != 0) {
                    effects.listed[metric].lines.push((at, contribution));
                    self.note_raw(metric, &mut effects);
                }
            }
        }
        self.shorten(&mut effects);
        effects
    }

    /// What the entry that was left out contributes to a metric (or, after the last, to the overall score).
    fn contribution(&self, metric: usize) -> i64 {
        self.now.at(metric) - self.without.at(metric)
    }

    /// Adds what the entry that was left out does to the terms of a metric, bounds aside.
    fn note_raw(&self, metric: usize, effects: &mut Effects) {
        if let Some(plan) = self.plan.metrics.get(metric) {
            for &term in self.changed.iter().filter(|term| plan.terms.contains(term)) {
                effects.terms[term] += self.now.terms[term] - self.without.terms[term];
            }
            return;
        }
        for (at, plan) in self.plan.metrics.iter().enumerate() {
            effects.parts[at] += plan.part(self.now.metrics[at]) - plan.part(self.without.metrics[at]);
        }
    }

    /// Notes what the entry that was left out costs: with bounds or without, whichever is more.
    fn note_loss(&self, at: usize, entry: &Entry<'_>, effects: &mut Effects) {
        let mut raw = 0;
        let mut worst = (0, entry.metrics.trailing_zeros() as usize);
        for (at, metric) in
            self.plan.metrics.iter().enumerate().filter(|(at, _)| entry.metrics & 1 << at != 0)
        {
            let touched = self.changed.iter().filter(|term| metric.terms.contains(term));
            let moved: i64 = touched.map(|term| self.now.terms[*term] - self.without.terms[*term]).sum();
            let moved = metric.weight * moved.min(self.contribution(at)) / 1_000_000;
            raw += moved;
            worst = worst.min((moved, at));
        }
        let overall = self.plan.metrics.len();
        let cost = -raw.min(self.contribution(overall));
        let urgency = match entry.gates {
            0 => 0,
            _ if entry.signal.kind.is_risk_cue() => 0,
            gates => 1 + u8::from(gates & 1 << overall != 0),
        };
        if cost > 0 || urgency > 0 {
            effects.losses.push(Loss { entry: at, urgency, cost, metric: worst.1.min(overall) });
        }
    }

    /// Keeps the largest lines of each score, and what those do to its terms.
    fn shorten(&mut self, effects: &mut Effects) {
        for metric in 0..effects.listed.len() {
            let mut lines = std::mem::take(&mut effects.listed[metric].lines);
            lines.sort_unstable_by_key(|&(at, contribution)| {
                (-contribution.abs(), self.entries.all[at].signal.span, at)
            });
            if lines.len() > MAX_LINES {
                lines.truncate(MAX_LINES);
                self.recount(metric, &lines, effects);
            }
            effects.listed[metric].lines = lines;
        }
    }

    fn recount(&mut self, metric: usize, lines: &[(usize, i64)], effects: &mut Effects) {
        match self.plan.metrics.get(metric) {
            Some(plan) => effects.terms[plan.terms.clone()].fill(0),
            None => effects.parts.fill(0),
        }
        for &(at, _) in lines {
            self.leave_out(&self.entries.all[at]);
            self.note_raw(metric, effects);
        }
    }
}
