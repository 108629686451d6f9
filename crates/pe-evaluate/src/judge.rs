//! Reading and scoring as the product does it, with the default configuration.

use pe_language::Reader;
use pe_model::{Assessment, Axis, Conversation, Reading, Report, Span};
use pe_quality::{QualityConfig, Validator, validators};
use rayon::prelude::*;

use crate::Error;

/// The six scores of a conversation, in the order of [`Axis::ALL`].
pub(crate) type Scores = [f64; 6];

/// Reads and scores.
pub(crate) struct Judge {
    reader: Reader,
    common: Box<dyn Validator>,
    mi: Box<dyn Validator>,
}

impl Judge {
    pub(crate) fn new() -> Result<Self, Error> {
        let config = QualityConfig::default();
        let validator =
            |modality| -> Result<_, Error> { Ok(validators(&config.for_modality(modality))?.swap_remove(0)) };
        Ok(Self { reader: Reader::new()?, common: validator(None)?, mi: validator(Some("mi"))? })
    }

    pub(crate) fn read(&self, conversation: &Conversation) -> Reading {
        self.reader.read(&conversation.turns())
    }

    /// The report of the profile for any counselling.
    pub(crate) fn report(&self, conversation: &Conversation) -> Report {
        self.common.validate(&conversation.turns(), &self.read(conversation))
    }

    pub(crate) fn assess(&self, conversation: &Conversation) -> Option<Assessment> {
        self.report(conversation).outcome.assessment().cloned()
    }

    pub(crate) fn scores(&self, conversation: &Conversation) -> Option<Scores> {
        self.assess(conversation).map(|assessment| scores(&assessment))
    }

    /// The scores of a set that declares motivational interviewing.
    pub(crate) fn scores_as_mi(&self, conversation: &Conversation) -> Option<Scores> {
        let report = self.mi.validate(&conversation.turns(), &self.read(conversation));
        report.outcome.assessment().map(scores)
    }

    /// By how much the overall score is said to fall when the words of `span` go.
    pub(crate) fn stated(&self, conversation: &Conversation, span: Span) -> Option<f64> {
        let reading = self.read(conversation);
        let movement = self.common.movement(&conversation.turns(), &reading, span);
        let overall = movement.into_iter().find(|of| of.metric == Axis::OverallQuality.name())?;
        Some(overall.by.fraction())
    }
}

/// The six scores; a metric that is not there is not a number.
pub(crate) fn scores(assessment: &Assessment) -> Scores {
    Axis::ALL.map(|axis| assessment.score(axis.name()).map_or(f64::NAN, |score| score.value.fraction()))
}

/// One score out of six.
pub(crate) fn of(scores: &Scores, axis: Axis) -> f64 {
    Axis::ALL.iter().position(|one| *one == axis).map_or(f64::NAN, |at| scores[at])
}

/// `judged` of every conversation, side by side, in their order.
pub(crate) fn each<T: Send>(
    conversations: &[Conversation],
    judged: impl Fn(&Conversation) -> T + Sync + Send,
) -> Vec<T> {
    conversations.par_iter().map(judged).collect()
}
