//! The metrics, each from its definition: areas and ranks, shares and F1, rankings.

mod agreement;
mod labels;
mod ranking;
mod ranks;

pub use labels::{accuracy, binary_f1, macro_f1};
pub use ranking::{average_precision, ndcg};
pub use ranks::{auc, spearman};

pub(crate) use agreement::{pearson, weighted_kappa};
pub(crate) use ranks::spearman_within;

/// The arithmetic mean; `None` of nothing.
pub fn mean(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.into_iter().fold((0.0, 0u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

/// The value below which `share` of the sorted `values` lie, between neighbours on a straight line (type 7 of Hyndman and
/// Fan 1996); NaN of nothing.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return f64::NAN };
    let place = share.clamp(0.0, 1.0) * last as f64;
    let (below, part) = (place.floor() as usize, place.fract());
    let next = sorted[(below + 1).min(last)];
    sorted[below] + part * (next - sorted[below])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_neighbours() {
        assert!((quantile(&[1.0, 2.0, 4.0], 0.5) - 2.0).abs() < 1e-12);
        assert!((quantile(&[1.0, 2.0, 4.0], 0.75) - 3.0).abs() < 1e-12);
        assert!((quantile(&[1.0], 0.9) - 1.0).abs() < 1e-12);
        assert!(quantile(&[], 0.5).is_nan());
        assert_eq!(mean([]), None);
        assert_eq!(mean([1.0, 2.0]), Some(1.5));
    }
}
