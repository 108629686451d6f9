//! Named lists of words and phrases (`rules/lexicons.toml`), which patterns use as `{name}` and readers as [`WordSet`]s.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::Error;
use crate::vocabulary::{Vocabulary, WordId};

/// A set of known words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct WordSet(Vec<u64>);

impl WordSet {
    pub(crate) fn insert(&mut self, id: WordId) {
        let block = id as usize / 64;
        if self.0.len() <= block {
            self.0.resize(block + 1, 0);
        }
        self.0[block] |= 1 << (id % 64);
    }

    pub(crate) fn contains(&self, id: WordId) -> bool {
        self.0.get(id as usize / 64).is_some_and(|block| block >> (id % 64) & 1 == 1)
    }
}

/// The lists, by name, as they are written: each entry is a small pattern.
#[derive(Debug, Default)]
pub(crate) struct Lexicons(FxHashMap<String, Vec<String>>);

impl Lexicons {
    /// Reads the files, each by its name: tables of strings, entries separated by commas or line ends.
    pub(crate) fn parse(files: &[(&str, &str)]) -> Result<Self, Error> {
        let mut lexicons = Self::default();
        for (name, text) in files {
            let lists: BTreeMap<String, String> = toml::from_str(text)
                .map_err(|source| Error::File { file: format!("{name}.toml"), source: Box::new(source) })?;
            for (name, list) in lists {
                lexicons.add(name, list.split([',', '\n']).map(str::trim).filter(|entry| !entry.is_empty()));
            }
        }
        Ok(lexicons)
    }

    /// Adds a list.
    pub(crate) fn add<'a>(&mut self, name: String, entries: impl Iterator<Item = &'a str>) {
        self.0.entry(name).or_default().extend(entries.map(str::to_owned));
    }

    /// The entries of a list.
    pub(crate) fn get(&self, name: &str) -> Option<&[String]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// The single words of a list as a set.
    pub(crate) fn set(&self, name: &str, vocabulary: &mut Vocabulary) -> Result<WordSet, Error> {
        let entries = self.get(name).ok_or_else(|| Error::Missing { what: "lexicon", name: name.into() })?;
        let mut set = WordSet::default();
        for entry in entries {
            if let [id] = vocabulary.add(entry).as_slice() {
                set.insert(*id);
            }
        }
        Ok(set)
    }
}
