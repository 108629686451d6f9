//! The rules: data files, compiled once. A rule with a kind gives a signal wherever it holds; one without a kind is a *cue*,
//! which a reader in the code asks for by name. `rules/README.md` tells how to write either.

#[cfg(test)]
mod corpus;
mod file;

use std::sync::Arc;

use pe_model::{Digest, Role, SignalKind};
use rustc_hash::FxHashMap;

use crate::Error;
use crate::lexicons::Lexicons;
use crate::pattern::{PatternId, Patterns};
use crate::vocabulary::Vocabulary;
use crate::words::Token;
use file::{By, FileIn, RuleIn};
pub(crate) use file::{Cite, Need};

/// The rule files. A new file is entered here; its stem is the first half of its rules' ids.
const FILES: &[(&str, &str)] = &[
    ("advice", include_str!("../../rules/advice.toml")),
    ("affirmations", include_str!("../../rules/affirmations.toml")),
    ("asks", include_str!("../../rules/asks.toml")),
    ("autonomy", include_str!("../../rules/autonomy.toml")),
    ("change_talk", include_str!("../../rules/change_talk.toml")),
    ("claimed_feelings", include_str!("../../rules/claimed_feelings.toml")),
    ("collaboration", include_str!("../../rules/collaboration.toml")),
    ("conduct", include_str!("../../rules/conduct_danger.toml")),
    ("conduct", include_str!("../../rules/conduct_person.toml")),
    ("conduct", include_str!("../../rules/conduct_treatment.toml")),
    ("conduct", include_str!("../../rules/conduct_trust.toml")),
    ("confrontation", include_str!("../../rules/confrontation.toml")),
    ("emotional_reaction", include_str!("../../rules/emotional_reaction.toml")),
    ("exploration", include_str!("../../rules/exploration.toml")),
    ("facilitate", include_str!("../../rules/facilitate.toml")),
    ("forced_cheer", include_str!("../../rules/forced_cheer.toml")),
    ("information", include_str!("../../rules/information.toml")),
    ("interpretation", include_str!("../../rules/interpretation.toml")),
    ("questions", include_str!("../../rules/questions.toml")),
    ("reassurance", include_str!("../../rules/reassurance.toml")),
    ("reflections", include_str!("../../rules/reflections.toml")),
    ("risk", include_str!("../../rules/risk.toml")),
    ("risk_frames", include_str!("../../rules/risk_frames.toml")),
    ("risk_response", include_str!("../../rules/risk_response.toml")),
    ("self_story", include_str!("../../rules/self_story.toml")),
    ("stock_phrases", include_str!("../../rules/stock_phrases.toml")),
    ("structure", include_str!("../../rules/structure.toml")),
    ("support", include_str!("../../rules/support.toml")),
];

/// The lists of words and phrases.
pub(crate) const LEXICONS: &[(&str, &str)] = &[
    ("lexicons", include_str!("../../rules/lexicons.toml")),
    ("risk_lexicons", include_str!("../../rules/risk_lexicons.toml")),
];
/// The words for feelings.
pub(crate) const FEELINGS: &str = include_str!("../../rules/feelings.toml");

/// The number of a rule.
pub(crate) type RuleId = u16;

/// A rule, compiled.
#[derive(Debug)]
pub(crate) struct Rule {
    /// `file/id`.
    pub(crate) id: Arc<str>,
    /// What it says; `None` for a cue.
    pub(crate) kind: Option<SignalKind>,
    /// What its signal cites.
    pub(crate) cite: Cite,
    /// The strength of its signal.
    pub(crate) strength: f32,
    /// What else must hold.
    pub(crate) needs: Vec<Need>,
    /// The longest message it reads, in words.
    pub(crate) max_words: Option<u32>,
    /// Whether it reads quoted words too.
    pub(crate) quoted: bool,
    unless: Vec<PatternId>,
}

/// All rules.
#[derive(Debug)]
pub(crate) struct Rules {
    all: Vec<Rule>,
    /// What the rules that read clients look for, and those that read helpers.
    client: Index,
    helper: Index,
    /// Patterns that silence a rule; they are in no index.
    silencers: Patterns,
    by_id: FxHashMap<Arc<str>, RuleId>,
}

/// The patterns for one role.
#[derive(Debug, Default)]
struct Index {
    patterns: Patterns,
    /// For each pattern its rule.
    owners: Vec<RuleId>,
}

/// A place in a sentence where a rule's pattern matches: tokens `first..last` of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) rule: RuleId,
    pub(crate) first: usize,
    pub(crate) last: usize,
}

