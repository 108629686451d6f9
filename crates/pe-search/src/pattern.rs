//! Where a message matches a query: the same comparison of stems, prefixes and phrases as the engine makes, but on the text
//! itself, so that it can be marked.

use std::ops::Range;

use crate::form;
use crate::pieces::{Kind, Pieces};

/// Something that is found and marked as one: atoms, each with its distance in words from the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(pub(crate) Vec<(usize, Atom)>);

/// What one word is compared with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Atom {
    /// Its stem is this.
    Stem(String),
    /// It begins so, as written but for case and accents.
    Prefix(String),
    /// It is, or is a pair that begins with, this grapheme of a script without spaces.
    Grapheme(String),
}

impl Pattern {
    /// Whether it is a prefix alone.
    pub(crate) fn is_prefix(&self) -> bool {
        matches!(self.0.as_slice(), [(_, Atom::Prefix(_))])
    }
}

impl Atom {
    fn fits(&self, surface: &str, stem: &str) -> bool {
        match self {
            Self::Stem(wanted) => stem == wanted,
            Self::Prefix(wanted) => surface.starts_with(wanted.as_str()),
            Self::Grapheme(wanted) => stem.starts_with(wanted.as_str()),
        }
    }
}

/// A place in a message that a pattern matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    /// Its bytes.
    pub(crate) range: Range<usize>,
    /// Which of the patterns.
    pub(crate) pattern: usize,
}

/// A word of the message with the atoms it fits: pattern and position in it.
struct Word {
    range: Range<usize>,
    fits: Vec<(usize, usize)>,
}

/// All matches of all patterns, by where they begin.
pub(crate) fn matches(message: &str, patterns: &[Pattern]) -> Vec<Match> {
    let words = words(message, patterns);
    let begins = |at: usize| {
        words[at].fits.iter().filter(|(_, position)| *position == 0).map(move |&(pattern, _)| (at, pattern))
    };
    (0..words.len())
        .flat_map(begins)
        .filter_map(|(at, pattern)| {
            let end = end_of_match(&words, at, pattern, &patterns[pattern])?;
            Some(Match { range: words[at].range.start..end, pattern })
        })
        .collect()
}

fn words(message: &str, patterns: &[Pattern]) -> Vec<Word> {
    let first_bytes = first_bytes(patterns);
    let (mut surface, mut stem) = (String::new(), String::new());
    let mut words = Vec::new();
    for piece in Pieces::of(message) {
        form::surface(piece.kind, &message[piece.range.clone()], &mut surface);
        let Some(&first) = surface.as_bytes().first() else { continue };
        let mut found = Vec::new();
        if first_bytes[usize::from(first)] {
            stem.clone_from(&surface);
            if piece.kind == Kind::Word {
                form::stem(&mut stem);
            }
            found = fits(patterns, &surface, &stem);
        }
        words.push(Word { range: piece.range, fits: found });
    }
    words
}

/// The bytes that a word must begin with to fit any atom. A stem begins as its word does, so most words need no stemming.
fn first_bytes(patterns: &[Pattern]) -> [bool; 256] {
    let mut bytes = [false; 256];
    for (_, atom) in patterns.iter().flat_map(|Pattern(atoms)| atoms) {
        let (Atom::Stem(wanted) | Atom::Prefix(wanted) | Atom::Grapheme(wanted)) = atom;
        if let Some(&first) = wanted.as_bytes().first() {
            bytes[usize::from(first)] = true;
        }
    }
    bytes
}

fn fits(patterns: &[Pattern], surface: &str, stem: &str) -> Vec<(usize, usize)> {
    let mut fits = Vec::new();
    for (pattern, Pattern(atoms)) in patterns.iter().enumerate() {
        for (position, (_, atom)) in atoms.iter().enumerate() {
            if atom.fits(surface, stem) {
                fits.push((pattern, position));
            }
        }
    }
    fits
}

/// Where the match that begins at word `at` ends, if all atoms fit.
fn end_of_match(words: &[Word], at: usize, pattern: usize, Pattern(atoms): &Pattern) -> Option<usize> {
    let mut end = None;
    for (position, (distance, atom)) in atoms.iter().enumerate() {
        let word = words.get(at + distance).filter(|word| word.fits.contains(&(pattern, position)))?;
        end = Some(match atom {
            // Of a pair that begins with the grapheme, the grapheme alone is what was asked for.
            Atom::Grapheme(wanted) => word.range.end.min(word.range.start + wanted.len()),
            _ => word.range.end,
        });
    }
    end
}
