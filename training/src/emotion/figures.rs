//! How good labels are: F1 of each label, its mean over the labels (macro-F1), and thresholds that make it high.

use pe_model::Emotion;

use super::corpus::Labels;

/// One number for each label.
pub(crate) type PerLabel = [f32; Emotion::COUNT];

/// Counts of one label: right, wrongly given, missed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) right: u32,
    pub(crate) wrong: u32,
    pub(crate) missed: u32,
}

impl Counts {
    pub(crate) fn add(&mut self, given: bool, is: bool) {
        match (given, is) {
            (true, true) => self.right += 1,
            (true, false) => self.wrong += 1,
            (false, true) => self.missed += 1,
            (false, false) => {}
        }
    }

    /// Harmonic mean of precision and recall; 0 where nothing is right.
    pub(crate) fn f1(self) -> f64 {
        let all = 2 * self.right + self.wrong + self.missed;
        if all == 0 { 0.0 } else { f64::from(2 * self.right) / f64::from(all) }
    }

    pub(crate) fn precision(self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.wrong).max(1))
    }

    pub(crate) fn recall(self) -> f64 {
        f64::from(self.right) / f64::from((self.right + self.missed).max(1))
    }
}

/// The threshold with the best F1 of one label: halfway between the last probability that is in and the first that is out.
pub(crate) fn best_threshold(rows: &[(f32, bool)]) -> f32 {
    let mut sorted = rows.to_vec();
    sorted.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
    let positives = sorted.iter().filter(|row| row.1).count();
    let (mut best, mut threshold, mut right) = (-1.0, 1.0, 0);
    for (index, row) in sorted.iter().enumerate() {
        right += usize::from(row.1);
        let next = sorted.get(index + 1).map_or(0.0, |next| next.0);
        let f1 = 2.0 * right as f64 / (index + 1 + positives) as f64;
        if next < row.0 && f1 > best {
            (best, threshold) = (f1, f32::midpoint(row.0, next));
        }
    }
    threshold
}

/// The counts of every label.
pub(crate) fn count<'a>(
    pairs: impl IntoIterator<Item = (&'a Labels, &'a Labels)>,
) -> [Counts; Emotion::COUNT] {
    let mut counts = [Counts::default(); Emotion::COUNT];
    for (given, is) in pairs {
        for (counts, (given, is)) in counts.iter_mut().zip(given.iter().zip(is)) {
            counts.add(*given, *is);
        }
    }
    counts
}

/// The mean of the labels' F1.
pub(crate) fn macro_f1(counts: &[Counts]) -> f64 {
    counts.iter().map(|counts| counts.f1()).sum::<f64>() / counts.len().max(1) as f64
}

/// F1 of one label where each half of the rows is judged by the threshold that is best on the other half.
pub(crate) fn two_fold(rows: &[(f32, bool)]) -> Counts {
    let mut counts = Counts::default();
    for half in 0..2 {
        let of = |wanted: usize| rows.iter().skip(wanted).step_by(2).copied();
        let threshold = best_threshold(&of(1 - half).collect::<Vec<_>>());
        of(half).for_each(|(probability, is)| counts.add(probability >= threshold, is));
    }
    counts
}

/// How far probabilities are from the shares that came true: the mean over ten bands of width 0.1, weighted by their rows
/// (expected calibration error, Naeini et al. 2015).
pub(crate) fn calibration_error(rows: &[(f32, bool)]) -> f64 {
    let mut bands = [(0.0_f64, 0.0_f64); 10];
    for (probability, is) in rows {
        let band = &mut bands[((probability * 10.0) as usize).min(9)];
        band.0 += f64::from(*probability);
        band.1 += f64::from(u8::from(*is));
    }
    bands.iter().map(|(said, was)| (said - was).abs()).sum::<f64>() / rows.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_threshold_parts_what_can_be_parted() {
        let rows = [(0.9, true), (0.8, true), (0.3, false), (0.1, false)];
        assert!((best_threshold(&rows) - 0.55).abs() < 1e-6);
        assert!((calibration_error(&rows) - (0.1 + 0.2 + 0.3 + 0.1) / 4.0).abs() < 1e-6);
    }

    #[test]
    fn f1_is_two_right_over_all() {
        let counts = Counts { right: 3, wrong: 1, missed: 2 };
        assert!((counts.f1() - 6.0 / 9.0).abs() < 1e-12);
        assert!(Counts::default().f1().abs() < 1e-12);
    }
}
