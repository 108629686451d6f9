//! How long an answer takes: every query once, warm (asked before, on an open corpus) and cold (files forgotten, corpus just opened).

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::sync::Arc;

use pe_app::{Config, Corpus, SearchRequest};
use pe_model::{Conversation, SystemClock};
use serde::Serialize;

use crate::failure::Failure;
use crate::queries::{Kind, Query};
use crate::tool;

/// How many conversations of a file queries are made of.
const READ: usize = 4_000;

/// Milliseconds of each query.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Latencies {
    pub(crate) warm: Vec<Timed>,
    pub(crate) cold: Vec<Timed>,
}

/// An answer.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Timed {
    pub(crate) kind: Kind,
    pub(crate) query: String,
    pub(crate) milliseconds: f64,
    pub(crate) found: bool,
}

/// The texts of the first conversations of a file.
pub(crate) fn texts(file: &Path) -> Result<Vec<String>, Failure> {
    let conversations = conversations(file, READ)?;
    Ok(conversations.into_iter().flat_map(|one| one.messages).map(|message| message.content).collect())
}

/// The first conversations of a file of our own making.
pub(crate) fn conversations(file: &Path, most: usize) -> Result<Vec<Conversation>, Failure> {
    let lines = BufReader::new(File::open(file).map_err(Failure::file(file))?).lines();
    lines
        .take(most)
        .map(|line| {
            let line = line.map_err(Failure::file(file))?;
            serde_json::from_str(&line)
                .map_err(|error| Failure::Answer { command: file.display().to_string(), error })
        })
        .collect()
}

/// Asks everything of the corpus in `data`.
pub(crate) fn measure(data: &Path, queries: &[Query]) -> Result<Latencies, Failure> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::file(data))?;
    let mut config = Config::load(None, [])?;
    data.clone_into(&mut config.data_dir);
    runtime.block_on(async {
        let corpus = open(&config).await?;
        // Once for the caches of the system and of the database.
        for query in queries {
            ask(&corpus, query).await?;
        }
        let mut warm = Vec::new();
        for query in queries {
            warm.push(ask(&corpus, query).await?);
        }
        corpus.close().await;
        let mut cold = Vec::new();
        for query in queries {
            tool::forget(data);
            let corpus = open(&config).await?;
            cold.push(ask(&corpus, query).await?);
            corpus.close().await;
        }
        Ok(Latencies { warm, cold })
    })
}

async fn open(config: &Config) -> Result<Corpus, Failure> {
    Ok(Corpus::read(config, Arc::new(SystemClock)).await?)
}

async fn ask(corpus: &Corpus, query: &Query) -> Result<Timed, Failure> {
    let request = SearchRequest { query: query.text.clone(), limit: 10, ..SearchRequest::default() };
    let answer = corpus.search(&request).await?;
    Ok(Timed {
        kind: query.kind,
        query: query.text.clone(),
        milliseconds: answer.took.as_secs_f64() * 1e3,
        found: !answer.found.is_empty(),
    })
}

impl Latencies {
    /// Milliseconds of one kind, or of all.
    pub(crate) fn of(timed: &[Timed], kind: Option<Kind>) -> Vec<f64> {
        timed
            .iter()
            .filter(|one| kind.is_none_or(|kind| one.kind == kind))
            .map(|one| one.milliseconds)
            .collect()
    }
}

/// The value below which `share` of `values` lie (nearest rank); 0 of none.
pub(crate) fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let rank = (share * sorted.len() as f64).ceil() as usize;
    sorted.get(rank.saturating_sub(1)).or(sorted.last()).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::percentile;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        let found = [0.5, 0.99, 1.0].map(|share| percentile(&values, share).to_string());
        assert_eq!(found, ["50", "99", "100"]);
        assert_eq!(percentile(&[], 0.5).to_string(), "0");
    }
}
