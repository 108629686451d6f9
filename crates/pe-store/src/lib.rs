//! What must last: conversations, scores, datasets and jobs in SQL.
//!
//! [`Store`] is the one concrete store. [`Store::open`] finds the database of a data folder or of a PostgreSQL server and brings
//! its schema up to date. All writes go through a [`Tx`], so that a change and what follows from it commit together; readers work
//! beside writers. Queries are written once, in SQL that SQLite and PostgreSQL both run; what differs between the two is in the
//! modules `engine`, `sqlite`, `postgres` and `partition`.

mod bulk;
mod care;
mod change;
mod check;
mod copy;
mod dataset;
mod engine;
mod error;
mod export;
mod filter;
mod find;
mod list;
mod location;
mod lock;
mod migration;
mod moments;
mod nouns;
mod openers;
mod partition;
mod postgres;
mod reading;
mod removal;
mod resolution;
mod rows;
mod save;
mod score;
mod sqlite;
mod statistics;
mod store;
mod tx;

pub use change::{Change, ChangeKind};
pub use check::Finding;
pub use copy::{Copied, CopiedTable, CopyProgress};
pub use dataset::{Dataset, DatasetTerm, DatasetTerms};
pub use error::{Error, Result};
pub use export::Export;
pub use filter::Filter;
pub use list::{Cursor, Order, Page};
pub use location::{DATABASE_FILE, DatabaseFile, Location, Server};
pub use migration::LATEST as SCHEMA_VERSION;
pub use moments::Moments;
pub use nouns::{
    CustomScore, MessageFacts, Metrics, Rescored, SavedConversation, StoredConversation, Summary, message_id,
};
pub use openers::{Opener, Openers};
pub use resolution::{Known, SourceKey};
pub use statistics::{DuplicateCount, Spread, Statistics};
pub use store::{OpenMode, Store};
pub use tx::Tx;
