//! Search: hits from the index, facts about them from the store.

use std::time::Duration;

use pe_model::ConversationId;
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
    /// How long the index took.
    pub took: Duration,
    /// What the reader of the answer should know, such as that a writer is still at work.
    pub notice: Option<String>,
}

impl Corpus {
    /// Searches. An index that is behind, damaged or missing is mended first, unless somebody else is writing.
    pub async fn search(&self, request: &SearchRequest) -> Result<Answer, Error> {
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
        let mut found = Vec::with_capacity(result.hits.len());
        for hit in result.hits {
            // A hit whose conversation was removed a moment ago is no hit.
            if let Some(summary) = self.summary(hit.conversation_id).await? {
                let reading = self.store.reading(hit.conversation_id).await?.unwrap_or_default();
                let folded = graphic_messages(&reading).contains(&hit.message);
                let snippet = (!folded).then_some(hit.snippet);
                found.push(Found { summary, message: hit.message, relevance: hit.score, snippet });
            }
        }
        Ok(Answer { found, total: result.total, took: result.took, notice })
    }

    /// Builds the index anew; how many messages it holds.
    pub async fn reindex(&self, progress: &dyn Progress) -> Result<u64, Error> {
        Ok(rebuild(self, progress).await?.messages())
    }

    async fn summary(&self, id: ConversationId) -> Result<Option<Summary>, Error> {
        match self.store.get(id).await {
            Ok(stored) => Ok(Some(stored.summary)),
            Err(pe_store::Error::NotFound(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    async fn ready_index(&self) -> Result<(Index, Option<String>), Error> {
        let folder = self.index_folder();
        let opened = Index::open(&folder);
        let behind = match &opened {
            Ok(index) => index.committed_seq()? < u64::try_from(self.store.last_change().await?).unwrap_or(0),
            Err(error) if error.is_mended_by_rebuild() => true,
            Err(_) => false,
        };
        if !behind {
            return Ok((opened?, None));
        }
        match (mend(&self.config, self.clock.clone()).await, opened) {
            (Ok(()), opened) => Ok((Index::open(&folder)?, mended(opened.err()))),
            (Err(error), Ok(index)) if error.kind == crate::ErrorKind::Unavailable => {
                Ok((index, Some("another process is writing: what it added last is not found yet".into())))
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
