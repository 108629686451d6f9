//! What the emotion model sees of a text: words and pairs of words, pieces of words, punctuation, emoji, and how they are
//! written. Nothing is thrown away beforehand: "FINE!!" and "fine..." give different features, and so do "so" and "sooo".
//!
//! A feature is the 64-bit hash of its kind and its characters. They are made one after the other while the text is scanned,
//! so that a text of any length takes the same memory.

use super::written::{Class, Written, tokens};

/// Characters of a word that are cut into pieces; the rest of a longer one (a link, keyboard noise) is only part of the word.
const PIECED: usize = 24;
/// Characters of a token that are told apart.
const LONGEST: usize = 64;
/// Shortest and longest piece of a word, in characters, with the word's borders counted as characters (fastText, Bojanowski
/// et al. 2017, takes 3 to 6).
const PIECES: std::ops::RangeInclusive<usize> = 3..=5;
/// Marks of a run ("!!!!!!") that are told apart.
const RUN: usize = 3;

const WORD: u64 = 1;
const PAIR: u64 = 2;
const PIECE: u64 = 3;
const CAPITALS: u64 = 4;
const STRETCHED: u64 = 5;
const GAP: u64 = 6;
const BORDER: u64 = EDGE as u64;
/// Stands before the first and after the last letter of a word.
const EDGE: char = '\u{7}';

/// Scans texts; one per thread, to be used again and again.
#[derive(Clone, Debug, Default)]
pub struct Features {
    /// Of the token at hand: an edge, then its characters in lower case, runs of three or more cut to two.
    token: Vec<char>,
}

/// Takes the features of a text.
pub(super) trait Take {
    /// One feature.
    fn feature(&mut self, feature: u64);

    /// All features that a token has by itself, however many of its letters are capitals. Returns its hash.
    fn token(&mut self, features: &mut Features, written: &Written<'_>) -> u64 {
        features.token(written, |feature| self.feature(feature))
    }
}

impl<F: FnMut(u64)> Take for F {
    fn feature(&mut self, feature: u64) {
        self(feature);
    }
}

/// The hash so far, with one more value in it (FNV-1a over whole values).
const fn with(hash: u64, value: u64) -> u64 {
    (hash ^ value).wrapping_mul(0x0000_0100_0000_01b3)
}

/// Spreads the hash over all 64 bits (the finaliser of `MurmurHash3`).
const fn spread(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

const fn start(kind: u64) -> u64 {
    with(0xcbf2_9ce4_8422_2325, kind)
}

impl Features {
    /// Calls `found` with every feature of `text` and gives the number of tokens. A feature that occurs twice comes twice.
    pub fn scan(&mut self, text: &str, mut found: impl FnMut(u64)) -> usize {
        self.walk(text, &mut found)
    }

    /// Hands every feature of `text` to `take` and gives the number of tokens.
    pub(super) fn walk(&mut self, text: &str, take: &mut impl Take) -> usize {
        let mut count = 0;
        // The hashes of the two tokens before.
        let (mut before, mut last) = (BORDER, BORDER);
        for written in tokens(text) {
            let token = take.token(self, &written);
            if written.is_shouted() {
                take.feature(spread(start(CAPITALS)));
                take.feature(spread(with(token, CAPITALS)));
            }
            take.feature(spread(with(with(start(PAIR), last), token)));
            if count > 0 {
                take.feature(spread(with(with(start(GAP), before), token)));
            }
            (before, last) = (last, token);
            count += 1;
        }
        if count > 0 {
            take.feature(spread(with(with(start(PAIR), last), BORDER)));
        }
        count
    }

    /// The features that a token has by itself, but for capitals; gives its hash.
    pub(super) fn token(&mut self, written: &Written<'_>, mut found: impl FnMut(u64)) -> u64 {
        let stretched = self.fill(written);
        let hash =
            self.token[1..].iter().fold(start(WORD), |hash, character| with(hash, u64::from(*character)));
        found(spread(hash));
        if written.class == Class::Letter {
            if stretched {
                found(spread(start(STRETCHED)));
            }
            self.pieces(&mut found);
        }
        hash
    }

    /// Puts the token's characters into place: lower case, one kind of apostrophe, runs cut. Says whether a run of letters was.
    fn fill(&mut self, written: &Written<'_>) -> bool {
        self.token.clear();
        self.token.push(EDGE);
        let most = if written.class == Class::Mark { RUN } else { 2 };
        let mut run = 0;
        let mut stretched = false;
        for character in written.text.chars().map(small) {
            run = if self.token.last() == Some(&character) { run + 1 } else { 1 };
            if run > most {
                stretched |= character.is_alphabetic();
            } else if self.token.len() <= LONGEST {
                self.token.push(character);
            }
        }
        stretched
    }

    /// Pieces of the word with its edges, such as `<hap`, `happ`, `ppy>`; not the whole word again.
    fn pieces(&mut self, found: &mut impl FnMut(u64)) {
        self.token.truncate(PIECED + 1);
        self.token.push(EDGE);
        let whole = self.token.len();
        for first in 0..whole {
            let mut hash = start(PIECE);
            for (letter, length) in self.token[first..].iter().zip(1..=*PIECES.end()) {
                hash = with(hash, u64::from(*letter));
                if length >= *PIECES.start() && length < whole {
                    found(spread(hash));
                }
            }
        }
    }
}

/// A character in lower case, with one kind of apostrophe. Of the few that have two characters in lower case, the first.
fn small(character: char) -> char {
    match character {
        '’' => '\'',
        _ if character.is_ascii() => character.to_ascii_lowercase(),
        _ => character.to_lowercase().next().unwrap_or(character),
    }
}
