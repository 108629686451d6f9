//! What a rule file looks like. `rules/README.md` is the manual; the names here are the names in the files.

use pe_model::SignalKind;
use serde::Deserialize;

/// A rule file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileIn {
    #[serde(default)]
    pub(super) rule: Vec<RuleIn>,
}

/// A rule as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleIn {
    pub(super) id: String,
    #[serde(default)]
    pub(super) kind: Option<SignalKind>,
    pub(super) by: By,
    #[serde(default)]
    pub(super) cite: Cite,
    #[serde(default = "one")]
    pub(super) strength: f32,
    pub(super) patterns: Vec<String>,
    #[serde(default)]
    pub(super) unless: Vec<String>,
    #[serde(default)]
    pub(super) needs: Vec<Need>,
    #[serde(default)]
    pub(super) max_words: Option<u32>,
    #[serde(default)]
    pub(super) quoted: bool,
    #[cfg_attr(not(test), allow(dead_code))] // Read by the test of the rules only.
    pub(super) hits: Vec<Example>,
    #[cfg_attr(not(test), allow(dead_code))] // As above.
    pub(super) misses: Vec<Example>,
}

fn one() -> f32 {
    1.0
}

/// Whose words a rule reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum By {
    /// Messages of the person who is helped.
    Client,
    /// Messages of the helper.
    Helper,
    /// Both.
    Any,
}

/// What a signal cites.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Cite {
    /// The words that matched.
    Phrase,
    /// The clauses that the match lies in.
    #[default]
    Clause,
    /// The sentence.
    Sentence,
}

/// What else must hold where a rule's pattern matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Need {
    /// The sentence asks nothing.
    Statement,
    /// The sentence asks something.
    Question,
    /// No "not", "never", "without" in the four words before the match.
    NotNegated,
    /// The sentence shares a content word with the client's last volley.
    TakesUpClient,
    /// The client's last volley tells of distress.
    ClientDistress,
    /// A behaviour that could change has been named.
    TargetNamed,
}

/// An example of a rule's corpus.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
#[cfg_attr(not(test), allow(dead_code))] // As above.
pub(super) enum Example {
    /// A message of the one whose words the rule reads.
    Message(String),
    /// Messages, each beginning with `client: ` or `helper: `; the rule is looked for in the last.
    Messages(Vec<String>),
}
