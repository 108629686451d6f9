//! Which kind of writing a grapheme belongs to. Scripts that put no spaces between words are told apart from those that
//! do, because their text is indexed by overlapping pairs rather than by words.

/// What a grapheme is to the tokeniser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writing {
    /// A letter or mark of a script that separates words.
    Letter,
    /// A digit or another numeric sign.
    Digit,
    /// A grapheme of a script without spaces between words: Han, kana, Hangul, Thai, Lao, Khmer, Myanmar.
    Dense,
    /// An emoji, with all that is joined to it.
    Emoji,
    /// An apostrophe, straight or typographic.
    Apostrophe,
    /// A full stop or comma, which belongs to a number when it stands between two digits.
    Point,
    /// Everything else: spaces, punctuation, control characters.
    Gap,
}

impl Writing {
    /// The kind of a grapheme, read from its first character.
    pub(crate) fn of(grapheme: &str) -> Self {
        let Some(first) = grapheme.chars().next() else { return Self::Gap };
        match first {
            'a'..='z' | 'A'..='Z' => Self::Letter,
            '0'..='9' => Self::Digit,
            '\'' | '\u{2019}' | '\u{2018}' | '\u{02bc}' | '\u{ff07}' => Self::Apostrophe,
            '.' | ',' => Self::Point,
            _ if first.is_ascii() => Self::Gap,
            _ if is_dense(first) => Self::Dense,
            _ if is_emoji(first) => Self::Emoji,
            _ if first.is_numeric() => Self::Digit,
            _ if first.is_alphabetic() => Self::Letter,
            _ => Self::Gap,
        }
    }

    /// Whether it can stand in a word.
    pub(crate) const fn in_word(self) -> bool {
        matches!(self, Self::Letter | Self::Digit)
    }
}

/// Blocks of the Unicode standard, version 16, of scripts without spaces between words; Hangul has spaces, but its particles
/// stick to the words, so pairs find more than words do.
const DENSE: [(char, char); 22] = [
    ('\u{0e01}', '\u{0e3a}'), // Thai letters and vowels
    ('\u{0e40}', '\u{0e4e}'),
    ('\u{0e81}', '\u{0ecd}'), // Lao
    ('\u{0edc}', '\u{0edf}'),
    ('\u{1000}', '\u{103f}'), // Myanmar
    ('\u{1050}', '\u{108f}'),
    ('\u{1100}', '\u{11ff}'), // Hangul jamo
    ('\u{1780}', '\u{17d3}'), // Khmer
    ('\u{3005}', '\u{3007}'), // ideographic iteration mark, closing mark, zero
    ('\u{3041}', '\u{309f}'), // Hiragana
    ('\u{30a1}', '\u{30fa}'), // Katakana without its middle dot
    ('\u{30fc}', '\u{30ff}'),
    ('\u{3131}', '\u{318e}'), // Hangul compatibility jamo
    ('\u{31f0}', '\u{31ff}'), // Katakana phonetic extensions
    ('\u{3400}', '\u{4dbf}'), // Han
    ('\u{4e00}', '\u{9fff}'),
    ('\u{a960}', '\u{a97c}'),   // Hangul jamo extended
    ('\u{ac00}', '\u{d7fb}'),   // Hangul syllables and jamo extended
    ('\u{f900}', '\u{faff}'),   // Han compatibility
    ('\u{ff66}', '\u{ff9f}'),   // half-width Katakana
    ('\u{ffa0}', '\u{ffdc}'),   // half-width Hangul
    ('\u{20000}', '\u{323af}'), // Han extensions
];

fn is_dense(character: char) -> bool {
    let after = DENSE.partition_point(|&(first, _)| first <= character);
    after > 0 && character <= DENSE[after - 1].1
}

/// Pictographs, dingbats and regional indicators (flags).
const fn is_emoji(character: char) -> bool {
    matches!(character, '\u{2600}'..='\u{27bf}' | '\u{2b05}'..='\u{2b55}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_script_has_its_kind() {
        for (grapheme, writing) in [
            ("a", Writing::Letter),
            ("é", Writing::Letter),
            ("я", Writing::Letter),
            ("ह", Writing::Letter),
            ("7", Writing::Digit),
            ("٣", Writing::Digit),
            ("心", Writing::Dense),
            ("か", Writing::Dense),
            ("ー", Writing::Dense),
            ("힘", Writing::Dense),
            ("กำ", Writing::Dense),
            ("👍🏽", Writing::Emoji),
            ("❤️", Writing::Emoji),
            ("🇫🇷", Writing::Emoji),
            ("’", Writing::Apostrophe),
            ("。", Writing::Gap),
            ("・", Writing::Gap),
            (" ", Writing::Gap),
            ("\u{200b}", Writing::Gap),
        ] {
            assert_eq!(Writing::of(grapheme), writing, "{grapheme}");
        }
    }

    #[test]
    fn the_table_of_blocks_is_sorted() {
        assert!(DENSE.windows(2).all(|pair| pair[0].1 < pair[1].0));
        assert!(DENSE.iter().all(|&(first, last)| first <= last));
    }
}
