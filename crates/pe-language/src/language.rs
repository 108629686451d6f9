//! Which language a message is in. A text in which every third word is a frequent English one is English; otherwise its script
//! decides, and for the Latin, Arabic, Cyrillic and Devanagari scripts the trigram model of `whichlang`. Messages too short to
//! tell are taken to be in the language of their conversation.

use pe_model::Language;

/// The language whose rules we have.
pub(crate) const READABLE: &str = "en";

/// Fewer letters than this tell nothing.
const FEWEST_LETTERS: usize = 16;

/// What a message's text says of its language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Guess {
    /// No letters at all.
    Silent,
    /// Letters, but too few.
    TooShort,
    /// ISO 639-1.
    Is(&'static str),
}

/// Guesses; `words` of the text were counted, and `english` of them are frequent English words.
pub(crate) fn guess(text: &str, words: u32, english: u32) -> Guess {
    if english >= 2 && english * 3 >= words {
        return Guess::Is(READABLE);
    }
    let mut letters = 0;
    let mut script = None;
    for character in text.chars().filter(|character| character.is_alphabetic()).take(400) {
        letters += 1;
        // Kana anywhere makes Japanese of what would be Chinese.
        match script_of(character) {
            Some("ja") => return Guess::Is("ja"),
            found => script = script.or(found),
        }
    }
    match script {
        _ if letters == 0 => Guess::Silent,
        Some(code) if letters > 1 => Guess::Is(code),
        _ if letters < FEWEST_LETTERS => Guess::TooShort,
        _ => Guess::Is(code_of(whichlang::detect_language(text))),
    }
}

/// The language of a script that writes one language in the main.
fn script_of(character: char) -> Option<&'static str> {
    match character {
        '\u{3040}'..='\u{30ff}' => Some("ja"),
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' => Some("zh"),
        '\u{1100}'..='\u{11ff}' | '\u{ac00}'..='\u{d7af}' => Some("ko"),
        '\u{0e00}'..='\u{0e7f}' => Some("th"),
        '\u{0590}'..='\u{05ff}' => Some("he"),
        '\u{0370}'..='\u{03ff}' => Some("el"),
        '\u{10a0}'..='\u{10ff}' => Some("ka"),
        '\u{0530}'..='\u{058f}' => Some("hy"),
        _ => None,
    }
}

fn code_of(language: whichlang::Lang) -> &'static str {
    use whichlang::Lang;
    match language {
        Lang::Ara => "ar",
        Lang::Cmn => "zh",
        Lang::Deu => "de",
        Lang::Eng => "en",
        Lang::Fra => "fr",
        Lang::Hin => "hi",
        Lang::Ita => "it",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Nld => "nl",
        Lang::Por => "pt",
        Lang::Rus => "ru",
        Lang::Spa => "es",
        Lang::Swe => "sv",
        Lang::Tur => "tr",
        Lang::Vie => "vi",
    }
}

/// The language most messages are in. Where every message is too short to tell, the trigram model reads `all` of them at once.
pub(crate) fn majority(guesses: &[Guess], all: impl FnOnce() -> String) -> Language {
    let mut counts: Vec<(&'static str, u32)> = Vec::new();
    for guess in guesses {
        if let Guess::Is(code) = guess {
            match counts.iter_mut().find(|(other, _)| other == code) {
                Some((_, count)) => *count += 1,
                None => counts.push((code, 1)),
            }
        }
    }
    let lettered = guesses.iter().filter(|guess| **guess != Guess::Silent).count();
    let code = match counts.iter().rev().max_by_key(|(_, count)| *count) {
        Some((code, _)) => *code,
        None if lettered == 0 => return Language::default(),
        None => match guess(&all(), u32::MAX, 0) {
            Guess::Is(code) => code,
            // A handful of letters in the Latin script ("hi", "ok"): nothing speaks against the language that is read.
            Guess::Silent | Guess::TooShort => READABLE,
        },
    };
    let of_it = guesses.iter().filter(|guess| matches!(guess, Guess::TooShort) || **guess == Guess::Is(code));
    Language { code: code.to_owned(), share: of_it.count() as f32 / lettered as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_latin_languages_are_told_apart() {
        for (text, code) in [
            ("我最近总是睡不着觉", "zh"),
            ("最近ぜんぜん眠れません", "ja"),
            ("요즘 잠을 못 자요", "ko"),
            ("ช่วงนี้นอนไม่หลับเลย", "th"),
            ("Ich kann seit Wochen nicht mehr richtig schlafen", "de"),
            ("No puedo dormir desde hace semanas y estoy cansado", "es"),
            ("Je ne dors plus depuis des semaines", "fr"),
        ] {
            assert_eq!(guess(text, 9, 0), Guess::Is(code), "{text}");
        }
        assert_eq!(guess("hmm", 1, 0), Guess::TooShort);
        assert_eq!(guess("... 42 !", 1, 0), Guess::Silent);
    }

    #[test]
    fn short_messages_count_for_the_majority() {
        let language = majority(
            &[Guess::Is("en"), Guess::TooShort, Guess::Is("de"), Guess::Is("en"), Guess::Silent],
            String::new,
        );
        assert_eq!(language.code, "en");
        assert!((language.share - 0.75).abs() < 1e-6);
        assert_eq!(majority(&[Guess::Silent], String::new), Language::default());
    }
}
