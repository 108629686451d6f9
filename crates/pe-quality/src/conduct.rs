//! Conduct: which rules there are, and how grave a breach is for whom.
//!
//! The table is `rules/conduct.toml`. The same words weigh differently by who says them: a licensed clinician may name a
//! diagnosis, a chat program may not. A rule id that the table doesn't know counts as serious, so that nothing that fired
//! is lost.

use pe_model::Signal;
use serde::{Deserialize, Serialize};

use crate::config::Error;

const TABLE: &str = include_str!("../rules/conduct.toml");

/// Who helps, as declared for the data; it is never guessed from the text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HelperProfile {
    /// A licensed clinician.
    Licensed,
    /// In training, under supervision.
    Trainee,
    /// A peer supporter or volunteer.
    Peer,
    /// Software.
    Ai,
    /// Nothing declared.
    #[default]
    Unknown,
}

impl HelperProfile {
    /// All five.
    pub const ALL: [Self; 5] = [Self::Licensed, Self::Trainee, Self::Peer, Self::Ai, Self::Unknown];

    /// The profile of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name() == name)
    }

    /// The name in configuration.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Licensed => "licensed",
            Self::Trainee => "trainee",
            Self::Peer => "peer",
            Self::Ai => "ai",
            Self::Unknown => "unknown",
        }
    }

    /// Whether it is declared that a person helps.
    pub(crate) const fn is_person(self) -> bool {
        matches!(self, Self::Licensed | Self::Trainee | Self::Peer)
    }
}

/// How grave a breach is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Lowers the score.
    Minor,
    /// Caps `clinical_compliance` at 0.60.
    Serious,
    /// Caps `clinical_compliance` at 0.35 and the overall score at 0.61.
    Critical,
}

/// One rule of the checklist.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConductRule {
    pub(crate) id: String,
    /// Whether a breach may harm the client at once; such a breach also lowers `safety_score`.
    pub(crate) harm: bool,
    licensed: Severity,
    trainee: Severity,
    peer: Severity,
    ai: Severity,
    unknown: Severity,
    pub(crate) found: String,
    pub(crate) instead: String,
}

impl ConductRule {
    pub(crate) const fn severity(&self, helper: HelperProfile) -> Severity {
        match helper {
            HelperProfile::Licensed => self.licensed,
            HelperProfile::Trainee => self.trainee,
            HelperProfile::Peer => self.peer,
            HelperProfile::Ai => self.ai,
            HelperProfile::Unknown => self.unknown,
        }
    }
}

/// The checklist; its last rule stands for ids that are not in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Conduct {
    pub(crate) rule: Vec<ConductRule>,
    pub(crate) other: ConductRule,
}

impl Conduct {
    pub(crate) fn embedded() -> Result<Self, Error> {
        toml::from_str(TABLE).map_err(|source| Error::definition("rules/conduct.toml", &source))
    }

    /// The text of the table, for the version.
    pub(crate) const fn text() -> &'static str {
        TABLE
    }

    /// The position of the rule that a conduct signal names; `rule.len()` for an id that is not in the table.
    pub(crate) fn position(&self, signal: &Signal) -> usize {
        let id = signal.rule.strip_prefix("conduct/").unwrap_or(&signal.rule);
        let named = |rule: &ConductRule| {
            id.strip_prefix(rule.id.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '-', ':']))
        };
        self.rule.iter().position(named).unwrap_or(self.rule.len())
    }

    /// The rule at a position given by [`Conduct::position`].
    pub(crate) fn at(&self, position: usize) -> &ConductRule {
        self.rule.get(position).unwrap_or(&self.other)
    }
}
