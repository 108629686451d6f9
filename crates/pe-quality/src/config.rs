//! Which validators run, and with which profile and weights.
//!
//! The section `[quality]` of the configuration file. [`validators`] checks it as a whole and says what is wrong, where, and
//! what to do, before anything is scored.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::Validator;
use crate::conduct::HelperProfile;
use crate::scorer::Scorer;

const CANONICAL: &str = include_str!("../rules/canonical.toml");
const FIVE_METRIC: &str = include_str!("../rules/five-metric.toml");
/// A definition is a page or two; what is larger is not one.
const MAX_FILE: u64 = 1 << 20;
const MAX_VALIDATORS: usize = 32;

/// Which profile the counselling-skill axis uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// As the modality that each dataset declares says; common factors where none is declared. Whoever scores a dataset settles it
    /// first: see [`QualityConfig::for_dataset`]. Unsettled, it is common factors.
    #[default]
    Auto,
    /// Motivational interviewing.
    Mi,
    /// What good counselling of any school shares.
    CommonFactors,
}

/// What the tier is taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TierBy {
    /// The overall score; under six replies a lower value, the nearer to the lower end of its interval the fewer there are.
    #[default]
    Score,
    /// The lower end of the interval of the overall score, however long the conversation is.
    Lower,
}

impl TierBy {
    /// The name in a configuration and on the screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Score => "score",
            Self::Lower => "lower",
        }
    }
}

/// The section `[quality]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct QualityConfig {
    /// Built-in validators by name (`canonical`, `five-metric`); the first one gives the tier.
    pub validators: Vec<String>,
    /// Definition files of further validators.
    pub custom: Vec<PathBuf>,
    /// The profile of the counselling-skill axis.
    pub profile: Profile,
    /// Who helps, in data that do not declare it.
    pub helper_profile: HelperProfile,
    /// What the tier is taken from.
    pub tier_by: TierBy,
    /// Weights of the canonical metrics in the overall score, where they are not to be the built-in ones.
    pub weights: BTreeMap<String, f64>,
}

impl Default for QualityConfig {
    fn default() -> Self {
        Self {
            validators: vec!["canonical".into()],
            custom: Vec::new(),
            profile: Profile::Auto,
            helper_profile: HelperProfile::Unknown,
            tier_by: TierBy::Score,
            weights: BTreeMap::new(),
        }
    }
}

impl QualityConfig {
    /// The same configuration with what a dataset declares: its modality (`MI`, `motivational interviewing`, `CBT`) settles `auto`, and
    /// its kind of helper replaces the configured one.
    #[must_use]
    pub fn for_dataset(&self, modality: Option<&str>, helper: Option<HelperProfile>) -> Self {
        let settled = self.for_modality(modality);
        Self { helper_profile: helper.unwrap_or(self.helper_profile), ..settled }
    }

    /// The same configuration with `auto` settled by a declared modality alone.
    #[must_use]
    pub fn for_modality(&self, declared: Option<&str>) -> Self {
        let mi = |name: &str| {
            let name = name.trim();
            name.eq_ignore_ascii_case("mi") || name.to_ascii_lowercase().contains("motivational interview")
        };
        let profile = match self.profile {
            Profile::Auto if declared.is_some_and(mi) => Profile::Mi,
            Profile::Auto => Profile::CommonFactors,
            chosen => chosen,
        };
        Self { profile, ..self.clone() }
    }
}

/// What is wrong with the configuration or with a definition.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such built-in validator.
    #[error(
        "unknown validator {name:?} in quality.validators: use canonical or five-metric, or name a file in quality.custom"
    )]
    UnknownValidator {
        /// As configured.
        name: String,
    },
    /// Nothing to score with.
    #[error(
        "quality.validators and quality.custom are both empty: name at least one validator, such as canonical"
    )]
    NoValidator,
    /// More than the engine takes.
    #[error("{found} {what}, more than {limit}: split the definition or remove some")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there are.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// Two validators or metrics of one name.
    #[error("two {what} are named {name:?}: rename one")]
    Duplicate {
        /// Of what.
        what: &'static str,
        /// The name.
        name: String,
    },
    /// A file that can't be read.
    #[error("can't read validator file {}: {source}; check quality.custom", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file that is no definition.
    #[error("validator definition {file}: {reason}")]
    Definition {
        /// Which.
        file: String,
        /// What, and where in it.
        reason: String,
    },
    /// A value that can't be.
    #[error("validator definition {place}: {problem}")]
    Value {
        /// Metric and term.
        place: String,
        /// What is wrong and what would be right.
        problem: String,
    },
    /// A weight for a metric that isn't there.
    #[error("quality.weights names {metric:?}, which is no canonical metric: use one of {known}")]
    UnknownWeight {
        /// As configured.
        metric: String,
        /// What there is.
        known: String,
    },
}

impl Error {
    pub(crate) fn definition(file: &str, source: &toml::de::Error) -> Self {
        Self::Definition { file: file.into(), reason: source.to_string().trim_end().into() }
    }

    pub(crate) fn value(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Value { place: place.into(), problem: problem.into() }
    }
}

/// The validators of a configuration, in its order: built-in ones, then custom ones.
pub fn validators(config: &QualityConfig) -> Result<Vec<Box<dyn Validator>>, Error> {
    let found = config.validators.len() + config.custom.len();
    if found == 0 {
        return Err(Error::NoValidator);
    }
    if found > MAX_VALIDATORS {
        return Err(Error::TooMany { what: "validators", found, limit: MAX_VALIDATORS });
    }
    let mut all: Vec<Box<dyn Validator>> = Vec::with_capacity(found);
    for name in &config.validators {
        add(&mut all, built_in(name, config)?)?;
    }
    for path in &config.custom {
        let text = read(path)?;
        add(&mut all, Scorer::new(&path.display().to_string(), &text, config)?)?;
    }
    Ok(all)
}

fn add(all: &mut Vec<Box<dyn Validator>>, validator: Scorer) -> Result<(), Error> {
    if all.iter().any(|other| other.name() == validator.name()) {
        return Err(Error::Duplicate { what: "validators", name: validator.name().into() });
    }
    all.push(Box::new(validator));
    Ok(())
}

fn built_in(name: &str, config: &QualityConfig) -> Result<Scorer, Error> {
    match name {
        "canonical" => Scorer::weighted("rules/canonical.toml", CANONICAL, config, &config.weights),
        "five-metric" => Scorer::new("rules/five-metric.toml", FIVE_METRIC, config),
        _ => Err(Error::UnknownValidator { name: name.into() }),
    }
}

fn read(path: &PathBuf) -> Result<String, Error> {
    let failed = |source| Error::File { path: path.clone(), source };
    let size = std::fs::metadata(path).map_err(failed)?.len();
    if size > MAX_FILE {
        return Err(Error::TooMany {
            what: "bytes in a validator file",
            found: size as usize,
            limit: MAX_FILE as usize,
        });
    }
    std::fs::read_to_string(path).map_err(failed)
}
