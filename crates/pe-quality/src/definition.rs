//! What a validator's TOML file may say.
//!
//! This is the form that users write (see `examples/validators/` at the root of the repository and
//! `docs/quality/README.md`). Nothing here computes; [`crate::plan`] checks it and makes it ready.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::config::Profile;

/// Which signals count, and how much each: a kind (`open_question`), a rule prefix (`advice/you-should`), a severity of
/// conduct (`conduct:serious`, `harm:critical`), any risk cue (`risk_cue`), or a risk cue of some gravity that no reply
/// takes up (`risk_unanswered:critical`).
pub(crate) type Selection = BTreeMap<String, f64>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Definition {
    pub(crate) name: String,
    pub(crate) metric: Vec<Metric>,
    pub(crate) overall: Overall,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Metric {
    pub(crate) name: String,
    pub(crate) subtitle: String,
    pub(crate) description: String,
    /// Share in the overall score; the weights of all metrics are scaled to add up to 1.
    pub(crate) weight: f64,
    /// The score of a conversation without any signal, but for what `ratio`, `talk` and `replies` add.
    pub(crate) base: f64,
    /// Standard deviation of one exchange's influence, pooled over example conversations.
    pub(crate) spread: f64,
    /// Only in that profile.
    pub(crate) profile: Option<Profile>,
    pub(crate) note: Option<Note>,
    #[serde(default)]
    pub(crate) term: Vec<Term>,
    #[serde(default)]
    pub(crate) ratio: Vec<Ratio>,
    pub(crate) talk: Option<Talk>,
    pub(crate) replies: Option<Replies>,
    #[serde(default)]
    pub(crate) cap: Vec<Cap>,
}

/// What is said beside the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Note {
    /// That the conversation is too short for a steady reading, where it is.
    Length,
    /// How many conduct rules fired, and that no people validated them.
    Conduct,
    /// Whether there was a risk cue to respond to.
    Risk,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Term {
    pub(crate) name: String,
    /// What it adds (or, below 0, takes away) in full.
    pub(crate) weight: f64,
    /// At how many per reply (or per conversation) it counts in full.
    pub(crate) full: f64,
    #[serde(default)]
    pub(crate) signals: Selection,
    #[serde(default)]
    pub(crate) patterns: Vec<Pattern>,
    #[serde(default)]
    pub(crate) per: Per,
    #[serde(default)]
    pub(crate) curve: Curve,
    /// Counts only where at least one of these is present.
    pub(crate) needs: Option<String>,
}

/// A pattern that is looked for in what the helper says; letter case doesn't matter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pattern {
    /// Names it in evidence.
    pub(crate) id: String,
    /// A regular expression without look-around.
    pub(crate) find: String,
    /// As which kind of signal a match is shown.
    pub(crate) kind: pe_model::SignalKind,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Per {
    /// A rate: each reply counts at most once.
    #[default]
    Reply,
    /// A count: each occurrence counts.
    Conversation,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Curve {
    /// `u (2 - u)` with `u` the share of `full`: the first ones count most, three quarters are reached half way.
    #[default]
    Saturating,
    /// In proportion, up to `full`.
    Linear,
}

/// A ratio of two counts, shrunk to a prior, read off on anchors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ratio {
    pub(crate) name: String,
    pub(crate) weight: f64,
    pub(crate) over: Selection,
    pub(crate) under: Selection,
    /// The ratio of a conversation without any of either.
    pub(crate) prior: f64,
    /// How many of `under` the prior is worth.
    pub(crate) prior_count: f64,
    /// `[ratio, share of the weight]`, rising in the ratio.
    pub(crate) anchors: Vec<(f64, f64)>,
}

/// In which share of the exchanges the helper says more words than the client, read off on anchors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Talk {
    pub(crate) name: String,
    pub(crate) weight: f64,
    pub(crate) anchors: Vec<(f64, f64)>,
}

/// A value for each reply; the metric takes their mean and the mean of the worst tenth.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Replies {
    /// The value of a reply without any signal.
    pub(crate) base: f64,
    /// Weight of the worst tenth; the mean has the rest.
    pub(crate) worst: f64,
    pub(crate) term: Vec<ReplyTerm>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReplyTerm {
    pub(crate) name: String,
    pub(crate) weight: f64,
    pub(crate) signals: Selection,
}

/// A bound that the score may not pass once any of these fired.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Cap {
    pub(crate) name: String,
    pub(crate) at: f64,
    pub(crate) when: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Overall {
    pub(crate) name: String,
    pub(crate) subtitle: String,
    pub(crate) description: String,
    pub(crate) spread: f64,
    #[serde(default)]
    pub(crate) cap: Vec<Cap>,
}
