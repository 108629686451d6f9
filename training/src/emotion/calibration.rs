//! Turns what the linear model gives into probabilities (Platt 1999), with the threshold of each label.
//!
//! Both are fitted on readings of training comments by models that had not seen them (five folds). Dev is left for reporting:
//! it holds 13 comments of grief, the training set 77, so this is also the steadier choice.

use pe_model::Emotion;

use super::figures::{PerLabel, best_threshold};
use super::least_squares::{Example, Linear, fit};

/// Parts of the training set, each read by a model of the others.
const FOLDS: usize = 5;
/// Newton steps; it settles in about ten.
const STEPS: usize = 50;

/// Of one label: `probability = logistic(slope * read + shift)`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Calibration {
    pub(crate) slope: f32,
    pub(crate) shift: f32,
    pub(crate) threshold: f32,
}

impl Calibration {
    pub(crate) fn probability(self, read: f32) -> f32 {
        1.0 / (1.0 + (-(self.slope * read + self.shift)).exp())
    }
}

/// What a model that never saw it makes of each example.
pub(crate) fn unseen(examples: &[Example], rows: usize, seed: u64) -> Vec<PerLabel> {
    let mut readings = vec![[0.0; Emotion::COUNT]; examples.len()];
    for fold in 0..FOLDS {
        let others: Vec<&Example> = examples
            .iter()
            .enumerate()
            .filter(|(at, _)| at % FOLDS != fold)
            .map(|(_, example)| example)
            .collect();
        let model: Linear = fit(&others, rows, seed);
        for at in (fold..examples.len()).step_by(FOLDS) {
            readings[at] = model.read(&examples[at]);
        }
    }
    readings
}

/// The calibration of one label from its readings.
pub(crate) fn calibrate(readings: &[(f32, bool)]) -> Calibration {
    let (slope, shift) = platt(readings);
    let mut calibration = Calibration { slope, shift, threshold: 0.5 };
    let rows: Vec<(f32, bool)> =
        readings.iter().map(|(read, is)| (calibration.probability(*read), *is)).collect();
    calibration.threshold = best_threshold(&rows).clamp(0.001, 0.999);
    calibration
}

/// Slope and shift with the highest likelihood, by Newton's method, with Platt's targets just inside 0 and 1.
fn platt(readings: &[(f32, bool)]) -> (f32, f32) {
    let chosen = readings.iter().filter(|row| row.1).count() as f64;
    let high = (chosen + 1.0) / (chosen + 2.0);
    let low = 1.0 / (readings.len() as f64 - chosen + 2.0);
    let (mut slope, mut shift) = (1.0_f64, (high * chosen / readings.len().max(1) as f64).max(low).ln());
    for _ in 0..STEPS {
        let (mut first, mut second) = ([0.0; 2], [1e-9, 0.0, 1e-9]);
        for (read, is) in readings {
            let read = f64::from(*read);
            let probability = 1.0 / (1.0 + (-(slope * read + shift)).exp());
            let error = probability - if *is { high } else { low };
            let curve = probability * (1.0 - probability);
            first = [first[0] + error * read, first[1] + error];
            second = [second[0] + curve * read * read, second[1] + curve * read, second[2] + curve];
        }
        let determinant = second[0] * second[2] - second[1] * second[1];
        let steps = [
            (second[2] * first[0] - second[1] * first[1]) / determinant,
            (second[0] * first[1] - second[1] * first[0]) / determinant,
        ];
        // A step is bounded, for Newton's method overshoots far from the best place.
        slope -= steps[0].clamp(-5.0, 5.0);
        shift -= steps[1].clamp(-2.0, 2.0);
    }
    (slope as f32, shift as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_curve_that_made_the_labels() {
        // The share of chosen ones at each reading is that of slope 6 and shift -3.
        let mut rows = Vec::new();
        for tenth in 0..=10 {
            let read = tenth as f32 / 10.0;
            let share = 1.0 / (1.0 + (3.0 - 6.0 * read).exp());
            rows.extend((0..1000).map(|at| (read, at < (share * 1000.0) as usize)));
        }
        let found = calibrate(&rows);
        assert!((found.slope - 6.0).abs() < 0.1 && (found.shift + 3.0).abs() < 0.1, "{found:?}");
        assert!(found.threshold > 0.2 && found.threshold < 0.5, "{found:?}");
    }
}
