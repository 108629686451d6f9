//! The best conversations for a query, each by its best message, and how many there are. One pass scores, and skips what
//! cannot reach the best; another counts, and stops when it has counted enough. Memory does not grow with the matches.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use pe_model::ConversationId;
use tantivy::columnar::Column;
use tantivy::fastfield::AliveBitSet;
use tantivy::query::{EnableScoring, Query, Scorer, Weight};
use tantivy::{DocAddress, DocId, DocSet, Searcher, SegmentReader, TERMINATED};
use uuid::Uuid;

use crate::best::{Best, Ranked};
use crate::layout::{CONVERSATION_HIGH, CONVERSATION_LOW, ORDINAL};
use crate::plan::{NumberRange, Plan};

/// Conversations are counted exactly up to this many.
pub const MAX_EXACT_TOTAL: usize = 10_000;

/// How many conversations were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Total {
    /// Exactly so many.
    Exact(usize),
    /// So many or more.
    AtLeast(usize),
}

/// One in so many messages passes a filter that is worth following from match to match; one that lets more pass is only asked about
/// what is among the best by its words.
const NARROW: u32 = 16;

type Boxed = Box<dyn Scorer>;

/// What a plan means for one segment of the index.
struct Weights {
    words: Option<Box<dyn Weight>>,
    narrowing: Option<Box<dyn Weight>>,
}

impl Weights {
    fn new(plan: &Plan, scoring: EnableScoring<'_>) -> tantivy::Result<Self> {
        let weight = |query: &dyn Query| query.weight(scoring);
        Ok(Self {
            words: plan.words.as_deref().map(weight).transpose()?,
            narrowing: plan.narrowing.as_deref().map(weight).transpose()?,
        })
    }

    fn narrowing(&self, reader: &SegmentReader) -> tantivy::Result<Option<Boxed>> {
        self.narrowing.as_ref().map(|weight| weight.scorer(reader, 1.0)).transpose()
    }

    fn words(&self, reader: &SegmentReader) -> tantivy::Result<Option<Boxed>> {
        self.words.as_ref().map(|weight| weight.scorer(reader, 1.0)).transpose()
    }
}

/// The best `count` conversations, best first.
pub(crate) fn best(searcher: &Searcher, plan: &Plan, count: usize) -> tantivy::Result<Vec<Ranked>> {
    let weights = Weights::new(plan, EnableScoring::enabled_from_searcher(searcher))?;
    let mut best = Best::new(count);
    for (segment, reader) in (0..).zip(searcher.segment_readers()) {
        let columns = Columns::open(reader, plan)?;
        // Where all scores are equal the older conversation is the better one, and this is the oldest that the segment may hold.
        if plan.flat.is_some_and(|score| !best.may_hold(score, columns.oldest())) {
            continue;
        }
        let offer = |best: &mut Best, entry: DocId, score: f32| {
            if best.may_hold(score, columns.high(entry)) && columns.hold(entry) {
                best.offer(columns.ranked(DocAddress::new(segment, entry), score));
            }
        };
        let mut narrowing = weights.narrowing(reader)?;
        let is_narrow =
            narrowing.as_ref().is_some_and(|narrowing| narrowing.size_hint() < reader.max_doc() / NARROW);
        match (&weights.words, &mut narrowing) {
            (Some(weight), narrowing) if !is_narrow => {
                weight.for_each_pruning(best.floor(), reader, &mut |entry, score| {
                    if narrowing.as_mut().is_none_or(|narrowing| holds(narrowing, entry)) {
                        offer(&mut best, entry, score);
                    }
                    best.floor()
                })?;
            }
            _ => each(weights.words(reader)?, narrowing, |entry, words| {
                let score = words.map_or(0.0, Scorer::score);
                offer(&mut best, entry, score);
                true
            }),
        }
    }
    Ok(best.into_sorted())
}

