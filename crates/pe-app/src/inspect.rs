//! Looking at what is there: datasets, lists, one conversation with its evidence, statistics.

use pe_model::{ConversationId, EvidenceKind, Points, Reading, Report, Score, Span};
use pe_store::{
    Cursor, Dataset, DatasetTerm, DatasetTerms, Filter, Order, Page, Statistics, StoredConversation, Summary,
};

use crate::{Corpus, Error};

/// What deleting words does to a score. The single lines of evidence say what each signal does alone; this is what all signals in
/// the words, or about them, do together.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Deletion {
    /// Of which score.
    pub metric: String,
    /// Which words: those of its strongest line of evidence.
    pub span: Span,
    /// The score without them minus the score with them.
    pub change: Points,
}

/// One conversation with all that is known of it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The conversation and its stored scores.
    pub stored: StoredConversation,
    /// What was read in it.
    pub reading: Reading,
    /// The reports with their evidence, made again from the stored reading.
    pub reports: Vec<Report>,
    /// For each report, what deleting the strongest words of each of its scores does.
    pub deletions: Vec<Vec<Deletion>>,
    /// Set when the stored scores were made by another version than the evidence: what to do about it.
    pub outdated: Option<String>,
}

impl Corpus {
    /// Every dataset, by name.
    pub async fn datasets(&self) -> Result<Vec<Dataset>, Error> {
        Ok(self.store.datasets().await?)
    }

    /// The dataset of that name.
    pub async fn dataset(&self, name: &str) -> Result<Dataset, Error> {
        Ok(self.store.dataset(name).await?)
    }

    /// Notes what a dataset is and under which terms it may be used; what is `None` stays. Another modality or helper profile leaves
    /// its scores stale: see [`Corpus::is_stale`].
    pub async fn describe_dataset(&self, name: &str, terms: &DatasetTerms) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        tx.set_dataset_terms(name, terms).await?;
        Ok(tx.commit().await?)
    }

    /// Takes back what a dataset states of `terms`.
    pub async fn clear_terms(&self, name: &str, terms: &[DatasetTerm]) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        tx.clear_dataset_terms(name, terms).await?;
        Ok(tx.commit().await?)
    }

    /// Removes a dataset and everything in it, from the index too; how many conversations that were.
    pub async fn remove_dataset(&self, name: &str) -> Result<u64, Error> {
        let mut tx = self.store.begin().await?;
        let removed = tx.remove_dataset(name).await?;
        tx.commit().await?;
        let index = crate::index::IndexWriter::open(self).await?;
        index.finish()?;
        Ok(removed)
    }

    /// A page of conversations, and how many there are on all pages together.
    pub async fn list(
        &self,
        filter: &Filter,
        order: Order,
        after: Option<&str>,
        limit: u32,
    ) -> Result<(Vec<Summary>, u64), Error> {
        let after = match after {
            Some(text) => Some(Cursor::after(&self.store.get(self.resolve(text).await?).await?.summary)),
            None => None,
        };
        let page = Page { order, after, limit };
        Ok((self.store.list(filter, &page).await?, self.store.count(filter).await?))
    }

    /// The conversation that a person means by an id, the beginning of one, a source's own id, or `DATASET/ID`.
    pub async fn resolve(&self, text: &str) -> Result<ConversationId, Error> {
        // Both names may hold slashes.
        for (slash, _) in text.match_indices('/') {
            if let Some(id) = self.store.find_in_dataset(&text[..slash], &text[slash + 1..]).await? {
                return Ok(id);
            }
        }
        Ok(self.store.find_by_prefix(text).await?)
    }

    /// One conversation with its evidence.
    pub async fn show(&self, text: &str) -> Result<Shown, Error> {
        let id = self.resolve(text).await?;
        let stored = self.store.get(id).await?;
        let scorer = self.scorer(&stored.summary.dataset).await?;
        let scored = match self.store.reading(id).await? {
            Some(reading) => {
                let reports = scorer.score_again(&stored.conversation, &reading);
                crate::Scored { reading, reports }
            }
            None => scorer.score(&stored.conversation),
        };
        let turns = stored.conversation.turns();
        let deletions = scorer.deletions(&turns, &scored.reading, &scored.reports);
        let stored_version = stored.metrics.as_ref().map(|metrics| metrics.version.as_str());
        let shown_version = scored.reports.first().map(|report| report.version.as_str());
        let current = scorer.versions().first().map(|(_, version)| *version);
        let outdated = (stored_version != current).then(|| {
            let (version, dataset) = (stored_version.unwrap_or("none"), &stored.summary.dataset);
            let shown = if shown_version == stored_version { "and so is what is shown" } else { "what is shown is new" };
            format!(
                "the stored scores are of version {version}, {shown}: run `pixelated rescore --dataset {dataset}`"
            )
        });
        drop(turns);
        Ok(Shown { stored, reading: scored.reading, reports: scored.reports, deletions, outdated })
    }

    /// Tiers, lengths, languages, openers and duplicates of what the filter means.
    pub async fn statistics(&self, filter: &Filter) -> Result<Statistics, Error> {
        for dataset in &filter.datasets {
            self.store.dataset(dataset).await?;
        }
        Ok(self.store.statistics(filter).await?)
    }
}

/// The span of the line of evidence that moves a score most.
pub(crate) fn strongest(score: &Score) -> Option<Span> {
    let spans = score.evidence.iter().filter_map(|line| match &line.source {
        EvidenceKind::Signal { span, .. } => Some((line.contribution.abs(), *span)),
        _ => None,
    });
    spans.reduce(|best, one| if one.0 > best.0 { one } else { best }).map(|(_, span)| span)
}
