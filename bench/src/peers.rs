//! What a user would use instead, on the same file, on the same machine, in the same run: small programs in `bench/peers`, each
//! of which prints one JSON object. A peer that can't be run is named, with the reason.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::queries::Query;
use crate::station::say;
use crate::watch::{self, Usage};

/// How many of the plain queries other engines are asked: they are slow with common words.
const QUERIES: usize = 60;

/// What a peer says.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Said {
    /// With its version.
    name: String,
    /// Seconds of the work alone, without the start of the program.
    pub(crate) seconds: f64,
    pub(crate) conversations: u64,
    /// Milliseconds of each query, for engines that search.
    #[serde(default)]
    pub(crate) latencies: Vec<f64>,
    /// What the reader of the figure should know.
    #[serde(default)]
    pub(crate) note: String,
}

/// A peer's figures.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Peer {
    /// `duckdb`, `polars`, `fts5`, `postgres`, `vader`.
    pub(crate) key: String,
    #[serde(flatten)]
    pub(crate) said: Said,
    pub(crate) usage: Usage,
}

impl Peer {
    /// Name and version.
    pub(crate) fn name(&self) -> &str {
        &self.said.name
    }

    /// Conversations a second.
    pub(crate) fn rate(&self) -> f64 {
        self.said.conversations as f64 / self.said.seconds.max(1e-6)
    }
}

/// All peers, and those that were skipped, with the reason.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Peers {
    pub(crate) ran: Vec<Peer>,
    pub(crate) skipped: Vec<String>,
    /// What the searching ones were asked.
    pub(crate) queries: Vec<String>,
}

impl Peers {
    /// The peer of a key, if it ran.
    pub(crate) fn get(&self, key: &str) -> Option<&Peer> {
        self.ran.iter().find(|peer| peer.key == key)
    }
}

/// Runs all peers on `input`; `folder` is for what they write.
pub(crate) fn measure(
    python: &Path,
    input: &Path,
    folder: &Path,
    queries: &[Query],
) -> Result<Peers, Failure> {
    let plain: Vec<&Query> = queries.iter().filter(|query| !query.words.is_empty()).take(QUERIES).collect();
    let asked = folder.join("queries.json");
    let words: Vec<&Vec<String>> = plain.iter().map(|query| &query.words).collect();
    let text = serde_json::to_string(&words).unwrap_or_default();
    std::fs::write(&asked, text).map_err(Failure::file(&asked))?;
    let mut peers =
        Peers { queries: plain.iter().map(|query| query.text.clone()).collect(), ..Peers::default() };
    let scripts = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("peers");
    for (key, script) in [
        ("duckdb", "parquet.py"),
        ("polars", "parquet.py"),
        ("fts5", "fts5.py"),
        ("postgres", "postgres.py"),
        ("vader", "vader.py"),
    ] {
        say(&format!("peer {key}"));
        let mut command = Command::new(python);
        command.arg(scripts.join(script)).arg(key).arg(input).arg(folder).arg(&asked);
        match run(key, &mut command) {
            Ok(peer) => peers.ran.push(peer),
            Err(failure) => peers.skipped.push(failure),
        }
    }
    Ok(peers)
}

fn run(key: &str, command: &mut Command) -> Result<Peer, String> {
    let ended = watch::run(command).map_err(|failure| format!("{key}: {failure}"))?;
    if ended.code != Some(0) {
        let last = ended.errors.trim().lines().last().unwrap_or("it said nothing").to_owned();
        return Err(format!("{key}: {last}"));
    }
    let said = serde_json::from_str(ended.output.trim()).map_err(|error| format!("{key}: {error}"))?;
    Ok(Peer { key: key.to_owned(), said, usage: ended.usage })
}
