//! Texts with words changed and nothing else: how far scores move when what is said stays the same.

use pe_model::{Axis, Conversation};
use rayon::prelude::*;

use crate::judge::{Judge, Scores};

/// A changed conversation: the scores after, less the scores before.
pub(super) type Shift = Scores;

/// The shifts of the conversations that `change` changes; one that is scored on one side only has none.
pub(super) fn shifts<'c>(
    judge: &Judge,
    conversations: impl ParallelIterator<Item = &'c Conversation>,
    change: impl Fn(&Conversation) -> Option<Conversation> + Sync + Send,
) -> Vec<Shift> {
    let mut shifts: Vec<(String, Shift)> = conversations
        .filter_map(|one| {
            let changed = change(one)?;
            let (before, after) = (judge.scores(one)?, judge.scores(&changed)?);
            let mut shift = after;
            for (after, before) in shift.iter_mut().zip(before) {
                *after -= before;
            }
            Some((one.text_digest().to_string(), shift))
        })
        .collect();
    // The order of the draws must not hang on the order of the threads.
    shifts.sort_by(|a, b| a.0.cmp(&b.0));
    shifts.into_iter().map(|(_, shift)| shift).collect()
}

/// The score that moves most by some measure of its shifts.
pub(super) fn most_moved(shifts: &[Shift], measure: impl Fn(&[f64]) -> f64) -> (Axis, Vec<f64>) {
    let column = |at: usize| -> Vec<f64> { shifts.iter().map(|shift| shift[at]).collect() };
    let columns = Axis::ALL.into_iter().enumerate().map(|(at, axis)| (axis, column(at)));
    columns
        .max_by(|a, b| measure(&a.1).total_cmp(&measure(&b.1)))
        .unwrap_or((Axis::OverallQuality, Vec::new()))
}

/// The conversation with each text rewritten; `None` where none changes.
pub(super) fn rewritten(
    conversation: &Conversation,
    rewrite: impl Fn(pe_model::Role, &str) -> String,
) -> Option<Conversation> {
    let mut changed = conversation.clone();
    for message in &mut changed.messages {
        message.content = rewrite(message.role, &message.content);
    }
    (changed.messages != conversation.messages).then_some(changed)
}

/// `text` with words replaced: `other` gets each word as it stands and the text after it. What replaces a capitalised word is
/// capitalised.
pub(super) fn replace_words(text: &str, other: impl Fn(&str, &str) -> Option<String>) -> String {
    let mut changed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(char::is_alphanumeric) {
        let (gap, tail) = rest.split_at(start);
        changed.push_str(gap);
        let end = tail.find(|c: char| !c.is_alphanumeric()).unwrap_or(tail.len());
        let (word, after) = tail.split_at(end);
        match other(word, after) {
            Some(other) if word.starts_with(char::is_uppercase) => changed.push_str(&capitalised(&other)),
            Some(other) => changed.push_str(&other),
            None => changed.push_str(word),
        }
        rest = after;
    }
    changed.push_str(rest);
    changed
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_replaced_and_the_rest_stays() {
        let swap = |word: &str, _: &str| (word.to_lowercase() == "he").then(|| "she".to_owned());
        assert_eq!(replace_words("He said: \"he'll\" — the  end.", swap), "She said: \"she'll\" — the  end.");
        assert_eq!(replace_words("", swap), "");
    }
}
