//! Word families: what English makes of a stem, by the spelling rules of regular words (Huddleston and Pullum, The Cambridge Grammar
//! of the English Language, 2002, chapter 18: a silent e goes, y becomes ie, a final consonant doubles).

/// Forms of a verb that a slot can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VerbForm {
    Base,
    Third,
    Ing,
    Past,
}

/// Before verbs; the plain verb comes first.
pub(crate) const PREFIXES: [&str; 8] = ["", "re", "un", "over", "under", "out", "mis", "pre"];

fn is_vowel(c: u8) -> bool {
    matches!(c, b'a' | b'e' | b'i' | b'o' | b'u')
}

/// Whether the last consonant doubles: one syllable that ends in consonant, vowel, consonant.
fn doubles(stem: &str) -> bool {
    let bytes = stem.as_bytes();
    let [.., a, b, c] = bytes else { return false };
    let one_syllable = bytes.windows(2).filter(|w| is_vowel(w[0]) && !is_vowel(w[1])).count() == 1;
    one_syllable
        && (!is_vowel(*a) || (*a == b'u' && bytes.starts_with(b"qu")))
        && is_vowel(*b)
        && !is_vowel(*c)
        && !matches!(c, b'w' | b'x' | b'y')
}

fn ends_in_consonant_y(stem: &str) -> bool {
    matches!(stem.as_bytes(), [.., a, b'y'] if !is_vowel(*a))
}

/// `stem` with an ending that begins with a vowel.
fn with_vowel(stem: &str, ending: &str) -> String {
    if let Some(short) = stem.strip_suffix('e') {
        let sounded = ending.starts_with('i') && (short.ends_with(['e', 'y', 'o']));
        return format!("{}{ending}", if sounded { stem } else { short });
    }
    if ends_in_consonant_y(stem) && !ending.starts_with('i') {
        return format!("{}i{ending}", &stem[..stem.len() - 1]);
    }
    if doubles(stem) {
        return format!("{stem}{}{ending}", &stem[stem.len() - 1..]);
    }
    format!("{stem}{ending}")
}

/// More than one, or the third person: s, es, ies, ves.
pub(crate) fn with_s(stem: &str) -> String {
    if ["lf", "eaf", "oaf"].iter().any(|end| stem.ends_with(end)) {
        return format!("{}ves", &stem[..stem.len() - 1]);
    }
    if ends_in_consonant_y(stem) {
        return format!("{}ies", &stem[..stem.len() - 1]);
    }
    let sibilant = ["s", "x", "z", "ch", "sh"].iter().any(|end| stem.ends_with(end));
    format!("{stem}{}", if sibilant { "es" } else { "s" })
}

/// A verb in a form.
pub(crate) fn verb(stem: &str, form: VerbForm) -> String {
    match form {
        VerbForm::Base => stem.to_owned(),
        VerbForm::Third => with_s(stem),
        VerbForm::Ing => with_vowel(stem, "ing"),
        VerbForm::Past => with_vowel(stem, "ed"),
    }
}

/// Who does it.
pub(crate) fn agent(stem: &str) -> String {
    with_vowel(stem, "er")
}

/// In which way.
pub(crate) fn adverb(adjective: &str) -> String {
    match adjective {
        _ if adjective.ends_with("le") => format!("{}y", &adjective[..adjective.len() - 1]),
        _ if adjective.ends_with("ll") => format!("{adjective}y"),
        _ if ends_in_consonant_y(adjective) => format!("{}ily", &adjective[..adjective.len() - 1]),
        _ => format!("{adjective}ly"),
    }
}

/// That it is so.
pub(crate) fn quality(adjective: &str) -> String {
    if ends_in_consonant_y(adjective) {
        return format!("{}iness", &adjective[..adjective.len() - 1]);
    }
    format!("{adjective}ness")
}

/// A little so.
pub(crate) fn somewhat(adjective: &str) -> String {
    if adjective.ends_with('y') { format!("{adjective}ish") } else { with_vowel(adjective, "ish") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_verbs_are_spelt_as_english_spells_them() {
        let forms = |stem| [VerbForm::Third, VerbForm::Ing, VerbForm::Past].map(|form| verb(stem, form));
        assert_eq!(forms("fold"), ["folds", "folding", "folded"]);
        assert_eq!(forms("bake"), ["bakes", "baking", "baked"]);
        assert_eq!(forms("carry"), ["carries", "carrying", "carried"]);
        assert_eq!(forms("stop"), ["stops", "stopping", "stopped"]);
        assert_eq!(forms("wash"), ["washes", "washing", "washed"]);
        assert_eq!(forms("clean"), ["cleans", "cleaning", "cleaned"]);
        assert_eq!(forms("mix"), ["mixes", "mixing", "mixed"]);
        assert_eq!(forms("gather"), ["gathers", "gathering", "gathered"]);
        assert_eq!(forms("visit"), ["visits", "visiting", "visited"]);
        assert_eq!(forms("play"), ["plays", "playing", "played"]);
        assert_eq!(forms("dye"), ["dyes", "dyeing", "dyed"]);
    }

    #[test]
    fn adjectives_make_adverbs_and_qualities() {
        assert_eq!(["gentle", "happy", "warm", "dull"].map(adverb), ["gently", "happily", "warmly", "dully"]);
        assert_eq!(["happy", "dark"].map(quality), ["happiness", "darkness"]);
        assert_eq!(["wide", "red", "grey"].map(somewhat), ["widish", "reddish", "greyish"]);
    }
}
