//! Reading uncertainty: how much a score rests on single exchanges, and what that means for the tier.
//!
//! The conversation is cut into at most ten groups of exchanges (a reply with the client's words before it), each is left
//! out in turn, and the spread of the scores gives a standard error (the delete-a-group jackknife; Kott 2001). Few replies
//! give a poor estimate, so it is shrunk toward a pooled one: the `spread` of a metric, which the program
//! `examples/calibrate.rs` measures on the example conversations. This is no confidence interval of a human rating: nothing
//! here knows how people would disagree.

use pe_model::{Points, Tier, TierChance};

use crate::config::TierBy;
use crate::effects::Counter;
use crate::plan::{Plan, Values};
use crate::tally::Tally;

const MAX_GROUPS: usize = 10;
/// The pooled estimate weighs as much as the estimate from so many replies; under so many, a conversation is too short for a
/// steady reading (docs/quality/README.md).
pub(crate) const STEADY_REPLIES: usize = 6;
/// An interval of a normal distribution that leaves 5 % out on each side.
const REACH: f64 = 1.645;

/// The scores with each group of exchanges left out; empty for a single reply.
pub(crate) fn left_out(plan: &Plan, tally: &Tally<'_>) -> Vec<Values> {
    let replies = tally.totals.replies as usize;
    let groups = replies.min(MAX_GROUPS);
    if groups < 2 {
        return Vec::new();
    }
    let group = |at: usize| at * replies / groups..(at + 1) * replies / groups;
    let mut totals = tally.totals.clone();
    let left_out = |at| {
        tally.leave_out(group(at), &mut totals);
        plan.values(&totals)
    };
    (0..groups).map(left_out).collect()
}

/// A score and how certain its reading is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Certainty {
    pub(crate) value: Points,
    /// Standard error.
    error: f64,
    /// The score can't pass this.
    bound: Points,
}

impl Certainty {
    /// Of a metric or, after the last one, of the overall score; `groups` are the scores with each group left out.
    pub(crate) fn of(counter: &Counter<'_>, groups: &[Values], at: usize) -> Self {
        let totals = &counter.tally.totals;
        let values = groups.iter().map(|values| values.at(at));
        Self {
            value: Points::from_micros(counter.now.at(at)),
            error: error(values, counter.plan.spread(at), totals.replies as f64),
            bound: counter.plan.cap(at, totals).map_or(Points::ONE, |cap| Points::from_micros(cap.at)),
        }
    }

    /// The interval around the value, between 0 and the bound.
    pub(crate) fn interval(self) -> (Points, Points) {
        let reach = Points::from_fraction(REACH * self.error);
        ((self.value - reach).max(Points::ZERO), (self.value + reach).min(self.bound).max(self.value))
    }

    /// What the tier is taken from: the score, lowered toward the lower end of its interval by the share of the six replies of a
    /// steady reading that are missing; or that lower end itself.
    pub(crate) fn basis(self, by: TierBy, replies: usize) -> Points {
        let missing = STEADY_REPLIES.saturating_sub(replies) as f64 / STEADY_REPLIES as f64;
        let way = match by {
            TierBy::Score => missing,
            TierBy::Lower => 1.0,
        };
        let room = self.value - self.interval().0;
        self.value - Points::from_fraction(way * room.fraction())
    }

    /// How likely each tier is when the score is normally distributed around its value and can't pass the bound.
    pub(crate) fn chances(self) -> Vec<TierChance> {
        let tiers = Tier::ALL;
        let mut reached = 0.0;
        (0..tiers.len())
            .map(|at| {
                let upto = tiers.get(at + 1).map_or(1.0, |next| self.below(next.floor())).max(reached);
                let probability = upto - reached;
                reached = upto;
                TierChance { tier: tiers[at], probability }
            })
            .collect()
    }

    fn below(self, floor: Points) -> f64 {
        if floor > self.bound {
            return 1.0;
        }
        normal((floor - self.value).fraction() / self.error.max(1e-9))
    }
}

