//! Full-text search over messages; derived from the store and rebuildable.
//!
//! An [`Index`] lives in a folder. A [`Writer`] takes up [`Change`]s of the store; each commit carries the store's change
//! sequence, so an index that fell behind knows where to catch up. [`Index::search`] reads a query in the language of
//! [`Query`], ranks messages by BM25 (k1 1.2, b 0.75), gives each conversation once, by its best message, and cuts a
//! [`Snippet`] with marks. An index that is missing, damaged or of another version is noticed when it is opened, and
//! [`Rebuild`] makes it anew beside the old one.
//!
//! Terms: words by Unicode's rules, without case and accents, English words by their Porter stem; overlapping pairs of
//! graphemes for Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese; emoji as they are.

mod analysis;
mod best;
mod entry;
mod error;
mod filter;
mod form;
mod index;
mod layout;
mod parser;
mod pattern;
mod pieces;
mod plan;
mod porter;
mod query;
mod queue;
mod ranking;
mod readable;
mod rebuild;
mod script;
mod seal;
mod search;
mod snippet;
mod stopwords;
mod terms;
mod writer;

pub use entry::{ConversationDoc, MessageDoc, Prepared};
pub use error::{OpenError, SearchError, WriteError};
pub use filter::Filter;
pub use index::Index;
pub use query::{MAX_QUERY_CHARS, MAX_QUERY_CLAUSES, Query, QueryError};
pub use ranking::{MAX_EXACT_TOTAL, Total};
pub use rebuild::Rebuild;
pub use search::{Hit, MAX_LIMIT, MAX_OFFSET, Search, SearchResult};
pub use snippet::{SNIPPET_CHARS, Snippet};
pub use writer::{Change, Writer, WriterOptions};
