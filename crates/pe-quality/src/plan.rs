//! A plan: a definition that was checked and made ready, and how values are computed by it.

use std::ops::Range;
use std::sync::Arc;

use pe_model::SignalKind;
use regex::Regex;

use crate::MetricInfo;
use crate::conduct::Conduct;
use crate::definition::Note;
use crate::routes::{Route, Routes};
use crate::tally::{Totals, WHOLE};
use crate::term::{Term, nearest};

const FULL: i64 = 1_000_000;

/// Where a signal's thousandths go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Counts at most one per reply.
    Rate(u16),
    /// Counts every time.
    Count(u16),
    /// As a rate, and part of the value of a reply.
    Reply { plan: u8, at: u16 },
}

/// How the value of a reply is made.
#[derive(Debug)]
pub(crate) struct ReplyPlan {
    /// Hundredths.
    pub(crate) base: f64,
    /// Slots with the hundredths that a whole one adds.
    pub(crate) terms: Vec<(u16, f64)>,
    /// The terms of the metric that are computed from the values of replies.
    pub(crate) computed: Range<usize>,
}

impl ReplyPlan {
    /// Hundredths, 0 to 100, from what the reply has in each slot.
    pub(crate) fn value(&self, row: &[i32]) -> u8 {
        let parts = self.terms.iter().map(|&(slot, weight)| {
            let cell = row.get(slot as usize).copied().unwrap_or(0).min(WHOLE);
            weight * f64::from(cell)
        });
        nearest(self.base + parts.sum::<f64>() / f64::from(WHOLE)).clamp(0, 100) as u8
    }
}

/// A bound.
#[derive(Debug)]
pub(crate) struct Cap {
    pub(crate) name: String,
    pub(crate) at: i64,
    pub(crate) slot: Slot,
}

/// One metric.
#[derive(Debug)]
pub(crate) struct Metric {
    /// Millionths of the overall score.
    pub(crate) weight: i64,
    pub(crate) base: i64,
    pub(crate) spread: f64,
    pub(crate) note: Option<Note>,
    /// Its terms among all.
    pub(crate) terms: Range<usize>,
    pub(crate) caps: Vec<Cap>,
}

impl Metric {
    /// Its share in the overall score when its value is `value`; rounded by itself, so that shares add up exactly.
    pub(crate) const fn part(&self, value: i64) -> i64 {
        (value * self.weight + FULL / 2) / FULL
    }

    /// Its value when the terms of the plan are known.
    pub(crate) fn value(&self, totals: &Totals, terms: &[i64]) -> i64 {
        bounded(&self.caps, totals, self.base + terms[self.terms.clone()].iter().sum::<i64>())
    }
}

/// A pattern on the helper's words.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) regex: Regex,
    pub(crate) kind: SignalKind,
    pub(crate) rule: Arc<str>,
    pub(crate) route: Route,
}

/// A definition, ready.
#[derive(Debug)]
pub(crate) struct Plan {
    /// Of the metrics, then of the overall score.
    pub(crate) infos: Vec<MetricInfo>,
    pub(crate) metrics: Vec<Metric>,
    pub(crate) terms: Vec<Term>,
    pub(crate) caps: Vec<Cap>,
    pub(crate) spread: f64,
    pub(crate) replies: Vec<ReplyPlan>,
    /// For each slot of a rate, the terms that are computed from it.
    pub(crate) rates: Vec<Range<usize>>,
    /// The same for each slot of a count; empty for a gate.
    pub(crate) counts: Vec<Range<usize>>,
    pub(crate) routes: Routes,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) conduct: Conduct,
}

/// What comes out of a plan for some totals, in millionths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Values {
    pub(crate) terms: Vec<i64>,
    pub(crate) metrics: Vec<i64>,
    pub(crate) overall: i64,
}

impl Values {
    /// The value of a metric or, after the last one, of the overall score.
    pub(crate) fn at(&self, metric: usize) -> i64 {
        self.metrics.get(metric).copied().unwrap_or(self.overall)
    }
}

impl Plan {
    /// The lowest cap in force on a metric or, after the last one, on the overall score.
    pub(crate) fn cap(&self, metric: usize, totals: &Totals) -> Option<&Cap> {
        lowest(self.metrics.get(metric).map_or(&self.caps, |metric| &metric.caps), totals)
    }

    /// The pooled spread of a metric or, after the last one, of the overall score.
    pub(crate) fn spread(&self, metric: usize) -> f64 {
        self.metrics.get(metric).map_or(self.spread, |metric| metric.spread)
    }

    pub(crate) fn values(&self, totals: &Totals) -> Values {
        let mut values =
            Values { terms: vec![0; self.terms.len()], metrics: vec![0; self.metrics.len()], overall: 0 };
        for (points, term) in values.terms.iter_mut().zip(&self.terms) {
            *points = term.points(totals);
        }
        self.sum_up(totals, &mut values);
        values
    }

    /// Metrics and overall score from the terms.
    pub(crate) fn sum_up(&self, totals: &Totals, values: &mut Values) {
        let mut parts = 0;
        for (value, metric) in values.metrics.iter_mut().zip(&self.metrics) {
            *value = metric.value(totals, &values.terms);
            parts += metric.part(*value);
        }
        values.overall = self.overall(totals, parts);
    }

    /// The terms that are computed from a slot; none for a gate.
    pub(crate) fn terms_of(&self, slot: Slot) -> Range<usize> {
        let terms = match slot {
            Slot::Rate(at) => self.rates.get(at as usize),
            Slot::Count(at) => self.counts.get(at as usize),
            Slot::Reply { plan, .. } => self.replies.get(plan as usize).map(|plan| &plan.computed),
        };
        terms.cloned().unwrap_or_default()
    }

    /// The overall value when the parts of the metrics add up to `parts`.
    pub(crate) fn overall(&self, totals: &Totals, parts: i64) -> i64 {
        bounded(&self.caps, totals, parts)
    }
}

fn bounded(caps: &[Cap], totals: &Totals, value: i64) -> i64 {
    value.min(lowest(caps, totals).map_or(FULL, |cap| cap.at)).max(0)
}

fn lowest<'a>(caps: &'a [Cap], totals: &Totals) -> Option<&'a Cap> {
    caps.iter().filter(|cap| totals.sum(cap.slot) > 0).min_by_key(|cap| cap.at)
}
