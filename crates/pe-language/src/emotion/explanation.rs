//! Which words carried an emotion: each word is taken out in turn, and what the probability loses is the word's share.

use std::ops::Range;

use pe_model::Emotion;

use super::windows::windows;
use super::{EmotionModel, Features};

/// Words that are named at most.
const NAMED: usize = 8;

/// A word and what it did for an emotion.
#[derive(Clone, Debug, PartialEq)]
pub struct Share {
    /// The bytes of the text that the word takes.
    pub range: Range<usize>,
    /// What the probability of the window loses without it; negative for a word that spoke against the emotion.
    pub delta: f32,
}

impl EmotionModel {
    /// The words that moved the probability of `emotion` most, up or down, largest first and eight at most. Of a long text
    /// only the window that decided the probability is looked at, so the work beyond one reading is bounded.
    pub fn explain(&self, text: &str, emotion: Emotion, features: &mut Features) -> Vec<Share> {
        let Some((offset, window)) = self.deciding(text, emotion, features) else { return Vec::new() };
        let whole = self.window(window, features)[emotion as usize];
        let mut without = String::with_capacity(window.len());
        let mut shares: Vec<Share> = words(window)
            .map(|word| {
                without.clear();
                without.push_str(&window[..word.start]);
                without.push_str(&window[word.end..]);
                let delta = whole - self.window(&without, features)[emotion as usize];
                Share { range: offset + word.start..offset + word.end, delta }
            })
            .collect();
        shares.sort_by(|a, b| b.delta.abs().total_cmp(&a.delta.abs()));
        shares.truncate(NAMED);
        shares
    }

    /// The window that gave the text its probability, and where it begins.
    fn deciding<'a>(
        &self,
        text: &'a str,
        emotion: Emotion,
        features: &mut Features,
    ) -> Option<(usize, &'a str)> {
        let sign = if emotion == Emotion::Neutral { -1.0 } else { 1.0 };
        let mut best: Option<(f32, usize, &str)> = None;
        let mut offset = 0;
        for window in windows(text) {
            let found = sign * self.window(window, features)[emotion as usize];
            if !window.trim_ascii().is_empty() && best.is_none_or(|(most, ..)| found > most) {
                best = Some((found, offset, window));
            }
            offset += window.len();
        }
        best.map(|(_, offset, window)| (offset, window))
    }
}

/// Where the words of a text are: what stands between white space.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.split_whitespace().map(|word| {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        start..start + word.len()
    })
}
