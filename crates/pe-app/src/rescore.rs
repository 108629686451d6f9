//! Rescore: stored scores brought to the current version of reader, rules, weights and profile.
//!
//! Each dataset is scored with what it declares. What is current is left alone, and every batch is one transaction, so an interrupted
//! run goes on where it stopped; one of everything leaves a mark of how far it came. A stored reading of the present reader is what
//! reading again would give, so only those of another one are made anew.

mod mark;

use std::collections::BTreeMap;

use pe_model::{ConversationId, Tier};
use pe_search::Change;
use pe_store::{Cursor, Filter, Order, Page, Rescored, StoredConversation};
use rayon::prelude::*;
use serde::Serialize;

use crate::index::{IndexWriter, document};
use crate::progress::Pace;
use crate::{Corpus, Error, Progress, Scored, Scorer, Tick};

use mark::Mark;

/// Conversations in one transaction.
const STEP: u32 = 256;

/// What a rescoring did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct RescoreSummary {
    /// Conversations that were scored again.
    pub rescored: u64,
    /// Of those, how many are in another tier than before.
    pub tier_changed: u64,
    /// How many went from which tier to which other one.
    pub tiers: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
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
        let (mut total, mut task) = (0, vec![format!("{dataset:?}")]);
        for name in &names {
            let scorer = self.scorer(name).await?;
            task.push(format!("{name:?} {} {:?}", scorer.reader_version(), scorer.versions()));
            total += if everything {
                self.store.count(&Filter::dataset(name)).await?
            } else {
                self.store.count_stale(name, &scorer.versions()).await?
            };
        }
        let mark = everything.then(|| Mark::resume(&self.config.data_dir, &task));
        let mut run = Rescoring {
            corpus: self,
            mark,
            total,
            index: IndexWriter::open(self).await?,
            summary: RescoreSummary::default(),
            pace: Pace::new(progress),
        };
        // Those before the one that an interrupted run was at are done.
        let at = run.mark.as_ref().and_then(Mark::dataset).map(ToOwned::to_owned);
        let done = names.iter().position(|name| Some(name) == at.as_ref()).unwrap_or(0);
        let mut outcome = Ok(());
        for name in &names[done..] {
            if outcome.is_ok() {
                outcome = run.dataset(name).await;
            }
        }
        // What was committed is searchable, however the run ended.
        outcome.and(run.index.finish())?;
        run.mark.map_or(Ok(()), Mark::remove)?;
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
    /// How far it has come; `None` where what is current is left alone, and so tells by itself.
    mark: Option<Mark>,
    /// Conversations to score again.
    total: u64,
    index: IndexWriter,
    summary: RescoreSummary,
    pace: Pace<'a>,
}

impl Rescoring<'_> {
    async fn dataset(&mut self, name: &str) -> Result<(), Error> {
        let scorer = self.corpus.scorer(name).await?;
        let mut place = Place { cursor: self.resumed(name).await?, ..Place::default() };
        loop {
            let batch = self.next_batch(&scorer, name, &mut place).await?;
            if batch.is_empty() {
                return Ok(());
            }
            let last = batch.last().map(|one| one.summary.id);
            self.batch(&scorer, batch).await?;
            if let (Some(mark), Some(last)) = (&mut self.mark, last) {
                mark.set(name, last)?;
            }
            let (done, total) = (self.summary.rescored, Some(self.total));
            let subject = name.to_owned();
            self.pace.tick(|| Tick { subject, done, total, conversations: done, ..Tick::default() });
        }
    }

    /// Where an interrupted run of everything had come in a dataset.
    async fn resumed(&self, dataset: &str) -> Result<Option<Cursor>, Error> {
        let Some(last) = self.mark.as_ref().and_then(|mark| mark.last(dataset)) else { return Ok(None) };
        Ok(self.corpus.store.summaries(&[last]).await?.first().map(Cursor::after))
    }

    async fn next_batch(
        &self,
        scorer: &Scorer,
        dataset: &str,
        place: &mut Place,
    ) -> Result<Vec<StoredConversation>, Error> {
        let store = &self.corpus.store;
        let ids: Vec<ConversationId> = if self.mark.is_some() {
            let page = Page { after: place.cursor.take(), ..Page::first(Order::Dataset, STEP) };
            let lines = store.list(&Filter::dataset(dataset), &page).await?;
            place.cursor = lines.last().map(Cursor::after);
            lines.into_iter().map(|line| line.id).collect()
        } else {
            store.stale(dataset, &scorer.versions(), place.last, STEP).await?
        };
        place.last = ids.last().copied();
        Ok(store.get_many(&ids).await?)
    }

    async fn batch(&mut self, scorer: &Scorer, batch: Vec<StoredConversation>) -> Result<(), Error> {
        let done: Vec<_> = batch.par_iter().map(|one| rescore(scorer, one)).collect();
        let (mut rescored, mut changes) = (Vec::with_capacity(done.len()), Vec::with_capacity(done.len()));
        for (before, (scored, is_read_again, change)) in batch.iter().zip(done) {
            self.summary.note(before, &scored);
            let reading = is_read_again.then_some(scored.reading);
            rescored.push(Rescored { id: before.summary.id, reading, reports: scored.reports });
            changes.push(change);
        }
        let mut tx = self.corpus.store.begin().await?;
        tx.save_scores(&rescored).await?;
        tx.commit().await?;
        self.index.take_up(self.corpus, changes).await
    }
}

/// New scores of a conversation, whether they are from a new reading, and what the index is to take up.
fn rescore(scorer: &Scorer, stored: &StoredConversation) -> (Scored, bool, Change) {
    let conversation = &stored.conversation;
    let kept = stored.reading.as_ref().filter(|reading| reading.version == scorer.reader_version());
    let reading = kept.cloned().unwrap_or_else(|| scorer.read(conversation));
    let reports = scorer.score_again(conversation, &reading);
    let summary = &stored.summary;
    let document = document(summary.id, summary.dataset.as_str().into(), conversation, &reading, &reports);
    (Scored { reading, reports }, kept.is_none(), Change::Upsert(document.prepare()))
}

/// How far the rescoring of a dataset has come.
#[derive(Default)]
struct Place {
    last: Option<ConversationId>,
    cursor: Option<Cursor>,
}

impl RescoreSummary {
    fn note(&mut self, before: &StoredConversation, after: &Scored) {
        self.rescored += 1;
        let now = after.outcome().and_then(pe_model::Outcome::assessment);
        let (tier_before, tier_now) = (before.summary.tier, now.map(|assessment| assessment.tier));
        if tier_before != tier_now {
            self.tier_changed += 1;
            let name = |tier: Option<Tier>| tier.map_or("not scorable", Tier::name);
            *self.tiers.entry(name(tier_before)).or_default().entry(name(tier_now)).or_default() += 1;
        }
        if let (Some(old), Some(now)) = (before.summary.quality, now) {
            self.largest_change = self.largest_change.max((now.overall() - old).abs().fraction());
        }
    }
}
