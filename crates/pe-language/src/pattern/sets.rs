//! Sets of words, by number, in tables that are asked by word: what is kept of the few words of a sentence stays at hand while
//! hundreds of patterns ask for their sets.

use rustc_hash::FxHashMap;

use crate::vocabulary::WordId;

/// The number of a set.
pub(super) type SetId = u32;

/// Sets that are asked for one by one: a bit for each word and set.
#[derive(Debug, Default)]
pub(super) struct Table {
    bits: Vec<u64>,
    /// Blocks of 64 sets.
    blocks: usize,
}

impl Table {
    /// Of these sets, in order of their numbers; `None` stands for all words. `words` is one more than the highest word.
    pub(super) fn of(sets: &[Option<Vec<WordId>>], words: usize) -> Self {
        let blocks = sets.len().div_ceil(64);
        let mut bits = vec![0; blocks * words];
        for (set, list) in sets.iter().enumerate() {
            let mut enter = |word: WordId| bits[word as usize * blocks + set / 64] |= 1 << (set % 64);
            match list {
                Some(list) => list.iter().for_each(|word| enter(*word)),
                None => (0..words as WordId).for_each(enter),
            }
        }
        Self { bits, blocks }
    }

    /// The sets that have the word, 64 to a block.
    pub(super) fn row(&self, word: WordId) -> &[u64] {
        let first = word as usize * self.blocks;
        self.bits.get(first..first + self.blocks).unwrap_or_default()
    }

    /// Whether a set has a word.
    pub(super) fn contains(&self, set: SetId, word: WordId) -> bool {
        let block = self.bits.get(word as usize * self.blocks + set as usize / 64);
        block.is_some_and(|block| block >> (set % 64) & 1 == 1)
    }
}

/// Sets of which only those are asked for that have a word: most words are in few.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Blocks of 64 sets, in order, each with its position; without those that have no set.
    blocks: Vec<(u32, u64)>,
    /// For each word where its blocks begin.
    offsets: Vec<u32>,
}

impl Index {
    /// Of these sets, in order of their numbers; `words` is one more than the highest word.
    pub(super) fn of(sets: &[Option<Vec<WordId>>], words: usize) -> Self {
        let table = Table::of(sets, words);
        let mut index = Self::default();
        for word in 0..words as WordId {
            index.offsets.push(index.blocks.len() as u32);
            let row = (0..).zip(table.row(word).iter().copied());
            index.blocks.extend(row.filter(|(_, bits)| *bits != 0));
        }
        index.offsets.push(index.blocks.len() as u32);
        index
    }

    /// The sets that have the word: blocks of 64 sets, each with its position.
    pub(super) fn row(&self, word: WordId) -> &[(u32, u64)] {
        match self.offsets.get(word as usize..word as usize + 2) {
            Some([from, to]) => &self.blocks[*from as usize..*to as usize],
            _ => &[],
        }
    }
}

/// Numbers sets; equal ones have one number.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    lists: Vec<Option<Vec<WordId>>>,
    known: FxHashMap<Vec<WordId>, SetId>,
}

impl Numbers {
    /// The number of the set of these words.
    pub(super) fn add(&mut self, mut words: Vec<WordId>) -> SetId {
        words.sort_unstable();
        words.dedup();
        let lists = &mut self.lists;
        *self.known.entry(words).or_insert_with_key(|words| {
            lists.push(Some(words.clone()));
            lists.len() as SetId - 1
        })
    }

    /// The words of a set, in order.
    pub(super) fn words(&self, set: SetId) -> &[WordId] {
        self.lists[set as usize].as_deref().unwrap_or_default()
    }

    /// All sets.
    pub(super) fn lists(&self) -> &[Option<Vec<WordId>>] {
        &self.lists
    }
}
