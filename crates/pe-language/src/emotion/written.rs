//! Tokens as the emotion model cuts them: runs of letters, runs of marks, and every other sign by itself. A short token also has
//! a key, by which what is known of it can be found without looking at its letters again.

use crate::packed::{LONGEST, Packed};

/// What a character does to the token before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Space,
    Letter,
    Mark,
    Other,
    /// A byte of a character outside ASCII, of which nothing is known yet.
    Wide,
}

/// A token as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'t> {
    pub(super) text: &'t str,
    pub(super) class: Class,
    /// Its bytes in lower case, with one kind of apostrophe; 0 for a token of more than sixteen, or of other letters. Tokens of
    /// one key have the same features, but for those of capitals.
    pub(super) key: u128,
    /// Two or more capitals, or not known.
    may_be_shouted: bool,
}

/// Set in the key of a sign by itself: no letter has it.
const SIGN: u128 = 1 << 127;

/// The classes of bytes.
const CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'\'' | b'_' => Class::Letter,
            b'!' | b'?' | b'.' => Class::Mark,
            b'\t'..=b'\r' | b' ' => Class::Space,
            128.. => Class::Wide,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

fn class_of(character: char) -> Class {
    match character {
        '’' => Class::Letter,
        '…' => Class::Mark,
        _ if character.is_ascii() => CLASSES[character as usize],
        _ if character.is_whitespace() => Class::Space,
        _ if character.is_alphanumeric() => Class::Letter,
        _ => Class::Other,
    }
}

/// The tokens of a text, in order.
pub(super) fn tokens(text: &str) -> impl Iterator<Item = Written<'_>> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let (class, length) = match CLASSES[*bytes.get(at)? as usize] {
                Class::Wide => class_at(text, at)?,
                class => (class, 1),
            };
            if class != Class::Space {
                let written = token_at(text, at, class, at + length);
                at += written.text.len();
                return Some(written);
            }
            at += length;
        }
    })
}

/// The class of the character at a byte, and its bytes.
fn class_at(text: &str, at: usize) -> Option<(Class, usize)> {
    text[at..].chars().next().map(|character| (class_of(character), character.len_utf8()))
}

/// The token whose first character, of that class, ends at `end`.
fn token_at(text: &str, start: usize, class: Class, mut end: usize) -> Written<'_> {
    let bytes = text.as_bytes();
    let mut plain = end == start + 1;
    if class != Class::Other {
        loop {
            match bytes.get(end).map(|byte| CLASSES[*byte as usize]) {
                Some(found) if found == class => end += 1,
                Some(Class::Wide) => match class_at(text, end) {
                    Some((found, length)) if found == class => (end, plain) = (end + length, false),
                    _ => break,
                },
                _ => break,
            }
        }
    }
    let packed = if plain { Packed::of(bytes, start, end) } else { None };
    let text = &text[start..end];
    Written {
        text,
        class,
        key: match packed {
            Some(_) if class == Class::Other => SIGN | u128::from(bytes[start]),
            Some(packed) => packed.lower(),
            None => key_with_apostrophe(text),
        },
        may_be_shouted: class == Class::Letter && packed.is_none_or(Packed::has_capitals),
    }
}

/// The key of a token that is not plain, which is that of a plain one if its apostrophe is all that is strange.
fn key_with_apostrophe(text: &str) -> u128 {
    let (mut bytes, mut length) = ([0; LONGEST], 0);
    for character in text.chars() {
        let byte = if character == '’' { '\'' } else { character };
        match bytes.get_mut(length) {
            Some(place) if byte.is_ascii() => *place = byte as u8,
            _ => return 0,
        }
        length += 1;
    }
    Packed::of(&bytes, 0, length).map_or(0, Packed::lower)
}

impl Written<'_> {
    /// Whether a word is written in capitals: two or more of them, and no small letter.
    pub(super) fn is_shouted(&self) -> bool {
        let mut capitals = 0;
        self.may_be_shouted
            && self.text.chars().all(|character| {
                capitals += u32::from(character.is_uppercase());
                !character.is_lowercase()
            })
            && capitals >= 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_marks_stand_in_runs() {
        let text = "Don’t, don't... WAIT…!\u{a0}não 🙂🙂 AB12";
        let found: Vec<&str> = tokens(text).map(|written| written.text).collect();
        assert_eq!(found, ["Don’t", ",", "don't", "...", "WAIT", "…!", "não", "🙂", "🙂", "AB12"]);
        let shouted: Vec<&str> =
            tokens(text).filter(Written::is_shouted).map(|written| written.text).collect();
        assert_eq!(shouted, ["WAIT", "AB12"]);
    }

    #[test]
    fn what_is_written_alike_has_one_key_and_nothing_else() {
        let key = |text| tokens(text).next().map(|written| written.key);
        assert_eq!(key("Don’t"), key("don't"));
        let ascii: Vec<String> =
            (1..128_u8).filter(|byte| !byte.is_ascii_uppercase()).map(|byte| (byte as char).into()).collect();
        let mut keys: Vec<u128> = ascii.iter().filter_map(|text| key(text)).collect();
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!((keys.len(), keys[0] > 0), (count, true));
        assert_ne!(key("sixteen_letters_"), key("_sixteen_letters"));
        for without in ["seventeen_letters", "não", "🙂"] {
            assert_eq!(key(without), Some(0), "{without}");
        }
        assert_ne!(key("sixteen_letters_"), Some(0));
    }
}
