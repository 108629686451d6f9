//! One search: from the words of a query to hits with snippets.

use std::time::{Duration, Instant};

use pe_model::ConversationId;
use tantivy::TantivyDocument;
use tantivy::schema::Value;

use crate::best::Ranked;
use crate::error::SearchError;
use crate::filter::Filter;
use crate::index::Index;
use crate::pattern::Pattern;
use crate::plan::Plan;
use crate::query::Query;
use crate::ranking::{self, Total};
use crate::snippet::Snippet;

/// Most hits of one answer.
pub const MAX_LIMIT: usize = 1_000;
/// Most hits that may be passed over.
pub const MAX_OFFSET: usize = 10_000;

/// What is searched for.
#[derive(Clone, Debug, PartialEq)]
pub struct Search {
    /// In the query language of [`Query`]; may be empty where the filter says enough.
    pub query: String,
    /// Narrows the search further.
    pub filter: Filter,
    /// How many hits to give, up to [`MAX_LIMIT`].
    pub limit: usize,
    /// How many of the best hits to pass over, up to [`MAX_OFFSET`].
    pub offset: usize,
}

impl Default for Search {
    fn default() -> Self {
        Self { query: String::new(), filter: Filter::default(), limit: 20, offset: 0 }
    }
}

impl Search {
    /// The first hits of a query, without a filter.
    pub fn of(query: impl Into<String>) -> Self {
        Self { query: query.into(), ..Self::default() }
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchResult {
    /// Best first; equal scores by conversation id. A conversation appears once.
    pub hits: Vec<Hit>,
    /// How many conversations match.
    pub total: Total,
    /// How long it took.
    pub took: Duration,
}

/// A conversation that was found, by its best message.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The conversation.
    pub conversation_id: ConversationId,
    /// The message, counted from 0.
    pub message: u32,
    /// BM25 of the message; comparable within one search only.
    pub score: f32,
    /// Where it matches.
    pub snippet: Snippet,
}

impl Index {
    /// Finds the conversations whose messages fit best.
    pub fn search(&self, search: &Search) -> Result<SearchResult, SearchError> {
        let began = Instant::now();
        within("limit", search.limit, MAX_LIMIT)?;
        within("offset", search.offset, MAX_OFFSET)?;
        let query = Query::parse(&search.query)?;
        let plan = Plan::new(self.layout(), &query, &search.filter)?;
        let searcher = self.searcher();
        let total = ranking::total(&searcher, &plan)?;
        let mut hits = Vec::new();
        if search.limit > 0 {
            let best = ranking::best(&searcher, &plan, search.offset + search.limit)?;
            for ranked in best.into_iter().skip(search.offset) {
                hits.push(self.hit(&searcher, &ranked, &plan.patterns)?);
            }
        }
        Ok(SearchResult { hits, total, took: began.elapsed() })
    }

    fn hit(
        &self,
        searcher: &tantivy::Searcher,
        ranked: &Ranked,
        patterns: &[Pattern],
    ) -> Result<Hit, SearchError> {
        let entry: TantivyDocument = searcher.doc(ranked.address)?;
        let text =
            entry.get_first(self.layout().message).and_then(|value| value.as_str()).unwrap_or_default();
        Ok(Hit {
            conversation_id: ranked.conversation,
            message: ranked.ordinal,
            score: ranked.score,
            snippet: Snippet::cut(text, patterns),
        })
    }
}

const fn within(name: &'static str, value: usize, most: usize) -> Result<(), SearchError> {
    if value > most { Err(SearchError::TooMany { name, value, most }) } else { Ok(()) }
}
