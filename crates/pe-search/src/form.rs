//! The form under which a piece is indexed: lower case, without accents, without the endings that an apostrophe ties on, and,
//! for ranking and phrases, reduced to its stem.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_canonical;

use crate::pieces::Kind;
use crate::porter;

/// Writes the surface form of `piece` into `form`: what a prefix is compared with.
pub(crate) fn surface(kind: Kind, piece: &str, form: &mut String) {
    form.clear();
    match kind {
        Kind::Emoji => form.extend(piece.chars().filter(|&character| !is_presentation(character))),
        Kind::Pair | Kind::Tail | Kind::Single => form.extend(piece.nfkc()),
        Kind::Word if piece.is_ascii() => {
            form.push_str(piece);
            form.make_ascii_lowercase();
            untie(form);
        }
        Kind::Word => {
            for character in piece.nfkc().flat_map(char::to_lowercase) {
                fold(character, form);
            }
            untie(form);
        }
    }
}

/// Reduces a surface form to its stem; forms that are not plain lower-case ASCII letters stay as they are.
pub(crate) fn stem(form: &mut String) {
    porter::stem(form);
}

/// Variation selectors and skin tones: the same emoji with and without them is one term.
const fn is_presentation(character: char) -> bool {
    matches!(character, '\u{fe0e}' | '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// Appends `character` without its accent. Only Latin letters are folded: in other scripts a mark makes another letter.
fn fold(character: char, form: &mut String) {
    match character {
        'ß' => form.push_str("ss"),
        'æ' => form.push_str("ae"),
        'œ' => form.push_str("oe"),
        'þ' => form.push_str("th"),
        'ø' => form.push('o'),
        'đ' | 'ð' => form.push('d'),
        'ł' => form.push('l'),
        'ħ' => form.push('h'),
        'ı' => form.push('i'),
        '\u{2018}' | '\u{2019}' | '\u{02bc}' => form.push('\''),
        '\u{0300}'..='\u{036f}' if form.ends_with(|last: char| last.is_ascii_alphabetic()) => {}
        '\u{00c0}'..='\u{024f}' | '\u{1e00}'..='\u{1eff}' => fold_latin(character, form),
        _ => form.push(character),
    }
}

fn fold_latin(character: char, form: &mut String) {
    let mut base = character;
    decompose_canonical(character, |part| {
        if part.is_ascii_alphabetic() {
            base = part;
        }
    });
    form.push(base);
}

/// Endings that are words of their own ("I'll" is "I will") or mark a case ("John's"); "n't" stays, because "dont" is how
/// many people write it.
const TIED: [&str; 6] = ["'s", "'ll", "'re", "'ve", "'m", "'d"];

fn untie(form: &mut String) {
    if !form.contains('\'') {
        return;
    }
    if let Some(rest) = TIED.iter().find_map(|ending| form.strip_suffix(ending)) {
        form.truncate(rest.len());
    }
    form.retain(|character| character != '\'');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(word: &str) -> String {
        let mut form = String::new();
        surface(Kind::Word, word, &mut form);
        form
    }

    #[test]
    fn case_and_accents_are_folded() {
        for (word, expected) in [
            ("Café", "cafe"),
            ("cafe\u{301}", "cafe"),
            ("ÉTÉ", "ete"),
            ("Straße", "strasse"),
            ("naïve", "naive"),
            ("İstanbul", "istanbul"),
            ("Việt", "viet"),
            ("Ｆｕｌｌ", "full"),
            ("Ёлка", "ёлка"),
            ("мой", "мой"),
        ] {
            assert_eq!(form(word), expected);
        }
    }

    #[test]
    fn apostrophes_of_every_kind_give_one_form() {
        assert_eq!(form("don't"), form("don’t"));
        assert_eq!(form("don't"), form("dont"));
        assert_eq!(form("John’s"), "john");
        assert_eq!(form("I'll"), "i");
        assert_eq!(form("o'clock"), "oclock");
    }

    #[test]
    fn emoji_are_one_term_with_and_without_presentation() {
        let (mut plain, mut toned) = (String::new(), String::new());
        surface(Kind::Emoji, "👍", &mut plain);
        surface(Kind::Emoji, "👍🏽", &mut toned);
        assert_eq!(plain, toned);
        surface(Kind::Emoji, "❤️", &mut toned);
        assert_eq!(toned, "❤");
    }

    #[test]
    fn half_width_and_full_width_kana_are_one() {
        let (mut half, mut full) = (String::new(), String::new());
        surface(Kind::Pair, "ｶﾞ", &mut half);
        surface(Kind::Pair, "ガ", &mut full);
        assert_eq!(half, full);
    }
}
