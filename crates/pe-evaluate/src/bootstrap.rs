//! Intervals by resampling (Efron 1979): the units of a measurement are drawn anew with replacement, 1,000 times, and the
//! figure is computed from each draw. The 5th and the 95th percentile are the ends of the 90 % interval. The units are what
//! was sampled independently: whole conversations where their messages are counted.

use rayon::prelude::*;

use crate::metrics::quantile;

/// How many draws.
const DRAWS: u64 = 1_000;
/// Every interval starts from this, so that it is the same each time.
const SEED: u64 = 0x5eed_0000_2026_0001;

/// `SplitMix64` (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// Evenly from `0..below` (Lemire 2019, without rejection: the bias is below 2^-40 for what is counted here).
    fn below(&mut self, below: usize) -> usize {
        ((u128::from(self.next()) * below as u128) >> 64) as usize
    }
}

/// The 90 % interval of `figure` over `units` units; `figure` gets the positions of the units drawn and is `None` where the
/// draw has no answer (a class is missing). Both ends are NaN when no draw has one.
pub fn interval(units: usize, figure: impl Fn(&[usize]) -> Option<f64> + Sync) -> (f64, f64) {
    let draw = |number: u64| {
        let mut random = Random(SEED ^ number.wrapping_mul(0xd134_2543_de82_ef95));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::mean;

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
    fn draws_without_an_answer_are_left_out() {
        let (low, high) = interval(3, |drawn| drawn.contains(&0).then_some(1.0));
        assert_eq!((low, high), (1.0, 1.0));
        assert!(interval(0, |_| Some(1.0)).0.is_nan());
        assert!(interval(3, |_| None).0.is_nan());
    }
}
