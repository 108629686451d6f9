//! Texts as the encoder knows them: numbers of word pieces, each with its place in the text.
//!
//! What BERT's uncased models were trained on (Devlin et al. 2018): control characters dropped, accents stripped, lower case, every
//! punctuation mark and every CJK character a word of its own; then the longest known piece from the left, again and again. A
//! word with a part that is not known is unknown as a whole. Equal to the `tokenizers` library, which the tests compare it with.

use rustc_hash::FxHashMap;
use unicode_categories::UnicodeCategories as _;
use unicode_normalization::char::decompose_canonical;

use crate::Error;

/// A word of more characters is unknown (as in BERT's reference).
const MAX_WORD: usize = 100;

/// A word piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Its number in the vocabulary.
    pub id: u32,
    /// The byte of the text at which it begins.
    pub start: u32,
    /// The byte of the text behind it.
    pub end: u32,
}

/// A vocabulary, ready to cut texts.
pub struct WordPiece {
    /// Pieces that begin a word.
    first: Pieces,
    /// Pieces that go on with one.
    further: Pieces,
    unknown: u32,
    begin: u32,
    end: u32,
}

/// Pieces and the length of the longest.
#[derive(Default)]
struct Pieces {
    numbers: FxHashMap<Box<str>, u32>,
    longest: usize,
}

impl Pieces {
    fn add(&mut self, piece: &str, number: u32) {
        self.longest = self.longest.max(piece.len());
        self.numbers.insert(piece.into(), number);
    }

    /// The longest piece at the beginning of `rest`: its number and length in bytes.
    fn longest(&self, rest: &str) -> Option<(u32, usize)> {
        let mut length = rest.len().min(self.longest);
        while length > 0 {
            if rest.is_char_boundary(length)
                && let Some(number) = self.numbers.get(&rest[..length])
            {
                return Some((*number, length));
            }
            length -= 1;
        }
        None
    }
}

impl WordPiece {
    /// Reads a vocabulary: a piece a line, in the order of their numbers; `##` before those that go on with a word.
    ///
    /// # Errors
    /// When `[UNK]`, `[CLS]` or `[SEP]` is missing.
    pub fn new(vocabulary: &str) -> Result<Self, Error> {
        let (mut first, mut further) = (Pieces::default(), Pieces::default());
        for (number, piece) in (0_u32..).zip(vocabulary.lines()) {
            match piece.strip_prefix("##") {
                Some(rest) if !rest.is_empty() => further.add(rest, number),
                _ => first.add(piece, number),
            }
        }
        let special = |piece: &str| {
            first.numbers.get(piece).copied().ok_or_else(|| Error::Vocabulary(piece.to_owned()))
        };
        let (unknown, begin, end) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        Ok(Self { first, further, unknown, begin, end })
    }

    /// The number before a sequence.
    pub const fn begin(&self) -> u32 {
        self.begin
    }

    /// The number behind a sequence, and between two that are read together.
    pub const fn end(&self) -> u32 {
        self.end
    }

