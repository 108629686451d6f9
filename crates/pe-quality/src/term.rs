//! Terms: what a metric is the sum of.
//!
//! Each term is a number of millionths, rounded by itself, so that terms add up exactly. Only additions, multiplications and
//! divisions are used, so a score is the same on every machine.

use crate::definition::Curve;
use crate::plan::Slot;
use crate::tally::{Histogram, Totals};

/// How a term is read off the totals.
#[derive(Debug)]
pub(crate) enum Shape {
    /// So many per reply or per conversation, up to `full`.
    Amount { slot: Slot, full: f64, curve: Curve, needs: Option<Slot> },
    /// A ratio shrunk to `prior` by `count` of its denominator: (over + prior count) / (under + count).
    Ratio { over: Slot, under: Slot, prior: f64, count: f64, anchors: Vec<(f64, f64)> },
    /// The share of exchanges in which the helper says more than the client.
    Talk { anchors: Vec<(f64, f64)> },
    /// The mean of the values of replies.
    Mean(usize),
    /// The mean of the worst tenth of the values of replies.
    Worst(usize),
}

/// One term.
#[derive(Debug)]
pub(crate) struct Term {
    pub(crate) name: String,
    /// In full, in millionths.
    pub(crate) weight: f64,
    pub(crate) shape: Shape,
}

impl Term {
    /// What the term adds to its metric, in millionths.
    pub(crate) fn points(&self, totals: &Totals) -> i64 {
        nearest(self.weight * self.shape.share(totals))
    }
}

impl Shape {
    /// Which share of the weight is reached, 0 to 1.
    fn share(&self, totals: &Totals) -> f64 {
        match self {
            Self::Amount { slot, full, curve, needs } => {
                if totals.sum(*slot) == 0 || needs.is_some_and(|slot| totals.sum(slot) <= 0) {
                    return 0.0;
                }
                curve.share(totals.amount(*slot) / full)
            }
            Self::Ratio { over, under, prior, count, anchors } => {
                let (over, under) = (totals.sum(*over) as f64 / 1e3, totals.sum(*under) as f64 / 1e3);
                between(anchors, (over + prior * count) / (under + count))
            }
            Self::Talk { anchors } => between(anchors, totals.longer as f64 / totals.replies.max(1) as f64),
            Self::Mean(plan) => totals.histograms.get(*plan).map_or(0.0, Histogram::mean),
            Self::Worst(plan) => totals.histograms.get(*plan).map_or(0.0, Histogram::worst),
        }
    }
}

impl Curve {
    fn share(self, of_full: f64) -> f64 {
        let reached = of_full.clamp(0.0, 1.0);
        match self {
            Self::Saturating => reached * (2.0 - reached),
            Self::Linear => reached,
        }
    }
}

impl Totals {
    /// Thousandths in a slot.
    pub(crate) fn sum(&self, slot: Slot) -> i64 {
        match slot {
            Slot::Rate(at) | Slot::Reply { at, .. } => self.rates.get(at as usize).copied().unwrap_or(0),
            Slot::Count(at) => self.counts.get(at as usize).copied().unwrap_or(0),
        }
    }

    /// So many per reply, or per conversation.
    fn amount(&self, slot: Slot) -> f64 {
        let whole = self.sum(slot) as f64 / 1e3;
        if matches!(slot, Slot::Count(_)) { whole } else { whole / self.replies.max(1) as f64 }
    }
}

/// The nearest whole number, halves away from zero; without the call that `round` is where SSE 4.1 can't be assumed.
pub(crate) fn nearest(amount: f64) -> i64 {
    (amount + 0.5_f64.copysign(amount)) as i64
}

/// Straight lines between anchors; level outside of them.
fn between(anchors: &[(f64, f64)], x: f64) -> f64 {
    let Some(after) = anchors.iter().position(|anchor| x < anchor.0) else {
        return anchors.last().map_or(0.0, |anchor| anchor.1);
    };
    let (right_x, right) = anchors[after];
    let Some(&(left_x, left)) = after.checked_sub(1).and_then(|before| anchors.get(before)) else {
        return right;
    };
    left + (right - left) * (x - left_x) / (right_x - left_x)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn anchors_are_joined_by_lines_and_level_outside() {
        let anchors = [(0.0, 0.0), (1.0, 0.5), (2.0, 1.0)];
        for (x, share) in [(-1.0, 0.0), (0.5, 0.25), (1.0, 0.5), (1.5, 0.75), (2.0, 1.0), (9.0, 1.0)] {
            assert!((between(&anchors, x) - share).abs() < 1e-12, "{x}");
        }
    }

    #[test]
    fn the_first_ones_count_most() {
        assert!((Curve::Saturating.share(0.5) - 0.75).abs() < 1e-12);
        assert!((Curve::Linear.share(0.5) - 0.5).abs() < 1e-12);
        assert!((Curve::Saturating.share(3.0) - 1.0).abs() < 1e-12);
    }
}
