//! Search: hits from the index, facts about them from the store.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use pe_search::{Filter, Index, OpenError, Search, Snippet, Total};
use pe_store::Summary;

use crate::graphic::graphic_messages;
use crate::index::{IndexWriter, rebuild};
use crate::progress::Silent;
use crate::{Config, Corpus, Error, Progress};

/// What is searched for.
#[derive(Clone, Debug, Default)]
pub struct SearchRequest {
    /// In the query language.
    pub query: String,
    /// On top of the query.
    pub filter: Filter,
    /// Most hits.
    pub limit: usize,
    /// Hits to pass over.
    pub offset: usize,
}

/// A conversation that was found, by its best message.
#[derive(Clone, Debug)]
pub struct Found {
    /// The conversation.
    pub summary: Summary,
    /// The message, counted from 0.
    pub message: u32,
    /// BM25; comparable within one answer.
    pub relevance: f32,
    /// A piece of the message with marks; `None` where the message is folded for graphic content.
    pub snippet: Option<Snippet>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Best first.
    pub found: Vec<Found>,
    /// How many conversations there are.
    pub total: Total,
    /// How long it took from the question to here.
    pub took: Duration,
    /// What the reader of the answer should know, such as that a writer is still at work.
    pub notice: Option<String>,
}

impl Corpus {
    /// Searches. An index that is behind, damaged or missing is mended first, unless somebody else is writing.
    pub async fn search(&self, request: &SearchRequest) -> Result<Answer, Error> {
        let began = Instant::now();
        for dataset in &request.filter.datasets {
            self.store.dataset(dataset).await?;
        }
        let (index, notice) = self.ready_index().await?;
        let search = Search {
            query: request.query.clone(),
            filter: request.filter.clone(),
            limit: request.limit,
            offset: request.offset,
        };
        let result = index.search(&search)?;
        let ids: Vec<_> = result.hits.iter().map(|hit| hit.conversation_id).collect();
        let mut summaries: HashMap<_, _> =
            self.store.summaries(&ids).await?.into_iter().map(|summary| (summary.id, summary)).collect();
        let readings = self.store.readings(&ids).await?;
        let found = result.hits.into_iter().filter_map(|hit| {
            // A hit whose conversation was removed a moment ago is no hit.
            let summary = summaries.remove(&hit.conversation_id)?;
            // A message of which we do not know whether it is graphic stays folded.
            let reading = readings.get(&hit.conversation_id);
            let folded = reading.is_none_or(|reading| graphic_messages(reading).contains(&hit.message));
            let snippet = (!folded).then_some(hit.snippet);
            Some(Found { summary, message: hit.message, relevance: hit.score, snippet })
        });
        Ok(Answer { found: found.collect(), total: result.total, took: began.elapsed(), notice })
    }

    /// Builds the index anew; how many messages it holds.
    pub async fn reindex(&self, progress: &dyn Progress) -> Result<u64, Error> {
        Ok(rebuild(self, progress).await?.messages())
    }

    async fn ready_index(&self) -> Result<(Index, Option<String>), Error> {
        let folder = self.index_folder();
        let opened = Index::open(&folder);
        let behind = match &opened {
            // Ahead of the store is an index of another one.
            Ok(index) => {
                index.committed_seq()? != u64::try_from(self.store.last_change().await?).unwrap_or(0)
            }
            Err(error) if error.is_mended_by_rebuild() => true,
            Err(_) => false,
        };
        if !behind {
            return Ok((opened?, None));
        }
        match (mend(&self.config, self.clock.clone()).await, opened) {
            (Ok(()), opened) => Ok((Index::open(&folder)?, mended(opened.err()))),
            (Err(error), Ok(index)) if error.kind == crate::ErrorKind::Unavailable => {
                // Another process is writing, or the folder may not be written: the error says which.
                Ok((index, Some(format!("what was added last is not found yet: {error}"))))
            }
            (Err(error), _) => Err(error),
        }
    }
}

/// Says why the index had to be made anew; a first or a late one is no news.
fn mended(error: Option<OpenError>) -> Option<String> {
    match error {
        None | Some(OpenError::Missing { .. }) => None,
        Some(error) => Some(format!("{error}; it was rebuilt")),
    }
}

/// Becomes the writer for a moment and brings the index up to date.
async fn mend(config: &Config, clock: std::sync::Arc<dyn pe_model::Clock>) -> Result<(), Error> {
    let corpus = Corpus::write(config, clock).await?;
    let outcome = match Index::open(&corpus.index_folder()) {
        Ok(_) => match IndexWriter::open(&corpus).await {
            Ok(writer) => writer.finish(),
            Err(error) => Err(error),
        },
        Err(_) => rebuild(&corpus, &Silent).await.map(drop),
    };
    corpus.close().await;
    outcome
}
