//! A store copied into another one, of whatever kind, and compared with it row by row.
//!
//! Conversations go over in the order of their ids, a batch in a transaction, so a copy that was interrupted is a sound store with the
//! first of them. Running it again goes on: what is already there and equal is passed over, and what differs is written anew. What
//! only the target has is never removed; it is told. Changes are not copied: each conversation that is written is a change of the target,
//! which its search index follows.

mod comparison;
mod tables;

use std::collections::BTreeSet;

use pe_model::{ConversationId, Digest};

use crate::change::ChangeKind;
use crate::engine::{Connection, Engine, signed};
use crate::rows::{owner, standing};
use crate::statistics::Totals;
use crate::{Error, Result, Store};

use comparison::Comparison;
use tables::{Cells, OF_CONVERSATIONS, STATISTICS, WHOLE};

/// How far a copy is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CopyProgress {
    /// Conversations of the source.
    pub total: u64,
    /// Those that are in the target by now.
    pub done: u64,
    /// Those of them that this run has written; the others were there.
    pub written: u64,
    /// Those that were read again from both sides, and are equal.
    pub verified: u64,
}

/// What a copy holds, once it was found equal to its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Conversations that this run has written.
    pub written: u64,
    /// Each table, with its rows and a digest over all of their values, which is that of both sides.
    pub tables: Vec<CopiedTable>,
}

/// A table of both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedTable {
    /// Its name.
    pub name: &'static str,
    /// How many rows it has.
    pub rows: u64,
    /// Of each row after the other, by conversation and key: the digest of the digest before and of the row's values.
    pub digest: Digest,
}

/// Conversations of a batch, at most, and messages after which it ends.
const BATCH: usize = 256;
const MESSAGES: i64 = 4096;

impl Store {
    /// Makes `target` equal to this store, and compares the two. Others may read and write this store meanwhile: one state of it is
    /// copied. `progress` is called after each batch.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] and [`Error::Invalid`] where the target holds what this store does not, [`Error::Differs`] where the two are not equal
    /// in the end, because somebody else wrote to the target.
    pub async fn copy_to(&self, target: &Self, mut progress: impl FnMut(CopyProgress)) -> Result<Copied> {
        if self.location == target.location {
            return Err(Error::invalid("target of the copy", "is the source itself; name another one"));
        }
        let mut source = self.reads.begin_read().await?;
        let total: i64 =
            source.query("SELECT COUNT(*) FROM conversations").fetch_one(&mut source).await?.get(0)?;
        let mut state = CopyProgress { total: total as u64, ..CopyProgress::default() };
        copy_whole(&mut source, target).await?;
        let mut after = None;
        while let Some(batch) = Batch::after(&mut source, after).await? {
            state.written += batch.copy(&mut source, target).await?;
            state.done += batch.ids.len() as u64;
            after = batch.ids.last().copied();
            progress(state);
        }
        refuse_the_rest(target, after).await?;
        let tables = self.compare(target, &mut source, &mut state, &mut progress).await?;
        analyse(target).await?;
        Ok(Copied { written: state.written, tables })
    }

    async fn compare(
        &self,
        target: &Self,
        source: &mut Connection,
        state: &mut CopyProgress,
        progress: &mut impl FnMut(CopyProgress),
    ) -> Result<Vec<CopiedTable>> {
        let mut copy = target.reads.begin_read().await?;
        let places = (self.location.to_string(), target.location.to_string());
        let mut whole = Vec::new();
        for table in &WHOLE {
            let mut comparison = Comparison::new(table, &places);
            let (mut one, mut two): (Vec<Cells>, Vec<Cells>) = (Vec::new(), Vec::new());
            loop {
                (one, two) =
                    (table.page(source, one.last()).await?, table.page(&mut copy, two.last()).await?);
                comparison.take(&one, &two)?;
                if one.is_empty() {
                    break;
                }
            }
            whole.push(comparison);
        }
        let mut comparisons = OF_CONVERSATIONS.each_ref().map(|table| Comparison::new(table, &places));
        let mut after = None;
        while let Some(batch) = Batch::after(source, after).await? {
            for (table, comparison) in OF_CONVERSATIONS.iter().zip(&mut comparisons) {
                let rows = table.rows_of(source, &batch.ids).await?;
                comparison.take(&rows, &table.rows_of(&mut copy, &batch.ids).await?)?;
            }
            state.verified += batch.ids.len() as u64;
            after = batch.ids.last().copied();
            progress(*state);
        }
        Ok(whole.into_iter().chain(comparisons).map(Comparison::finish).collect())
    }
}

