//! What depends on the order of values alone: the area under the ROC curve, and Spearman's correlation.

/// Ranks from 1; equal values share their mean rank.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut from = 0;
    for group in order.chunk_by(|a, b| values[*a].total_cmp(&values[*b]).is_eq()) {
        let rank = from as f64 + f64::midpoint(group.len() as f64, 1.0);
        for &at in group {
            ranks[at] = rank;
        }
        from += group.len();
    }
    ranks
}

/// The chance that a value labelled true is above one labelled false, ties counting one half (Mann and Whitney 1947).
/// `None` where a label is missing.
pub fn auc(values: &[f64], labels: &[bool]) -> Option<f64> {
    let positive = labels.iter().filter(|label| **label).count() as f64;
    let negative = labels.len() as f64 - positive;
    if positive < 1.0 || negative < 1.0 {
        return None;
    }
    let sum: f64 = ranks(values).iter().zip(labels).filter(|(_, label)| **label).map(|(rank, _)| rank).sum();
    Some((sum - positive * (positive + 1.0) / 2.0) / (positive * negative))
}

/// Spearman's rank correlation, ties at their mean rank. `None` where one side does not vary.
pub fn spearman(one: &[f64], other: &[f64]) -> Option<f64> {
    let (one, other) = (ranks(one), ranks(other));
    // The mean of ranks is the same with and without ties.
    let middle = f64::midpoint(one.len() as f64, 1.0);
    let product =
        |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(x, y)| (x - middle) * (y - middle)).sum() };
    let spread = (product(&one, &one) * product(&other, &other)).sqrt();
    (spread > 0.0).then(|| product(&one, &other) / spread)
}

/// Spearman's correlation inside of each group, averaged by size; groups without an answer are left out.
pub(crate) fn spearman_within(groups: &[(Vec<f64>, Vec<f64>)]) -> Option<f64> {
    let mut sum = 0.0;
    let mut count = 0.0;
    for (one, other) in groups {
        if let Some(rho) = spearman(one, other) {
            sum += rho * one.len() as f64;
            count += one.len() as f64;
        }
    }
    (count > 0.0).then(|| sum / count)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_their_rank() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
    }

    #[test]
    fn areas_by_hand() {
        // Pairs of a true and a false one: (2,1) above, (2,2) tie, (3,1) above, (3,2) above.
        let area = auc(&[1.0, 2.0, 2.0, 3.0], &[false, false, true, true]).unwrap();
        assert!((area - 3.5 / 4.0).abs() < 1e-12);
        assert_eq!(auc(&[1.0, 2.0], &[true, true]), None);
        assert_eq!(auc(&[1.0, 1.0], &[true, false]), Some(0.5));
    }

    #[test]
    fn correlations_by_hand() {
        assert_eq!(spearman(&[1.0, 2.0, 3.0], &[10.0, 20.0, 30.0]), Some(1.0));
        assert_eq!(spearman(&[1.0, 2.0, 3.0], &[3.0, 2.0, 1.0]), Some(-1.0));
        assert_eq!(spearman(&[1.0, 1.0], &[1.0, 2.0]), None);
        // Ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4: products 2.25 + 0 + 0 + 2.25, squares 4.5 and 5.
        let rho = spearman(&[1.0, 2.0, 2.0, 3.0], &[1.0, 3.0, 2.0, 4.0]).unwrap();
        assert!((rho - 4.5 / 22.5f64.sqrt()).abs() < 1e-12);
    }

    #[test]
    fn within_groups_the_level_of_a_group_counts_nothing() {
        let up = (vec![1.0, 2.0], vec![1.0, 2.0]);
        let down = (vec![101.0, 102.0, 103.0], vec![3.0, 2.0, 1.0]);
        let flat = (vec![1.0, 1.0], vec![1.0, 2.0]);
        let rho = spearman_within(&[up, down, flat]).unwrap();
        assert!((rho - (2.0 - 3.0) / 5.0).abs() < 1e-12);
    }
}
