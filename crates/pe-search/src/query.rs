//! What was asked for, as read from the query language.
//!
//! | written | means |
//! |---|---|
//! | `panic attack` | messages with any of the words; those with more, and with rarer ones, first |
//! | `"panic attack"` | only messages with this phrase |
//! | `+panic` | only messages with this word |
//! | `-attack`, `-"panic attack"` | no message with this |
//! | `anx*` | words that begin so |
//! | `role:user,assistant` | messages of these roles; so too `emotion:`, `tier:`, `dataset:`, `lang:` |
//! | `-tier:unrated` | none of these |
//!
//! Words and phrases are compared by their stem, prefixes as written; case and accents never count.

use pe_model::{Emotion, Role, Tier};

/// Most characters of a query.
pub const MAX_QUERY_CHARS: usize = 2_000;
/// Most words, phrases and filter values of a query.
pub const MAX_QUERY_CLAUSES: usize = 256;

/// A query that could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub(crate) clauses: Vec<Clause>,
    pub(crate) conditions: Vec<Condition>,
}

/// A word, a phrase or a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    pub(crate) sign: Sign,
    pub(crate) wanted: Wanted,
}

/// What a clause does to a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// Counts for it.
    Plain,
    /// Must be in it.
    Required,
    /// Must not be in it.
    Excluded,
}

/// What a clause looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// One or more words, as typed between two spaces.
    Words(String),
    /// The words between two quotation marks.
    Phrase(String),
    /// The beginning of a word.
    Prefix(String),
}

/// A fact that messages are narrowed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FilterField {
    Role,
    Emotion,
    Tier,
    Dataset,
    Language,
}

impl FilterField {
    pub(crate) const NAMES: &str = "role, emotion, tier, dataset, lang";

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "role" => Some(Self::Role),
            "emotion" => Some(Self::Emotion),
            "tier" => Some(Self::Tier),
            "dataset" => Some(Self::Dataset),
            "lang" => Some(Self::Language),
            _ => None,
        }
    }

    /// The value as it is indexed, or `None` where no message can have it.
    pub(crate) fn value(self, value: &str) -> Option<String> {
        let lower = value.to_lowercase();
        let known = match self {
            Self::Role => Role::from_name(&lower).is_some(),
            Self::Emotion => Emotion::from_name(&lower).is_some(),
            Self::Tier => Tier::from_name(&lower).is_some(),
            Self::Dataset => return Some(value.to_owned()),
            Self::Language => {
                (2..=8).contains(&lower.len())
                    && lower.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
            }
        };
        known.then_some(lower)
    }

    /// What may be written after the colon.
    pub(crate) fn allowed(self) -> String {
        let names: Vec<&str> = match self {
            Self::Role => Role::ALL.iter().map(|role| role.name()).collect(),
            Self::Emotion => Emotion::ALL.iter().map(|emotion| emotion.name()).collect(),
            Self::Tier => Tier::ALL.iter().map(|tier| tier.name()).collect(),
            Self::Dataset => vec!["the name of a dataset"],
            Self::Language => vec!["an ISO 639-1 code such as en"],
        };
        names.join(", ")
    }
}

/// One of `values` must be, or if excluded must not be, in a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(crate) field: FilterField,
    pub(crate) values: Vec<String>,
    pub(crate) excluded: bool,
}

/// Why a query cannot be read. Positions count characters from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    /// Longer than [`MAX_QUERY_CHARS`].
    #[error("the query has {chars} characters, at most {MAX_QUERY_CHARS} are allowed; shorten it")]
    TooLong {
        /// How many it has.
        chars: usize,
    },
    /// More than [`MAX_QUERY_CLAUSES`] words, phrases and filter values.
    #[error("the query has more than {MAX_QUERY_CLAUSES} words and filter values; shorten it")]
    TooManyClauses,
    /// A quotation mark that is never closed.
    #[error("the phrase that begins at character {at} is not closed; add a quotation mark")]
    OpenPhrase {
        /// Where it begins.
        at: usize,
    },
    /// A word before a colon that is no field.
    #[error("`{name}` at character {at} is no field; fields are {fields} (for the text itself, put it in quotation marks)", fields = FilterField::NAMES)]
    UnknownField {
        /// The word.
        name: String,
        /// Where it stands.
        at: usize,
    },
    /// A field with a colon and nothing behind it.
    #[error("the filter at character {at} has no value; write {allowed}")]
    NoValue {
        /// Where the value is missing.
        at: usize,
        /// What may stand there.
        allowed: String,
    },
    /// A value that no message can have.
    #[error("`{value}` at character {at} is not one of: {allowed}")]
    UnknownValue {
        /// The value.
        value: String,
        /// Where it stands.
        at: usize,
        /// What may stand there.
        allowed: String,
    },
    /// A star after more than one word.
    #[error("the star at character {at} follows more than one word; a prefix is the beginning of one word")]
    WidePrefix {
        /// Where the star stands.
        at: usize,
    },
    /// Neither a word nor a filter.
    #[error(
        "nothing to search for; write a word, a phrase in quotation marks, or a filter such as role:user"
    )]
    Nothing,
}
