//! Rescore: stored scores brought to the current version of reader, rules, weights and profile.
//!
//! Each dataset is scored with what it declares. What is current is left alone, and every batch is one transaction, so an interrupted run goes on where it stopped.

use pe_model::ConversationId;
use pe_search::Change;
use pe_store::{Filter, Order, Page, Rescored, StoredConversation};
use rayon::prelude::*;
use serde::Serialize;

use crate::index::{IndexWriter, document};
use crate::progress::Pace;
use crate::{Corpus, Error, Progress, Scorer, Tick};

/// Conversations in one transaction.
const STEP: u32 = 256;

/// What a rescoring did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RescoreSummary {
    /// Conversations that were scored again.
    pub rescored: u64,
    /// Of those, how many are in another tier than before.
    pub tier_changed: u64,
    /// The largest change of an overall score.
    pub largest_change: f64,
    /// How long it took.
    pub seconds: f64,
}

impl Corpus {
    /// Scores again what is not current, of one dataset or of all; with `everything`, what is current too.
    pub async fn rescore(
        &self,
        dataset: Option<&str>,
        everything: bool,
        progress: &dyn Progress,
    ) -> Result<RescoreSummary, Error> {
        let names = match dataset {
            Some(name) => vec![self.store.dataset(name).await?.name],
            None => self.store.datasets().await?.into_iter().map(|dataset| dataset.name).collect(),
        };
        let mut total = 0;
        for name in &names {
            total += if everything {
                self.store.count(&Filter::dataset(name)).await?
            } else {
                self.store.count_stale(name, &self.scorer(name).await?.versions()).await?
            };
        }
        let mut run = Rescoring {
            corpus: self,
            everything,
            total,
            index: IndexWriter::open(self).await?,
            summary: RescoreSummary::default(),
            pace: Pace::new(progress),
        };
        for name in &names {
            run.dataset(name).await?;
        }
        run.index.finish()?;
        run.summary.seconds = run.pace.elapsed().as_secs_f64();
        Ok(run.summary)
    }

    /// Whether a dataset has scores of another version than the one that its declaration and the configuration call for now.
    pub async fn is_stale(&self, dataset: &str) -> Result<bool, Error> {
        let scorer = self.scorer(dataset).await?;
        Ok(!self.store.stale(dataset, &scorer.versions(), None, 1).await?.is_empty())
    }
}

/// A rescoring under way.
struct Rescoring<'a> {
    corpus: &'a Corpus,
    everything: bool,
    /// Conversations to score again.
    total: u64,
    index: IndexWriter,
    summary: RescoreSummary,
    pace: Pace<'a>,
}

impl Rescoring<'_> {
    async fn dataset(&mut self, name: &str) -> Result<(), Error> {
        let scorer = self.corpus.scorer(name).await?;
        let mut place = Place::default();
        loop {
            let batch = self.next_batch(&scorer, name, &mut place).await?;
            if batch.is_empty() {
                return Ok(());
            }
            self.batch(&scorer, &batch).await?;
            let (done, total) = (self.summary.rescored, Some(self.total));
            let subject = name.to_owned();
            self.pace.tick(|| Tick { subject, done, total, conversations: done, ..Tick::default() });
        }
    }

    async fn next_batch(
        &self,
        scorer: &Scorer,
        dataset: &str,
        place: &mut Place,
    ) -> Result<Vec<StoredConversation>, Error> {
        let store = &self.corpus.store;
        let ids: Vec<ConversationId> = if self.everything {
            let page = Page { after: place.cursor.take(), ..Page::first(Order::Dataset, STEP) };
            let lines = store.list(&Filter::dataset(dataset), &page).await?;
            place.cursor = lines.last().map(pe_store::Cursor::after);
            lines.into_iter().map(|line| line.id).collect()
        } else {
            store.stale(dataset, &scorer.versions(), place.last, STEP).await?
        };
        place.last = ids.last().copied();
        Ok(store.get_many(&ids).await?)
    }

    async fn batch(&mut self, scorer: &Scorer, batch: &[StoredConversation]) -> Result<(), Error> {
        let scored: Vec<_> = batch.par_iter().map(|one| scorer.score(&one.conversation)).collect();
        let saved: Vec<_> = batch
            .iter()
            .zip(&scored)
            .map(|(one, scored)| {
                let dataset = one.summary.dataset.as_str().into();
                document(one.summary.id, dataset, &one.conversation, &scored.reading, &scored.reports)
            })
            .collect();
        let rescored: Vec<_> = batch
            .iter()
            .zip(scored)
            .map(|(one, scored)| {
                self.summary.note(one, &scored);
                Rescored { id: one.summary.id, reading: Some(scored.reading), reports: scored.reports }
            })
            .collect();
        let mut tx = self.corpus.store.begin().await?;
        tx.save_scores(&rescored).await?;
        tx.commit().await?;
        let changes = saved.into_iter().map(|one| Change::Upsert(one.prepare())).collect();
        self.index.take_up(self.corpus, changes).await
    }
}

/// How far the rescoring of a dataset has come.
#[derive(Default)]
struct Place {
    last: Option<ConversationId>,
    cursor: Option<pe_store::Cursor>,
}

impl RescoreSummary {
    fn note(&mut self, before: &StoredConversation, after: &crate::Scored) {
        self.rescored += 1;
        let now = after.outcome().and_then(pe_model::Outcome::assessment);
        if before.summary.tier != now.map(|assessment| assessment.tier) {
            self.tier_changed += 1;
        }
        if let (Some(old), Some(now)) = (before.summary.quality, now) {
            self.largest_change = self.largest_change.max((now.overall() - old).abs().fraction());
        }
    }
}
