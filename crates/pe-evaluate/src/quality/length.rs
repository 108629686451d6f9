//! Scores must not be lengths in disguise: inside of each set, no score may follow the number of words.

use pe_model::{Axis, Role};

use super::{Sets, by_axis, finished, scored};
use crate::judge::{Judge, of};
use crate::metrics::spearman;
use crate::table::{Figure, Target};
use crate::{Row, bootstrap, trivial};

pub(super) fn rows(judge: &Judge, sets: &Sets) -> Vec<Row> {
    let row = |(name, conversations): (&str, &[_])| {
        let scored = scored(judge, conversations);
        let words: Vec<f64> = scored
            .iter()
            .map(|(one, _)| trivial::words_of(one, Role::User) + trivial::words_of(one, Role::Assistant))
            .collect();
        let values = |axis| -> Vec<f64> { scored.iter().map(|(_, scores)| of(scores, axis)).collect() };
        let rho = |axis| spearman(&values(axis), &words);
        let strength = |axis: &Axis| rho(*axis).unwrap_or(0.0).abs();
        let by_strength = |a: &Axis, b: &Axis| strength(a).total_cmp(&strength(b));
        let worst = Axis::ALL.into_iter().max_by(by_strength).unwrap_or(Axis::OverallQuality);
        let values = values(worst);
        let interval = bootstrap::interval(words.len(), |drawn| {
            let pick = |from: &[f64]| -> Vec<f64> { drawn.iter().map(|at| from[*at]).collect() };
            spearman(&pick(&values), &pick(&words)).map(f64::abs)
        });
        let figure = Figure::new(
            "Scores do not follow length",
            name,
            "all that is scored",
            "largest |Spearman| of a score with words",
        )
        .measured(words.len(), Some(strength(&worst)), interval)
        .target(Target::AtMost(0.2));
        finished(figure, format!("Largest: {}. {}.", worst.name(), by_axis(rho)))
    };
    sets.named().into_iter().map(row).collect()
}
