//! Tokens: the words of a message with their place in it. Markdown, emoji and other signs are passed over; curly quotes and
//! straight ones are the same; a script without spaces gives a token for each character.

use crate::packed::Packed;
use crate::sentences::Mark;
use crate::stems::Stem;
use crate::vocabulary::{Parts, UNKNOWN, Vocabulary, WordId, split_ending};

/// A word of a message, or a part of one ("don't" gives "do" and "not", both with the place of the whole).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Its number.
    pub(crate) word: WordId,
    /// Its stem; 0 for a word without content.
    pub(crate) stem: Stem,
    /// First byte in the message.
    pub(crate) start: u32,
    /// One past the last byte.
    pub(crate) end: u32,
    /// What is known of its place: see the constants.
    pub(crate) marks: u8,
}

impl Token {
    /// First of a clause.
    pub(crate) const BREAK: u8 = 1;
    /// Only openers ("well, so") stand between it and the start of its sentence.
    pub(crate) const SENTENCE: u8 = 2;
    /// Only openers stand between it and the start of its clause.
    pub(crate) const CLAUSE: u8 = 4;
    /// Between double quotes: somebody else's words.
    pub(crate) const QUOTED: u8 = 8;

    /// Whether it has that mark.
    pub(crate) const fn has(self, mark: u8) -> bool {
        self.marks & mark != 0
    }
}

/// What the scanner finds, in order.
pub(crate) trait Sink {
    /// A word was read as these tokens; `marks` are [`Token::BREAK`] and [`Token::QUOTED`] where they hold.
    fn token(&mut self, token: Token);
    /// A sentence ends before byte `end`.
    fn sentence(&mut self, end: u32, mark: Mark);
}

/// Cuts one message. Reused from message to message, so that it allocates only for words longer than any before.
pub(crate) struct Scanner<'v> {
    vocabulary: &'v Vocabulary,
    /// The word at hand in lower case, if it is not found packed.
    lower: String,
}

/// Abbreviations whose full stop ends no sentence.
const ABBREVIATIONS: &[&str] = &["mr", "mrs", "ms", "dr", "prof", "st", "vs", "etc", "eg", "ie"];

/// The state while one message is cut.
struct Cut<'a, S> {
    text: &'a str,
    sink: &'a mut S,
    breaks: bool,
    quoted: bool,
    last: WordId,
    /// The bytes of the last word.
    word: (usize, usize),
    words: u32,
}

impl<'v> Scanner<'v> {
    pub(crate) fn new(vocabulary: &'v Vocabulary) -> Self {
        Self { vocabulary, lower: String::new() }
    }

