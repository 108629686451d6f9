//! Keeping the search index in step with the store.
//!
//! The store numbers its changes and the index remembers the last number it has taken up, so an index that is missing,
//! damaged, outdated or merely behind is brought up to date from the store alone.

use std::collections::HashMap;

use pe_model::{Conversation, ConversationId, MessageReading, Outcome, Reading, Report};
use pe_search::{Change, ConversationDoc, Index, MessageDoc, Rebuild, Writer, WriterOptions};
use pe_store::{Filter, Order, SavedConversation, StoredConversation};
use time::OffsetDateTime;

use crate::progress::Pace;
use crate::{Corpus, Error, Progress, Scorer, Tick};

/// Changes that are taken up together.
const STEP: u32 = 500;

/// Writes to the index while the store is being written.
pub(crate) struct IndexWriter {
    writer: Writer,
    commit_every: usize,
    waiting: usize,
    /// The last change of the store that was taken up.
    reached: u64,
}

impl IndexWriter {
    /// Opens the index of a corpus that is open for writing, and brings it up to date.
    pub(crate) async fn open(corpus: &Corpus) -> Result<Self, Error> {
        let options = options(corpus);
        let index = match Index::open(&corpus.index_folder()) {
            Ok(index) => index,
            Err(error) if error.is_mended_by_rebuild() => rebuild(corpus, &crate::progress::Silent).await?,
            Err(error) => return Err(error.into()),
        };
        let seq = index.committed_seq()?;
        let mut writer = Writer::open(&index, options)?;
        let reached = follow(corpus, seq, |changes| Ok(writer.apply(changes)?)).await?;
        if reached > seq {
            writer.commit(reached)?;
        }
        Ok(Self { writer, commit_every: corpus.config.search.commit_every, waiting: 0, reached })
    }

    /// Takes up what was just saved.
    pub(crate) async fn upsert(&mut self, corpus: &Corpus, saved: &[SavedConversation]) -> Result<(), Error> {
        let changes: Vec<_> = saved
            .iter()
            .map(|one| {
                Change::Upsert(document(one.id, &one.dataset, &one.conversation, &one.reading, &one.reports).prepare())
            })
            .collect();
        self.waiting += saved.iter().map(|one| one.conversation.messages.len()).sum::<usize>();
        self.writer.apply(changes)?;
        self.reached = sequence(corpus.store.last_change().await?);
        if self.waiting >= self.commit_every {
            self.waiting = 0;
            self.writer.commit(self.reached)?;
        }
        Ok(())
    }

    /// Makes everything visible that was taken up, merges files, and closes.
    pub(crate) fn finish(mut self) -> Result<(), Error> {
        self.writer.commit(self.reached)?;
        Ok(self.writer.finish()?)
    }
}

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
        let changes: Result<Vec<_>, Error> =
            batch.into_iter().map(|stored| Ok(Change::Add(documents.of(stored)?.prepare()))).collect();
        rebuild.apply(changes?)?;
        pace.tick(|| Tick {
            subject: "index".into(),
            done: conversations,
            total: Some(total),
            conversations,
            ..Tick::default()
        });
    }
}

/// Gives every conversation that changed after `seq` to `take`, as it is now; the last number reached.
async fn follow(
    corpus: &Corpus,
    seq: u64,
    mut take: impl FnMut(Vec<Change>) -> Result<(), Error>,
) -> Result<u64, Error> {
    let store = &corpus.store;
    let mut documents = Documents::new(corpus);
    let mut reached = i64::try_from(seq).unwrap_or(i64::MAX);
    loop {
        let changes = store.changes_since(reached, STEP).await?;
        let Some(last) = changes.last() else { return Ok(sequence(reached)) };
        reached = last.seq;
        let mut ids: Vec<_> = changes.iter().map(|change| change.id).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut standing: HashMap<_, _> =
            store.get_many(&ids).await?.into_iter().map(|stored| (stored.summary.id, stored)).collect();
        let mut current = Vec::with_capacity(ids.len());
        for id in ids {
            current.push(match standing.remove(&id) {
                Some(stored) => Change::Upsert(documents.of(stored)?.prepare()),
                None => Change::Remove(id),
            });
        }
        take(current)?;
    }
}

/// Stored conversations as the index sees them.
struct Documents<'a> {
    corpus: &'a Corpus,
    /// Made when a conversation must be read again, because its reading was stored by a program with other labels.
    scorer: Option<Scorer>,
}

impl<'a> Documents<'a> {
    const fn new(corpus: &'a Corpus) -> Self {
        Self { corpus, scorer: None }
    }

    fn of(&mut self, stored: StoredConversation) -> Result<ConversationDoc, Error> {
        let reading = if let Some(reading) = stored.reading {
            reading
        } else {
            let scorer = match self.scorer.take() {
                Some(scorer) => scorer,
                // What a dataset declares changes scores, never a reading.
                None => Scorer::for_dataset(&self.corpus.config, None, None)?,
            };
            self.scorer.insert(scorer).score(&stored.conversation).reading
        };
        let summary = &stored.summary;
        let mut document = document(summary.id, &summary.dataset, &stored.conversation, &reading, &[]);
        document.tier = summary.tier;
        document.quality = summary.quality;
        Ok(document)
    }
}

fn document(
    id: ConversationId,
    dataset: &str,
    conversation: &Conversation,
    reading: &Reading,
    reports: &[Report],
) -> ConversationDoc {
    let assessment = reports.first().map(|report| &report.outcome).and_then(Outcome::assessment);
    let nothing = MessageReading::default();
    let messages = (0_u32..).zip(&conversation.messages).map(|(ordinal, message)| {
        let read = reading.messages.get(ordinal as usize).unwrap_or(&nothing);
        MessageDoc {
            ordinal,
            role: message.role,
            language: read.language.clone(),
            emotions: read.selected.clone(),
            text: message.content.clone(),
        }
    });
    ConversationDoc {
        id,
        dataset: dataset.into(),
        tier: assessment.map(|assessment| assessment.tier),
        quality: assessment.map(pe_model::Assessment::overall),
        created_at: made_at(id),
        messages: messages.collect(),
    }
}

/// When an id was made: its first 48 bits are milliseconds since 1970.
fn made_at(id: ConversationId) -> OffsetDateTime {
    let millis = id.0.as_u64_pair().0 >> 16;
    OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(i64::try_from(millis).unwrap_or(0))
}

fn options(corpus: &Corpus) -> WriterOptions {
    WriterOptions { heap_bytes: corpus.config.search.writer_memory_bytes, threads: 1 }
}

/// The store counts changes from 1.
fn sequence(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}
