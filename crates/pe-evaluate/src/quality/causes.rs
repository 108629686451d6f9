//! Why a score moves with something that should not count: the lines of its evidence, added up by signal and by term, and which
//! of them move with it.

use std::collections::{BTreeMap, BTreeSet};

use pe_model::{Assessment, Axis, EvidenceKind};

use crate::metrics::{mean, pearson};

/// So many are named.
const NAMED: usize = 4;

/// What the evidence of one score adds up to, by signal, term and cap.
pub(super) type Sums = BTreeMap<String, f64>;

/// The sums of one score.
pub(super) fn sums(assessment: &Assessment, axis: Axis) -> Sums {
    let mut sums = Sums::new();
    for line in assessment.score(axis.name()).map(|score| score.evidence.as_slice()).unwrap_or_default() {
        let name = match &line.source {
            EvidenceKind::Base => continue,
            EvidenceKind::Signal { signal, .. } => signal.name().to_owned(),
            EvidenceKind::Shared { term, .. } => format!("{term} (together)"),
            EvidenceKind::Cap { rule } => format!("cap: {rule}"),
        };
        *sums.entry(name).or_default() += line.contribution.fraction();
    }
    sums
}

/// The sources of evidence that move most with `measure`: the correlation times the standard deviation, which is how far the
/// score moves with one standard deviation of the measure by that source alone.
pub(super) fn following(assessments: &[&Assessment], axis: Axis, measure: &[f64]) -> String {
    let all: Vec<Sums> = assessments.iter().map(|assessment| sums(assessment, axis)).collect();
    let names: BTreeSet<&String> = all.iter().flat_map(BTreeMap::keys).collect();
    let moves = names.into_iter().filter_map(|name| {
        let column: Vec<f64> = all.iter().map(|sums| sums.get(name).copied().unwrap_or(0.0)).collect();
        let middle = mean(column.iter().copied())?;
        let variance = mean(column.iter().map(|value| (value - middle).powi(2)))?;
        Some((name.clone(), pearson(&column, measure)? * variance.sqrt()))
    });
    named(moves.collect())
}

/// The sources of evidence that differ most between two readings of the same conversations, by mean size of the difference.
pub(super) fn differing(pairs: &[(Sums, Sums)]) -> String {
    let mut sizes = Sums::new();
    for (before, after) in pairs {
        for name in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
            let at = |sums: &Sums| sums.get(name).copied().unwrap_or(0.0);
            *sizes.entry(name.clone()).or_default() += (at(after) - at(before)).abs() / pairs.len() as f64;
        }
    }
    named(sizes.into_iter().collect())
}

fn named(mut moves: Vec<(String, f64)>) -> String {
    moves.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let shown = moves.into_iter().take(NAMED).map(|(name, by)| format!("{name} {by:+.4}"));
    shown.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_most_is_named_first() {
        let sums = |pairs: &[(&str, f64)]| pairs.iter().map(|(name, by)| ((*name).to_owned(), *by)).collect();
        let pairs = [
            (sums(&[("affirm", 0.2), ("warn", -0.1)]), sums(&[("affirm", 0.2)])),
            (sums(&[("affirm", 0.1)]), sums(&[("affirm", 0.11)])),
        ];
        assert_eq!(differing(&pairs), "warn +0.0500, affirm +0.0050");
    }
}
