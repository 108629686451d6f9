//! What the words of a language add to the sums of the model, kept from when they first occur. Talk is made of few words: all
//! that a frequent one stands for (itself and its pieces, some twenty features) is looked up at once.
//!
//! What is kept is a function of the word and the weights alone, so it changes no result, only the time until it is there. The
//! table does not grow and forgets nothing: words that find no room are computed each time.

use std::sync::OnceLock;

use pe_model::Emotion;

/// Words that are kept, at most.
const SLOTS: usize = 1 << 14;
/// Places in which a word may stand.
const PLACES: usize = 4;

/// What one word adds.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) key: u128,
    /// The hash by which pairs name it.
    pub(super) hash: u64,
    /// The sum of the rows of its features. A key has sixteen bytes at most, so there are less than 64 of them.
    pub(super) sums: [i16; Emotion::COUNT],
    /// How many of its features the model knows.
    pub(super) known: u16,
}

/// The words.
#[derive(Debug)]
pub(super) struct Memo(Box<[OnceLock<Word>]>);

impl Memo {
    pub(super) fn new() -> Self {
        Self((0..SLOTS).map(|_| OnceLock::new()).collect())
    }

    /// The word of that key, computed if it is not known yet; `None` if there is no room for it.
    pub(super) fn get(&self, key: u128, compute: impl FnOnce() -> Word) -> Option<&Word> {
        let first = place(key);
        for at in first..first + PLACES {
            let slot = &self.0[at % SLOTS];
            match slot.get() {
                Some(word) if word.key == key => return Some(word),
                Some(_) => {}
                // Another thread may be faster and put another word there.
                None => return Some(slot.get_or_init(compute)).filter(|word| word.key == key),
            }
        }
        None
    }
}

/// Where a word stands first.
fn place(key: u128) -> usize {
    let mixed = (key as u64 ^ (key >> 64) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 32) as usize % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(key: u128) -> Word {
        Word { key, hash: key as u64, sums: [1; Emotion::COUNT], known: 1 }
    }

    #[test]
    fn a_word_is_computed_once_and_a_full_table_keeps_what_it_has() {
        let memo = Memo::new();
        let kept: Vec<u128> = (1..100_000).filter(|key| memo.get(*key, || word(*key)).is_some()).collect();
        assert!(kept.len() > SLOTS / 2 && kept.len() <= SLOTS, "{}", kept.len());
        for key in kept {
            let found = memo.get(key, || panic!("{key} was known")).map(|word| word.key);
            assert_eq!(found, Some(key));
        }
    }
}
