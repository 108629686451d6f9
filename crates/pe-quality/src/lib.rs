//! Signals to six scores with evidence, a tier with its chance, and recommendations.
//!
//! A [`Validator`] looks at the [`Reading`] of a conversation and gives a [`Report`]. What a validator measures is *data*: a
//! TOML definition lists metrics, and each metric is a sum of terms over signals (rates per reply that saturate, ratios
//! shrunk to a prior, values of single replies) held back by caps. One engine reads every definition: the canonical six axes
//! (`rules/canonical.toml`), the five metrics of the second validator (`rules/five-metric.toml`) and the ones that users
//! name in their configuration. Evidence is made by the engine in one way for all of them: a signal's contribution is the
//! score minus the score without that signal, truly counted again, in whole millionths.
//!
//! ```text
//! Reading -> frame (replies) -> entries (signals routed to slots) -> tally -> values -> evidence, intervals, advice
//! ```

mod advice;
mod assess;
mod compile;
mod conduct;
mod config;
mod definition;
mod effects;
mod entries;
mod evidence;
mod frame;
mod interval;
mod plan;
mod routes;
mod scorable;
mod scorer;
mod tally;
mod term;
mod version;

use pe_model::{Points, Reading, Report, Span, Turn};

pub use conduct::{HelperProfile, Severity};
pub use config::{Error, Profile, QualityConfig, TierBy, validators};
pub use version::validation_version;

/// What a metric is called and what it can honestly be said to read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct MetricInfo {
    /// The name on the wire and in the database.
    pub name: String,
    /// Shown wherever the name is.
    pub subtitle: String,
    /// One or two sentences.
    pub description: String,
}

/// By how much one metric falls when words go.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Movement {
    /// The metric.
    pub metric: String,
    /// The score now minus the score without those words; negative where the score would rise.
    pub by: Points,
}

/// Scores a conversation from its reading. It sees roles, texts and signals, and nothing else of the conversation.
pub trait Validator: Send + Sync {
    /// The name under which its scores are stored.
    fn name(&self) -> &str;

    /// Engine, definition, profile and weights; changes whenever a score may change. See [`validation_version`].
    fn version(&self) -> &str;

    /// Its metrics in the order of the report; the overall one is last.
    fn metrics(&self) -> &[MetricInfo];

    /// Scores with evidence that adds up to them, or the reason why there are none. `turns` and `reading` must be of one
    /// conversation; a signal whose span lies outside of it counts nothing.
    fn validate(&self, turns: &[Turn<'_>], reading: &Reading) -> Report;

    /// By how much each metric falls when the words of `span` are deleted and, with them, every signal that lies inside of
    /// `span` or is about words inside of it. Empty where the conversation is not scorable.
    fn movement(&self, turns: &[Turn<'_>], reading: &Reading, span: Span) -> Vec<Movement>;
}
