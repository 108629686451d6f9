//! Changes to the index. They become visible together at a commit, which carries the store's change sequence: after a kill
//! the index says itself from where it must catch up.

use pe_model::{ConversationId, Emotion, Points, Role, Tier};
use tantivy::indexer::{IndexWriterOptions, UserOperation};
use tantivy::{IndexWriter, TantivyDocument, TantivyError};
use time::OffsetDateTime;

use crate::error::WriteError;
use crate::index::Index;
use crate::layout::{Layout, quality_value, time_value};
use crate::queue::{Queue, Waiting};

/// What a conversation brings into the index.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversationDoc {
    /// Its id.
    pub id: ConversationId,
    /// The dataset it belongs to; compared exactly, capitals included.
    pub dataset: String,
    /// `None` where it was not scorable.
    pub tier: Option<Tier>,
    /// The overall score; `None` where it was not scorable.
    pub quality: Option<Points>,
    /// When it was created; what `from` and `to` compare with.
    pub created_at: OffsetDateTime,
    /// Its messages, in order.
    pub messages: Vec<MessageDoc>,
}

/// What a message brings into the index.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageDoc {
    /// Its position in the conversation, counted from 0.
    pub ordinal: u32,
    /// Who it stands for.
    pub role: Role,
    /// ISO 639-1; empty when it has too few letters to tell.
    pub language: String,
    /// The emotions selected for it.
    pub emotions: Vec<Emotion>,
    /// Its text.
    pub text: String,
}

/// One change of the store.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// The conversation is new, or replaces what the index holds of it.
    Upsert(ConversationDoc),
    /// The conversation is no more.
    Remove(ConversationId),
}

/// How much a writer may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriterOptions {
    /// Bytes for entries not yet on disk, over all threads; at least 15,000,000 a thread.
    pub heap_bytes: usize,
    /// Threads that turn text into terms.
    pub threads: usize,
}

impl Default for WriterOptions {
    fn default() -> Self {
        Self { heap_bytes: 64 << 20, threads: 1 }
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
        Ok(Self { index: index.clone(), engine, queue: Queue::default() })
    }

    /// Takes up changes, in order. They become visible at the next commit; until then each of them keeps one or two
    /// kilobytes of memory, so commit every ten thousand or so.
    pub fn apply(&mut self, changes: &[Change]) -> Result<(), WriteError> {
        changes.iter().try_for_each(|change| {
            let layout = self.index.layout();
            let (id, entries) = match change {
                Change::Remove(id) => (*id, Vec::new()),
                Change::Upsert(conversation) => (conversation.id, entries(layout, conversation)),
            };
            // One batch, so that the messages of a conversation stay together; what the index holds of it goes first.
            let mut batch = vec![UserOperation::Delete(layout.conversation_term(id))];
            batch.extend(self.queue.line_up(entries).into_iter().map(UserOperation::Add));
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

/// The entries of a conversation, each with the bytes it takes up while it waits.
fn entries(layout: &Layout, conversation: &ConversationDoc) -> Vec<(TantivyDocument, usize)> {
    // The text is there twice: for stems and for surface forms.
    let size = |message: &MessageDoc| 2 * message.text.len();
    conversation
        .messages
        .iter()
        .map(|message| (entry(layout, conversation, message), size(message)))
        .collect()
}

fn entry(layout: &Layout, conversation: &ConversationDoc, message: &MessageDoc) -> TantivyDocument {
    let mut entry = TantivyDocument::new();
    let (high, low) = conversation.id.0.as_u64_pair();
    entry.add_bytes(layout.conversation, conversation.id.0.as_bytes());
    entry.add_u64(layout.conversation_high, high);
    entry.add_u64(layout.conversation_low, low);
    entry.add_u64(layout.ordinal, message.ordinal.into());
    entry.add_text(layout.role, message.role.name());
    entry.add_text(layout.dataset, &conversation.dataset);
    if let Some(tier) = conversation.tier {
        entry.add_text(layout.tier, tier.name());
    }
    if let Some(quality) = conversation.quality {
        entry.add_i64(layout.quality, quality_value(quality));
    }
    if !message.language.is_empty() {
        entry.add_text(layout.language, &message.language);
    }
    for emotion in &message.emotions {
        entry.add_text(layout.emotion, emotion.name());
    }
    entry.add_i64(layout.created_at, time_value(conversation.created_at));
    entry.add_text(layout.text, &message.text);
    entry.add_text(layout.surface, &message.text);
    entry
}
