//! What is asked: queries made of the words that are there, of seven kinds, the same for the same conversations.

use std::collections::HashMap;

use serde::Serialize;

/// Kinds of queries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// One of the words that stand in most messages.
    Common,
    /// A word that stands in few.
    Rare,
    /// Three words, any of them, two of them common.
    Mixed,
    /// Three words in a row, as somebody said them.
    Phrase,
    /// Two words, within some role, tier or emotion.
    Filtered,
    /// The beginning of a word.
    Prefix,
    /// One word with another, without a third.
    Signed,
}

impl Kind {
    pub(crate) const ALL: [Self; 7] =
        [Self::Common, Self::Rare, Self::Mixed, Self::Phrase, Self::Filtered, Self::Prefix, Self::Signed];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Common => "common word",
            Self::Rare => "rare word",
            Self::Mixed => "three words",
            Self::Phrase => "phrase",
            Self::Filtered => "with filters",
            Self::Prefix => "prefix",
            Self::Signed => "must and not",
        }
    }
}

/// A query.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Query {
    pub(crate) kind: Kind,
    /// As the user types it.
    pub(crate) text: String,
    /// Plain words of a ranked OR query that any other engine can be asked too; empty for the other kinds.
    pub(crate) words: Vec<String>,
}

/// `count` queries, the kinds in turn, made of `texts`.
pub(crate) fn queries(texts: &[String], count: usize) -> Vec<Query> {
    let words = by_frequency(texts);
    (0..count)
        .map(|at| {
            let kind = Kind::ALL[at % Kind::ALL.len()];
            make(kind, at / Kind::ALL.len(), &words, texts)
        })
        .collect()
}

/// Distinct words of three letters and more, the most frequent first.
fn by_frequency(texts: &[String]) -> Vec<&str> {
    let mut counts: HashMap<&str, u64> = HashMap::new();
    for word in texts.iter().flat_map(|text| pieces(text)).filter(|word| word.len() > 2) {
        *counts.entry(word).or_default() += 1;
    }
    let mut words: Vec<_> = counts.into_iter().collect();
    words.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    words.into_iter().map(|(word, _)| word).collect()
}

/// Runs of letters, as they stand.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| !word.is_empty())
}

fn make(kind: Kind, at: usize, words: &[&str], texts: &[String]) -> Query {
    // The common ones are among the first 400, the rare ones among all that follow, spread evenly by a step that is prime.
    let pick = |at: usize, from: usize, to: usize| -> String {
        let to = to.min(words.len());
        let width = to.saturating_sub(from).max(1);
        words.get(from + at * 7919 % width).copied().unwrap_or("night").to_lowercase()
    };
    let common = |n: usize| {
        words.get((at * 3 + n) % words.len().clamp(1, 400)).copied().unwrap_or("the").to_lowercase()
    };
    let rare = |n: usize| pick(at * 5 + n, 400, usize::MAX);
    let plain = |words: Vec<String>| Query { kind, text: words.join(" "), words };
    let typed = |text: String| Query { kind, text, words: Vec::new() };
    match kind {
        Kind::Common => plain(vec![common(0)]),
        Kind::Rare => plain(vec![rare(0)]),
        Kind::Mixed => plain(vec![common(0), common(1), rare(1)]),
        Kind::Phrase => typed(format!("\"{}\"", phrase(texts, at))),
        Kind::Filtered => {
            let filters =
                ["role:user", "role:assistant", "lang:en", "tier:unrated,basic", "emotion:fear,sadness"];
            typed(format!("{} {} {}", common(2), rare(2), filters[at % filters.len()]))
        }
        Kind::Prefix => {
            let word = rare(3);
            typed(format!("{}*", word.get(..4.min(word.len())).unwrap_or("work")))
        }
        Kind::Signed => typed(format!("{} +{} -{}", rare(4), common(0), common(1))),
    }
}

/// Three words in a row of a text.
fn phrase(texts: &[String], at: usize) -> String {
    let long = texts.iter().filter(|text| pieces(text).count() >= 6);
    let text = long.cycle().nth(at * 13 % texts.len().max(1)).map_or("", String::as_str);
    // A phrase must not reach over a sign that is no space.
    let run = text.split(|c: char| !c.is_ascii_alphabetic() && c != ' ').find(|run| pieces(run).count() >= 3);
    run.map_or_else(
        || "do you".to_owned(),
        |run| pieces(run).take(3).collect::<Vec<_>>().join(" ").to_lowercase(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_asked_and_no_two_are_the_same() {
        let sentence = |n: usize| {
            let words = ["river", "garden", "kitchen", "window", "winter", "summer", "market", "harbour"];
            (0..12)
                .map(|w| format!("{}{}", words[(n + w) % 8], ["s", "er", "ly", "ed"][(n * w) % 4]))
                .collect::<Vec<_>>()
                .join(" ")
        };
        let texts: Vec<String> = (0..400).map(sentence).collect();
        let queries = queries(&texts, 21);
        for kind in Kind::ALL {
            assert_eq!(queries.iter().filter(|query| query.kind == kind).count(), 3, "{kind:?}");
        }
        assert!(queries.iter().all(|query| !query.text.trim().is_empty()));
        let phrase = queries.iter().find(|query| query.kind == Kind::Phrase).expect("a phrase");
        assert!(texts.iter().any(|text| text.contains(phrase.text.trim_matches('"'))), "{}", phrase.text);
    }

    #[test]
    fn nothing_to_ask_about_is_no_panic() {
        assert_eq!(queries(&[], 7).len(), 7);
    }
}
