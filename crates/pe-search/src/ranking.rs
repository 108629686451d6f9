//! The best conversations for a query, each by its best message, and how many there are. One pass scores, and skips what
//! cannot reach the best; another counts, and stops when it has counted enough. Memory does not grow with the matches.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use pe_model::ConversationId;
use tantivy::columnar::Column;
use tantivy::query::{EnableScoring, Query};
use tantivy::{DocAddress, DocId, DocSet, Searcher, SegmentReader, TERMINATED};
use uuid::Uuid;

use crate::layout::{CONVERSATION_HIGH, CONVERSATION_LOW, ORDINAL};

/// Conversations are counted exactly up to this many.
pub const MAX_EXACT_TOTAL: usize = 10_000;

/// Scores are compared in steps of this size: the engine may add up the words of two equal messages in different orders,
/// and what differs by rounding alone must not change places.
const STEPS_PER_POINT: f32 = 1024.0;

/// How many conversations were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// Exactly so many.
    Exact(usize),
    /// So many or more.
    AtLeast(usize),
}

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

/// The best `count` conversations, best first.
pub(crate) fn best(searcher: &Searcher, query: &dyn Query, count: usize) -> tantivy::Result<Vec<Ranked>> {
    let weight = query.weight(EnableScoring::enabled_from_searcher(searcher))?;
    let mut best = Best { count, by_conversation: HashMap::new(), ranks: BTreeSet::new() };
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let columns = Columns::open(reader)?;
        let floor = best.floor();
        weight.for_each_pruning(floor, reader, &mut |entry, score| {
            if reader.alive_bitset().is_none_or(|alive| alive.is_alive(entry)) {
                best.offer(columns.ranked(DocAddress::new(segment, entry), score));
            }
            best.floor()
        })?;
    }
    Ok(best.into_sorted())
}

/// How many conversations match.
pub(crate) fn total(searcher: &Searcher, query: &dyn Query) -> tantivy::Result<Total> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(searcher))?;
    let mut seen = HashSet::new();
    for reader in searcher.segment_readers() {
        let columns = Columns::open(reader)?;
        let mut matches = weight.scorer(reader, 1.0)?;
        let mut entry = matches.doc();
        while entry != TERMINATED {
            if reader.alive_bitset().is_none_or(|alive| alive.is_alive(entry)) {
                seen.insert(columns.conversation(entry));
                if seen.len() > MAX_EXACT_TOTAL {
                    return Ok(Total::AtLeast(MAX_EXACT_TOTAL));
                }
            }
            entry = matches.advance();
        }
    }
    Ok(Total::Exact(seen.len()))
}

/// The columns that ranking reads.
struct Columns {
    high: Column<u64>,
    low: Column<u64>,
    ordinal: Column<u64>,
}

impl Columns {
    fn open(reader: &SegmentReader) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        Ok(Self {
            high: columns.u64(CONVERSATION_HIGH)?,
            low: columns.u64(CONVERSATION_LOW)?,
            ordinal: columns.u64(ORDINAL)?,
        })
    }

    fn conversation(&self, entry: DocId) -> ConversationId {
        let half = |column: &Column<u64>| u128::from(column.first(entry).unwrap_or_default());
        ConversationId(Uuid::from_u128((half(&self.high) << 64) | half(&self.low)))
    }

    fn ranked(&self, address: DocAddress, score: f32) -> Ranked {
        Ranked {
            conversation: self.conversation(address.doc_id),
            ordinal: self.ordinal.first(address.doc_id).unwrap_or_default() as u32,
            score,
            address,
        }
    }
}

/// The best conversations so far.
struct Best {
    count: usize,
    by_conversation: HashMap<ConversationId, Ranked>,
    /// Of each conversation held; the worst is first.
    ranks: BTreeSet<(i64, Reverse<ConversationId>)>,
}

impl Best {
    /// Scores at or below this one cannot change what is held. Equal steps can, so it lies one step below the worst.
    fn floor(&self) -> f32 {
        match self.ranks.first() {
            Some((worst, _)) if self.ranks.len() >= self.count => (worst - 1) as f32 / STEPS_PER_POINT,
            _ => f32::MIN,
        }
    }

    /// Takes up a message if it is among the best. A conversation that was pushed out comes back only by a better message,
    /// and what pushed it out only gets better: the outcome does not depend on the order of offers.
    fn offer(&mut self, message: Ranked) {
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

    fn into_sorted(self) -> Vec<Ranked> {
        let Self { ranks, by_conversation, .. } = self;
        ranks.iter().rev().filter_map(|(_, Reverse(id))| by_conversation.get(id).copied()).collect()
    }
}
