//! By what a search is narrowed apart from its words.

use pe_model::{Emotion, Points, Role, Tier};
use time::OffsetDateTime;

use crate::query::{Condition, FilterField};

/// Narrows a search. Empty lists and `None` narrow nothing; several values of one field mean any of them; several fields
/// must all fit. What the query language says comes on top.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Roles of the message.
    pub roles: Vec<Role>,
    /// Emotions of the message.
    pub emotions: Vec<Emotion>,
    /// Tiers of the conversation.
    pub tiers: Vec<Tier>,
    /// Datasets of the conversation, compared exactly.
    pub datasets: Vec<String>,
    /// Languages of the message, ISO 639-1 in lower case.
    pub languages: Vec<String>,
    /// The lowest overall score; leaves out conversations without one.
    pub min_quality: Option<Points>,
    /// The highest overall score; leaves out conversations without one.
    pub max_quality: Option<Points>,
    /// Conversations created at this time or later.
    pub from: Option<OffsetDateTime>,
    /// Conversations created before this time.
    pub to: Option<OffsetDateTime>,
}

impl Filter {
    /// Its lists in the form in which the query language gives them.
    pub(crate) fn conditions(&self) -> impl Iterator<Item = Condition> {
        let roles = self.roles.iter().map(|role| role.name().to_owned()).collect();
        let emotions = self.emotions.iter().map(|emotion| emotion.name().to_owned()).collect();
        let tiers = self.tiers.iter().map(|tier| tier.name().to_owned()).collect();
        [
            (FilterField::Role, roles),
            (FilterField::Emotion, emotions),
            (FilterField::Tier, tiers),
            (FilterField::Dataset, self.datasets.clone()),
            (FilterField::Language, self.languages.clone()),
        ]
        .into_iter()
        .filter(|(_, values): &(_, Vec<String>)| !values.is_empty())
        .map(|(field, values)| Condition { field, values, excluded: false })
    }
}
