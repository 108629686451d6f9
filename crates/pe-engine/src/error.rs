//! What can go wrong with numbers: a kernel that is not there, a weights file that is not what it should be.

use std::path::PathBuf;

use crate::Kernel;
use crate::kernel::VARIABLE;

/// An error of this crate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The variable names nothing.
    #[error("{VARIABLE} names no kernel: {0:?}; it is amx, vnni, avx2 or portable")]
    UnknownKernel(String),
    /// The variable names what the processor lacks.
    #[error("{VARIABLE} asks for {0}, which this processor does not have; unset it, or use portable")]
    NoKernel(Kernel),
    /// A weights file can't be opened or mapped.
    #[error("cannot read the weights {path}: {source}")]
    Unreadable {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A weights file is not one, or not the one that is expected.
    #[error("{place}: {problem}; put the file back as it was shipped")]
    Weights {
        /// Which file, or `built-in weights`.
        place: String,
        /// What was found, and what was expected.
        problem: String,
    },
}

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;
