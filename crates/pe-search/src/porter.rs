//! The Porter stemmer (M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980), with the two departures of
//! the author's own published program: `bli` for `abli`, and `logi` becomes `log`.

/// Replaces a lower-case English word by its stem. Words of fewer than three letters, and words that hold anything but
/// `a` to `z`, stay as they are.
pub(crate) fn stem(word: &mut String) {
    if word.len() < 3 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return;
    }
    plural(word);
    past(word);
    if has_vowel_before(word, "y") {
        replace(word, 1, "i");
    }
    long_suffix(word, &SECOND, 0);
    long_suffix(word, &THIRD, 0);
    fourth(word);
    fifth(word);
}

/// Step 2: double suffixes become single ones, where the measure before is above 0. The first that fits is the only one
/// tried, so longer ones stand before those they end in.
const SECOND: [(&str, &str); 21] = [
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("bli", "ble"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
    ("logi", "log"),
];

/// Step 3, where the measure before is above 0.
const THIRD: [(&str, &str); 7] = [
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
];

/// Step 4: these go where the measure before is above 1; `ion` only after `s` or `t`.
const FOURTH: [&str; 19] = [
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism",
    "ate", "iti", "ous", "ive", "ize",
];

/// Step 1a.
fn plural(word: &mut String) {
    if word.ends_with("sses") || word.ends_with("ies") {
        cut(word, 2);
    } else if word.ends_with('s') && !word.ends_with("ss") {
        cut(word, 1);
    }
}

/// Step 1b.
fn past(word: &mut String) {
    if word.ends_with("eed") {
        if measure(&word[..word.len() - 3]) > 0 {
            cut(word, 1);
        }
        return;
    }
    let Some(ending) = ["ed", "ing"].into_iter().find(|ending| has_vowel_before(word, ending)) else {
        return;
    };
    cut(word, ending.len());
    if word.ends_with("at") || word.ends_with("bl") || word.ends_with("iz") {
        word.push('e');
    } else if ends_in_double(word) {
        if !word.ends_with(['l', 's', 'z']) {
            cut(word, 1);
        }
    } else if measure(word) == 1 && ends_in_short_syllable(word) {
        word.push('e');
    }
}

fn long_suffix(word: &mut String, table: &[(&str, &str)], above: usize) {
    if let Some(&(suffix, by)) = table.iter().find(|(suffix, _)| word.ends_with(suffix))
        && measure(&word[..word.len() - suffix.len()]) > above
    {
        replace(word, suffix.len(), by);
    }
}

fn fourth(word: &mut String) {
    let Some(suffix) = FOURTH.iter().find(|suffix| word.ends_with(**suffix)) else { return };
    let rest = &word[..word.len() - suffix.len()];
    if measure(rest) > 1 && (*suffix != "ion" || rest.ends_with(['s', 't'])) {
        cut(word, suffix.len());
    }
}

/// Step 5.
fn fifth(word: &mut String) {
    if let Some(rest) = word.strip_suffix('e') {
        let measure = measure(rest);
        if measure > 1 || (measure == 1 && !ends_in_short_syllable(rest)) {
            cut(word, 1);
        }
    }
    if word.ends_with("ll") && measure(word) > 1 {
        cut(word, 1);
    }
}

fn cut(word: &mut String, letters: usize) {
    word.truncate(word.len() - letters);
}

fn replace(word: &mut String, letters: usize, by: &str) {
    cut(word, letters);
    word.push_str(by);
}

/// `y` is a vowel after a consonant, a consonant elsewhere.
fn is_consonant(word: &[u8], at: usize) -> bool {
    match word[at] {
        b'a' | b'e' | b'i' | b'o' | b'u' => false,
        b'y' => at == 0 || !is_consonant(word, at - 1),
        _ => true,
    }
}

/// The `m` of the paper: how many vowel-consonant sequences the word holds.
fn measure(word: &str) -> usize {
    let word = word.as_bytes();
    (1..word.len()).filter(|&at| is_consonant(word, at) && !is_consonant(word, at - 1)).count()
}

fn has_vowel_before(word: &str, suffix: &str) -> bool {
    word.strip_suffix(suffix).is_some_and(|rest| (0..rest.len()).any(|at| !is_consonant(rest.as_bytes(), at)))
}

fn ends_in_double(word: &str) -> bool {
    let word = word.as_bytes();
    let end = word.len();
    end >= 2 && word[end - 1] == word[end - 2] && is_consonant(word, end - 1)
}

/// Consonant, vowel, consonant other than `w`, `x`, `y`.
fn ends_in_short_syllable(word: &str) -> bool {
    let word = word.as_bytes();
    let end = word.len();
    end >= 3
        && is_consonant(word, end - 3)
        && !is_consonant(word, end - 2)
        && is_consonant(word, end - 1)
        && !matches!(word[end - 1], b'w' | b'x' | b'y')
}

#[cfg(test)]
mod tests {
    /// The examples that the paper gives beside its rules, after all steps.
    const PAPER: [(&str, &str); 62] = [
        ("caresses", "caress"),
        ("ponies", "poni"),
        ("ties", "ti"),
        ("caress", "caress"),
        ("cats", "cat"),
        ("feed", "feed"),
        ("agreed", "agre"),
        ("plastered", "plaster"),
        ("bled", "bled"),
        ("motoring", "motor"),
        ("sing", "sing"),
        ("conflated", "conflat"),
        ("troubled", "troubl"),
        ("sized", "size"),
        ("hopping", "hop"),
        ("tanned", "tan"),
        ("falling", "fall"),
        ("hissing", "hiss"),
        ("fizzed", "fizz"),
        ("failing", "fail"),
        ("filing", "file"),
        ("happy", "happi"),
        ("sky", "sky"),
        ("relational", "relat"),
        ("conditional", "condit"),
        ("rational", "ration"),
        ("valenci", "valenc"),
        ("digitizer", "digit"),
        ("radicalli", "radic"),
        ("differentli", "differ"),
        ("vileli", "vile"),
        ("analogousli", "analog"),
        ("vietnamization", "vietnam"),
        ("predication", "predic"),
        ("operator", "oper"),
        ("feudalism", "feudal"),
        ("decisiveness", "decis"),
        ("hopefulness", "hope"),
        ("callousness", "callous"),
        ("formaliti", "formal"),
        ("sensitiviti", "sensit"),
        ("sensibiliti", "sensibl"),
        ("triplicate", "triplic"),
        ("formative", "form"),
        ("formalize", "formal"),
        ("electrical", "electr"),
        ("goodness", "good"),
        ("revival", "reviv"),
        ("allowance", "allow"),
        ("inference", "infer"),
        ("airliner", "airlin"),
        ("gyroscopic", "gyroscop"),
        ("adjustable", "adjust"),
        ("replacement", "replac"),
        ("adjustment", "adjust"),
        ("dependent", "depend"),
        ("adoption", "adopt"),
        ("homologou", "homolog"),
        ("probate", "probat"),
        ("rate", "rate"),
        ("cease", "ceas"),
        ("controlling", "control"),
    ];

    #[test]
    fn the_examples_of_the_paper_hold() {
        for (word, expected) in PAPER {
            let mut stem = word.to_owned();
            super::stem(&mut stem);
            assert_eq!(stem, expected, "{word}");
        }
    }

    #[test]
    fn words_of_one_family_meet() {
        for family in [
            ["connect", "connected", "connecting", "connection"],
            ["generalization", "generalizations", "generalize", "generalized"],
            ["anxiety", "anxieties", "anxiety", "anxieties"],
        ] {
            let stems: std::collections::BTreeSet<_> = family
                .iter()
                .map(|word| {
                    let mut stem = (*word).to_owned();
                    super::stem(&mut stem);
                    stem
                })
                .collect();
            assert_eq!(stems.len(), 1, "{family:?} {stems:?}");
        }
    }

    #[test]
    fn what_is_not_an_english_word_stays() {
        for word in ["is", "a1s", "été", "心理", "x-es", ""] {
            let mut stem = word.to_owned();
            super::stem(&mut stem);
            assert_eq!(stem, word);
        }
    }
}
