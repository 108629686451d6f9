//! One conversation on its way out, with what is known of it.

use pe_model::{Axis, Conversation, ConversationId, Emotion, Points, Tier};
use time::OffsetDateTime;

use super::ExportError;

/// One conversation on its way out.
#[derive(Clone, Debug)]
pub struct ExportRecord {
    /// Our id of it.
    pub id: ConversationId,
    /// The dataset it belongs to.
    pub dataset: String,
    /// What was said, as it came in; it carries the source's own id.
    pub conversation: Conversation,
    /// ISO 639-1 of the language most of it is in, where it was read.
    pub language: Option<String>,
    /// The tier of the overall score; `None` when it was not scored or is not scorable.
    pub tier: Option<Tier>,
    /// The six scores in the order of [`Axis::ALL`]; `None` when it was not scored or is not scorable.
    pub scores: Option<[Points; 6]>,
    /// Which reader, rules and weights made the scores.
    pub validation_version: Option<String>,
    /// When it came in.
    pub created_at: OffsetDateTime,
    /// The selected emotions of each message, most probable first; empty, or one list for each message.
    pub emotions: Vec<Vec<Emotion>>,
    /// For fine-tuning records: 1 to learn from a message, 0 to mask it; one for each message.
    pub weights: Option<Vec<u8>>,
}

impl ExportRecord {
    /// The most text that one record may hold: the columnar formats count the bytes of a column in 31 bits.
    const MAX_BYTES: usize = 1 << 30;

    /// Each axis with its score, as a fraction of 1.
    pub(super) fn fractions(&self) -> impl Iterator<Item = (Axis, Option<f64>)> + '_ {
        Axis::ALL.into_iter().enumerate().map(|(position, axis)| {
            (axis, self.scores.as_ref().and_then(|scores| scores.get(position)).map(|score| score.fraction()))
        })
    }

    /// Refuses a record whose parts do not fit each other, before anything of it is written.
    pub(super) fn check(&self) -> Result<(), ExportError> {
        let messages = self.conversation.messages.len();
        if !self.emotions.is_empty() && self.emotions.len() != messages {
            return Err(
                self.refuse(format!("{} lists of emotions for {messages} messages", self.emotions.len()))
            );
        }
        if let Some(weights) = &self.weights {
            if weights.len() != messages {
                return Err(self.refuse(format!("{} weights for {messages} messages", weights.len())));
            }
            if let Some(weight) = weights.iter().find(|weight| **weight > 1) {
                return Err(self.refuse(format!("weight {weight}; only 0 and 1 are weights")));
            }
        }
        let bytes: usize = self.conversation.messages.iter().map(|message| message.content.len()).sum();
        if bytes > Self::MAX_BYTES {
            return Err(self.refuse(format!("{bytes} bytes of text; the limit is {}", Self::MAX_BYTES)));
        }
        Ok(())
    }

    /// An error about this record.
    pub(super) fn refuse(&self, what: impl Into<String>) -> ExportError {
        ExportError::Record { id: self.id, what: what.into() }
    }
}
