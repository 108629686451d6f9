//! Accuracy is a test too: a figure that is worse than the one in `tolerances.toml` by more than its tolerance fails. After a
//! change that is meant to move figures, `cargo run --release -p pe-evaluate --example figures -- tolerances` writes the file
//! anew, and the difference is read like any other change.

use std::path::Path;

use pe_evaluate::{Better, Row, Verdict};
use serde::Deserialize;

#[derive(Deserialize)]
struct Tolerances {
    figure: Vec<Kept>,
}

/// A figure as it was printed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    suite: String,
    claim: String,
    data: String,
    split: String,
    metric: String,
    value: f64,
    tolerance: f64,
}

impl Kept {
    fn is_of(&self, row: &Row) -> bool {
        self.claim == row.claim
            && self.data == row.data
            && self.split == row.split
            && self.metric == row.metric
    }

    /// What is wrong with the figure now.
    fn complaint(&self, row: &Row) -> Option<String> {
        let loss = match row.better {
            Better::Higher => self.value - row.ours,
            Better::Lower => row.ours - self.value,
        };
        let holds = loss <= self.tolerance;
        (!holds).then(|| format!("{} was {} and is {:.4}", self.name(), self.value, row.ours))
    }

    fn name(&self) -> String {
        format!("{}: {}, {}, {}, {}", self.suite, self.claim, self.data, self.split, self.metric)
    }
}

fn kept(suite: &str) -> Vec<Kept> {
    let all: Tolerances = toml::from_str(include_str!("../tolerances.toml")).expect("a table of figures");
    all.figure.into_iter().filter(|kept| kept.suite == suite).collect()
}

fn complaints(suite: &str, data: &Path) -> Vec<String> {
    let table = pe_evaluate::run(suite, data, &|_| {}).expect("the suite runs");
    let kept = kept(suite);
    let mut complaints = Vec::new();
    for row in &table.rows {
        assert!((row.ours.is_finite() && row.n > 0) || row.verdict == Verdict::NotShown, "{row:?}");
        match kept.iter().find(|kept| kept.is_of(row)) {
            Some(kept) => complaints.extend(kept.complaint(row)),
            None => complaints.push(format!("not in tolerances.toml: {row:?}")),
        }
    }
    let gone = kept.iter().filter(|kept| !table.rows.iter().any(|row| kept.is_of(row)));
    complaints.extend(gone.map(|kept| format!("no longer measured: {}", kept.name())));
    complaints
}

fn none_is_worse(suite: &str) {
    let Some(data) = pe_testkit::eval_data(&format!("figures of {suite}")) else { return };
    let complaints = complaints(suite, &data);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}

#[test]
fn no_figure_of_quality_is_worse() {
    none_is_worse("quality");
}

#[test]
fn ranking_is_at_least_plain_bm25() {
    none_is_worse("search");
    let Some(data) = pe_testkit::eval_data("ranking on Cranfield") else { return };
    let table = pe_evaluate::run("search", &data, &|_| {}).expect("the suite runs");
    assert!(table.rows.iter().all(|row| row.verdict == Verdict::Shown), "{}", table.to_text(80));
}

#[test]
fn no_figure_of_emotion_is_worse() {
    none_is_worse("emotion");
}

#[test]
fn what_is_not_there_is_named() {
    let nowhere = Path::new("/nowhere/at/all");
    let error = pe_evaluate::run("quality", nowhere, &|_| {}).expect_err("no data").to_string();
    assert!(error.contains("/nowhere/at/all") && error.contains("PIXELATED_EVAL_DATA"), "{error}");
    let folder = tempfile::tempdir().expect("a folder");
    let error = pe_evaluate::run("speed", folder.path(), &|_| {}).expect_err("no suite").to_string();
    assert!(error.contains("speed") && error.contains("quality"), "{error}");
    for suite in pe_evaluate::suites() {
        assert!(pe_evaluate::run(suite.name, folder.path(), &|_| {}).is_err(), "{}", suite.name);
    }
}
