//! Sentences and clauses. Speech often comes without end marks, so a long run is cut where a new subject sets in ("... and then
//! he just left"); a clause starts after a comma or such a word.

use std::ops::Range;

use crate::lexicons::WordSet;
use crate::words::{Sink, Token};

/// How a sentence ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Without a mark.
    None,
    /// "."
    Stop,
    /// "!"
    Exclamation,
    /// "?", also among others.
    Question,
}

impl Mark {
    /// Of a run of marks.
    pub(crate) fn of(run: &str) -> Self {
        if run.contains('?') {
            Self::Question
        } else if run.contains('!') {
            Self::Exclamation
        } else {
            Self::Stop
        }
    }
}

/// A sentence: its tokens in the scene, its bytes in the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence {
    /// Position of its message in the conversation.
    pub(crate) message: u32,
    /// Its tokens.
    pub(crate) tokens: Range<u32>,
    /// First byte.
    pub(crate) start: u32,
    /// One past the last byte, its mark included.
    pub(crate) end: u32,
    /// How it ends.
    pub(crate) mark: Mark,
}

/// The word classes that tell where a clause starts.
#[derive(Clone, Debug)]
pub(crate) struct Boundaries {
    /// "and", "but", "because".
    pub(crate) conjunctions: WordSet,
    /// "i", "you", "what".
    pub(crate) subjects: WordSet,
    /// "well", "so", "yeah": what may stand before the body of a sentence.
    pub(crate) openers: WordSet,
}

/// A sentence that is longer is cut where a new subject sets in.
const LONG: usize = 28;
/// No piece is shorter than this.
const PIECE: usize = 8;
/// No sentence is longer than this many tokens, whatever it says: it bounds the work of one search.
const LONGEST: usize = 160;

/// Collects tokens and cuts them into sentences.
pub(crate) struct Collector<'a> {
    pub(crate) boundaries: &'a Boundaries,
    pub(crate) tokens: &'a mut Vec<Token>,
    pub(crate) sentences: &'a mut Vec<Sentence>,
    pub(crate) message: u32,
    /// The first token of the sentence that is being collected.
    pub(crate) first: usize,
}

impl Sink for Collector<'_> {
    fn token(&mut self, token: Token) {
        self.tokens.push(token);
    }

    fn sentence(&mut self, end: u32, mark: Mark) {
        let (mut first, last) = (self.first, self.tokens.len());
        self.first = last;
        while first < last {
            let cut = self.next_cut(first, last);
            let (end, mark) = if cut < last { (self.tokens[cut - 1].end, Mark::None) } else { (end, mark) };
            self.mark_clauses(first..cut);
            self.sentences.push(Sentence {
                message: self.message,
                tokens: first as u32..cut as u32,
                start: self.tokens[first].start,
                end,
                mark,
            });
            first = cut;
        }
    }
}

impl Collector<'_> {
    /// Where the sentence that starts at `first` ends, at `last` the latest.
    fn next_cut(&self, first: usize, last: usize) -> usize {
        if last - first <= LONG {
            return last;
        }
        let limit = last.min(first + LONGEST);
        (first + PIECE..limit.saturating_sub(2)).find(|at| self.starts_clause(*at)).unwrap_or(limit)
    }

    /// "and i ...", "but what ...", "and then you ...": a conjunction or two before a subject.
    fn starts_clause(&self, at: usize) -> bool {
        let conjunction = |at: usize| {
            self.tokens.get(at).is_some_and(|token| self.boundaries.conjunctions.contains(token.word))
        };
        let subject = |at: usize| {
            self.tokens.get(at).is_some_and(|token| self.boundaries.subjects.contains(token.word))
        };
        conjunction(at) && (subject(at + 1) || conjunction(at + 1) && subject(at + 2))
    }

    fn mark_clauses(&mut self, range: Range<usize>) {
        let (mut sentence, mut clause) = (true, true);
        for at in range.clone() {
            let breaks = at == range.start || self.tokens[at].has(Token::BREAK) || self.starts_clause(at);
            clause |= breaks;
            let token = &mut self.tokens[at];
            token.marks |= if breaks { Token::BREAK } else { 0 };
            token.marks |= if clause { Token::CLAUSE } else { 0 };
            token.marks |= if sentence { Token::SENTENCE } else { 0 };
            let opener = self.boundaries.openers.contains(token.word);
            clause &= opener;
            sentence &= opener;
        }
    }
}
