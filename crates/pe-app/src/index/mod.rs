//! Keeping the search index in step with the store.
//!
//! The store numbers its changes and the index remembers the last number it has taken up, so an index that is missing,
//! damaged, outdated or merely behind is brought up to date from the store alone. While the store is being written, a thread
//! of its own takes up what was committed.

mod catching_up;
mod document;

use std::collections::HashSet;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use pe_search::{Change, Index, Writer, WriterOptions};

use crate::budget::Budget;
use crate::{Corpus, Error};

pub(crate) use catching_up::rebuild;
use catching_up::{follow, step};
pub(crate) use document::{Documents, document};

/// Batches that wait for the thread; it has room of its own for what it is at.
const WAITING: usize = 1;

/// Writes to the index while the store is being written.
pub(crate) struct IndexWriter {
    batches: Option<SyncSender<Batch>>,
    thread: Option<JoinHandle<Result<(), Error>>>,
    /// The last change of the store that was handed over.
    reached: u64,
}

/// Whether the index is ahead of the store, as no index is that was made from it: the database was replaced, or is an older one.
async fn is_of_another_store(corpus: &Corpus, index: &Index) -> Result<bool, Error> {
    Ok(index.committed_seq()? > sequence(corpus.store.last_change().await?))
}

/// Changes that were committed together.
struct Batch {
    changes: Vec<Change>,
    messages: usize,
    /// The last change of the store that is in it.
    reached: u64,
}

impl IndexWriter {
    /// Opens the index of a corpus that is open for writing, and brings it up to date.
    pub(crate) async fn open(corpus: &Corpus) -> Result<Self, Error> {
        let index = match Index::open(&corpus.index_folder()) {
            Ok(index) if is_of_another_store(corpus, &index).await? => {
                rebuild(corpus, &crate::progress::Silent).await?
            }
            Ok(index) => index,
            Err(error) if error.is_mended_by_rebuild() => rebuild(corpus, &crate::progress::Silent).await?,
            Err(error) => return Err(error.into()),
        };
        let commit_every = corpus.config.search.commit_every;
        let mut writer = Writer::open(&index, options(corpus))?;
        let reached = follow(corpus, &mut writer, index.committed_seq()?).await?;
        let (sender, batches) = sync_channel(WAITING);
        let thread = std::thread::Builder::new()
            .name("index".into())
            .spawn(move || write(writer, &batches, commit_every, reached))
            .map_err(|error| Error::unavailable(format!("cannot start a thread for the index: {error}")))?;
        Ok(Self { batches: Some(sender), thread: Some(thread), reached })
    }

    /// Takes up what was just committed to the store; waits where the thread is behind.
    pub(crate) async fn take_up(&mut self, corpus: &Corpus, changes: Vec<Change>) -> Result<(), Error> {
        if corpus.store.location().database_file().is_some() {
            // Nobody else writes.
            let reached = sequence(corpus.store.last_change().await?);
            return self.hand_over(changes, reached);
        }
        if let Some(reached) = self.reached_by(corpus, &changes).await? {
            return self.hand_over(changes, reached);
        }
        // Others have written, too: everything is taken from the store, in the order in which it was committed.
        let mut documents = Documents::new(corpus);
        while let Some((changes, reached)) = step(corpus, &mut documents, self.reached).await? {
            self.hand_over(changes, reached)?;
        }
        Ok(())
    }

    /// The number of the last of these changes, if they are all that was committed since.
    async fn reached_by(&self, corpus: &Corpus, changes: &[Change]) -> Result<Option<u64>, Error> {
        let limit = u32::try_from(changes.len()).unwrap_or(u32::MAX - 1);
        let since = i64::try_from(self.reached).unwrap_or(i64::MAX);
        let noted = corpus.store.changes_since(since, limit + 1).await?;
        let own: HashSet<_> = changes.iter().map(Change::id).collect();
        let are_all = noted.len() == changes.len() && noted.iter().all(|change| own.contains(&change.id));
        Ok(noted.last().filter(|_| are_all).map(|last| sequence(last.seq)))
    }

    fn hand_over(&mut self, changes: Vec<Change>, reached: u64) -> Result<(), Error> {
        self.reached = reached;
        let messages = changes.iter().map(|change| change.messages().max(1)).sum();
        let sent = self.batches.as_ref().map(|batches| batches.send(Batch { changes, messages, reached }));
        match sent {
            Some(Ok(())) => Ok(()),
            // The thread is gone, and says why.
            _ => self.close().and(Err(Error::internal("the index", "its thread ended early"))),
        }
    }

    /// Makes everything visible that was taken up, merges files, and closes.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.close()
    }

    fn close(&mut self) -> Result<(), Error> {
        self.batches = None;
        let Some(thread) = self.thread.take() else { return Ok(()) };
        thread.join().map_err(|_| Error::internal("the index", "its thread panicked"))?
    }
}

/// What the thread does.
fn write(
    mut writer: Writer,
    batches: &Receiver<Batch>,
    commit_every: usize,
    mut reached: u64,
) -> Result<(), Error> {
    let mut waiting = 0;
    for batch in batches {
        waiting += batch.messages;
        writer.apply(batch.changes)?;
        reached = batch.reached;
        if waiting >= commit_every {
            waiting = 0;
            writer.commit(reached)?;
        }
    }
    writer.commit(reached)?;
    Ok(writer.finish()?)
}

fn options(corpus: &Corpus) -> WriterOptions {
    Budget::from(&corpus.config).index(corpus.config.search.writer_memory_bytes)
}

/// The store counts changes from 1.
fn sequence(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}
