//! Stems: what two forms of a word share, so that "worried" takes up "i worry so much". The suffixes are cut as in the first
//! steps of Porter (1980), more timidly; irregular forms that are frequent in talk are listed. A stem is kept as a 32-bit hash,
//! because stems are only ever compared.

use std::hash::Hasher;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHasher};

/// The hash of a stem; 0 stands for a word without content.
pub(crate) type Stem = u32;

/// Irregular forms and the form they are counted as.
const IRREGULAR: &[(&str, &str)] = &[
    ("slept", "sleep"),
    ("drank", "drink"),
    ("drunk", "drink"),
    ("ate", "eat"),
    ("eaten", "eat"),
    ("fought", "fight"),
    ("wept", "weep"),
    ("lost", "lose"),
    ("loss", "lose"),
    ("hid", "hide"),
    ("hidden", "hide"),
    ("broke", "break"),
    ("broken", "break"),
    ("died", "die"),
    ("dying", "die"),
    ("death", "die"),
    ("dead", "die"),
    ("quitting", "quit"),
    ("fell", "fall"),
    ("fallen", "fall"),
    ("held", "hold"),
    ("hurting", "hurt"),
    ("wrote", "write"),
    ("written", "write"),
    ("drove", "drive"),
    ("driven", "drive"),
    ("ran", "run"),
    ("running", "run"),
    ("paid", "pay"),
    ("spent", "spend"),
    ("spoke", "speak"),
    ("spoken", "speak"),
    ("taught", "teach"),
    ("caught", "catch"),
    ("bought", "buy"),
    ("stuck", "stick"),
    ("woke", "wake"),
    ("woken", "wake"),
    ("shook", "shake"),
    ("shaken", "shake"),
    ("forgot", "forget"),
    ("forgotten", "forget"),
    ("chose", "choose"),
    ("choice", "choose"),
    ("grew", "grow"),
    ("grown", "grow"),
    ("threw", "throw"),
    ("thrown", "throw"),
    ("children", "child"),
    ("kids", "child"),
    ("kid", "child"),
    ("wives", "wife"),
    ("knives", "knife"),
    ("lives", "life"),
    ("mum", "mother"),
    ("mom", "mother"),
    ("mam", "mother"),
    ("dad", "father"),
    ("job", "work"),
    ("jobs", "work"),
    ("cried", "cry"),
    ("crying", "cry"),
    ("tried", "try"),
    ("trying", "try"),
    ("lonely", "lonely"),
    ("loneliness", "lonely"),
    ("anxiety", "anxious"),
    ("depression", "depressed"),
    ("angry", "anger"),
    ("fired", "fire"),
    ("tired", "tired"),
    ("married", "marry"),
    ("marriage", "marry"),
];

/// The same, to be looked up.
static BASES: LazyLock<FxHashMap<&str, &str>> = LazyLock::new(|| IRREGULAR.iter().copied().collect());

/// The stem of a lower-cased word.
pub(crate) fn stem(word: &str) -> Stem {
    let base = BASES.get(word).copied().unwrap_or(word);
    let (root, y) = cut(base);
    let mut hasher = FxHasher::default();
    hasher.write(root.as_bytes());
    if y {
        hasher.write(b"i");
    }
    ((hasher.finish() >> 16) as u32) | 1
}

/// The root, and whether an "i" stands for its last letter ("worry", "worri-ed").
fn cut(word: &str) -> (&str, bool) {
    if !word.is_ascii() || word.len() < 4 {
        return (word, false);
    }
    let root = without_suffix(word);
    let root = undouble(root);
    if root.len() > 3 && root.ends_with('y') || root.len() > 2 && root.ends_with('i') {
        return (&root[..root.len() - 1], true);
    }
    if root.len() > 3 && root.ends_with('e') {
        return (&root[..root.len() - 1], false);
    }
    (root, false)
}

fn without_suffix(word: &str) -> &str {
    if let Some(root) = word.strip_suffix("ies").filter(|root| root.len() > 1) {
        return &word[..=root.len()];
    }
    for suffix in ["ness", "ments", "ment", "ings", "ing", "ed"] {
        if let Some(root) = word.strip_suffix(suffix)
            && root.len() > 2
            && root.bytes().any(|b| b"aeiouy".contains(&b))
        {
            return root;
        }
    }
    if let Some(root) = word.strip_suffix("es").filter(|root| root.ends_with(['s', 'x', 'h', 'z'])) {
        return root;
    }
    match word.strip_suffix('s') {
        Some(root) if !root.ends_with(['s', 'u', 'i']) => root,
        _ => word,
    }
}

/// "stopp" to "stop", but "fall" and "miss" stay.
fn undouble(root: &str) -> &str {
    let bytes = root.as_bytes();
    match bytes {
        [.., a, b] if a == b && !b"lsz".contains(b) && bytes.len() > 3 => &root[..root.len() - 1],
        _ => root,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_word_share_a_stem() {
        for forms in [
            &["worry", "worries", "worried", "worrying"][..],
            &["stop", "stops", "stopped", "stopping"],
            &["hope", "hopes", "hoped", "hoping"],
            &["argue", "argued", "arguing", "argument", "arguments"],
            &["sleep", "sleeping", "slept"],
            &["boss", "bosses"],
            &["call", "calls", "called", "calling"],
            &["miss", "missed", "missing"],
            &["family", "families"],
        ] {
            for form in forms {
                assert_eq!(stem(form), stem(forms[0]), "{form} and {}", forms[0]);
            }
        }
    }

    #[test]
    fn different_words_differ() {
        for (a, b) in
            [("house", "horse"), ("thing", "this"), ("need", "knee"), ("wedding", "weed"), ("red", "ring")]
        {
            assert_ne!(stem(a), stem(b), "{a} and {b}");
        }
    }
}
