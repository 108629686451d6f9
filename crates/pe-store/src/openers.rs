//! How replies begin: the most frequent first three words, counted in bounded memory.

use std::collections::HashMap;

/// Different openers that are counted at once. A corpus with fewer is counted exactly.
const CAPACITY: usize = 50_000;

/// Words of an opener.
const WORDS: usize = 3;

/// An opener and how often it was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opener {
    /// Up to three words in lower case, without punctuation at their ends.
    pub words: String,
    /// How many messages begin with them.
    pub count: u64,
}

/// The most frequent openers of messages of the helper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Openers {
    /// Most frequent first, then by words.
    pub top: Vec<Opener>,
    /// Messages with at least one word.
    pub messages: u64,
    /// The most by which a count may be too low; 0 means that counts are exact.
    pub error: u64,
}

/// Counts openers. When there are more different ones than fit, every count is lowered by one and what reaches zero is dropped
/// (Misra and Gries 1982): each count is then too low by at most `error`, and no opener more frequent than that is missed.
#[derive(Default)]
pub(crate) struct OpenerCount {
    counts: HashMap<String, u64>,
    messages: u64,
    error: u64,
}

impl OpenerCount {
    pub(crate) fn add(&mut self, text: &str) {
        let Some(words) = opener(text) else { return };
        self.messages += 1;
        *self.counts.entry(words).or_default() += 1;
        if self.counts.len() > CAPACITY {
            self.error += 1;
            self.counts.retain(|_, count| {
                *count -= 1;
                *count > 0
            });
        }
    }

    pub(crate) fn top(self, most: usize) -> Openers {
        let mut top: Vec<_> = self.counts.into_iter().map(|(words, count)| Opener { words, count }).collect();
        top.sort_unstable_by(|a, b| b.count.cmp(&a.count).then_with(|| a.words.cmp(&b.words)));
        top.truncate(most);
        Openers { top, messages: self.messages, error: self.error }
    }
}

fn opener(text: &str) -> Option<String> {
    let words = text
        .split_whitespace()
        .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase())
        .filter(|word| !word.is_empty());
    let opener = words.take(WORDS).collect::<Vec<_>>().join(" ");
    (!opener.is_empty()).then_some(opener)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_words_without_punctuation() {
        assert_eq!(opener("  \"It sounds, like you... are").as_deref(), Some("it sounds like"));
        assert_eq!(opener("Don't").as_deref(), Some("don't"));
        assert_eq!(opener("... !"), None);
    }

    #[test]
    fn a_frequent_opener_survives_more_openers_than_fit() {
        let mut count = OpenerCount::default();
        for number in 0..CAPACITY * 3 {
            count.add(&format!("unique {number}"));
            if number % 10 == 0 {
                count.add("I hear you");
            }
        }
        let found = count.top(1);
        let seen = CAPACITY as u64 * 3 / 10;
        assert_eq!(found.top[0].words, "i hear you");
        assert!(found.error > 0 && found.top[0].count <= seen && found.top[0].count + found.error >= seen);
    }
}
