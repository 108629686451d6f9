//! Reading and scoring one conversation: the only place where a reader and the validators meet.

use pe_language::Reader;
use pe_model::{Conversation, Outcome, Points, Reading, Report, Score, Turn};
use pe_quality::{HelperProfile, Validator};

use crate::inspect::{Deletion, strongest};
use crate::{Config, Corpus, Error};

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
    /// The reader and the validators that `config` names, with the profiles that follow from what is declared of the data: in which
    /// way people are helped (free text, such as `mi`), and who helps (the name of a [`HelperProfile`]).
    pub fn for_dataset(config: &Config, modality: Option<&str>, helper: Option<&str>) -> Result<Self, Error> {
        let reader = Reader::new().map_err(|error| Error::internal("the built-in rules", error))?;
        let quality = config.quality.for_dataset(modality, helper.map(helper_profile).transpose()?);
        let validators =
            pe_quality::validators(&quality).map_err(|error| Error::invalid(format!("quality: {error}")))?;
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
        let reading = self.read(conversation);
        let reports = self.score_again(conversation, &reading);
        Scored { reading, reports }
    }

    /// Only reads.
    pub fn read(&self, conversation: &Conversation) -> Reading {
        self.reader.read(&conversation.turns())
    }

    /// Which reader: a stored reading of another version would be another one now.
    pub fn reader_version(&self) -> &str {
        self.reader.version()
    }

    /// Scores from a reading that was stored.
    pub fn score_again(&self, conversation: &Conversation, reading: &Reading) -> Vec<Report> {
        let turns = conversation.turns();
        self.validators.iter().map(|validator| validator.validate(&turns, reading)).collect()
    }

    /// For each report, what deleting the strongest words of each of its scores does.
    pub(crate) fn deletions(
        &self,
        turns: &[Turn<'_>],
        reading: &Reading,
        reports: &[Report],
    ) -> Vec<Vec<Deletion>> {
        let of = |validator: &dyn Validator, report: &Report| -> Vec<Deletion> {
            let scores = report.outcome.assessment().map(|assessment| assessment.scores.as_slice());
            let deletion = |score: &Score| {
                let span = strongest(score)?;
                let moved = validator.movement(turns, reading, span);
                let by = moved.into_iter().find(|moved| moved.metric == score.metric)?.by;
                Some(Deletion { metric: score.metric.clone(), span, change: Points::ZERO - by })
            };
            scores.unwrap_or_default().iter().filter_map(deletion).collect()
        };
        self.validators
            .iter()
            .zip(reports)
            .map(|(validator, report)| of(validator.as_ref(), report))
            .collect()
    }

    /// Name of each validator, and the version that its reports carry now.
    pub fn versions(&self) -> Vec<(&str, &str)> {
        self.versions.iter().map(|(name, version)| (name.as_str(), version.as_str())).collect()
    }
}

fn helper_profile(name: &str) -> Result<HelperProfile, Error> {
    HelperProfile::from_name(name).ok_or_else(|| {
        let known: Vec<_> = HelperProfile::ALL.iter().map(|profile| profile.name()).collect();
        Error::invalid(format!("helper {name:?} is not known: use {}", known.join(", ")))
    })
}

impl Corpus {
    /// The scorer of a dataset, with what is declared of it; a dataset that is not there yet declares nothing.
    pub async fn scorer(&self, dataset: &str) -> Result<Scorer, Error> {
        let terms = match self.store.dataset(dataset).await {
            Ok(dataset) => dataset.terms,
            Err(pe_store::Error::NoDataset(_)) => pe_store::DatasetTerms::default(),
            Err(error) => return Err(error.into()),
        };
        Scorer::for_dataset(&self.config, terms.modality.as_deref(), terms.helper_profile.as_deref())
    }
}

/// The scorer of the dataset at hand. One is enough: conversations come dataset by dataset.
pub(crate) struct Scorers<'a> {
    corpus: &'a Corpus,
    last: Option<(String, Scorer)>,
}

impl<'a> Scorers<'a> {
    pub(crate) const fn new(corpus: &'a Corpus) -> Self {
        Self { corpus, last: None }
    }

    pub(crate) async fn of(&mut self, dataset: &str) -> Result<&Scorer, Error> {
        let last = match self.last.take().filter(|(name, _)| name == dataset) {
            Some(last) => last,
            None => (dataset.to_owned(), self.corpus.scorer(dataset).await?),
        };
        Ok(&self.last.insert(last).1)
    }
}
