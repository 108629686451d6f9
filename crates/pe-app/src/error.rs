//! What can go wrong in a use case, in nine kinds. The text is for the user: what, where, and what to do.

use std::fmt::Display;

/// Which of the nine kinds an error is; a door turns it into an exit code or a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The request does not make sense as it is.
    Invalid,
    /// Nobody is signed in.
    Unauthenticated,
    /// Not allowed.
    Forbidden,
    /// There is no such thing.
    NotFound,
    /// It contradicts what is there.
    Conflict,
    /// Larger than a limit.
    TooLarge,
    /// Too often.
    Limited,
    /// Somebody else holds it, or the system refuses; later it may work.
    Unavailable,
    /// A defect of the product.
    Internal,
}

/// A failed use case.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Error {
    /// Which kind.
    pub kind: ErrorKind,
    /// What, where, and what to do.
    pub message: String,
}

impl Error {
    /// An error of a kind, with its text.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// The request does not make sense as it is.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }

    /// There is no such thing.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::NotFound, message)
    }

    /// It contradicts what is there.
    pub fn conflict(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Conflict, message)
    }

    /// Somebody else holds it, or the system refuses.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Unavailable, message)
    }

    /// A defect: `what` failed although it never should.
    pub fn internal(what: &str, error: impl Display) -> Self {
        Self::new(ErrorKind::Internal, format!("{what}: {error}; this is a defect, please report it"))
    }
}