/// The standard error of a score, from its values with each group left out, the pooled spread of one exchange, and the
/// number of replies (at least one).
fn error(left_out: impl Iterator<Item = i64> + Clone, spread: f64, replies: f64) -> f64 {
    let groups = left_out.clone().count();
    let steady = STEADY_REPLIES as f64;
    let pooled = spread * spread / replies;
    let own = if groups < 2 { pooled } else { jackknife(left_out, groups as f64) };
    let variance = (steady * pooled + replies * own) / (steady + replies);
    // Under six replies the estimate itself can't be trusted: wider in proportion.
    (variance * (steady / replies).max(1.0)).sqrt()
}

/// (g - 1) / g times the sum of squared deviations from the mean.
fn jackknife(values: impl Iterator<Item = i64> + Clone, groups: f64) -> f64 {
    let fractions = values.map(|micros| micros as f64 / 1e6);
    let mean = fractions.clone().sum::<f64>() / groups;
    (groups - 1.0) / groups * fractions.map(|value| (value - mean).powi(2)).sum::<f64>()
}

/// The standard normal distribution function (Abramowitz and Stegun 1964, 26.2.17; error below 7.5e-8).
fn normal(z: f64) -> f64 {
    let t = 1.0 / (1.0 + 0.231_641_9 * z.abs());
    let tail = [1.330_274_429, -1.821_255_978, 1.781_477_937, -0.356_563_782, 0.319_381_530]
        .into_iter()
        .fold(0.0, |sum, factor| (sum + factor) * t);
    let upper = tail * (-z * z / 2.0).exp() / (2.0 * std::f64::consts::PI).sqrt();
    if z > 0.0 { 1.0 - upper } else { upper }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_is_as_tabled() {
        for (z, p) in
            [(0.0, 0.5), (1.0, 0.841_344_7), (-1.645, 0.049_984_9), (3.0, 0.998_650_1), (-40.0, 0.0)]
        {
            assert!((normal(z) - p).abs() < 1e-6, "{z}");
        }
    }

    #[test]
    fn chances_add_up_and_stop_at_the_bound() {
        let points = Points::from_fraction;
        let free = Certainty { value: points(0.75), error: 0.05, bound: Points::ONE };
        let sum: f64 = free.chances().iter().map(|chance| chance.probability).sum();
        assert!((sum - 1.0).abs() < 1e-12);
        let likeliest = free.chances().into_iter().max_by(|a, b| a.probability.total_cmp(&b.probability));
        assert_eq!(likeliest.map(|chance| chance.tier), Some(Tier::Professional));
        let capped = Certainty { value: points(0.61), error: 0.05, bound: points(0.61) };
        assert!((capped.chances()[0].probability - 1.0).abs() < 1e-12);
        assert_eq!(capped.interval().1, points(0.61));
    }

    #[test]
    fn a_tier_never_falls_with_more_evidence_for_the_same_score() {
        for value in [0.5, 0.63, 0.7, 0.75, 0.81, 0.85, 0.93, 1.0].map(Points::from_fraction) {
            let basis = |by, replies: usize| {
                let error = error(std::iter::empty(), 0.18, replies as f64);
                Certainty { value, error, bound: Points::ONE }.basis(by, replies)
            };
            for replies in 1..40 {
                assert!(basis(TierBy::Score, replies) <= basis(TierBy::Score, replies + 1), "{replies}");
                assert!(basis(TierBy::Lower, replies) <= basis(TierBy::Lower, replies + 1), "{replies}");
                assert!(basis(TierBy::Lower, replies) <= basis(TierBy::Score, replies), "{replies}");
            }
            assert_eq!(basis(TierBy::Score, STEADY_REPLIES), value);
            assert!(Tier::of(basis(TierBy::Score, 2)) < Tier::Clinical, "{value}");
        }
    }

    #[test]
    fn few_replies_give_a_wide_interval() {
        let none = std::iter::empty::<i64>;
        assert!(error(none(), 0.2, 1.0) > error(none(), 0.2, 6.0) * 4.0);
        let same = [500_000; 10];
        assert!(error(same.into_iter(), 0.2, 200.0) < 0.003);
    }
}
