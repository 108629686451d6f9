//! The plain nouns of Pixelated Empathy.
//!
//! A [`Conversation`] comes in from any format. Reading it gives a [`Reading`]: labels on spans of its messages, called
//! [`Signal`]s. Signals become an [`Assessment`]: scores between 0 and 1, each with the [`Evidence`] that adds up to it.
//! Nothing in this crate does input or output, and every type here can be made by hand in a test.

mod assessment;
mod axis;
mod clock;
mod conversation;
mod digest;
mod emotion;
mod ids;
mod points;
mod reading;
mod signal;
mod span;

pub use assessment::{
    Assessment, Evidence, EvidenceKind, NotScorable, Outcome, Recommendation, Report, Score, Tier, TierChance,
};
pub use axis::Axis;
pub use clock::{Clock, FixedClock, SystemClock};
pub use conversation::{Annotation, Conversation, Message, Metadata, Pair, Preference, Role, Turn};
pub use digest::Digest;
pub use emotion::{Ekman, Emotion, Sentiment};
pub use ids::{ConversationId, Ids, JobId, MessageId};
pub use points::Points;
pub use reading::{Experiencer, Language, MessageReading, Reading, Volley};
pub use signal::{Signal, SignalKind};
pub use span::Span;
