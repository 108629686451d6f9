//! Cuts a text into the pieces that are indexed: words, overlapping pairs of graphemes for scripts without spaces, emoji.
//! The same cuts are made in messages, in queries and in snippets, so that what is found can be marked.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

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
    text: &'a str,
    /// The byte at which the next grapheme begins.
    next: usize,
    /// Whether the grapheme before belongs to the same run of a dense script.
    in_run: bool,
}

impl<'a> Pieces<'a> {
    /// Cuts `text`.
    pub(crate) const fn of(text: &'a str) -> Self {
        Self { text, next: 0, in_run: false }
    }

    /// The grapheme that begins at byte `start`: where it ends, and its kind. At the end of the text, nothing.
    fn grapheme(&self, start: usize) -> (usize, Writing) {
        let rest = &self.text.as_bytes()[start..];
        let end = match rest {
            [] => start,
            // Between two ASCII characters there is always a boundary, but for a line break, which is a gap anyway.
            [first] | [first, 0..=0x7f, ..] if first.is_ascii() => start + 1,
            _ => start + self.text[start..].graphemes(true).next().map_or(0, str::len),
        };
        (end, Writing::of(&self.text[start..end]))
    }

    /// A piece of a dense run that starts with the grapheme at `start..end`.
    fn dense(&mut self, start: usize, end: usize) -> Piece {
        let continued = self.in_run;
        let (next_end, next) = self.grapheme(end);
        self.in_run = next == Writing::Dense;
        match (self.in_run, continued) {
            (true, _) => Piece { kind: Kind::Pair, range: start..next_end },
            (false, true) => Piece { kind: Kind::Tail, range: start..end },
            (false, false) => Piece { kind: Kind::Single, range: start..end },
        }
    }

    /// The rest of a word that starts at `start` with a grapheme of kind `last` that ends at `end`.
    fn word(&mut self, start: usize, mut end: usize, mut last: Writing) -> Piece {
        while end - start < LONGEST_WORD {
            // Most of most texts: a plain letter or digit before another plain character.
            if let [next, 0..=0x7f, ..] = &self.text.as_bytes()[end..]
                && next.is_ascii_alphanumeric()
            {
                last = if next.is_ascii_digit() { Writing::Digit } else { Writing::Letter };
                end += 1;
                continue;
            }
            let (next_end, next) = self.grapheme(end);
            let joins = match next {
                Writing::Letter | Writing::Digit => true,
                Writing::Apostrophe => {
                    last == Writing::Letter && self.grapheme(next_end).1 == Writing::Letter
                }
                Writing::Point => last == Writing::Digit && self.grapheme(next_end).1 == Writing::Digit,
                _ => false,
            };
            if !joins {
                break;
            }
            (end, last) = (next_end, next);
        }
        self.next = end;
        Piece { kind: Kind::Word, range: start..end }
    }
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        while self.next < self.text.len() {
            let start = self.next;
            let (end, writing) = self.grapheme(start);
            self.next = end;
            match writing {
                Writing::Dense => return Some(self.dense(start, end)),
                Writing::Emoji => return Some(Piece { kind: Kind::Emoji, range: start..end }),
                _ if writing.in_word() => return Some(self.word(start, end, writing)),
                _ => {}
            }
        }
        None
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
