//! Patterns over words: the small language in which rules are written (`rules/README.md` explains it with examples).
//!
//! A pattern is parsed ([`syntax`]), compiled to a few instructions ([`program`]) and entered in an index under every word it
//! may begin with, so that at a word of a text only the patterns are tried that can begin there.

mod program;
mod syntax;

use crate::lexicons::Lexicons;
use crate::vocabulary::{Vocabulary, WordId};
use crate::words::Token;
use program::Program;

/// The number of a pattern, in the order of addition.
pub(crate) type PatternId = u32;

/// Compiled patterns that are searched together.
#[derive(Debug, Default)]
pub(crate) struct Patterns {
    program: Program,
    starts: Vec<u32>,
    /// For each word, the patterns that may begin with it: `begins[offsets[word]..offsets[word + 1]]`.
    offsets: Vec<u32>,
    begins: Vec<PatternId>,
    /// While patterns are added: (word, pattern).
    pending: Vec<(WordId, PatternId)>,
}

impl Patterns {
    /// Compiles a pattern; the error says what is wrong with it.
    pub(crate) fn add(
        &mut self,
        pattern: &str,
        lexicons: &Lexicons,
        vocabulary: &mut Vocabulary,
    ) -> Result<PatternId, String> {
        let node = syntax::parse(pattern, lexicons, vocabulary)?;
        let start = self.program.compile(&node);
        let words = self
            .program
            .first_words(start)
            .ok_or("begins with a gap or matches nothing; begin with a word")?;
        let id = self.starts.len() as PatternId;
        self.starts.push(start);
        self.pending.extend(words.into_iter().map(|word| (word, id)));
        Ok(id)
    }

    /// Builds the index; to be called once, after the last [`Patterns::add`].
    pub(crate) fn finish(&mut self, vocabulary: &Vocabulary) {
        self.pending.sort_unstable();
        self.pending.dedup();
        self.begins = self.pending.iter().map(|(_, pattern)| *pattern).collect();
        self.offsets = (0..=vocabulary.len() as WordId)
            .map(|word| self.pending.partition_point(|(other, _)| *other < word) as u32)
            .collect();
        self.pending = Vec::new();
    }

    /// Calls `found` with every pattern that matches at `at` and one past its last token.
    pub(crate) fn search(&self, sentence: &[Token], at: usize, mut found: impl FnMut(PatternId, usize)) {
        for &pattern in self.beginning_with(sentence[at].word) {
            if let Some(end) = self.matches_at(pattern, sentence, at) {
                found(pattern, end);
            }
        }
    }

    fn beginning_with(&self, word: WordId) -> &[PatternId] {
        match self.offsets.get(word as usize..word as usize + 2) {
            Some([from, to]) => &self.begins[*from as usize..*to as usize],
            _ => &[],
        }
    }

    /// One past the last token, if the pattern matches at `at`.
    pub(crate) fn matches_at(&self, pattern: PatternId, sentence: &[Token], at: usize) -> Option<usize> {
        self.program.run(self.starts[pattern as usize], sentence, at)
    }

    /// Whether the pattern matches anywhere in the sentence.
    pub(crate) fn occurs(&self, pattern: PatternId, sentence: &[Token]) -> bool {
        (0..sentence.len()).any(|at| self.matches_at(pattern, sentence, at).is_some())
    }
}