    /// Cuts `text` (under 4 GiB) and returns the number of words in it, hesitations included.
    pub(crate) fn scan<S: Sink>(&mut self, text: &str, sink: &mut S) -> u32 {
        let mut cut = Cut { text, sink, breaks: true, quoted: false, last: UNKNOWN, word: (0, 0), words: 0 };
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            at = match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => self.word(&mut cut, at),
                b' ' => at + 1,
                0..=127 => Self::sign(&mut cut, at),
                _ => self.wide(&mut cut, at),
            };
        }
        cut.end(text.len(), Mark::None);
        cut.words
    }

    /// A word that starts at `start`.
    fn word<S: Sink>(&mut self, cut: &mut Cut<'_, S>, start: usize) -> usize {
        let bytes = cut.text.as_bytes();
        let known = plain_end(bytes, start).and_then(|end| {
            let parts = self.vocabulary.get_packed(Packed::of(bytes, start, end)?)?;
            (!parts.as_slice().is_empty()).then_some((end, parts))
        });
        let end = match known {
            Some((end, parts)) => {
                self.say_parts(cut, parts, start, end);
                end
            }
            None => self.rare_word(cut, start),
        };
        cut.words += 1;
        cut.word = (start, end);
        end
    }

    /// A word that is not found packed: a hesitation, a word that no rule has, a long one, one with signs in it.
    fn rare_word<S: Sink>(&mut self, cut: &mut Cut<'_, S>, start: usize) -> usize {
        let end = self.lower(cut.text, start);
        // "er" is a hesitation, "the ER" a place.
        if &cut.text[start..end] == "ER" {
            self.lower.clear();
            self.lower.push_str("emergency");
        }
        self.say(cut, start, end);
        end
    }

    /// Puts the word that starts at `start` into place in lower case, and says where it ends.
    fn lower(&mut self, text: &str, start: usize) -> usize {
        self.lower.clear();
        let bytes = text.as_bytes();
        let mut at = start;
        while let Some(&byte) = bytes.get(at) {
            if byte.is_ascii_alphanumeric() {
                self.lower.push(byte.to_ascii_lowercase() as char);
                at += 1;
            } else if byte == b'\'' && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) {
                self.lower.push('\'');
                at += 1;
            } else if byte == b'-'
                && is_hum(&self.lower)
                && bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic)
            {
                self.lower.push('-');
                at += 1;
            } else if byte >= 128 {
                let Some(wide) = text[at..].chars().next() else { break };
                let next = at + wide.len_utf8();
                if is_apostrophe(wide) && bytes.get(next).is_some_and(u8::is_ascii_alphabetic) {
                    self.lower.push('\'');
                } else if wide.is_alphanumeric() && !is_unspaced(wide) {
                    self.lower.extend(wide.to_lowercase());
                } else {
                    break;
                }
                at = next;
            } else {
                break;
            }
        }
        at
    }

    /// Hands over what the word in `lower` is read as.
    fn say<S: Sink>(&self, cut: &mut Cut<'_, S>, start: usize, end: usize) {
        if let Some(parts) = self.vocabulary.get(&self.lower) {
            self.say_parts(cut, parts, start, end);
        } else if let Some((base, ending)) = split_ending(&self.lower) {
            match self.vocabulary.get(base) {
                Some(parts) => self.say_parts(cut, parts, start, end),
                None => cut.token(UNKNOWN, self.vocabulary.content(base), start, end),
            }
            cut.token(self.vocabulary.id(ending), 0, start, end);
        } else {
            cut.token(UNKNOWN, self.vocabulary.content(&self.lower), start, end);
        }
    }

    fn say_parts<S: Sink>(&self, cut: &mut Cut<'_, S>, parts: Parts, start: usize, end: usize) {
        for &id in parts.as_slice() {
            cut.token(id, self.vocabulary.stem_of(id), start, end);
        }
    }

    /// An ASCII sign at `at`.
    fn sign<S: Sink>(cut: &mut Cut<'_, S>, at: usize) -> usize {
        let bytes = cut.text.as_bytes();
        match bytes[at] {
            b'.' | b'!' | b'?' => Self::stop(cut, at),
            b'\n' => {
                if ends_line(&cut.text[at..]) {
                    cut.end(at, Mark::None);
                }
                at + 1
            }
            b',' | b';' | b':' | b'(' | b')' => {
                cut.breaks = true;
                at + 1
            }
            b'-' => {
                cut.breaks |= bytes.get(at + 1).is_none_or(|next| !next.is_ascii_alphanumeric());
                at + 1
            }
            b'[' => after_note(cut.text, at),
            b'"' => {
                cut.quoted = !cut.quoted;
                at + 1
            }
            _ => at + 1,
        }
    }

    /// A run of full stops, exclamation and question marks: the end of a sentence, or "3.5", "Dr.", "well... maybe".
    fn stop<S: Sink>(cut: &mut Cut<'_, S>, at: usize) -> usize {
        let rest = &cut.text[at..];
        let run = rest.bytes().take_while(|byte| b".!?".contains(byte)).count();
        let after = &rest[run..];
        let marks = &rest[..run];
        let spaced = after.is_empty()
            || after.starts_with([' ', '\n', '\r', '\t', '"', ')', '*', '_', '”', '’', '\'']);
        let goes_on = match marks {
            "." => !spaced || cut.is_after_abbreviation(),
            _ if marks.bytes().all(|byte| byte == b'.') => {
                after.trim_start().chars().next().is_some_and(|next| !next.is_uppercase())
            }
            _ => false,
        };
        if goes_on {
            cut.breaks |= run > 1;
            return at + run;
        }
        let closing = after.bytes().take_while(|byte| b")*_".contains(byte)).count();
        let quote = usize::from(cut.quoted && after[closing..].starts_with('"'));
        cut.quoted &= quote == 0;
        cut.end(at + run + closing + quote, Mark::of(marks));
        at + run + closing + quote
    }

    /// A character outside ASCII at `at`.
    fn wide<S: Sink>(&mut self, cut: &mut Cut<'_, S>, at: usize) -> usize {
        let Some(wide) = cut.text[at..].chars().next() else { return cut.text.len() };
        let next = at + wide.len_utf8();
        match wide {
            '“' => cut.quoted = true,
            '”' => cut.quoted = false,
            '—' | '–' | '…' | '，' | '、' | '；' | '：' => cut.breaks = true,
            '。' | '！' => cut.end(next, Mark::Stop),
            '？' => cut.end(next, Mark::Question),
            _ if is_unspaced(wide) => {
                cut.words += 1;
                cut.token(UNKNOWN, 0, at, next);
            }
            _ if wide.is_alphanumeric() => return self.word(cut, at),
            _ => {}
        }
        next
    }
}

