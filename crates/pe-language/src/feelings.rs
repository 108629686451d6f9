//! The words for feelings (`rules/feelings.toml`): family, strength, and whether the word means a feeling by itself.

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::Error;
use crate::lexicons::Lexicons;
use crate::vocabulary::{Vocabulary, WordId};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileIn {
    family: Vec<FamilyIn>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FamilyIn {
    name: String,
    valence: Valence,
    #[serde(default)]
    kin: Vec<String>,
    #[serde(default)]
    strong: String,
    #[serde(default)]
    plain: String,
    #[serde(default)]
    mild: String,
    #[serde(default)]
    loose: String,
}

/// Pleasant or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Valence {
    /// Such as joy.
    Positive,
    /// Such as grief.
    Negative,
}

/// What a word says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Feeling {
    /// The number of its family.
    pub(crate) family: u8,
    /// 1 mild, 2 plain, 3 strong.
    pub(crate) intensity: u8,
    /// Pleasant or not.
    pub(crate) valence: Valence,
    /// Means a feeling only after "feel", "am", "so" and the like.
    pub(crate) loose: bool,
}

/// All words for feelings.
#[derive(Debug)]
pub(crate) struct Feelings {
    words: Vec<Option<Feeling>>,
    /// For each family a bit for itself and for each of its kin, either way round.
    kin: Vec<u64>,
}

impl Feelings {
    /// Reads the file, numbers its words and gives patterns the lexicons `{feeling}`, `{negative-feeling}` and
    /// `{positive-feeling}` (without the loose words).
    pub(crate) fn parse(
        text: &str,
        lexicons: &mut Lexicons,
        vocabulary: &mut Vocabulary,
    ) -> Result<Self, Error> {
        let file: FileIn = toml::from_str(text)
            .map_err(|source| Error::File { file: "feelings.toml".into(), source: Box::new(source) })?;
        let mut words = FxHashMap::default();
        for (family, entry) in file.family.iter().enumerate() {
            for (intensity, list) in [(3, &entry.strong), (2, &entry.plain), (1, &entry.mild)] {
                for word in split(list) {
                    let loose = split(&entry.loose).any(|other| other == word);
                    let feeling = Feeling { family: family as u8, intensity, valence: entry.valence, loose };
                    words.entry(vocabulary.add(word).as_slice()[0]).or_insert(feeling);
                    if !loose {
                        let valence =
                            if entry.valence == Valence::Positive { "positive" } else { "negative" };
                        lexicons.add("feeling".into(), std::iter::once(word));
                        lexicons.add(format!("{valence}-feeling"), std::iter::once(word));
                    }
                }
            }
        }
        let mut feelings = Self { words: vec![None; vocabulary.len()], kin: kin_of(&file.family)? };
        for (word, feeling) in words {
            feelings.words[word as usize] = Some(feeling);
        }
        Ok(feelings)
    }

    /// What the word says of feelings.
    pub(crate) fn get(&self, word: WordId) -> Option<Feeling> {
        self.words.get(word as usize).copied().flatten()
    }

    /// The families that are kin to one, itself among them.
    pub(crate) fn kin_of(&self, family: u8) -> impl Iterator<Item = u8> + use<> {
        let kin = self.kin[family as usize];
        (0..64).filter(move |other| kin >> other & 1 == 1)
    }

    /// Whether two families are the same, or kin.
    pub(crate) fn are_kin(&self, one: u8, other: u8) -> bool {
        self.kin[one as usize] >> other & 1 == 1
    }
}

fn split(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|word| !word.is_empty())
}

fn kin_of(families: &[FamilyIn]) -> Result<Vec<u64>, Error> {
    let mut kin: Vec<u64> = (0..families.len()).map(|family| 1 << family).collect();
    for (one, family) in families.iter().enumerate() {
        for name in &family.kin {
            let other = families.iter().position(|other| other.name == *name).ok_or_else(|| Error::Rule {
                rule: format!("feelings/{}", family.name),
                reason: format!("its kin `{name}` is no family; correct the name"),
            })?;
            kin[one] |= 1 << other;
            kin[other] |= 1 << one;
        }
    }
    Ok(kin)
}
