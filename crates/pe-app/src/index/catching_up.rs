//! An index brought up to date from the store: what changed since it was last committed, or all of it anew.

use std::collections::HashMap;

use pe_search::{Change, Index, Rebuild, Writer};
use pe_store::{Filter, Order};

use crate::progress::Pace;
use crate::{Corpus, Error, Progress, Tick};

use super::{Documents, options, sequence};

/// Changes that are taken up together.
const STEP: u32 = 500;

/// Makes the index anew from the store, which nobody else writes meanwhile.
pub(crate) async fn rebuild(corpus: &Corpus, progress: &dyn Progress) -> Result<Index, Error> {
    let mut rebuild = Rebuild::begin(&corpus.index_folder(), options(corpus))?;
    let mut pace = Pace::new(progress);
    let everything = Filter::default();
    let reached = sequence(corpus.store.last_change().await?);
    let total = corpus.store.count(&everything).await?;
    let mut batches = corpus.store.export(&everything, Order::Dataset).await?;
    let mut documents = Documents::new(corpus);
    let mut conversations = 0;
    loop {
        let batch = batches.next_batch().await?;
        if batch.is_empty() {
            return Ok(rebuild.finish(reached)?);
        }
        conversations += batch.len() as u64;
        rebuild.apply(documents.of(batch)?.into_iter().map(Change::Add).collect())?;
        pace.tick(|| Tick {
            subject: "index".into(),
            done: conversations,
            total: Some(total),
            conversations,
            ..Tick::default()
        });
    }
}

/// Gives every conversation that changed after `seq` to the writer, as it is now; the last number reached, which is committed.
pub(super) async fn follow(corpus: &Corpus, writer: &mut Writer, seq: u64) -> Result<u64, Error> {
    let store = &corpus.store;
    let mut documents = Documents::new(corpus);
    let mut reached = i64::try_from(seq).unwrap_or(i64::MAX);
    let mut waiting = 0;
    loop {
        let changes = store.changes_since(reached, STEP).await?;
        if changes.is_empty() || waiting >= corpus.config.search.commit_every {
            // Changes come in the order of their numbers, so all up to this one are in.
            if waiting > 0 {
                writer.commit(sequence(reached))?;
            }
            waiting = 0;
        }
        let Some(last) = changes.last() else { return Ok(sequence(reached)) };
        reached = last.seq;
        let mut ids: Vec<_> = changes.iter().map(|change| change.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let standing = documents.of(store.get_many(&ids).await?)?;
        let mut standing: HashMap<_, _> = standing.into_iter().map(|one| (one.id(), one)).collect();
        let current: Vec<_> = ids
            .into_iter()
            .map(|id| standing.remove(&id).map_or(Change::Remove(id), Change::Upsert))
            .collect();
        // A removal, too, is something to commit.
        waiting += current.iter().map(|change| change.messages().max(1)).sum::<usize>();
        writer.apply(current)?;
    }
}
