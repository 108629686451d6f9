//! How the errors of the lower floors become errors of a use case: one place, one table.

use crate::{Error, ErrorKind};

impl From<pe_store::Error> for Error {
    fn from(error: pe_store::Error) -> Self {
        use pe_store::Error as E;
        let kind = match &error {
            E::NoData(_) | E::NotFound(_) | E::NoDataset(_) | E::NoDatabase(_) => ErrorKind::NotFound,
            E::Locked { .. }
            | E::Busy(_)
            | E::Io { .. }
            | E::Database(_)
            | E::Unreachable { .. }
            | E::Refused { .. }
            | E::UnfitServer { .. } => ErrorKind::Unavailable,
            E::Ambiguous { .. } | E::Invalid { .. } | E::UnknownLocation(_) | E::Unsupported(_) => {
                ErrorKind::Invalid
            }
            E::Conflict { .. } | E::AlreadyExists(_) | E::NewerSchema { .. } | E::OlderSchema { .. } => {
                ErrorKind::Conflict
            }
            E::ReadOnly | E::Damaged { .. } | E::Corrupt { .. } | E::Differs { .. } => ErrorKind::Internal,
        };
        let mut message = error.to_string();
        if matches!(error, E::Database(_)) {
            message.push_str(remedy(&message));
        }
        Self::new(kind, message)
    }
}

/// What to do where the system refuses a database its file, by the words of `SQLite` (<https://www.sqlite.org/rescode.html>).
fn remedy(said: &str) -> &'static str {
    let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
    if says(&["database or disk is full", "disk I/O error"]) {
        "; make room on the disk of the data folder, and run it again"
    } else if says(&["readonly database", "unable to open database file"]) {
        "; check the permissions of the data folder and of the files in it"
    } else {
        ""
    }
}

impl From<pe_formats::Error> for Error {
    fn from(error: pe_formats::Error) -> Self {
        use pe_formats::Error as E;
        let kind = match &error {
            E::Io { source, .. } if source.kind() == std::io::ErrorKind::NotFound => ErrorKind::NotFound,
            E::Io { .. } => ErrorKind::Unavailable,
            E::UnknownFormat { .. } | E::Damaged { .. } | E::Options(_) => ErrorKind::Invalid,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<pe_formats::write::ExportError> for Error {
    fn from(error: pe_formats::write::ExportError) -> Self {
        use pe_formats::write::ExportError as E;
        let kind = match &error {
            E::Exists { .. } => ErrorKind::Conflict,
            E::Options(_) | E::Record { .. } => ErrorKind::Invalid,
            E::Io { .. } => ErrorKind::Unavailable,
            E::Parquet { .. } => ErrorKind::Internal,
        };
        Self::new(kind, error.to_string())
    }
}

impl From<pe_search::OpenError> for Error {
    fn from(error: pe_search::OpenError) -> Self {
        Self::unavailable(error.to_string())
    }
}

impl From<pe_search::WriteError> for Error {
    fn from(error: pe_search::WriteError) -> Self {
        Self::unavailable(error.to_string())
    }
}

impl From<pe_search::SearchError> for Error {
    fn from(error: pe_search::SearchError) -> Self {
        use pe_search::SearchError as E;
        match error {
            E::Query(_) | E::TooMany { .. } => Self::invalid(error.to_string()),
            E::Engine(_) => Self::unavailable(error.to_string()),
        }
    }
}
