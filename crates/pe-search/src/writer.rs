//! Changes to the index. They become visible together at a commit, which carries the store's change sequence: after a kill
//! the index says itself from where it must catch up.

use pe_model::ConversationId;
use tantivy::indexer::{IndexWriterOptions, UserOperation};
use tantivy::{IndexWriter, TantivyError};

use crate::entry::Prepared;
use crate::error::WriteError;
use crate::index::Index;
use crate::queue::{Queue, Waiting};
use crate::seal;

/// One change of the store.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The conversation is new: the index holds nothing of it, and need not look for it.
    Add(Prepared),
    /// The conversation is new, or replaces what the index holds of it.
    Upsert(Prepared),
    /// The conversation is no more.
    Remove(ConversationId),
}

impl Change {
    /// Of which conversation it is.
    pub fn id(&self) -> ConversationId {
        match self {
            Self::Add(conversation) | Self::Upsert(conversation) => conversation.id(),
            Self::Remove(id) => *id,
        }
    }

    /// How many messages it brings.
    pub fn messages(&self) -> usize {
        match self {
            Self::Add(conversation) | Self::Upsert(conversation) => conversation.messages(),
            Self::Remove(_) => 0,
        }
    }
}

/// How much a writer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriterOptions {
    /// Bytes for entries not yet on disk, over all threads; at least 15,000,000 a thread.
    pub heap_bytes: usize,
    /// Bytes of text and terms that may wait for those threads. A single larger conversation waits alone.
    pub waiting_bytes: usize,
    /// Threads that turn text into terms.
    pub threads: usize,
}

impl Default for WriterOptions {
    fn default() -> Self {
        Self { heap_bytes: 64 << 20, waiting_bytes: 16 << 20, threads: 1 }
    }
}

/// The one writer of an index.
pub struct Writer {
    index: Index,
    engine: IndexWriter<Waiting>,
    queue: Queue,
}

impl Writer {
    /// Becomes the writer of `index`; refused while another one is, in this process or elsewhere.
    pub fn open(index: &Index, options: WriterOptions) -> Result<Self, WriteError> {
        let threads = options.threads.max(1);
        let engine_options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread(options.heap_bytes / threads)
            .num_merge_threads(1)
            .build();
        let engine =
            index.engine().writer_with_options(engine_options).map_err(|error| fail(index, error))?;
        let unwritable = |source| WriteError::Unwritable { folder: index.folder().to_owned(), source };
        seal::tidy(index.folder()).map_err(unwritable)?;
        Ok(Self { index: index.clone(), engine, queue: Queue::new(options.waiting_bytes) })
    }

    /// Takes up changes, in order. They become visible at the next commit; until then each that is not [`Change::Add`] keeps one
    /// or two kilobytes of memory, so commit every ten thousand or so.
    pub fn apply(&mut self, changes: impl IntoIterator<Item = Change>) -> Result<(), WriteError> {
        changes.into_iter().try_for_each(|change| {
            let layout = self.index.layout();
            // One batch, so that the messages of a conversation stay together; what the index holds of it goes first.
            let (before, conversation) = match change {
                Change::Add(conversation) => (None, Some(conversation)),
                Change::Upsert(conversation) => (Some(conversation.id()), Some(conversation)),
                Change::Remove(id) => (Some(id), None),
            };
            let entries = conversation.map(|conversation| conversation.entries(layout)).unwrap_or_default();
            let before = before.map(|id| UserOperation::Delete(layout.conversation_term(id)));
            let after = self.queue.line_up(entries).into_iter().map(UserOperation::Add);
            let batch: Vec<_> = before.into_iter().chain(after).collect();
            self.engine.run(batch).map(drop).map_err(|error| fail(&self.index, error))
        })
    }

    /// Makes all that was applied visible and lasting, and remembers that the store's changes up to `seq` are in. Searches
    /// through the same [`Index`] see it when this returns.
    pub fn commit(&mut self, seq: u64) -> Result<(), WriteError> {
        let index = &self.index;
        let mut commit = self.engine.prepare_commit().map_err(|error| fail(index, error))?;
        commit.set_payload(&seq.to_string());
        commit.commit().map_err(|error| fail(index, error))?;
        index.seal()?;
        Ok(index.refresh()?)
    }

    /// Waits until files are merged, and seals the index. What was applied and not committed is dropped.
    pub fn finish(self) -> Result<(), WriteError> {
        let Self { index, engine, .. } = self;
        engine.wait_merging_threads().map_err(|error| fail(&index, error))?;
        index.refresh()?;
        index.seal()
    }
}

fn fail(index: &Index, error: TantivyError) -> WriteError {
    let folder = index.folder().to_owned();
    match error {
        TantivyError::LockFailure(..) => WriteError::Locked { folder },
        source => WriteError::Engine { folder, source },
    }
}
