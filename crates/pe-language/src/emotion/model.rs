//! The model: texts to probabilities, probabilities to labels.

use std::borrow::Cow;

use pe_model::Emotion;

use super::features::Take;
use super::memo::{Memo, Word};
use super::weights::Weights;
use super::windows::windows;
use super::written::Written;
use super::{Damage, Features, Label};

/// The trained weights; `make train-emotion` writes them.
static BUILT_IN: &[u8] = include_bytes!("../../../../models/emotion/weights.bin");

/// Reads emotions. Make one and share it.
#[derive(Debug)]
pub struct EmotionModel {
    weights: Weights,
    memo: Memo,
}

impl EmotionModel {
    /// The model that is built into the program.
    pub fn built_in() -> Result<Self, Damage> {
        Self::from_file(BUILT_IN)
    }

    /// A model from the bytes of a weight file, which are checked first.
    pub fn from_file(file: impl Into<Cow<'static, [u8]>>) -> Result<Self, Damage> {
        Ok(Self { weights: Weights::parse(file.into())?, memo: Memo::new() })
    }

    /// The digest of the weights as 64 hexadecimal digits: changes whenever a probability may.
    pub fn version(&self) -> String {
        self.weights.digest.to_string()
    }

    /// Scale, bias and threshold of each label, in the order of [`Emotion::ALL`].
    pub fn labels(&self) -> &[Label; Emotion::COUNT] {
        &self.weights.labels
    }

    /// The probability of each label in the order of [`Emotion::ALL`], from 0 to 1. A long text is read in windows: an emotion
    /// is as probable as where it is most so, and the whole is as neutral as the least neutral window.
    pub fn read(&self, text: &str, features: &mut Features) -> [f32; Emotion::COUNT] {
        let mut parts = windows(text);
        let mut pooled = self.window(parts.next().unwrap_or_default(), features);
        for part in parts.filter(|part| !part.trim_ascii().is_empty()) {
            let found = self.window(part, features);
            for (emotion, (pooled, found)) in Emotion::ALL.into_iter().zip(pooled.iter_mut().zip(found)) {
                let takes = if emotion == Emotion::Neutral { found < *pooled } else { found > *pooled };
                if takes {
                    *pooled = found;
                }
            }
        }
        pooled
    }

    /// The labels whose probability reaches their threshold, most probable first. Where none does, the one that comes closest.
    pub fn select(&self, probabilities: &[f32; Emotion::COUNT]) -> Vec<Emotion> {
        let labels = &self.weights.labels;
        let nearness =
            |emotion: &Emotion| probabilities[*emotion as usize] / labels[*emotion as usize].threshold;
        let mut selected: Vec<Emotion> =
            Emotion::ALL.into_iter().filter(|emotion| nearness(emotion) >= 1.0).collect();
        selected.sort_by(|a, b| probabilities[*b as usize].total_cmp(&probabilities[*a as usize]));
        if selected.is_empty() {
            let nearest = Emotion::ALL.into_iter().max_by(|a, b| nearness(a).total_cmp(&nearness(b)));
            selected.extend(nearest);
        }
        selected
    }

    /// The probabilities of a text that is read as one window. The sum is divided by the root of the number of known
    /// features, as a text of twice the length holds more noise but not twice the emotion.
    pub(super) fn window(&self, text: &str, features: &mut Features) -> [f32; Emotion::COUNT] {
        let mut window = Window { model: self, sums: [0; Emotion::COUNT], known: 0 };
        features.walk(text, &mut window);
        let Window { sums, known, .. } = window;
        let root = f32::from(known.max(1)).sqrt();
        let mut found = [0.0; Emotion::COUNT];
        for (found, (label, sum)) in found.iter_mut().zip(self.weights.labels.iter().zip(sums)) {
            *found = label.scale * (sum as f32 / root) + label.bias;
        }
        logistic(found)
    }
}

/// A window while it is read.
struct Window<'m> {
    model: &'m EmotionModel,
    sums: [i32; Emotion::COUNT],
    /// Features that the model knows.
    known: u16,
}

impl Take for Window<'_> {
    fn feature(&mut self, feature: u64) {
        if let Some(row) = self.model.weights.row(feature) {
            self.known = self.known.saturating_add(1);
            add(&mut self.sums, row.iter().map(|weight| i32::from(weight.cast_signed())));
        }
    }

    fn token(&mut self, features: &mut Features, written: &Written<'_>) -> u64 {
        if written.key != 0
            && let Some(word) = self.model.memo.get(written.key, || self.model.word(features, written))
        {
            self.known = self.known.saturating_add(word.known);
            add(&mut self.sums, word.sums.iter().map(|sum| i32::from(*sum)));
            return word.hash;
        }
        features.token(written, |feature| self.feature(feature))
    }
}

impl EmotionModel {
    /// What a token adds by itself.
    fn word(&self, features: &mut Features, written: &Written<'_>) -> Word {
        let mut alone = Window { model: self, sums: [0; Emotion::COUNT], known: 0 };
        let hash = features.token(written, |feature| alone.feature(feature));
        Word { key: written.key, hash, sums: alone.sums.map(|sum| sum as i16), known: alone.known }
    }
}

/// Adds a row. No sum of a window comes near the bounds; the plain sum would be checked and slow.
fn add(sums: &mut [i32; Emotion::COUNT], row: impl Iterator<Item = i32>) {
    for (sum, weight) in sums.iter_mut().zip(row) {
        *sum = sum.wrapping_add(weight);
    }
}

/// `1 / (1 + e^-x)` of each. Not by the library's `exp`, whose last bit differs between platforms: `e^-x` is split into a power
/// of two and the Taylor series of what is left, in double precision. Step by step for all, so that a processor takes several
/// at once.
fn logistic<const N: usize>(all: [f32; N]) -> [f32; N] {
    let all = all.map(|x| -f64::from(x.clamp(-60.0, 60.0)));
    let power = all.map(|x| nearest(x / std::f64::consts::LN_2));
    let mut rest = [0.0; N];
    for at in 0..N {
        rest[at] = all[at] - power[at] * std::f64::consts::LN_2;
    }
    // |rest| <= ln(2) / 2: eight terms leave an error below 1e-8.
    let mut series = [1.0; N];
    for term in (1..=8).rev().map(f64::from) {
        for at in 0..N {
            series[at] = 1.0 + rest[at] / term * series[at];
        }
    }
    std::array::from_fn(|at| {
        let scale = f64::from_bits(((power[at] as i64 + 1023) as u64) << 52);
        (1.0 / (1.0 + series[at] * scale)) as f32
    })
}

/// The nearest whole number of a small one, halves away from zero: as `f64::round`, which is a call where the processor has no
/// instruction for it.
fn nearest(x: f64) -> f64 {
    let whole = f64::from(x as i32);
    let rest = x - whole;
    whole + f64::from(u8::from(rest >= 0.5)) - f64::from(u8::from(rest <= -0.5))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_is_as_the_library_has_it() {
        for step in -70_000..=70_000 {
            let x = f64::from(step) / 800.0;
            for x in [x, x.next_up(), x.next_down()] {
                assert_eq!(nearest(x).total_cmp(&(x.round() + 0.0)), std::cmp::Ordering::Equal, "{x}");
            }
        }
    }

    #[test]
    fn logistic_is_as_the_library_has_it() {
        for step in -700..=700 {
            let x = step as f32 / 10.0;
            let library = 1.0 / (1.0 + (-f64::from(x)).exp());
            assert!((f64::from(logistic([x])[0]) - library).abs() < 1e-7, "{x}");
        }
        assert!(logistic([f32::NAN])[0].is_nan());
    }
}
