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

/// The next changes after `seq`, each conversation as it is now, and the number of the last of them; `None` where there is no other.
pub(super) async fn step(
    corpus: &Corpus,
    documents: &mut Documents<'_>,
    seq: u64,
) -> Result<Option<(Vec<Change>, u64)>, Error> {
    let changes = corpus.store.changes_since(i64::try_from(seq).unwrap_or(i64::MAX), STEP).await?;
    let Some(last) = changes.last() else { return Ok(None) };
    let mut ids: Vec<_> = changes.iter().map(|change| change.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let standing = documents.of(corpus.store.get_many(&ids).await?)?;
    let mut standing: HashMap<_, _> = standing.into_iter().map(|one| (one.id(), one)).collect();
    let current = ids.into_iter().map(|id| standing.remove(&id).map_or(Change::Remove(id), Change::Upsert));
    Ok(Some((current.collect(), sequence(last.seq))))
}

/// Gives every conversation that changed after `seq` to the writer; the last number reached, which is committed.
pub(super) async fn follow(corpus: &Corpus, writer: &mut Writer, seq: u64) -> Result<u64, Error> {
    let mut documents = Documents::new(corpus);
    let (mut reached, mut waiting) = (seq, 0);
    while let Some((changes, last)) = step(corpus, &mut documents, reached).await? {
        // A removal, too, is something to commit.
        waiting += changes.iter().map(|change| change.messages().max(1)).sum::<usize>();
        writer.apply(changes)?;
        reached = last;
        if waiting >= corpus.config.search.commit_every {
            // Changes come in the order of their numbers, so all up to this one are in.
            writer.commit(reached)?;
            waiting = 0;
        }
    }
    if waiting > 0 {
        writer.commit(reached)?;
    }
    Ok(reached)
}
