//! The linear model and how it is fitted: squares of errors, one comment at a time, with a step for each weight that shrinks
//! as the weight is moved (`AdaGrad`, Duchi et al. 2011).
//!
//! Squares rather than the logarithm of the likelihood, because people who label leave out more than they add: a comment that
//! reads as joy and is not labelled so costs little here and much there. On dev that alone was worth .05 of macro-F1.

use std::collections::HashMap;

use pe_language::emotion::Features;
use pe_model::Emotion;

use super::corpus::{Comment, Labels};
use super::figures::PerLabel;
use super::random::Random;

/// A feature that fewer training comments have is not looked at. From 2 to 20, the figures on dev hardly move.
const FEWEST: u32 = 10;
/// How often each comment is seen.
const EPOCHS: u32 = 4;
/// Of the first step; later ones are shorter.
const RATE: f32 = 0.02;
/// Sum of squares before the first step, so that it is not infinite.
const FIRST_SQUARE: f32 = 1e-3;

/// The rows of features.
pub(crate) type Vocabulary = HashMap<u64, u32>;

/// A comment as the model sees it.
#[derive(Debug)]
pub(crate) struct Example {
    rows: Vec<u32>,
    /// One over the root of the number of rows.
    norm: f32,
    pub(crate) labels: Labels,
}

/// The features that enough comments have, numbered in the order of their hashes.
pub(crate) fn vocabulary(comments: &[Comment]) -> Vocabulary {
    let mut comments_with: HashMap<u64, u32> = HashMap::new();
    let mut features = Features::default();
    let mut found = Vec::new();
    for comment in comments {
        found.clear();
        features.scan(&comment.text, |feature| found.push(feature));
        found.sort_unstable();
        found.dedup();
        for feature in &found {
            *comments_with.entry(*feature).or_default() += 1;
        }
    }
    let mut kept: Vec<u64> =
        comments_with.into_iter().filter(|(_, count)| *count >= FEWEST).map(|(feature, _)| feature).collect();
    kept.sort_unstable();
    kept.into_iter().zip(0..).collect()
}

/// Looks the features of each comment up.
pub(crate) fn examples(comments: &[Comment], vocabulary: &Vocabulary) -> Vec<Example> {
    let mut features = Features::default();
    let example = |comment: &Comment| {
        let mut rows = Vec::new();
        features.scan(&comment.text, |feature| rows.extend(vocabulary.get(&feature)));
        let norm = 1.0 / (rows.len().max(1) as f32).sqrt();
        Example { rows, norm, labels: comment.labels }
    };
    comments.iter().map(example).collect()
}

/// One row of weights for each feature.
#[derive(Debug)]
pub(crate) struct Linear {
    pub(crate) rows: Vec<PerLabel>,
    pub(crate) bias: PerLabel,
}

impl Linear {
    /// About 1 where a label was chosen, about 0 where it was not.
    pub(crate) fn read(&self, example: &Example) -> PerLabel {
        let mut sums = [0.0; Emotion::COUNT];
        for row in &example.rows {
            add(&mut sums, &self.rows[*row as usize]);
        }
        std::array::from_fn(|label| sums[label] * example.norm + self.bias[label])
    }
}

fn add(sums: &mut PerLabel, row: &PerLabel) {
    for (sum, weight) in sums.iter_mut().zip(row) {
        *sum += weight;
    }
}

/// Fits a model with `rows` rows.
pub(crate) fn fit(examples: &[&Example], rows: usize, seed: u64) -> Linear {
    let mut model = Linear { rows: vec![[0.0; Emotion::COUNT]; rows], bias: [0.0; Emotion::COUNT] };
    let mut squares = vec![[FIRST_SQUARE; Emotion::COUNT]; rows];
    let mut bias_squares = [FIRST_SQUARE; Emotion::COUNT];
    let mut order: Vec<&Example> = examples.to_vec();
    let mut random = Random(seed);
    for epoch in 0..EPOCHS {
        random.shuffle(&mut order);
        let rate = RATE * (1.0 - epoch as f32 / EPOCHS as f32);
        for example in &order {
            let read = model.read(example);
            let error: PerLabel =
                std::array::from_fn(|label| read[label] - f32::from(u8::from(example.labels[label])));
            step(&mut model.bias, &mut bias_squares, &error, rate);
            let error = error.map(|error| error * example.norm);
            for row in &example.rows {
                step(&mut model.rows[*row as usize], &mut squares[*row as usize], &error, rate);
            }
        }
    }
    model
}

fn step(weights: &mut PerLabel, squares: &mut PerLabel, slope: &PerLabel, rate: f32) {
    for ((weight, square), slope) in weights.iter_mut().zip(squares).zip(slope) {
        *square += slope * slope;
        *weight -= rate * slope / square.sqrt();
    }
}
