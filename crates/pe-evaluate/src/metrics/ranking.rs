//! How high a ranking puts what is relevant.

use std::collections::HashSet;
use std::hash::{BuildHasher, Hash};

/// Mean precision at the ranks of the relevant ones; those not found count as precision 0. NaN where none is relevant.
pub fn average_precision<T: Eq + Hash, S: BuildHasher>(ranking: &[T], relevant: &HashSet<T, S>) -> f64 {
    let mut found = 0.0;
    let mut sum = 0.0;
    for (rank, item) in (1..).zip(ranking) {
        if relevant.contains(item) {
            found += 1.0;
            sum += found / f64::from(rank);
        }
    }
    sum / relevant.len() as f64
}

/// Discounted cumulative gain of the first `depth`, over that of the best possible ranking (Järvelin and Kekäläinen 2002); a
/// relevant one gains 1. NaN where none is relevant.
pub fn ndcg<T: Eq + Hash, S: BuildHasher>(ranking: &[T], relevant: &HashSet<T, S>, depth: u32) -> f64 {
    let discount = |rank: u32| 1.0 / f64::from(rank + 1).log2();
    let gained: f64 = (1..=depth)
        .zip(ranking)
        .filter(|(_, item)| relevant.contains(item))
        .map(|(rank, _)| discount(rank))
        .sum();
    let ideal: f64 = (1..=depth).take(relevant.len()).map(discount).sum();
    gained / ideal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rankings_by_hand() {
        let relevant = HashSet::from(['a', 'b', 'z']);
        // Found at ranks 1 and 3: (1 + 2/3 + 0) / 3.
        let precision = average_precision(&['a', 'x', 'b'], &relevant);
        assert!((precision - (1.0 + 2.0 / 3.0) / 3.0).abs() < 1e-12);
        let gained = 1.0 + 1.0 / 4f64.log2();
        let ideal = 1.0 + 1.0 / 3f64.log2() + 1.0 / 4f64.log2();
        assert!((ndcg(&['a', 'x', 'b'], &relevant, 10) - gained / ideal).abs() < 1e-12);
        // At depth 1 nothing else counts.
        assert!((ndcg(&['a', 'x', 'b'], &relevant, 1) - 1.0).abs() < 1e-12);
    }
}
