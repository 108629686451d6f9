//! The few figures that say most, beside what was aimed at: for whoever reads one table.

use serde::Deserialize;

use crate::figures::Figures;
use crate::search::{Latencies, percentile};
use crate::station::Size;

const MB: f64 = 1e6;
const MILLION: u64 = 1_000_000;

/// What was aimed at; see `bench/limits.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Goals {
    import_per_second: f64,
    import_microseconds: Budget,
    export_megabytes: f64,
    search_p99: f64,
    search_p99_beyond_a_million: f64,
    first_answer: f64,
}

/// Microseconds of processor time for a conversation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Budget {
    read: f64,
    reading_and_scoring: f64,
    store: f64,
    index: f64,
}

/// A figure and what was aimed at.
#[derive(Clone, Debug)]
pub(crate) struct Aim {
    pub(crate) what: String,
    pub(crate) measured: f64,
    pub(crate) goal: f64,
    /// Whether more is better.
    pub(crate) at_least: bool,
}

impl Aim {
    fn at_least(what: impl Into<String>, measured: f64, goal: f64) -> Self {
        Self { what: what.into(), measured, goal, at_least: true }
    }

    fn at_most(what: impl Into<String>, measured: f64, goal: f64) -> Self {
        Self { what: what.into(), measured, goal, at_least: false }
    }

    /// Whether it was reached.
    pub(crate) fn is_reached(&self) -> bool {
        if self.at_least { self.measured >= self.goal } else { self.measured <= self.goal }
    }
}

/// The aims at the largest size; none where nothing was measured.
pub(crate) fn aims(figures: &Figures, goals: &Goals) -> Vec<Aim> {
    let Some(size) = figures.sizes.last() else { return Vec::new() };
    let rate = size.conversations as f64 / size.import.wall.max(1e-6);
    let mut aims = vec![Aim::at_least("import, conversations/s", rate, goals.import_per_second)];
    aims.extend(stages(size, &goals.import_microseconds));
    if let Some(plain) = size.export("jsonl") {
        for export in ["jsonl", "parquet"].iter().filter_map(|format| size.export(format)) {
            let speed = plain.bytes as f64 / MB / export.usage.wall.max(1e-6);
            let what = format!("export {}, MB/s of JSONL equivalent", export.format);
            aims.push(Aim::at_least(what, speed, goals.export_megabytes));
        }
    }
    let p99 = percentile(&Latencies::of(&size.search.warm, None), 0.99);
    let goal = if size.messages > MILLION { goals.search_p99_beyond_a_million } else { goals.search_p99 };
    aims.push(Aim::at_most("search, p99 ms", p99, goal));
    let first = percentile(&size.restarts[0], 0.5) * 1e3;
    aims.push(Aim::at_most("first answer of a new process, p50 ms", first, goals.first_answer));
    aims
}

/// The budget of an import, where it reports its stages.
fn stages(size: &Size, budget: &Budget) -> Vec<Aim> {
    let each = |names: &[&str]| {
        let sum: f64 = size
            .stages
            .iter()
            .filter(|(name, _)| names.contains(&name.as_str()))
            .map(|(_, micros)| micros)
            .sum();
        sum / size.conversations.max(1) as f64
    };
    if size.stages.is_empty() {
        return Vec::new();
    }
    [
        ("read", &["read"][..], budget.read),
        ("reading and scoring", &["signals", "score"], budget.reading_and_scoring),
        ("store", &["store"], budget.store),
        ("index", &["index"], budget.index),
    ]
    .into_iter()
    .map(|(what, names, goal)| {
        Aim::at_most(format!("import: {what}, CPU µs a conversation"), each(names), goal)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::tests::figures;
    use crate::limits::Limits;

    #[test]
    fn aims_are_told_reached_or_not() {
        let goals = Limits::kept().expect("the file that is kept").goals;
        let aims = aims(&figures(), &goals);
        let named = |what: &str| aims.iter().find(|aim| aim.what.starts_with(what)).expect("an aim");
        assert!(!named("import, conversations/s").is_reached(), "952 a second");
        assert!(!named("import: read").is_reached(), "100 µs");
        assert!(named("search").is_reached() && named("first answer").is_reached());
    }
}
