//! Reading uncertainty: how much a score rests on single exchanges, and what that means for the tier.
//!
//! The conversation is cut into at most ten groups of exchanges (a reply with the client's words before it), each is left
//! out in turn, and the spread of the scores gives a standard error (the delete-a-group jackknife; Kott 2001). Few replies
//! give a poor estimate, so it is shrunk toward a pooled one: the `spread` of a metric, which the program
//! `examples/calibrate.rs` measures on the example conversations. This is no confidence interval of a human rating: nothing
//! here knows how people would disagree.

use pe_model::{Points, Tier, TierChance};

use crate::plan::{Plan, Values};
use crate::tally::Tally;

const MAX_GROUPS: usize = 10;
/// The pooled estimate weighs as much as the estimate from so many replies; under so many, a conversation is too short for a
/// steady reading (quality.md, section 3: "under six helper volleys").
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
    (0..groups).map(|at| plan.values(&tally.without(group(at)))).collect()
}

/// The standard error of a score, from its values with each group left out, the pooled spread of one exchange, and the
/// number of replies.
pub(crate) fn error(left_out: impl Iterator<Item = i64> + Clone, spread: f64, replies: usize) -> f64 {
    let groups = left_out.clone().count();
    let (replies, steady) = (replies.max(1) as f64, STEADY_REPLIES as f64);
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

/// The interval around a value, within 0 and `bound`.
pub(crate) fn interval(value: Points, error: f64, bound: Points) -> (Points, Points) {
    let reach = Points::from_fraction(REACH * error);
    ((value - reach).max(Points::ZERO), (value + reach).min(bound).max(value))
}

/// How likely each tier is when the overall score is normally distributed around `value` and can't pass `bound`.
pub(crate) fn chances(value: Points, error: f64, bound: Points) -> Vec<TierChance> {
    let error = error.max(1e-9);
    let below = |floor: Points| {
        if floor > bound { 1.0 } else { normal((floor.fraction() - value.fraction()) / error) }
    };
    let mut reached = 0.0;
    let mut chance = |tier: Tier, next: Option<Tier>| {
        let upto = next.map_or(1.0, |next| below(next.floor())).max(reached);
        let probability = upto - reached;
        reached = upto;
        TierChance { tier, probability }
    };
    let tiers = Tier::ALL;
    (0..tiers.len()).map(|at| chance(tiers[at], tiers.get(at + 1).copied())).collect()
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
        let free = chances(points(0.75), 0.05, Points::ONE);
        assert!((free.iter().map(|chance| chance.probability).sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(
            free.iter().max_by(|a, b| a.probability.total_cmp(&b.probability)).map(|c| c.tier),
            Some(Tier::Professional)
        );
        let capped = chances(points(0.61), 0.05, points(0.61));
        assert!((capped[0].probability - 1.0).abs() < 1e-12);
    }

    #[test]
    fn few_replies_give_a_wide_interval() {
        let none = std::iter::empty::<i64>;
        assert!(error(none(), 0.2, 1) > error(none(), 0.2, 6) * 4.0);
        let same = [500_000; 10];
        assert!(error(same.into_iter(), 0.2, 200) < 0.003);
    }
}
