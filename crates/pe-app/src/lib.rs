//! One function for each thing a user can ask for; called by every door.
//!
//! A [`Corpus`] is a data folder, opened for reading or for writing. Its methods are the use cases: import, search, export,
//! rescore and so on. [`Scorer`] is where a reader and the validators meet.

mod backup;
mod budget;
mod compare;
mod config;
mod copy;
mod corpus;
mod doctor;
mod error;
mod export;
mod failure;
mod flags;
mod graphic;
mod import;
mod index;
mod inspect;
mod migrate;
mod progress;
mod rescore;
mod scoring;
mod search;
mod secret;
mod validate;

pub use backup::restore;
pub use compare::{AxisComparison, Comparison, DatasetComparison};
pub use config::{Config, DEFAULTS, ExportConfig, ImportConfig, OnConflict, SearchConfig};
pub use copy::{CopyRequest, copy};
pub use corpus::Corpus;
pub use doctor::{Check, doctor};
pub use error::{Error, ErrorKind};
pub use export::{ExportRequest, Exported, MissingTerms};
pub use flags::ReadFlags;
pub use graphic::{LEFT_OUT, graphic_messages, leave_out};
pub use import::{FileGuess, ImportRequest, ImportSummary, ImportedFile, Stages, read_file};
pub use inspect::{Deletion, Shown};
pub use migrate::{Migrated, migrate};
pub use progress::{Progress, Silent, Tick};
pub use rescore::RescoreSummary;
pub use scoring::{Scored, Scorer};
pub use search::{Answer, Found, SearchRequest};
pub use secret::{SecretUrl, masked};
pub use validate::{Validated, validate};

// What the doors need of the lower floors to ask and to show.
pub use pe_formats::write::{ExportFormat, SplitRatios};
pub use pe_formats::{Item, Reject, expand};
pub use pe_search::{Filter as SearchFilter, Snippet, Total};
pub use pe_store::{
    Copied, Dataset, DatasetTerm, DatasetTerms, Filter, Order, Spread, Statistics, StoredConversation,
    Summary,
};