/// How many conversations match.
pub(crate) fn total(searcher: &Searcher, plan: &Plan) -> tantivy::Result<Total> {
    let weights = Weights::new(plan, EnableScoring::disabled_from_searcher(searcher))?;
    let mut seen = HashSet::new();
    // The messages of a conversation stand together, so most repeat the one before.
    let mut last = None;
    for reader in searcher.segment_readers() {
        let columns = Columns::open(reader, plan)?;
        each(weights.words(reader)?, weights.narrowing(reader)?, |entry, _| {
            if columns.hold(entry) {
                let conversation = columns.conversation(entry);
                if last.replace(conversation) != Some(conversation) {
                    seen.insert(conversation);
                }
            }
            seen.len() <= MAX_EXACT_TOTAL
        });
        if seen.len() > MAX_EXACT_TOTAL {
            return Ok(Total::AtLeast(MAX_EXACT_TOTAL));
        }
    }
    Ok(Total::Exact(seen.len()))
}

/// Whether `entry` is among the matches; asked for ever higher entries.
fn holds(matches: &mut Boxed, entry: DocId) -> bool {
    matches.doc() == entry || matches.doc() < entry && matches.seek(entry) == entry
}

/// Gives every entry that matches both to `take`, in order, until it has enough.
fn each(
    mut words: Option<Boxed>,
    narrowing: Option<Boxed>,
    mut take: impl FnMut(DocId, Option<&mut Boxed>) -> bool,
) {
    let Some(mut narrowing) = narrowing else {
        if let Some(words) = &mut words {
            let mut entry = words.doc();
            while entry != TERMINATED && take(entry, Some(words)) {
                entry = words.advance();
            }
        }
        return;
    };
    let mut entry = narrowing.doc();
    while entry != TERMINATED {
        let matches = words.as_mut().is_none_or(|words| holds(words, entry));
        entry = match &mut words {
            // The next message with the words is the first that can match.
            Some(words) if !matches && words.doc() == TERMINATED => return,
            Some(words) if !matches => narrowing.seek(words.doc()),
            words => {
                if !take(entry, words.as_mut()) {
                    return;
                }
                narrowing.advance()
            }
        };
    }
}

/// What ranking reads of the entries of a segment.
struct Columns<'a> {
    high: Column<u64>,
    low: Column<u64>,
    ordinal: Column<u64>,
    alive: Option<&'a AliveBitSet>,
    /// `None`: no entry of the segment has such a number.
    ranges: Vec<(Option<Column<i64>>, &'a RangeInclusive<i64>)>,
}

impl<'a> Columns<'a> {
    fn open(reader: &'a SegmentReader, plan: &'a Plan) -> tantivy::Result<Self> {
        let columns = reader.fast_fields();
        let range = |range: &'a NumberRange| Ok((columns.column_opt::<i64>(range.column)?, &range.numbers));
        Ok(Self {
            high: columns.u64(CONVERSATION_HIGH)?,
            low: columns.u64(CONVERSATION_LOW)?,
            ordinal: columns.u64(ORDINAL)?,
            alive: reader.alive_bitset(),
            ranges: plan.ranges.iter().map(range).collect::<tantivy::Result<_>>()?,
        })
    }

    /// Whether an entry is still there, and its numbers lie in all ranges.
    fn hold(&self, entry: DocId) -> bool {
        self.alive.is_none_or(|alive| alive.is_alive(entry))
            && self.ranges.iter().all(|(column, range)| {
                let number = column.as_ref().and_then(|column| column.first(entry));
                number.is_some_and(|number| range.contains(&number))
            })
    }

    /// The upper half of the id of an entry's conversation: its time, before all.
    fn high(&self, entry: DocId) -> u64 {
        self.high.first(entry).unwrap_or_default()
    }

    /// The lowest upper half of all.
    fn oldest(&self) -> u64 {
        self.high.min_value()
    }

    fn conversation(&self, entry: DocId) -> ConversationId {
        ConversationId(Uuid::from_u64_pair(self.high(entry), self.low.first(entry).unwrap_or_default()))
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
