//! What goes into the store and what comes out of it.

use std::sync::Arc;

use pe_model::{
    Conversation, ConversationId, Emotion, MessageId, NotScorable, Pair, Points, Reading, Report, Tier,
};
use time::OffsetDateTime;
use uuid::Uuid;

/// A conversation to be saved, with all that was found in it.
#[derive(Clone, Debug)]
pub struct SavedConversation {
    /// A new id, or that of the conversation to replace.
    pub id: ConversationId,
    /// Its dataset; made when there is none of that name.
    pub dataset: Arc<str>,
    /// Unique within the dataset; see [`SourceKey`](crate::SourceKey).
    pub source_id: String,
    /// As it came in.
    pub conversation: Conversation,
    /// What was read in it; its messages belong to the conversation's one by one.
    pub reading: Reading,
    /// The first one decides the tier and the quality score; its metrics that are axes fill `quality_metrics`. Every other
    /// metric and every other report is kept in `validator_scores`. Empty: not scored yet.
    pub reports: Vec<Report>,
}

/// New scores for a stored conversation.
#[derive(Clone, Debug)]
pub struct Rescored {
    /// Which one.
    pub id: ConversationId,
    /// A new reading, where the text was read again; `None` keeps the stored one.
    pub reading: Option<Reading>,
    /// As in [`SavedConversation::reports`]; replaces all that was there.
    pub reports: Vec<Report>,
}

/// A line of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Its id.
    pub id: ConversationId,
    /// Its dataset.
    pub dataset: String,
    /// Its key in the dataset: the source's own id, or `sha256:DIGEST:ORDINAL`.
    pub source_id: String,
    /// `None`: not scored.
    pub tier: Option<Tier>,
    /// The overall score; `None`: not scored.
    pub quality: Option<Points>,
    /// Messages in it.
    pub message_count: u32,
    /// Words in its volleys.
    pub word_count: u64,
    /// ISO 639-1; empty when it has no letters.
    pub language: String,
    /// Its half of a preference pair.
    pub pair: Option<Pair>,
    /// When it was first saved.
    pub created_at: OffsetDateTime,
    /// When it or its scores last changed.
    pub updated_at: OffsetDateTime,
}

/// A whole conversation with its scores.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredConversation {
    /// As in a list.
    pub summary: Summary,
    /// As it came in.
    pub conversation: Conversation,
    /// One for each message.
    pub messages: Vec<MessageFacts>,
    /// What was read in it. `None` where nothing is stored, or where a program with other labels stored it: it can be read again
    /// from the text.
    pub reading: Option<Reading>,
    /// What the first validator said; `None`: not scored yet.
    pub metrics: Option<Metrics>,
    /// What other validators said, by validator and metric.
    pub custom: Vec<CustomScore>,
}

/// What the store knows of a message beyond what came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageFacts {
    /// Its id.
    pub id: MessageId,
    /// The most probable of its selected emotions.
    pub emotion: Option<Emotion>,
    /// ISO 639-1; empty when it has too few letters to tell.
    pub language: String,
}

/// The row of a conversation in `quality_metrics`.
#[derive(Clone, Debug, PartialEq)]
pub struct Metrics {
    /// Which validator.
    pub validator: String,
    /// In the order of [`Axis::ALL`](pe_model::Axis::ALL); `None` where it gave no such score.
    pub axes: [Option<Points>; 6],
    /// The interval of the overall score.
    pub overall: Option<(Points, Points)>,
    /// `None`: not scorable.
    pub tier: Option<Tier>,
    /// The probability of that tier.
    pub tier_probability: Option<f64>,
    /// Why there are no scores.
    pub not_scorable: Option<NotScorable>,
    /// When it was scored.
    pub validated_at: OffsetDateTime,
    /// By which version of reader, rules, weights and profile.
    pub version: String,
}

/// One metric of a further validator.
#[derive(Clone, Debug, PartialEq)]
pub struct CustomScore {
    /// Which validator.
    pub validator: String,
    /// Empty where the validator could not score.
    pub metric: String,
    /// `None` where the validator could not score.
    pub value: Option<Points>,
    /// Why it could not.
    pub not_scorable: Option<NotScorable>,
    /// By which version.
    pub version: String,
}

/// The most messages of one conversation: a message id has 20 bits for the position.
pub(crate) const MAX_MESSAGES: usize = 1 << 20;

/// The id of the message at `position`, counted from 0. It follows from the conversation's id, so a message keeps its id when
/// its conversation is saved again; it has the same time, and sorts by position.
pub fn message_id(conversation: ConversationId, position: u32) -> MessageId {
    let (high, low) = conversation.0.as_u64_pair();
    let tail = low ^ (low >> 23);
    let low = (0b10 << 62) | (u64::from(position & 0xf_ffff) << 42) | (tail & 0x3ff_ffff_ffff);
    MessageId(Uuid::from_u64_pair(high, low))
}

#[cfg(test)]
mod tests {
    use super::*;
    use pe_model::{FixedClock, Ids};
    use std::collections::BTreeSet;

    #[test]
    fn message_ids_are_distinct_sorted_and_version_7() {
        let clock = FixedClock(OffsetDateTime::UNIX_EPOCH);
        let ids = Ids::new(&clock, 7);
        let made: Vec<_> = (0..500)
            .map(|_| ids.conversation())
            .flat_map(|conversation| (0..8).map(move |position| message_id(conversation, position)))
            .collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), made.len());
        assert!(
            made.iter().all(|id| id.0.get_version_num() == 7 && id.0.get_variant() == uuid::Variant::RFC4122)
        );
    }
}
