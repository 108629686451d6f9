//! Cuts a text into the pieces that are indexed: words, overlapping pairs of graphemes for scripts without spaces, emoji.
//! The same cuts are made in messages, in queries and in snippets, so that what is found can be marked.

use std::iter::Peekable;
use std::ops::Range;

use unicode_segmentation::{GraphemeIndices, UnicodeSegmentation};

use crate::script::Writing;

/// Bytes after which a word is cut, so that a pasted blob becomes many short terms rather than one endless one.
const LONGEST_WORD: usize = 96;

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A word or a number.
    Word,
    /// Two neighbouring graphemes of a script without spaces.
    Pair,
    /// The last grapheme of such a run, alone: with it, every grapheme starts some term, and one can be searched alone.
    Tail,
    /// A run of one grapheme.
    Single,
    /// An emoji.
    Emoji,
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its bytes in the text.
    pub(crate) range: Range<usize>,
}

/// The pieces of a text, in order.
pub(crate) struct Pieces<'a> {
    graphemes: Peekable<GraphemeIndices<'a>>,
    /// Whether the grapheme before belongs to the same run of a dense script.
    in_run: bool,
}

impl<'a> Pieces<'a> {
    /// Cuts `text`.
    pub(crate) fn of(text: &'a str) -> Self {
        Self { graphemes: text.grapheme_indices(true).peekable(), in_run: false }
    }

    /// The kind of the next grapheme.
    fn ahead(&mut self) -> Writing {
        self.graphemes.peek().map_or(Writing::Gap, |(_, grapheme)| Writing::of(grapheme))
    }

    /// The kind of the grapheme after the next one.
    fn beyond(&self) -> Writing {
        self.graphemes.clone().nth(1).map_or(Writing::Gap, |(_, grapheme)| Writing::of(grapheme))
    }

    /// A piece of a dense run that starts with the grapheme at `start..end`.
    fn dense(&mut self, start: usize, end: usize) -> Piece {
        let continued = self.in_run;
        if let Some(&(at, next)) = self.graphemes.peek()
            && Writing::of(next) == Writing::Dense
        {
            self.in_run = true;
            return Piece { kind: Kind::Pair, range: start..at + next.len() };
        }
        self.in_run = false;
        Piece { kind: if continued { Kind::Tail } else { Kind::Single }, range: start..end }
    }

    /// The rest of a word that starts at `start` with a grapheme of kind `first` that ends at `end`.
    fn word(&mut self, start: usize, mut end: usize, first: Writing) -> Piece {
        let mut last = first;
        while end - start < LONGEST_WORD {
            let next = self.ahead();
            let joins = match next {
                Writing::Letter | Writing::Digit => true,
                Writing::Apostrophe => last == Writing::Letter && self.beyond() == Writing::Letter,
                Writing::Point => last == Writing::Digit && self.beyond() == Writing::Digit,
                _ => false,
            };
            if !joins {
                break;
            }
            let Some((at, grapheme)) = self.graphemes.next() else { break };
            end = at + grapheme.len();
            last = next;
        }
        Piece { kind: Kind::Word, range: start..end }
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            let (start, grapheme) = self.graphemes.next()?;
            let end = start + grapheme.len();
            match Writing::of(grapheme) {
                Writing::Dense => return Some(self.dense(start, end)),
                Writing::Emoji => return Some(Piece { kind: Kind::Emoji, range: start..end }),
                writing if writing.in_word() => return Some(self.word(start, end, writing)),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        Pieces::of(text).map(|piece| &text[piece.range]).collect()
    }

    #[test]
    fn words_keep_their_apostrophes_and_numbers_their_points() {
        assert_eq!(cut("I don't—can’t!"), ["I", "don't", "can’t"]);
        assert_eq!(cut("'quoted' it's"), ["quoted", "it's"]);
        assert_eq!(cut("7.5 mg, 1,000 x"), ["7.5", "mg", "1,000", "x"]);
        assert_eq!(
            cut("sad.I feel e.g. well-being a_b"),
            ["sad", "I", "feel", "e", "g", "well", "being", "a", "b"]
        );
    }

    #[test]
    fn scripts_without_spaces_become_pairs_and_a_tail() {
        assert_eq!(cut("我很难过。心"), ["我很", "很难", "难过", "过", "心"]);
        assert_eq!(cut("K팝 ok"), ["K", "팝", "ok"]);
        assert_eq!(cut("ภาษาไทย"), ["ภา", "าษ", "ษา", "าไ", "ไท", "ทย", "ย"]);
        let kinds: Vec<_> = Pieces::of("心 難しい").map(|piece| piece.kind).collect();
        assert_eq!(kinds, [Kind::Single, Kind::Pair, Kind::Pair, Kind::Tail]);
    }

    #[test]
    fn an_emoji_is_one_piece_with_all_that_is_joined_to_it() {
        assert_eq!(cut("hi👩‍👩‍👧👍🏽🇫🇷!"), ["hi", "👩‍👩‍👧", "👍🏽", "🇫🇷"]);
    }

    #[test]
    fn a_blob_becomes_short_pieces() {
        let blob = "x".repeat(10_000);
        assert!(Pieces::of(&blob).all(|piece| piece.range.len() <= LONGEST_WORD));
        assert_eq!(Pieces::of(&blob).map(|piece| piece.range.len()).sum::<usize>(), 10_000);
    }
}
