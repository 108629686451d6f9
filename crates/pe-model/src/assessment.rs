//! Scores with the evidence that adds up to them, a tier with its probability, and what could be done better.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Points, SignalKind, Span};

/// A name for a band of the overall score; not clinical validation, and no consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Below 0.62.
    Unrated,
    /// From 0.62.
    Basic,
    /// From 0.69.
    Standard,
    /// From 0.74.
    Professional,
    /// From 0.80.
    Clinical,
    /// From 0.82.
    Research,
}

impl Tier {
    /// From lowest to highest.
    pub const ALL: [Self; 6] =
        [Self::Unrated, Self::Basic, Self::Standard, Self::Professional, Self::Clinical, Self::Research];

    /// The lowest overall score of the tier.
    pub const fn floor(self) -> Points {
        Points::from_micros(match self {
            Self::Unrated => 0,
            Self::Basic => 620_000,
            Self::Standard => 690_000,
            Self::Professional => 740_000,
            Self::Clinical => 800_000,
            Self::Research => 820_000,
        })
    }

    /// The tier of an overall score.
    pub fn of(overall: Points) -> Self {
        Self::ALL.into_iter().rev().find(|tier| overall >= tier.floor()).unwrap_or(Self::Unrated)
    }

    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unrated => "unrated",
            Self::Basic => "basic",
            Self::Standard => "standard",
            Self::Professional => "professional",
            Self::Clinical => "clinical",
            Self::Research => "research",
        }
    }

    /// The tier of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.name() == name)
    }
}

/// Where a contribution comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EvidenceKind {
    /// What a conversation without any signal gets.
    Base,
    /// One signal. Its contribution is what the score would lose if that signal were not there.
    Signal {
        /// What was found.
        signal: SignalKind,
        /// By which rule.
        rule: Arc<str>,
        /// Where. For an omission: the words that called for what is missing.
        span: Span,
        /// The other half of the evidence, where there is one.
        about: Option<Span>,
    },
    /// What several signals do together beyond what each would do alone (a score saturates).
    Shared {
        /// The term of the axis they share.
        term: String,
        /// How many signals.
        count: u32,
    },
    /// A bound that the score may not pass, and by how much it was held back.
    Cap {
        /// Which rule caps.
        rule: String,
    },
}

/// One line of evidence. The contributions of all lines of a score add up to it exactly.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Where it comes from.
    #[serde(flatten)]
    pub source: EvidenceKind,
    /// By how much it moves the score.
    pub contribution: Points,
}

/// One metric of a validator.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Its name, such as `safety_score`.
    pub metric: String,
    /// Between 0 and 1.
    pub value: Points,
    /// Lower end of the reading-uncertainty interval.
    pub low: Points,
    /// Upper end of the reading-uncertainty interval.
    pub high: Points,
    /// Adds up to `value`.
    pub evidence: Vec<Evidence>,
    /// What must be read with the number ("none of 14 rules fired in 8 turns; not validated against people").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

impl Score {
    /// The sum of the evidence; equal to `value` for every score that a validator gives out.
    pub fn sum(&self) -> Points {
        self.evidence.iter().map(|line| line.contribution).sum()
    }
}

/// How likely a tier is, given how uncertain the reading is.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TierChance {
    /// The tier.
    pub tier: Tier,
    /// From 0 to 1; the chances of all tiers add up to 1.
    pub probability: f64,
}

/// What to do instead, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recommendation {
    /// The words it is about.
    pub span: Span,
    /// The metric it would raise.
    pub metric: String,
    /// What was found there.
    pub found: String,
    /// What could stand there instead.
    pub instead: String,
}

/// Why a conversation gets no scores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum NotScorable {
    /// Nobody helps in it.
    NoHelperTurn,
    /// Nobody is helped in it.
    NoClientTurn,
    /// Too little was said.
    TooShort {
        /// Words in it.
        words: u32,
    },
    /// A language that the rules do not read.
    UnreadableLanguage {
        /// ISO 639-1.
        language: String,
    },
}

impl fmt::Display for NotScorable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHelperTurn => f.write_str("no helper turn"),
            Self::NoClientTurn => f.write_str("no client turn"),
            Self::TooShort { words } => write!(f, "too short ({words} words)"),
            Self::UnreadableLanguage { language } if language.is_empty() => f.write_str("no readable text"),
            Self::UnreadableLanguage { language } => write!(f, "language not read ({language})"),
        }
    }
}

/// The scores of one conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// The validator's metrics; the overall one is last.
    pub scores: Vec<Score>,
    /// The tier of the overall score.
    pub tier: Tier,
    /// One for each tier, from lowest to highest.
    pub chances: Vec<TierChance>,
    /// Most useful first.
    pub recommendations: Vec<Recommendation>,
}

impl Assessment {
    /// The overall score: the last one.
    pub fn overall(&self) -> Points {
        self.scores.last().map_or(Points::ZERO, |score| score.value)
    }

    /// The score of that name.
    pub fn score(&self, metric: &str) -> Option<&Score> {
        self.scores.iter().find(|score| score.metric == metric)
    }

    /// The probability of the assigned tier.
    pub fn tier_probability(&self) -> f64 {
        self.chances.iter().find(|chance| chance.tier == self.tier).map_or(0.0, |chance| chance.probability)
    }
}

/// Scores, or the reason why there are none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Outcome {
    /// It was scored.
    Scored(Assessment),
    /// It could not be.
    NotScorable(NotScorable),
}

impl Outcome {
    /// The scores, if there are any.
    pub const fn assessment(&self) -> Option<&Assessment> {
        match self {
            Self::Scored(assessment) => Some(assessment),
            Self::NotScorable(_) => None,
        }
    }
}

/// What one validator says of one conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The validator's name.
    pub validator: String,
    /// Reader, rules, weights and profile: stored as `validation_version`; changes whenever a score may change.
    pub version: String,
    /// Scores, or why there are none.
    pub outcome: Outcome,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tiers_have_the_decided_bounds() {
        for (score, tier) in [
            (0.0, Tier::Unrated),
            (0.619_999, Tier::Unrated),
            (0.62, Tier::Basic),
            (0.69, Tier::Standard),
            (0.74, Tier::Professional),
            (0.80, Tier::Clinical),
            (0.82, Tier::Research),
            (1.0, Tier::Research),
        ] {
            assert_eq!(Tier::of(Points::from_fraction(score)), tier, "{score}");
        }
    }
}