impl<S: Sink> Cut<'_, S> {
    fn token(&mut self, word: WordId, stem: Stem, start: usize, end: usize) {
        // A stutter ("you, you should") is one word.
        if word != UNKNOWN && word == self.last && stem == 0 {
            return;
        }
        self.last = word;
        let marks = if self.breaks { Token::BREAK } else { 0 } | if self.quoted { Token::QUOTED } else { 0 };
        self.breaks = false;
        self.sink.token(Token { word, stem, start: start as u32, end: end as u32, marks });
    }

    /// Whether the last word is an abbreviation.
    fn is_after_abbreviation(&self) -> bool {
        let word = &self.text[self.word.0..self.word.1];
        ABBREVIATIONS.iter().any(|abbreviation| word.eq_ignore_ascii_case(abbreviation))
    }

    fn end(&mut self, end: usize, mark: Mark) {
        self.sink.sentence(end as u32, mark);
        self.breaks = true;
        self.last = UNKNOWN;
    }
}

/// Bytes that are letters or digits.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        plain[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    plain
};

/// Where a word of ASCII letters, digits and apostrophes ends; `None` for one that may go on with other signs.
fn plain_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        match bytes.get(at) {
            Some(byte) if PLAIN[*byte as usize] => at += 1,
            Some(b'\'') if bytes.get(at + 1).is_some_and(u8::is_ascii_alphabetic) => at += 1,
            Some(b'-' | 128..) => return None,
            _ => return Some(at),
        }
    }
}

/// Whether a line break ends the sentence: an empty line, or a line that starts like a new one. Wrapped text goes on.
fn ends_line(rest: &str) -> bool {
    let next = rest[1..].trim_start_matches([' ', '\t', '\r']);
    next.chars().next().is_none_or(|first| !first.is_lowercase())
}

/// Past a transcriber's note ("[laughs]"); a link in markdown is not one.
fn after_note(text: &str, at: usize) -> usize {
    const LONGEST: usize = 40;
    let rest = &text.as_bytes()[at + 1..];
    let note =
        rest.iter().take(LONGEST).position(|byte| b"]\n".contains(byte)).filter(|end| rest[*end] == b']');
    match note {
        Some(end) if rest.get(end + 1) != Some(&b'(') => at + end + 2,
        _ => at + 1,
    }
}

/// "mm-hm" and its kin, or the first half of it.
pub(crate) fn is_hum(word: &str) -> bool {
    let half = word.split('-').next().unwrap_or(word);
    matches!(half, "m" | "mm" | "mmm" | "mhm" | "hm" | "uh" | "um")
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '’' | '‘' | 'ʼ' | '`')
}

/// Han and kana: written without spaces, so each character counts as a word.
fn is_unspaced(character: char) -> bool {
    matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2fa1f}')
}