    /// Adds the pieces of a text to `pieces`, without begin and end.
    pub fn cut(&self, text: &str, pieces: &mut Vec<Piece>) {
        let mut word = Word::default();
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if byte.is_ascii() {
                at += 1;
                if byte.is_ascii_alphanumeric() {
                    word.push(byte.to_ascii_lowercase().into(), at - 1, at);
                } else if byte.is_ascii_punctuation() {
                    self.mark(byte.into(), at - 1, at, &mut word, pieces);
                } else if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
                    self.finish(&mut word, pieces);
                }
                // What is left are control characters, which are as if they were not there.
            } else {
                let Some(character) = text[at..].chars().next() else { break };
                let start = at;
                at += character.len_utf8();
                self.character(character, start, at, &mut word, pieces);
            }
        }
        self.finish(&mut word, pieces);
    }

    /// A character beyond ASCII.
    fn character(&self, character: char, start: usize, end: usize, word: &mut Word, pieces: &mut Vec<Piece>) {
        if character == '\u{FFFD}' || character.is_other() {
        } else if character.is_whitespace() {
            self.finish(word, pieces);
        } else if is_cjk(character) {
            self.mark(character, start, end, word, pieces);
        } else {
            decompose_canonical(character, |part| {
                if !part.is_mark_nonspacing() {
                    for lower in part.to_lowercase() {
                        if lower.is_whitespace() {
                            self.finish(word, pieces);
                        } else if lower.is_ascii_punctuation() || lower.is_punctuation() {
                            self.mark(lower, start, end, word, pieces);
                        } else {
                            word.push(lower, start, end);
                        }
                    }
                }
            });
        }
    }

    /// A character that is a word of its own.
    fn mark(&self, mark: char, start: usize, end: usize, word: &mut Word, pieces: &mut Vec<Piece>) {
        self.finish(word, pieces);
        word.push(mark, start, end);
        self.finish(word, pieces);
    }

    /// Cuts a word into pieces, and begins a new one.
    fn finish(&self, word: &mut Word, pieces: &mut Vec<Piece>) {
        if word.text.is_empty() {
            return;
        }
        let known = pieces.len();
        let (mut at, mut table) = (0, &self.first);
        let fits = word.characters <= MAX_WORD;
        while fits && at < word.text.len() {
            let Some((id, length)) = table.longest(&word.text[at..]) else { break };
            let (start, end) = (word.places[at].0, word.places[at + length - 1].1);
            pieces.push(Piece { id, start, end });
            at += length;
            table = &self.further;
        }
        if at < word.text.len() {
            pieces.truncate(known);
            let (start, end) = (word.places[0].0, word.places[word.places.len() - 1].1);
            pieces.push(Piece { id: self.unknown, start, end });
        }
        word.text.clear();
        word.places.clear();
        word.characters = 0;
    }
}

/// A word that is being read.
#[derive(Default)]
struct Word {
    text: String,
    /// For each byte of it, where its character begins and ends in the text.
    places: Vec<(u32, u32)>,
    characters: usize,
}

impl Word {
    fn push(&mut self, character: char, start: usize, end: usize) {
        self.text.push(character);
        self.places.resize(self.text.len(), (start as u32, end as u32));
        self.characters += 1;
    }
}

/// The blocks that BERT's reference takes for Chinese characters: unified and compatibility ideographs and their extensions.
const fn is_cjk(character: char) -> bool {
    matches!(
        character as u32,
        0x4E00..=0x9FFF
            | 0x3400..=0x4DBF
            | 0x20000..=0x2A6DF
            | 0x2A700..=0x2B73F
            | 0x2B740..=0x2B81F
            | 0x2B920..=0x2CEAF
            | 0xF900..=0xFAFF
            | 0x2F800..=0x2FA1F
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> WordPiece {
        let pieces =
            ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "un", "##aff", "##able", "cafe", ",", "我", "a", "##a"];
        WordPiece::new(&pieces.join("\n")).expect("a vocabulary")
    }

    fn cut(text: &str) -> Vec<(u32, &str)> {
        let mut pieces = Vec::new();
        small().cut(text, &mut pieces);
        pieces.iter().map(|piece| (piece.id, &text[piece.start as usize..piece.end as usize])).collect()
    }

    #[test]
    fn the_longest_piece_from_the_left() {
        assert_eq!(cut("UNaffable"), [(4, "UN"), (5, "aff"), (6, "able")]);
    }

    #[test]
    fn a_word_with_an_unknown_part_is_unknown() {
        assert_eq!(cut("unaffected, un"), [(1, "unaffected"), (8, ","), (4, "un")]);
    }

    #[test]
    fn accents_are_stripped_and_places_are_of_the_text() {
        assert_eq!(cut("Café\u{301} 我我"), [(7, "Café"), (9, "我"), (9, "我")]);
    }

    #[test]
    fn control_characters_are_as_if_not_there() {
        assert_eq!(cut("u\u{200B}n\0"), [(4, "u\u{200B}n")]);
    }

    #[test]
    fn a_word_of_over_100_characters_is_unknown() {
        let text = "a".repeat(100);
        assert_eq!(cut(&text).len(), 100);
        let text = "a".repeat(101);
        assert_eq!(cut(&text), [(1, &*text)]);
    }
}
