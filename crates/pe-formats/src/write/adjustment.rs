//! What a format could not carry as it was: every kind of it has a name, and the manifest counts it.

use std::collections::BTreeMap;

/// A way in which what is written differs from what was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Adjustment {
    /// A conversation without any message has no row; left out.
    ConversationWithoutMessages,
    /// A conversation with a NUL character, which ends a text for many readers of tables; left out of `csv`.
    ConversationWithNul,
    /// A conversation without a helper's message teaches nothing; left out.
    ConversationWithoutReply,
    /// A conversation whose every reply is masked teaches nothing; left out.
    ConversationFullyMasked,
    /// A message after the last reply; left out, because a fine-tuning record ends with a reply.
    MessageAfterLastReply,
    /// A system message from the middle of a conversation; moved to the front.
    SystemMessageMoved,
    /// A tool's message that names no call; written as it is, though a strict reader may refuse it.
    ToolMessageWithoutCall,
    /// A conversation that belongs to no pair; left out.
    ConversationOutsidePairs,
    /// Half of a pair without another half to be set against; left out.
    UnmatchedHalf,
    /// A half beyond the eighth of its kind in one pair; left out.
    HalfBeyondBound,
    /// A pair whose halves begin differently; left out.
    PairWithoutPrompt,
    /// A pair in which nothing remains to choose between; left out.
    PairWithoutDifference,
}

impl Adjustment {
    /// The name in the manifest.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConversationWithoutMessages => "conversations_without_messages_left_out",
            Self::ConversationWithNul => "conversations_with_nul_left_out",
            Self::ConversationWithoutReply => "conversations_without_reply_left_out",
            Self::ConversationFullyMasked => "conversations_fully_masked_left_out",
            Self::MessageAfterLastReply => "messages_after_last_reply_left_out",
            Self::SystemMessageMoved => "system_messages_moved_to_front",
            Self::ToolMessageWithoutCall => "tool_messages_without_call_id",
            Self::ConversationOutsidePairs => "conversations_outside_pairs_left_out",
            Self::UnmatchedHalf => "unmatched_halves_left_out",
            Self::HalfBeyondBound => "halves_beyond_eight_alike_left_out",
            Self::PairWithoutPrompt => "pairs_without_shared_prompt_left_out",
            Self::PairWithoutDifference => "pairs_without_difference_left_out",
        }
    }
}

/// How often each adjustment was made.
#[derive(Debug, Default)]
pub(super) struct Tally {
    adjustments: BTreeMap<Adjustment, u64>,
}

impl Tally {
    /// Counts one.
    pub(super) fn adjust(&mut self, adjustment: Adjustment) {
        self.adjust_by(adjustment, 1);
    }

    /// Counts several; none is not an entry.
    pub(super) fn adjust_by(&mut self, adjustment: Adjustment, count: usize) {
        if count > 0 {
            *self.adjustments.entry(adjustment).or_default() += count as u64;
        }
    }

    /// By name, for the manifest.
    pub(super) fn named(&self) -> BTreeMap<String, u64> {
        self.adjustments.iter().map(|(adjustment, count)| (adjustment.name().to_owned(), *count)).collect()
    }
}
