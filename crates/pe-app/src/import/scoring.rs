//! The scoring thread: conversations that are to be taken in are read, scored and cut into terms on all cores, while those before
//! them are stored.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use pe_model::{Conversation, ConversationId};
use pe_search::Change;
use pe_store::SavedConversation;
use rayon::prelude::*;

use crate::index::document;
use crate::{Error, Scorer};

use super::stages::{Lap, Meter};

/// Batches that are with the thread at most: one that is done, one in work, and one that is next.
pub(super) const UNDER_WAY: usize = 3;

/// A conversation that is to be taken in.
pub(super) struct Wanted {
    pub(super) id: ConversationId,
    pub(super) source_id: String,
    pub(super) conversation: Conversation,
    /// Whether it was not there before.
    pub(super) is_new: bool,
}

/// A batch that is scored.
pub(super) struct ScoredBatch {
    pub(super) saved: Vec<SavedConversation>,
    /// What the index is to take up once they are stored.
    pub(super) changes: Vec<Change>,
}

/// The thread.
pub(super) struct Scoring {
    wanted: SyncSender<Vec<Wanted>>,
    scored: Receiver<ScoredBatch>,
    thread: JoinHandle<()>,
}

impl Scoring {
    /// Starts it.
    pub(super) fn spawn(scorer: Scorer, dataset: &str, meter: Arc<Meter>) -> Result<Self, Error> {
        let dataset: Arc<str> = dataset.into();
        // Neither end waits to send: there is room for all batches that may be under way.
        let (wanted, work) = sync_channel::<Vec<Wanted>>(UNDER_WAY);
        let (done, scored) = sync_channel(UNDER_WAY);
        let thread = std::thread::Builder::new()
            .name("scoring".into())
            .spawn(move || {
                for batch in work {
                    if done.send(score(&scorer, &dataset, &meter, batch)).is_err() {
                        return;
                    }
                }
            })
            .map_err(|error| Error::unavailable(format!("cannot start a thread for scoring: {error}")))?;
        Ok(Self { wanted, scored, thread })
    }

    /// Hands over a batch; the caller sees to it that no more than [`UNDER_WAY`] are.
    pub(super) fn begin(&self, batch: Vec<Wanted>) -> Result<(), Error> {
        self.wanted.send(batch).map_err(|_| ended_early())
    }

    /// Waits for the batch that was handed over first of those not yet taken back.
    pub(super) fn next(&self) -> Result<ScoredBatch, Error> {
        self.scored.recv().map_err(|_| ended_early())
    }

    /// Waits until the thread is done.
    pub(super) fn finish(self) -> Result<(), Error> {
        drop((self.wanted, self.scored));
        self.thread.join().map_err(|_| ended_early())
    }
}

fn ended_early() -> Error {
    Error::internal("scoring", "its thread ended early")
}

fn score(scorer: &Scorer, dataset: &Arc<str>, meter: &Meter, batch: Vec<Wanted>) -> ScoredBatch {
    let (saved, changes) =
        batch.into_par_iter().map(|wanted| score_one(scorer, dataset, meter, wanted)).unzip();
    ScoredBatch { saved, changes }
}

fn score_one(
    scorer: &Scorer,
    dataset: &Arc<str>,
    meter: &Meter,
    wanted: Wanted,
) -> (SavedConversation, Change) {
    let Wanted { id, source_id, conversation, is_new } = wanted;
    let mut lap = Lap::begin();
    let reading = scorer.read(&conversation);
    lap.add_to(&meter.signals);
    let reports = scorer.score_again(&conversation, &reading);
    lap.add_to(&meter.score);
    let prepared = document(id, dataset.clone(), &conversation, &reading, &reports).prepare();
    let change = if is_new { Change::Add(prepared) } else { Change::Upsert(prepared) };
    let saved = SavedConversation { id, dataset: dataset.clone(), source_id, conversation, reading, reports };
    (saved, change)
}
