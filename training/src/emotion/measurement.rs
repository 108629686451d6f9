//! What the finished weights do on comments they never saw, as a user gets it.

use std::fmt::Write as _;

use pe_language::emotion::{EmotionModel, Features};
use pe_model::{Ekman, Emotion};

use super::corpus::{Comment, Labels};
use super::figures::{Counts, PerLabel, calibration_error, count, macro_f1, two_fold};
use super::random::Random;
use super::rules::{self, BestWords};

const GROUPS: [Ekman; 7] =
    [Ekman::Anger, Ekman::Disgust, Ekman::Fear, Ekman::Joy, Ekman::Sadness, Ekman::Surprise, Ekman::Neutral];

/// Samples of the bootstrap.
const RESAMPLES: usize = 400;

/// What a model makes of comments.
#[derive(Debug)]
pub(crate) struct Measurement {
    probabilities: Vec<PerLabel>,
    /// The labels that [`EmotionModel::select`] gives.
    given: Vec<Labels>,
    is: Vec<Labels>,
}

impl Measurement {
    pub(crate) fn take(model: &EmotionModel, comments: &[Comment]) -> Self {
        let mut features = Features::default();
        let probabilities: Vec<PerLabel> =
            comments.iter().map(|comment| model.read(&comment.text, &mut features)).collect();
        let given = probabilities
            .iter()
            .map(|probabilities| {
                let selected = model.select(probabilities);
                Emotion::ALL.map(|emotion| selected.contains(&emotion))
            })
            .collect();
        Self { probabilities, given, is: comments.iter().map(|comment| comment.labels).collect() }
    }

    pub(crate) fn counts(&self) -> [Counts; Emotion::COUNT] {
        count(self.given.iter().zip(&self.is))
    }

    pub(crate) fn macro_f1(&self) -> f64 {
        macro_f1(&self.counts())
    }

    /// Between which figures 90 % of the macro-F1 lie when the comments are drawn again with replacement (percentile bootstrap,
    /// Efron 1979).
    pub(crate) fn interval(&self, seed: u64) -> (f64, f64) {
        let mut random = Random(seed);
        let rows = self.is.len();
        let mut figures: Vec<f64> = (0..RESAMPLES)
            .map(|_| {
                let drawn = (0..rows).map(|_| random.below(rows));
                macro_f1(&count(drawn.map(|row| (&self.given[row], &self.is[row]))))
            })
            .collect();
        figures.sort_unstable_by(f64::total_cmp);
        (figures[RESAMPLES / 20], figures[RESAMPLES - 1 - RESAMPLES / 20])
    }

    fn rows(&self, label: usize) -> Vec<(f32, bool)> {
        self.probabilities
            .iter()
            .zip(&self.is)
            .map(|(probabilities, is)| (probabilities[label], is[label]))
            .collect()
    }

    /// With thresholds from the other half of the same comments.
    pub(crate) fn two_fold(&self) -> f64 {
        let counts: Vec<Counts> = (0..Emotion::COUNT).map(|label| two_fold(&self.rows(label))).collect();
        macro_f1(&counts)
    }

    /// The largest and the mean calibration error of a label.
    pub(crate) fn calibration_errors(&self) -> (f64, f64) {
        let errors: Vec<f64> =
            (0..Emotion::COUNT).map(|label| calibration_error(&self.rows(label))).collect();
        (errors.iter().copied().fold(0.0, f64::max), errors.iter().sum::<f64>() / errors.len() as f64)
    }

    /// Macro-F1 over Ekman's six groups and neutral; a group is given where one of its labels is.
    pub(crate) fn ekman(&self) -> f64 {
        let grouped = |labels: &Labels, group: Ekman| {
            Emotion::ALL.into_iter().any(|emotion| emotion.ekman() == group && labels[emotion as usize])
        };
        let counts = GROUPS.map(|group| {
            let mut counts = Counts::default();
            for (given, is) in self.given.iter().zip(&self.is) {
                counts.add(grouped(given, group), grouped(is, group));
            }
            counts
        });
        macro_f1(&counts)
    }
}

/// A row for each label: comments with it, threshold, precision, recall, F1, and the best word's F1 beside it.
pub(crate) fn table(
    model: &EmotionModel,
    found: &Measurement,
    words: &BestWords,
    comments: &[Comment],
) -> String {
    let mut text = String::from(
        "| label | comments | threshold | precision | recall | F1 | best word alone | its F1 |\n|---|---|---|---|---|---|---|---|\n",
    );
    let (counts, alone) = (found.counts(), words.measure(comments));
    for emotion in Emotion::ALL {
        let (count, alone) = (counts[emotion as usize], alone[emotion as usize]);
        let _ = writeln!(
            text,
            "| {} | {} | {:.3} | {:.3} | {:.3} | {:.3} | {} | {:.3} |",
            emotion.name(),
            count.right + count.missed,
            model.labels()[emotion as usize].threshold,
            count.precision(),
            count.recall(),
            count.f1(),
            words.word(emotion),
            alone.f1(),
        );
    }
    text
}

/// The rules that need no model, by name.
pub(crate) fn trivial(words: &BestWords, comments: &[Comment]) -> [(&'static str, f64); 3] {
    [
        ("neutral always", macro_f1(&rules::always_neutral(comments))),
        ("every label always", macro_f1(&rules::everything(comments))),
        ("best single word per label", macro_f1(&words.measure(comments))),
    ]
}
