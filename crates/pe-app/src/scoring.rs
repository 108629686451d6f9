//! Reading and scoring one conversation: the only place where a reader and the validators meet.

use pe_language::Reader;
use pe_model::{Conversation, Outcome, Reading, Report};
use pe_quality::Validator;

use crate::{Config, Error};

/// A reader and the chosen validators. The first validator decides tier and quality score.
pub struct Scorer {
    reader: Reader,
    validators: Vec<Box<dyn Validator>>,
    /// Name of each validator, and the version that its reports carry now.
    versions: Vec<(String, String)>,
}

/// What was found in one conversation.
#[derive(Clone, Debug)]
pub struct Scored {
    /// The labels.
    pub reading: Reading,
    /// One for each validator, in the order of the configuration.
    pub reports: Vec<Report>,
}

impl Scored {
    /// What the first validator says.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.reports.first().map(|report| &report.outcome)
    }
}

impl Scorer {
    /// The reader and the validators that `config` names.
    pub fn new(config: &Config) -> Result<Self, Error> {
        let reader = Reader::new().map_err(|error| Error::internal("the built-in rules", error))?;
        let validators = pe_quality::validators(&config.quality)
            .map_err(|error| Error::invalid(format!("quality: {error}")))?;
        // An empty conversation has no scores, but its report carries the version that every other one will carry.
        let empty = reader.read(&[]);
        let versions = validators
            .iter()
            .map(|validator| (validator.name().to_owned(), validator.validate(&[], &empty).version))
            .collect();
        Ok(Self { reader, validators, versions })
    }

    /// Reads and scores. Only roles and texts are looked at.
    pub fn score(&self, conversation: &Conversation) -> Scored {
        let turns = conversation.turns();
        let reading = self.reader.read(&turns);
        let reports = self.validators.iter().map(|validator| validator.validate(&turns, &reading)).collect();
        Scored { reading, reports }
    }

    /// Scores from a reading that was stored.
    pub fn score_again(&self, conversation: &Conversation, reading: &Reading) -> Vec<Report> {
        let turns = conversation.turns();
        self.validators.iter().map(|validator| validator.validate(&turns, reading)).collect()
    }

    /// Name of each validator, and the version that its reports carry now.
    pub fn versions(&self) -> Vec<(&str, &str)> {
        self.versions.iter().map(|(name, version)| (name.as_str(), version.as_str())).collect()
    }

    /// The validators, in the order of the configuration.
    pub fn validators(&self) -> &[Box<dyn Validator>] {
        &self.validators
    }
}
