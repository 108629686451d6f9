//! How well guessed labels fit the true ones.

/// The share of equal labels; `None` of nothing.
pub fn accuracy<T: PartialEq>(truth: &[T], guess: &[T]) -> Option<f64> {
    let right = truth.iter().zip(guess).filter(|(truth, guess)| truth == guess).count();
    (!truth.is_empty()).then(|| right as f64 / truth.len() as f64)
}

/// Twice the true positives, over those and all errors; `None` where the label is neither true nor guessed anywhere.
pub fn binary_f1(pairs: impl IntoIterator<Item = (bool, bool)>) -> Option<f64> {
    let (mut hit, mut errors) = (0u32, 0u32);
    for (truth, guess) in pairs {
        hit += u32::from(truth && guess);
        errors += u32::from(truth != guess);
    }
    let all = 2 * hit + errors;
    (all > 0).then(|| f64::from(2 * hit) / f64::from(all))
}

/// The mean of the F1 of each of `classes` labels, numbered from 0. A class that is neither true nor guessed is left out.
/// `None` of nothing.
pub fn macro_f1(truth: &[usize], guess: &[usize], classes: usize) -> Option<f64> {
    let of = |class: usize| {
        binary_f1(truth.iter().zip(guess).map(|(truth, guess)| (*truth == class, *guess == class)))
    };
    super::mean((0..classes).filter_map(of))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f1_by_hand() {
        // Class 0: 1 hit, 1 error; class 1: 1 hit, 2 errors; class 2: 0 hits, 1 error.
        let value = macro_f1(&[0, 0, 1, 2], &[0, 1, 1, 1], 3).unwrap();
        assert!((value - (2.0 / 3.0 + 2.0 / 4.0 + 0.0) / 3.0).abs() < 1e-12);
        // A class that does not occur is no zero.
        assert_eq!(macro_f1(&[0, 0], &[0, 0], 4), Some(1.0));
        assert_eq!(macro_f1(&[], &[], 2), None);
        assert_eq!(binary_f1([(false, false)]), None);
        assert_eq!(accuracy(&[1, 2], &[1, 3]), Some(0.5));
    }
}
