//! What can go wrong with the store, in words that say where and what to do.

use std::path::PathBuf;

use pe_model::ConversationId;

/// The result of a store operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong with the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing was imported there yet.
    #[error("no data in {0}; import something first")]
    NoData(String),
    /// Somebody else writes.
    #[error("{place} is being written by {holder}; wait until it has finished, or use another data folder")]
    Locked {
        /// The database.
        place: String,
        /// "process 123", "another task of this process".
        holder: String,
    },
    /// The store was opened for reading.
    #[error("the store was opened for reading; open it for writing to change it")]
    ReadOnly,
    /// Written by a newer program.
    #[error(
        "{place} has schema version {found} and this program knows {known}; install a newer version of the program"
    )]
    NewerSchema {
        /// The database.
        place: String,
        /// Its schema version.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// Written by an older program, and opened for reading.
    #[error(
        "{place} has schema version {found} and this program needs {known}; run a migration, an import or a rescore once to bring it up to date"
    )]
    OlderSchema {
        /// The database.
        place: String,
        /// Its schema version.
        found: i64,
        /// The one that this program needs.
        known: i64,
    },
    /// A URL of a database that this store cannot open.
    #[error(
        "cannot open {0}: give a data folder, sqlite:PATH of a database file, or postgres://USER@HOST/DATABASE"
    )]
    UnknownLocation(String),
    /// No conversation of that id or prefix.
    #[error("no conversation {0}; `list` shows what there is")]
    NotFound(String),
    /// A prefix that several conversations share.
    #[error("{given} stands for several conversations: {}{}; give more of the id", list(candidates), if *more { " and more" } else { "" })]
    Ambiguous {
        /// What was asked for.
        given: String,
        /// The first of those it may be.
        candidates: Vec<ConversationId>,
        /// Whether there are others.
        more: bool,
    },
    /// No dataset of that name.
    #[error("no dataset {0}; `datasets` shows what there is")]
    NoDataset(String),
    /// A value that the store does not take.
    #[error("{what}: {problem}")]
    Invalid {
        /// Which value.
        what: String,
        /// What is wrong with it, and what to do.
        problem: String,
    },
    /// Two conversations claim one source id.
    #[error(
        "dataset {dataset} already has another conversation with source id {source_id}; resolve source ids before saving"
    )]
    Conflict {
        /// The dataset.
        dataset: String,
        /// The source id.
        source_id: String,
    },
    /// A file that is already there.
    #[error("{} already exists; choose another name", .0.display())]
    AlreadyExists(PathBuf),
    /// The database is not whole.
    #[error("{place} is damaged ({problem}); restore a backup, or import again into a new data folder")]
    Damaged {
        /// The database, or the value in it.
        place: String,
        /// The first finding.
        problem: String,
    },
    /// A stored value that does not decode.
    #[error("stored {what} cannot be read: {problem}; run a check of the store")]
    Corrupt {
        /// Which value, of which conversation.
        what: String,
        /// Why.
        problem: String,
    },
    /// The file system refused.
    #[error("cannot {action} {}: {source}", .path.display())]
    Io {
        /// What was tried ("create", "open").
        action: &'static str,
        /// On which path.
        path: PathBuf,
        /// Its answer.
        source: std::io::Error,
    },
    /// No answer from the server.
    #[error("cannot reach the server of {place} ({problem}); start it, or check its host and port")]
    Unreachable {
        /// The database.
        place: String,
        /// What the network said.
        problem: String,
    },
    /// The server does not let this user in, or not in this way.
    #[error("{place} refuses the connection ({problem}); check user, password and sslmode")]
    Refused {
        /// The database.
        place: String,
        /// What the server said.
        problem: String,
    },
    /// The server has no such database.
    #[error("{0} does not exist on its server; make it first (`createdb`, or CREATE DATABASE)")]
    NoDatabase(String),
    /// A server that cannot hold a store.
    #[error("{place} cannot be used: {problem}")]
    UnfitServer {
        /// The database.
        place: String,
        /// What it lacks, and what to do.
        problem: String,
    },
    /// Another writer was in the way for too long, or waits for what this one holds. Nothing was written.
    #[error("another writer is in the way ({0}); nothing was written, run it again")]
    Busy(String),
    /// What this kind of database does not do.
    #[error("{0}")]
    Unsupported(String),
    /// A copy, and what it is a copy of.
    #[error("{table} differs between {source_place} and {target_place}, first at {key}; run the copy again")]
    Differs {
        /// The table.
        table: &'static str,
        /// The key of the first row that differs.
        key: String,
        /// The original.
        source_place: String,
        /// The copy.
        target_place: String,
    },
    /// The database refused.
    #[error("database: {0}")]
    Database(sqlx::Error),
}

/// Codes of PostgreSQL for a writer that has to give way: serialisation, deadlock, no lock in time
/// (<https://www.postgresql.org/docs/15/errcodes-appendix.html>).
const BUSY: [&str; 3] = ["40001", "40P01", "55P03"];

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
        match code {
            Some(code) if BUSY.contains(&&*code) => Self::Busy(error.to_string()),
            _ => Self::Database(error),
        }
    }
}

impl Error {
    pub(crate) fn invalid(what: impl Into<String>, problem: impl Into<String>) -> Self {
        Self::Invalid { what: what.into(), problem: problem.into() }
    }

    #[allow(clippy::needless_pass_by_value)] // An error that becomes a text is not needed any more.
    pub(crate) fn corrupt(what: impl Into<String>, problem: impl std::fmt::Display) -> Self {
        Self::Corrupt { what: what.into(), problem: format!("{problem}") }
    }

    pub(crate) fn io(action: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { action, path, source }
    }
}

fn list(ids: &[ConversationId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
