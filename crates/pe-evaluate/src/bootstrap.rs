//! Intervals by resampling (Efron 1979): the units of a measurement are drawn anew with replacement, 1,000 times, and the
//! figure is computed from each draw. The 5th and the 95th percentile are the ends of the 90 % interval. The units are what
//! was sampled independently: whole conversations where their messages are counted.

use rayon::prelude::*;

use crate::metrics::{mean, quantile};

/// How many draws.
const DRAWS: u64 = 1_000;
/// Every interval starts from this, so that it is the same each time.
const SEED: u64 = 0x5eed_0000_2026_0001;

/// The 95th percentile of the normal distribution.
const Z: f64 = 1.644_853_626_951;

/// `SplitMix64` (Steele, Lea and Flood 2014).
pub(crate) struct Random(u64);

impl Random {
    /// The same seed gives the same numbers.
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// Evenly from `0..below` (Lemire 2019, without rejection: the bias is below 2^-40 for what is counted here).
    pub(crate) fn below(&mut self, below: usize) -> usize {
        ((u128::from(self.next()) * below as u128) >> 64) as usize
    }
}

/// The 90 % interval of `figure` over `units` units; `figure` gets the positions of the units drawn and is `None` where the
/// draw has no answer (a class is missing). Both ends are NaN when no draw has one.
pub fn interval(units: usize, figure: impl Fn(&[usize]) -> Option<f64> + Sync) -> (f64, f64) {
    let draw = |number: u64| {
        let mut random = Random::new(SEED ^ number.wrapping_mul(0xd134_2543_de82_ef95));
        let drawn: Vec<usize> = (0..units).map(|_| random.below(units)).collect();
        figure(&drawn).filter(|value| value.is_finite())
    };
    if units == 0 {
        return (f64::NAN, f64::NAN);
    }
    let mut figures: Vec<f64> = (0..DRAWS).into_par_iter().filter_map(draw).collect();
    figures.sort_by(f64::total_cmp);
    (quantile(&figures, 0.05), quantile(&figures, 0.95))
}

/// The share of units for which something holds (1 or 0 each), with its 90 % interval. Where all are alike, every draw is too
/// and the bootstrap has no width; Wilson's interval (1927) takes its place.
pub(crate) fn share(holds: &[f64]) -> (Option<f64>, (f64, f64)) {
    let share = mean(holds.iter().copied());
    let alike = holds.windows(2).all(|pair| pair[0].total_cmp(&pair[1]).is_eq());
    match share {
        Some(share) if alike => (Some(share), wilson(share, holds.len())),
        share => (share, interval(holds.len(), |drawn| mean(drawn.iter().map(|at| holds[*at])))),
    }
}

/// Wilson's 90 % interval of a share of `units` units.
pub(crate) fn wilson(share: f64, units: usize) -> (f64, f64) {
    let (units, square) = (units as f64, Z * Z);
    let middle = share + square / (2.0 * units);
    let half = Z * (share * (1.0 - share) / units + square / (4.0 * units * units)).sqrt();
    let at = |end: f64| (end / (1.0 + square / units)).clamp(0.0, 1.0);
    (at(middle - half), at(middle + half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_each_time_and_about_as_wide_as_theory_says() {
        let values: Vec<f64> = (0..400).map(|at| f64::from(at % 2)).collect();
        let of = |drawn: &[usize]| mean(drawn.iter().map(|at| values[*at]));
        let (low, high) = interval(values.len(), of);
        assert_eq!((low, high), interval(values.len(), of));
        // The standard error of a share of one half in 400 is 0.025; 1.645 of them on either side.
        assert!((low - (0.5 - 0.0411)).abs() < 0.006, "{low}");
        assert!((high - (0.5 + 0.0411)).abs() < 0.006, "{high}");
    }

    #[test]
    fn where_all_are_alike_the_interval_still_has_a_width() {
        // 0 of 16: the upper end is z^2 / (n + z^2).
        let (none, (low, high)) = share(&[0.0; 16]);
        assert!(none == Some(0.0) && low.abs() < 1e-12, "{low}");
        assert!((high - 2.705_543 / 18.705_543).abs() < 1e-5, "{high}");
        let (all, (low, high)) = share(&[1.0; 16]);
        assert!(all == Some(1.0) && (high - 1.0).abs() < 1e-12, "{high}");
        assert!((low - 16.0 / 18.705_543).abs() < 1e-5, "{low}");
        assert_eq!(share(&[]).0, None);
    }

    #[test]
    fn draws_without_an_answer_are_left_out() {
        let (low, high) = interval(3, |drawn| drawn.contains(&0).then_some(1.0));
        assert_eq!((low, high), (1.0, 1.0));
        assert!(interval(0, |_| Some(1.0)).0.is_nan());
        assert!(interval(3, |_| None).0.is_nan());
    }
}
