//! The best conversations so far, each by its best message.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use pe_model::ConversationId;
use tantivy::DocAddress;

/// Scores are compared in steps of this size: the engine may add up the words of two equal messages in different orders,
/// and what differs by rounding alone must not change places.
const STEPS_PER_POINT: f32 = 1024.0;

/// A conversation's best message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ranked {
    pub(crate) conversation: ConversationId,
    pub(crate) ordinal: u32,
    pub(crate) score: f32,
    pub(crate) address: DocAddress,
}

impl Ranked {
    /// Worst first; equal scores by id, the older conversation being the better one.
    fn rank(&self) -> (i64, Reverse<ConversationId>) {
        (step(self.score), Reverse(self.conversation))
    }
}

fn step(score: f32) -> i64 {
    (score * STEPS_PER_POINT).round() as i64
}

/// The best conversations so far.
pub(crate) struct Best {
    count: usize,
    by_conversation: HashMap<ConversationId, Ranked>,
    /// Of each conversation held; the worst is first.
    ranks: BTreeSet<(i64, Reverse<ConversationId>)>,
}

impl Best {
    /// None yet, of `count` at most.
    pub(crate) fn new(count: usize) -> Self {
        Self { count, by_conversation: HashMap::new(), ranks: BTreeSet::new() }
    }

    /// Whether a message of this score may be among the best, if the upper half of its conversation's id is `high` or more.
    pub(crate) fn may_hold(&self, score: f32, high: u64) -> bool {
        match self.ranks.first() {
            Some((worst, Reverse(id))) if self.ranks.len() >= self.count => {
                (step(score), Reverse(high)) >= (*worst, Reverse(id.0.as_u64_pair().0))
            }
            _ => true,
        }
    }

    /// Scores at or below this one cannot change what is held. Equal steps can, so it lies one step below the worst.
    pub(crate) fn floor(&self) -> f32 {
        match self.ranks.first() {
            Some((worst, _)) if self.ranks.len() >= self.count => (worst - 1) as f32 / STEPS_PER_POINT,
            _ => f32::MIN,
        }
    }

    /// Takes up a message if it is among the best. A conversation that was pushed out comes back only by a better message,
    /// and what pushed it out only gets better: the outcome does not depend on the order of offers.
    pub(crate) fn offer(&mut self, message: Ranked) {
        let rank = message.rank();
        if let Some(held) = self.by_conversation.get_mut(&message.conversation) {
            let held_rank = held.rank();
            if rank > held_rank {
                self.ranks.remove(&held_rank);
                self.ranks.insert(rank);
                *held = message;
            } else if rank == held_rank && message.ordinal < held.ordinal {
                *held = message;
            }
            return;
        }
        if self.ranks.len() >= self.count {
            match self.ranks.first() {
                Some(worst) if rank > *worst => {
                    let &(_, Reverse(out)) = worst;
                    self.by_conversation.remove(&out);
                    self.ranks.pop_first();
                }
                _ => return,
            }
        }
        self.ranks.insert(rank);
        self.by_conversation.insert(message.conversation, message);
    }

    pub(crate) fn into_sorted(self) -> Vec<Ranked> {
        let Self { ranks, by_conversation, .. } = self;
        ranks.iter().rev().filter_map(|(_, Reverse(id))| by_conversation.get(id).copied()).collect()
    }
}
