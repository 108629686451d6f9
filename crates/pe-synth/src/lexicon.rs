//! All words that slots can ask for, built once from the stems: the plain words first, behind them their families in an order that
//! is mixed but fixed.

use std::sync::LazyLock;

use crate::dice::Dice;
use crate::families::{self, PREFIXES, VerbForm};
use crate::sections;
use crate::words::Words;

const STEMS: &str = include_str!("../data/stems.txt");
const LISTS: &str = include_str!("../data/lists.txt");

/// The words, by part of speech.
#[derive(Debug)]
pub(crate) struct Lexicon {
    /// Nouns, one of each.
    pub(crate) nouns: Words,
    /// Nouns, several.
    pub(crate) plurals: Words,
    /// Compounds and derived nouns, none of them usual.
    pub(crate) compounds: Words,
    /// Verbs; the same rank is the same verb in every form.
    pub(crate) verbs: [Words; 4],
    /// Adjectives.
    pub(crate) adjectives: Words,
    /// Adverbs.
    pub(crate) adverbs: Words,
    /// Invented towns and villages.
    pub(crate) places: Words,
    /// Invented surnames.
    pub(crate) surnames: Words,
    /// Given names.
    pub(crate) given: Vec<&'static str>,
    pub(crate) feelings: Vec<&'static str>,
    pub(crate) days: Vec<&'static str>,
    pub(crate) months: Vec<&'static str>,
    pub(crate) dayparts: Vec<&'static str>,
    pub(crate) spans: Vec<&'static str>,
    pub(crate) relations: Vec<&'static str>,
    pub(crate) ones: Vec<&'static str>,
    pub(crate) tens: Vec<&'static str>,
    pub(crate) fillers: Vec<&'static str>,
    pub(crate) roads: Vec<&'static str>,
}

/// The one lexicon.
pub(crate) fn lexicon() -> &'static Lexicon {
    static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::new);
    &LEXICON
}

impl Lexicon {
    fn new() -> Self {
        let nouns = stems("nouns");
        let joined = joined();
        let (adjectives, adverbs, qualities) = adjectives();
        let verbs = verbs();
        let mut compounds = joined.clone();
        compounds.extend(qualities);
        compounds.extend(verbs.iter().map(|(prefix, stem)| format!("{prefix}{}", families::agent(stem))));
        // A verb with a prefix is rare already, so its doer is among the compounds; the order hides where a word comes from.
        mix(&mut compounds, 3);
        let all = |words: &[&'static str], tail: &[String]| -> Vec<String> {
            words.iter().map(|word| (*word).to_owned()).chain(tail.iter().cloned()).collect()
        };
        let nouns = all(&nouns, &joined);
        let form =
            |form| verbs.iter().map(move |(prefix, stem)| format!("{prefix}{}", families::verb(stem, form)));
        Self {
            plurals: nouns.iter().map(|noun| families::with_s(noun)).collect(),
            nouns: nouns.iter().collect(),
            compounds: compounds.iter().collect(),
            verbs: [VerbForm::Base, VerbForm::Third, VerbForm::Ing, VerbForm::Past]
                .map(|which| form(which).collect()),
            adjectives: adjectives.iter().collect(),
            adverbs: adverbs.iter().collect(),
            places: pairs("starts", "ends", 1).iter().collect(),
            surnames: pairs("names", "nameends", 2).iter().collect(),
            given: stems("given"),
            feelings: list("feelings"),
            days: list("days"),
            months: list("months"),
            dayparts: list("dayparts"),
            spans: list("spans"),
            relations: list("relations"),
            ones: list("ones"),
            tens: list("tens"),
            fillers: list("fillers"),
            roads: list("roads"),
        }
    }

    /// The verbs in a form.
    pub(crate) const fn verbs(&self, form: VerbForm) -> &Words {
        &self.verbs[form as usize]
    }
}

/// A section of stems, each once.
fn stems(section: &str) -> Vec<&'static str> {
    let mut seen = std::collections::BTreeSet::new();
    let mut words = sections::words(STEMS, section);
    words.retain(|word| seen.insert(*word));
    words
}

fn list(section: &str) -> Vec<&'static str> {
    sections::items(LISTS, section)
}

/// Every first with every second part, mixed.
fn pairs(firsts: &str, seconds: &str, purpose: u64) -> Vec<String> {
    let seconds = stems(seconds);
    let mut pairs: Vec<String> = stems(firsts)
        .into_iter()
        .flat_map(|first| {
            seconds
                .iter()
                .filter(move |second| first != **second)
                .map(move |second| format!("{first}{second}"))
        })
        .collect();
    mix(&mut pairs, purpose);
    pairs
}

fn joined() -> Vec<String> {
    pairs("firsts", "seconds", 0)
}

/// The verbs as prefix and stem: the plain ones first.
fn verbs() -> Vec<(&'static str, &'static str)> {
    let stems = stems("verbs");
    let mut verbs: Vec<_> = stems.iter().map(|stem| ("", *stem)).collect();
    let mut prefixed: Vec<_> = PREFIXES[1..]
        .iter()
        .flat_map(|prefix| {
            stems.iter().filter(move |stem| !stem.starts_with(prefix)).map(|stem| (*prefix, *stem))
        })
        .collect();
    mix(&mut prefixed, 4);
    verbs.append(&mut prefixed);
    verbs
}

/// Adjectives, adverbs, and the nouns of qualities.
fn adjectives() -> (Vec<String>, Vec<String>, Vec<String>) {
    let stems = stems("adjectives");
    let un = |stem: &str| format!("un{stem}");
    let mut adjectives: Vec<String> = stems.iter().map(|stem| (*stem).to_owned()).collect();
    let mut rare: Vec<String> = stems.iter().flat_map(|stem| [un(stem), families::somewhat(stem)]).collect();
    let without = self::stems("nouns");
    rare.extend(without.iter().flat_map(|noun| [format!("{noun}less"), format!("{noun}like")]));
    mix(&mut rare, 5);
    adjectives.append(&mut rare);
    let mut adverbs: Vec<String> = stems.iter().map(|stem| families::adverb(stem)).collect();
    adverbs.extend(stems.iter().map(|stem| un(&families::adverb(stem))));
    let qualities = stems.iter().flat_map(|stem| {
        let quality = families::quality(stem);
        [un(&quality), quality]
    });
    (adjectives, adverbs, qualities.collect())
}

/// Fisher and Yates.
fn mix<T>(items: &mut [T], purpose: u64) {
    let mut dice = Dice::of(0, 0, 1000 + purpose);
    for last in (1..items.len()).rev() {
        items.swap(last, dice.below(last as u64 + 1) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn words_are_many_and_every_list_has_some() {
        let lexicon = lexicon();
        let mut words = BTreeSet::new();
        let lists = [
            &lexicon.nouns,
            &lexicon.plurals,
            &lexicon.compounds,
            &lexicon.adjectives,
            &lexicon.adverbs,
            &lexicon.places,
            &lexicon.surnames,
        ];
        for list in lists.into_iter().chain(&lexicon.verbs) {
            assert!(list.len() > 300, "{}", list.len());
            words.extend((0..list.len()).map(|rank| list.get(rank).to_lowercase()));
        }
        assert!(words.len() > 90_000, "{}", words.len());
        assert!(words.iter().all(|word| word.bytes().all(|b| b.is_ascii_lowercase())), "letters only");
        for list in [&lexicon.feelings, &lexicon.days, &lexicon.fillers, &lexicon.roads, &lexicon.given] {
            assert!(list.len() >= 7, "{list:?}");
        }
    }
}
