//! Rescore: stored scores brought to the current version of reader, rules, weights and profile.
//!
//! What is current is left alone, and every batch is one transaction, so an interrupted run goes on where it stopped.

use pe_model::ConversationId;
use pe_store::{Filter, Order, Page, Rescored, SavedConversation, StoredConversation};
use rayon::prelude::*;
use serde::Serialize;

use crate::index::IndexWriter;
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
        if let Some(name) = dataset {
            self.store.dataset(name).await?;
        }
        let filter = dataset.map_or_else(Filter::default, Filter::dataset);
        let total = if everything { Some(self.store.count(&filter).await?) } else { None };
        let scorer = self.scorer()?;
        let mut index = IndexWriter::open(self).await?;
        let mut summary = RescoreSummary::default();
        let mut pace = Pace::new(progress);
        let mut place = Place::default();
        loop {
            let batch = self.next_batch(&scorer, &filter, everything, &mut place).await?;
            if batch.is_empty() {
                break;
            }
            let wanted: Vec<_> = batch
                .into_iter()
                .filter(|one| dataset.is_none_or(|name| one.summary.dataset == name))
                .collect();
            self.rescore_batch(&scorer, &wanted, &mut index, &mut summary).await?;
            let done = summary.rescored;
            pace.tick(|| Tick {
                subject: "rescoring".into(),
                done,
                total,
                conversations: done,
                ..Tick::default()
            });
        }
        index.finish(self.store.last_change().await?)?;
        summary.seconds = pace.elapsed().as_secs_f64();
        Ok(summary)
    }

    async fn next_batch(
        &self,
        scorer: &Scorer,
        filter: &Filter,
        everything: bool,
        place: &mut Place,
    ) -> Result<Vec<StoredConversation>, Error> {
        let ids: Vec<ConversationId> = if everything {
            let page = Page { after: place.cursor.take(), ..Page::first(Order::Dataset, STEP) };
            let lines = self.store.list(filter, &page).await?;
            place.cursor = lines.last().map(pe_store::Cursor::after);
            lines.into_iter().map(|line| line.id).collect()
        } else {
            self.store.stale(&scorer.versions(), place.last, STEP).await?
        };
        place.last = ids.last().copied();
        Ok(self.store.get_many(&ids).await?)
    }

    async fn rescore_batch(
        &self,
        scorer: &Scorer,
        batch: &[StoredConversation],
        index: &mut IndexWriter,
        summary: &mut RescoreSummary,
    ) -> Result<(), Error> {
        let scored: Vec<_> = batch.par_iter().map(|one| scorer.score(&one.conversation)).collect();
        let saved: Vec<_> = batch
            .iter()
            .zip(&scored)
            .map(|(one, scored)| SavedConversation {
                id: one.summary.id,
                dataset: one.summary.dataset.as_str().into(),
                source_id: one.summary.source_id.clone(),
                conversation: one.conversation.clone(),
                reading: scored.reading.clone(),
                reports: scored.reports.clone(),
            })
            .collect();
        let rescored: Vec<_> = batch
            .iter()
            .zip(scored)
            .map(|(one, scored)| {
                summary.note(one, &scored);
                Rescored { id: one.summary.id, reading: Some(scored.reading), reports: scored.reports }
            })
            .collect();
        let mut tx = self.store.begin().await?;
        tx.save_scores(&rescored).await?;
        tx.commit().await?;
        index.upsert(self, &saved).await
    }
}

/// How far a rescoring has come.
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