impl Rules {
    /// Compiles all files.
    pub(crate) fn new(lexicons: &Lexicons, vocabulary: &mut Vocabulary) -> Result<Self, Error> {
        let mut rules = Self {
            all: Vec::new(),
            client: Index::default(),
            helper: Index::default(),
            silencers: Patterns::default(),
            by_id: FxHashMap::default(),
        };
        for (name, text) in FILES {
            let file: FileIn = toml::from_str(text)
                .map_err(|source| Error::File { file: format!("{name}.toml"), source: Box::new(source) })?;
            for rule in file.rule {
                rules.add(name, &rule, lexicons, vocabulary)?;
            }
        }
        rules.client.patterns.finish(vocabulary);
        rules.helper.patterns.finish(vocabulary);
        rules.silencers.finish(vocabulary);
        Ok(rules)
    }

    fn add(
        &mut self,
        file: &str,
        rule: &RuleIn,
        lexicons: &Lexicons,
        vocabulary: &mut Vocabulary,
    ) -> Result<(), Error> {
        let id: Arc<str> = format!("{file}/{}", rule.id).into();
        let wrong =
            |pattern: &str, reason| Error::Pattern { rule: id.to_string(), pattern: pattern.into(), reason };
        let number = self.all.len() as RuleId;
        for pattern in &rule.patterns {
            for (role, index) in [(Role::User, &mut self.client), (Role::Assistant, &mut self.helper)] {
                if rule.by.reads(role) {
                    index
                        .patterns
                        .add(pattern, lexicons, vocabulary)
                        .map_err(|reason| wrong(pattern, reason))?;
                    index.owners.push(number);
                }
            }
        }
        let mut unless = Vec::new();
        for pattern in &rule.unless {
            unless.push(
                self.silencers.add(pattern, lexicons, vocabulary).map_err(|reason| wrong(pattern, reason))?,
            );
        }
        if self.by_id.insert(id.clone(), number).is_some() {
            return Err(Error::Rule {
                rule: id.to_string(),
                reason: "this id is taken; give it another".into(),
            });
        }
        self.all.push(Rule {
            id,
            kind: rule.kind,
            cite: rule.cite,
            strength: rule.strength,
            needs: rule.needs.clone(),
            max_words: rule.max_words,
            quoted: rule.quoted,
            unless,
        });
        Ok(())
    }

    /// A rule by its number.
    pub(crate) fn get(&self, rule: RuleId) -> &Rule {
        &self.all[rule as usize]
    }

    /// The number of a rule that the code asks for.
    pub(crate) fn named(&self, id: &str) -> Result<RuleId, Error> {
        self.by_id.get(id).copied().ok_or_else(|| Error::Missing { what: "rule", name: id.into() })
    }

    /// Finds every rule whose pattern matches in the sentence and that reads this role; what the rule needs of the context
    /// is not looked at. Of matches of one rule that overlap, the longest is kept, and among equals the first. `met` is room
    /// for the search.
    pub(crate) fn search(&self, sentence: &[Token], role: Role, met: &mut Vec<u64>, found: &mut Vec<Match>) {
        let before = found.len();
        let index = if role == Role::User { &self.client } else { &self.helper };
        index.patterns.search(sentence, met, |pattern, first, last| {
            keep_longest(found, before, Match { rule: index.owners[pattern as usize], first, last });
        });
        if found.len() > before {
            let mut at = before;
            while at < found.len() {
                if self.is_silenced(found[at], sentence) {
                    found.remove(at);
                } else {
                    at += 1;
                }
            }
        }
    }

    fn is_silenced(&self, found: Match, sentence: &[Token]) -> bool {
        let rule = self.get(found.rule);
        let quoted = !rule.quoted && sentence[found.first].has(Token::QUOTED);
        quoted || rule.unless.iter().any(|pattern| self.silencers.occurs(*pattern, sentence))
    }
}

fn keep_longest(found: &mut Vec<Match>, from: usize, new: Match) {
    let same =
        |other: &&mut Match| other.rule == new.rule && other.first < new.last && new.first < other.last;
    match found[from..].iter_mut().find(same) {
        Some(other) if new.last - new.first > other.last - other.first => *other = new,
        Some(_) => {}
        None => found.push(new),
    }
}

impl By {
    /// Whether messages of that role are read.
    pub(crate) fn reads(self, role: Role) -> bool {
        match self {
            Self::Client => role == Role::User,
            Self::Helper => role == Role::Assistant,
            Self::Any => matches!(role, Role::User | Role::Assistant),
        }
    }
}

/// A digest of everything the rules are made of, 12 hexadecimal digits.
pub(crate) fn digest() -> String {
    let texts = FILES.iter().chain(LEXICONS).map(|(_, text)| *text).chain([FEELINGS]);
    let mut digest = Digest::of_parts(texts.map(str::as_bytes)).to_string();
    digest.truncate(12);
    digest
}
