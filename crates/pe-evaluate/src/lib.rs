//! Prints every published figure: data, split, metric, trivial rules, interval, verdict.
//!
//! A suite reads labelled data that lies beside the project and is never part of it, measures what the product claims, and
//! puts the figure beside rules that know nothing (the commonest label, the number of words, the punctuation, one pattern).
//! A figure inside the margin of the best such rule is *not shown*, whatever its size. Nothing is fitted here: what comes
//! out is printed.

mod bootstrap;
mod corpus;
mod emotion;
mod error;
mod examples;
mod judge;
mod layout;
mod metrics;
mod quality;
mod render;
mod search;
mod table;
mod trivial;

use std::path::Path;

pub use error::Error;
pub use metrics::{accuracy, auc, average_precision, binary_f1, macro_f1, mean, ndcg, quantile, spearman};
pub use table::{Better, Row, Table, Verdict};

pub use bootstrap::interval;

/// A set of figures that are measured together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Suite {
    /// What it is called on the command line.
    pub name: &'static str,
    /// What it measures, in a line.
    pub describes: &'static str,
}

const SUITES: [Suite; 3] = [
    Suite {
        name: "quality",
        describes: "signals, scores and evidence against people's labels and trivial rules",
    },
    Suite { name: "search", describes: "ranking on Cranfield" },
    Suite { name: "emotion", describes: "the 28 emotions on GoEmotions, development part" },
];

/// All suites, in the order in which they are printed.
pub fn suites() -> &'static [Suite] {
    &SUITES
}

/// Runs the suite `name` on the folder of labelled data `data`; `progress` hears what is being measured. The same data give
/// the same table, to the last digit.
///
/// # Errors
/// There is no such suite; a file of the data is missing, unreadable, or not what it is known to be.
pub fn run(name: &str, data: &Path, progress: &dyn Fn(&str)) -> Result<Table, Error> {
    if !data.is_dir() {
        return Err(Error::NoData { path: data.to_path_buf() });
    }
    match name {
        "quality" => quality::run(data, progress),
        "search" => search::run(data, progress),
        "emotion" => emotion::run(data, progress),
        _ => Err(Error::UnknownSuite { name: name.to_owned() }),
    }
}

/// How well `conversation_coherence` knows replies in their places from replies out of them, on the conversations of any file that
/// can be imported.
///
/// # Errors
/// The file is missing, unreadable, or holds no conversation.
pub fn coherence_of(path: &Path) -> Result<Table, Error> {
    Ok(Table { title: "Coherence".into(), rows: quality::coherence_of(path)?, ..Table::default() })
}
