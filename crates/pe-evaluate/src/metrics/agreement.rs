//! Agreement of two readings of the same thing: Pearson's correlation of numbers, Cohen's weighted kappa of ordered classes.

use super::mean;

/// Pearson's correlation; `None` of fewer than two pairs, or where one side is constant.
pub(crate) fn pearson(one: &[f64], other: &[f64]) -> Option<f64> {
    if one.len() != other.len() || one.len() < 2 {
        return None;
    }
    let (a, b) = (mean(one.iter().copied())?, mean(other.iter().copied())?);
    let sum = |value: &dyn Fn(f64, f64) -> f64| -> f64 {
        one.iter().zip(other).map(|(x, y)| value(x - a, y - b)).sum()
    };
    let spread = (sum(&|x, _| x * x) * sum(&|_, y| y * y)).sqrt();
    (spread > 0.0).then(|| sum(&|x, y| x * y) / spread)
}

/// Kappa with quadratic weights (Cohen 1968) of pairs of classes `0..classes`: 1 is full agreement, 0 is what chance gives with the
/// same margins. `None` where all are in one class.
pub(crate) fn weighted_kappa(pairs: &[(usize, usize)], classes: usize) -> Option<f64> {
    let distance = |a: usize, b: usize| (a.abs_diff(b) as f64).powi(2);
    let share = |of: &dyn Fn(&(usize, usize)) -> usize, class: usize| {
        pairs.iter().filter(|pair| of(pair) == class).count() as f64 / pairs.len().max(1) as f64
    };
    let observed = mean(pairs.iter().map(|(a, b)| distance(*a, *b)))?;
    let ones: Vec<f64> = (0..classes).map(|class| share(&|pair| pair.0, class)).collect();
    let others: Vec<f64> = (0..classes).map(|class| share(&|pair| pair.1, class)).collect();
    let cells = (0..classes).flat_map(|a| (0..classes).map(move |b| (a, b)));
    let expected: f64 = cells.map(|(a, b)| distance(a, b) * ones[a] * others[b]).sum();
    (expected > 0.0).then(|| 1.0 - observed / expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlations_by_hand() {
        assert!((pearson(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]).unwrap_or(0.0) - 1.0).abs() < 1e-12);
        assert!((pearson(&[1.0, 2.0, 3.0], &[1.0, 3.0, 2.0]).unwrap_or(0.0) - 0.5).abs() < 1e-12);
        assert_eq!(pearson(&[1.0, 1.0], &[1.0, 2.0]), None);
        assert_eq!(pearson(&[1.0], &[1.0]), None);
    }

    #[test]
    fn kappa_by_hand() {
        assert_eq!(weighted_kappa(&[(0, 0), (1, 1), (2, 2)], 3), Some(1.0));
        // Observed 1/4; expected 3/8 + 1/8.
        let half = weighted_kappa(&[(0, 0), (0, 1), (1, 1), (1, 1)], 2).unwrap_or(0.0);
        assert!((half - 0.5).abs() < 1e-12, "{half}");
        let chance = weighted_kappa(&[(0, 0), (0, 1), (1, 0), (1, 1)], 2).unwrap_or(1.0);
        assert!(chance.abs() < 1e-12);
        assert_eq!(weighted_kappa(&[(1, 1), (1, 1)], 3), None);
        assert_eq!(weighted_kappa(&[], 3), None);
    }
}
