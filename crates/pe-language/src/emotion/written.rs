//! Tokens as the emotion model cuts them: runs of letters, runs of marks, and every other sign by itself. A token in plain
//! letters also has a key, by which what is known of it can be found without looking at its letters again.

/// What a character does to the token before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Space,
    Letter,
    Mark,
    Other,
}

/// A token as it is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written<'t> {
    pub(super) text: &'t str,
    pub(super) class: Class,
    /// Its bytes in lower case, with one kind of apostrophe; 0 for a token of more than sixteen, or of other letters. Tokens of
    /// one key have the same features, but for those of capitals.
    pub(super) key: u128,
    /// Two or more capitals, or letters outside ASCII.
    may_be_shouted: bool,
}

/// Bytes of the longest token that has a key.
const KEYED: usize = size_of::<u128>();

/// The classes of ASCII.
const CLASSES: [Class; 128] = {
    let mut classes = [Class::Other; 128];
    let mut byte = 0;
    while byte < 128 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'\'' | b'_' => Class::Letter,
            b'!' | b'?' | b'.' => Class::Mark,
            b'\t'..=b'\r' | b' ' => Class::Space,
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
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let (class, length) = class_at(text, at)?;
            if class != Class::Space {
                let written = token_at(text, at, class, length);
                at += written.text.len();
                return Some(written);
            }
            at += length;
        }
    })
}

/// The class of the character at a byte, and its bytes.
fn class_at(text: &str, at: usize) -> Option<(Class, usize)> {
    match *text.as_bytes().get(at)? {
        byte @ 0..=127 => Some((CLASSES[byte as usize], 1)),
        _ => text[at..].chars().next().map(|character| (class_of(character), character.len_utf8())),
    }
}

/// The token that begins with a character of that class and length.
fn token_at(text: &str, start: usize, class: Class, length: usize) -> Written<'_> {
    let bytes = text.as_bytes();
    let (mut key, mut keyed, mut capitals) = (0, 0, 0);
    let (mut end, mut next) = (start, length);
    loop {
        let byte = bytes[end];
        if byte < 128 {
            key = key << 8 | u128::from(byte.to_ascii_lowercase());
            capitals += u32::from(byte.is_ascii_uppercase());
            keyed += 1;
        } else if text[end..].starts_with('’') {
            key = key << 8 | u128::from(b'\'');
            keyed += 1;
        } else {
            (capitals, keyed) = (2, KEYED + 1);
        }
        end += next;
        next = match class_at(text, end) {
            Some((found, length)) if found == class && class != Class::Other => length,
            _ => break,
        };
    }
    Written {
        text: &text[start..end],
        class,
        key: if keyed <= KEYED { key } else { 0 },
        may_be_shouted: class == Class::Letter && capitals > 1,
    }
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
    fn what_is_written_alike_has_one_key() {
        let key = |text| tokens(text).next().map(|written| written.key);
        assert_eq!(key("Don’t"), key("don't"));
        assert_ne!(key("dont"), key("don't"));
        assert_ne!(key("sixteen_letters_"), key("_sixteen_letters"));
        for without in ["seventeen_letters", "não", "🙂", "\0"] {
            assert_eq!(key(without), Some(0), "{without}");
        }
        assert_ne!(key("sixteen_letters_"), Some(0));
    }
}
