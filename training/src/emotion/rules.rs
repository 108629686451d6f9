//! Rules that need no model. A figure counts only above them.

use std::collections::{HashMap, HashSet};

use pe_model::Emotion;

use super::corpus::{Comment, Labels};
use super::figures::{Counts, count};

/// Says neutral of everything, which is what most comments are.
pub(crate) fn always_neutral(comments: &[Comment]) -> [Counts; Emotion::COUNT] {
    let given = Emotion::ALL.map(|emotion| emotion == Emotion::Neutral);
    count(comments.iter().map(|comment| (&given, &comment.labels)))
}

/// Gives every label to everything.
pub(crate) fn everything(comments: &[Comment]) -> [Counts; Emotion::COUNT] {
    count(comments.iter().map(|comment| (&[true; Emotion::COUNT], &comment.labels)))
}

/// For each label the one word that is best at it in the training set.
#[derive(Debug)]
pub(crate) struct BestWords([String; Emotion::COUNT]);

impl BestWords {
    pub(crate) fn find(comments: &[Comment]) -> Self {
        let mut with: HashMap<String, (u32, [u32; Emotion::COUNT])> = HashMap::new();
        let mut of_label = [0; Emotion::COUNT];
        for comment in comments {
            for (total, is) in of_label.iter_mut().zip(comment.labels) {
                *total += u32::from(is);
            }
            for word in words(&comment.text) {
                let (all, labelled) = with.entry(word).or_default();
                *all += 1;
                for (count, is) in labelled.iter_mut().zip(comment.labels) {
                    *count += u32::from(is);
                }
            }
        }
        Self(std::array::from_fn(|label| {
            let f1 = |entry: &(u32, [u32; Emotion::COUNT])| {
                Counts {
                    right: entry.1[label],
                    wrong: entry.0 - entry.1[label],
                    missed: of_label[label] - entry.1[label],
                }
                .f1()
            };
            // Equally good words in the order of the alphabet, for the map has none.
            let best = with.iter().max_by(|a, b| f1(a.1).total_cmp(&f1(b.1)).then_with(|| b.0.cmp(a.0)));
            best.map(|(word, _)| word.clone()).unwrap_or_default()
        }))
    }

    pub(crate) fn word(&self, emotion: Emotion) -> &str {
        &self.0[emotion as usize]
    }

    pub(crate) fn measure(&self, comments: &[Comment]) -> [Counts; Emotion::COUNT] {
        let given: Vec<Labels> = comments
            .iter()
            .map(|comment| {
                let words = words(&comment.text);
                Emotion::ALL.map(|emotion| words.contains(self.word(emotion)))
            })
            .collect();
        count(given.iter().zip(comments.iter().map(|comment| &comment.labels)))
    }
}

fn words(text: &str) -> HashSet<String> {
    text.split(|character: char| !character.is_alphanumeric() && character != '\'')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}
