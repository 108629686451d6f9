//! What can be wrong with the rule files and the weights. They are built into the program, so a released one never meets these.

/// A rule file that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not TOML, or a field that no rule has.
    #[error("rule file {file} can't be read: {source}; see rules/README.md for the fields of a rule")]
    File {
        /// Its name.
        file: String,
        /// What the parser says, with line and column.
        source: Box<toml::de::Error>,
    },
    /// A pattern that can't be compiled.
    #[error("rule {rule}: pattern `{pattern}`: {reason}")]
    Pattern {
        /// The rule's full id.
        rule: String,
        /// The pattern.
        pattern: String,
        /// What is wrong and what to write instead.
        reason: String,
    },
    /// A rule that contradicts itself or another one.
    #[error("rule {rule}: {reason}")]
    Rule {
        /// The rule's full id.
        rule: String,
        /// What is wrong and what to write instead.
        reason: String,
    },
    /// A rule or a lexicon that the code asks for by name.
    #[error("no {what} named `{name}` in the rule files, and the reader asks for it")]
    Missing {
        /// `rule` or `lexicon`.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A vocabulary of word pieces without one that every sequence needs.
    #[error("the vocabulary has no {0}; put the file back as it was shipped")]
    Vocabulary(String),
    /// Weights that can't be used.
    #[error(transparent)]
    Emotion(#[from] crate::emotion::Damage),
}
