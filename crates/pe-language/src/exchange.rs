//! An exchange: what the client said, and what the helper replied. The readers judge one at a time, in order, so that a
//! conversation of any length is read in linear time.

use std::ops::Range;

use pe_model::{SignalKind, Span};

use crate::feelings::Feeling;
use crate::rules::{Match, RuleId};
use crate::scene::Scene;
use crate::stems::Stem;

/// One side of an exchange: a volley, and what was found in it.
#[derive(Debug, Default)]
pub(crate) struct Side {
    /// The number of the volley.
    pub(crate) volley: usize,
    /// Its sentences.
    pub(crate) sentences: Range<usize>,
    /// Words in it.
    pub(crate) words: u32,
    /// Rules that hold, sentence by sentence.
    pub(crate) found: Vec<(usize, Match)>,
    /// Its content words.
    pub(crate) links: Links,
    /// Feelings that its speaker states (client) or names in the other (helper).
    pub(crate) feelings: Vec<Felt>,
    /// For each sentence the kinds that were found in it so far.
    pub(crate) labels: Vec<Labels>,
}

impl Side {
    /// The matches in a sentence.
    pub(crate) fn found_in(&self, sentence: usize) -> &[(usize, Match)] {
        let from = self.found.partition_point(|(at, _)| *at < sentence);
        let to = self.found.partition_point(|(at, _)| *at <= sentence);
        &self.found[from..to]
    }

    /// Whether a rule holds in a sentence.
    pub(crate) fn holds(&self, rule: RuleId, sentence: usize) -> bool {
        self.found_in(sentence).iter().any(|(_, found)| found.rule == rule)
    }

    /// Whether a rule holds anywhere in the volley.
    pub(crate) fn holds_anywhere(&self, rule: RuleId) -> bool {
        self.found.iter().any(|(_, found)| found.rule == rule)
    }

    /// The feelings in a sentence.
    pub(crate) fn feelings_in(&self, sentence: usize) -> &[Felt] {
        let from = self.feelings.partition_point(|felt| felt.sentence < sentence);
        let to = self.feelings.partition_point(|felt| felt.sentence <= sentence);
        &self.feelings[from..to]
    }

    /// The kinds found in a sentence so far.
    pub(crate) fn labels_of(&self, sentence: usize) -> Labels {
        self.labels.get(sentence - self.sentences.start).copied().unwrap_or_default()
    }

    /// Adds a kind to a sentence.
    pub(crate) fn label(&mut self, sentence: usize, kind: SignalKind) {
        if let Some(labels) = self.labels.get_mut(sentence - self.sentences.start) {
            labels.add(kind);
        }
    }

    /// The kinds found in any of its sentences.
    pub(crate) fn all_labels(&self) -> Labels {
        Labels(self.labels.iter().fold(0, |all, labels| all | labels.0))
    }
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Labels(u64);

impl Labels {
    /// Of these kinds.
    pub(crate) fn of(kinds: &[SignalKind]) -> Self {
        let mut labels = Self::default();
        for kind in kinds {
            labels.add(*kind);
        }
        labels
    }

    pub(crate) fn add(&mut self, kind: SignalKind) {
        self.0 |= 1 << (kind as u8);
    }

    /// Whether both have a kind in common.
    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// The content words of a volley, by stem.
#[derive(Debug, Default)]
pub(crate) struct Links(Vec<(Stem, u32)>);

impl Links {
    /// Of the sentences.
    pub(crate) fn of(scene: &Scene, sentences: Range<usize>) -> Self {
        let (Some(first), Some(last)) = (sentences.clone().next(), sentences.last()) else {
            return Self::default();
        };
        let tokens = scene.sentences[first].tokens.start..scene.sentences[last].tokens.end;
        let mut stems: Vec<(Stem, u32)> =
            tokens.map(|at| (scene.tokens[at as usize].stem, at)).filter(|(stem, _)| *stem != 0).collect();
        stems.sort_unstable();
        stems.dedup_by_key(|(stem, _)| *stem);
        Self(stems)
    }

    /// The first token with that stem.
    pub(crate) fn get(&self, stem: Stem) -> Option<u32> {
        let at = self.0.binary_search_by_key(&stem, |(other, _)| *other).ok()?;
        Some(self.0[at].1)
    }

    /// Each stem with its first token, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Stem, u32)> + '_ {
        self.0.iter().copied()
    }

    /// How many different stems.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether both share a stem.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        self.0.iter().any(|(stem, _)| other.get(*stem).is_some())
    }
}

/// A feeling in a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Felt {
    /// The sentence.
    pub(crate) sentence: usize,
    /// Position of its word in the sentence.
    pub(crate) at: usize,
    /// Which one.
    pub(crate) feeling: Feeling,
    /// "i'm not angry".
    pub(crate) denied: bool,
    /// The word, with what strengthens it.
    pub(crate) span: Span,
}