/// Writes the tables that have nothing of conversations, but for what follows from these.
async fn copy_whole(source: &mut Connection, target: &Store) -> Result<()> {
    let mut tx = target.begin().await?;
    for table in WHOLE.iter().filter(|table| table.name != STATISTICS.name) {
        let mut rows: Vec<Cells> = Vec::new();
        loop {
            rows = table.page(source, rows.last()).await?;
            if rows.is_empty() {
                break;
            }
            table.put(tx.connection(), &rows).await?;
        }
    }
    tx.commit().await
}

/// Conversations that go over together.
struct Batch {
    /// After this one, to the last of them.
    after: Option<ConversationId>,
    ids: Vec<ConversationId>,
}

impl Batch {
    /// The next conversations of the source; `None` when there are no more.
    async fn after(source: &mut Connection, after: Option<ConversationId>) -> Result<Option<Self>> {
        let mut ids = Vec::new();
        let mut messages = 0;
        for row in ids_after(source, after, None, signed(BATCH)).await? {
            messages += row.1;
            if !ids.is_empty() && messages > MESSAGES {
                break;
            }
            ids.push(row.0);
        }
        Ok((!ids.is_empty()).then_some(Self { after, ids }))
    }

    /// Writes them, unless they are there and equal; how many were written.
    async fn copy(&self, source: &mut Connection, target: &Store) -> Result<u64> {
        let there = self.there(target).await?;
        let mut rows = Vec::new();
        for table in &OF_CONVERSATIONS {
            rows.push(table.rows_of(source, &self.ids).await?);
        }
        if there.len() == self.ids.len() && self.is_equal(&rows, target).await? {
            return Ok(0);
        }
        let mut totals = Totals::default();
        let standings = standing(source, &self.ids).await?;
        for one in standings.values() {
            totals.add(one);
        }
        let mut tx = target.begin().await?;
        tx.hold(standings.values().map(|one| &*one.dataset)).await?;
        tx.prepare_months(&self.ids).await?;
        tx.remove(&there).await?;
        for (table, rows) in OF_CONVERSATIONS.iter().zip(&rows) {
            table.insert(tx.connection(), rows).await?;
        }
        tx.apply(totals).await?;
        tx.note(&self.ids, ChangeKind::Upsert).await?;
        tx.commit().await?;
        Ok(self.ids.len() as u64)
    }

    /// Which of them the target has; refused where it has others between them.
    async fn there(&self, target: &Store) -> Result<Vec<ConversationId>> {
        let mut connection = target.reads.acquire().await?;
        let last = self.ids.last().copied();
        let there = ids_after(&mut connection, self.after, last, i64::MAX).await?;
        let ours: BTreeSet<_> = self.ids.iter().collect();
        if let Some((foreign, _)) = there.iter().find(|(id, _)| !ours.contains(id)) {
            return Err(foreign_to(target, *foreign));
        }
        Ok(there.into_iter().map(|(id, _)| id).collect())
    }

    async fn is_equal(&self, rows: &[Vec<Cells>], target: &Store) -> Result<bool> {
        let mut copy = target.reads.begin_read().await?;
        for (table, rows) in OF_CONVERSATIONS.iter().zip(rows) {
            if table.rows_of(&mut copy, &self.ids).await? != *rows {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Refuses what the target has after the last conversation of the source.
async fn refuse_the_rest(target: &Store, after: Option<ConversationId>) -> Result<()> {
    let mut connection = target.reads.acquire().await?;
    match ids_after(&mut connection, after, None, 1).await?.first() {
        Some((foreign, _)) => Err(foreign_to(target, *foreign)),
        None => Ok(()),
    }
}

fn foreign_to(target: &Store, id: ConversationId) -> Error {
    let problem = format!(
        "{} holds conversation {id}, which the source does not; remove it there, or choose an empty target",
        target.location
    );
    Error::invalid("target of the copy", problem)
}

/// Ids after one, up to another, with the number of their messages.
async fn ids_after(
    connection: &mut Connection,
    after: Option<ConversationId>,
    last: Option<ConversationId>,
    limit: i64,
) -> Result<Vec<(ConversationId, i64)>> {
    let mut query = connection.query("SELECT id, message_count FROM conversations WHERE TRUE");
    if let Some(after) = after {
        query.push(" AND id > ").push_bind(after.0);
    }
    if let Some(last) = last {
        query.push(" AND id <= ").push_bind(last.0);
    }
    query.push(" ORDER BY id LIMIT ").push_bind(limit);
    let rows = query.fetch_all(connection).await?;
    rows.iter().map(|row| Ok((owner(row)?, row.get(1)?))).collect()
}

/// Tells PostgreSQL's planner what is in the tables now; it finds out by itself only of partitions, and later.
async fn analyse(target: &Store) -> Result<()> {
    let mut tx = target.begin().await?;
    if tx.connection().engine() == Engine::Postgres {
        let names: Vec<_> = OF_CONVERSATIONS.iter().map(|table| table.name).collect();
        tx.connection().run(format!("ANALYZE {}", names.join(", "))).await?;
    }
    tx.commit().await
}
