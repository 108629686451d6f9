//! Scores must not be lengths in disguise: inside of each set, no score may follow the number of words. Beside the figure: what
//! in the evidence follows length, and for sets whose authors wrote to a band (bad ones are often short) the figure inside of bands.

use std::collections::BTreeMap;

use pe_model::{Assessment, Axis, Conversation, Role};

use super::{Sets, by_axis, causes, finished};
use crate::judge::{self, Judge, of, scores};
use crate::metrics::{spearman, spearman_within};
use crate::table::{Figure, Target};
use crate::{Row, bootstrap, trivial};

pub(super) fn rows(judge: &Judge, sets: &Sets) -> Vec<Row> {
    sets.named().into_iter().map(|(name, conversations)| row(judge, name, conversations)).collect()
}

fn row(judge: &Judge, name: &str, conversations: &[Conversation]) -> Row {
    let assessed = judge::each(conversations, |one| judge.assess(one));
    let scored: Vec<(&Conversation, Assessment)> =
        conversations.iter().zip(assessed).filter_map(|(one, assessment)| Some((one, assessment?))).collect();
    let words: Vec<f64> = scored
        .iter()
        .map(|(one, _)| trivial::words_of(one, Role::User) + trivial::words_of(one, Role::Assistant))
        .collect();
    let values = |axis| -> Vec<f64> { scored.iter().map(|(_, one)| of(&scores(one), axis)).collect() };
    let rho = |axis| spearman(&values(axis), &words);
    let strength = |axis: &Axis| rho(*axis).unwrap_or(0.0).abs();
    let by_strength = |a: &Axis, b: &Axis| strength(a).total_cmp(&strength(b));
    let worst = Axis::ALL.into_iter().max_by(by_strength).unwrap_or(Axis::OverallQuality);
    let worst_values = values(worst);
    let interval = bootstrap::interval(words.len(), |drawn| {
        let pick = |from: &[f64]| -> Vec<f64> { drawn.iter().map(|at| from[*at]).collect() };
        spearman(&pick(&worst_values), &pick(&words)).map(f64::abs)
    });
    let figure = Figure::new(
        "Scores do not follow length",
        name,
        "all that is scored",
        "largest |Spearman| of a score with words",
    )
    .measured(words.len(), Some(strength(&worst)), interval)
    .target(Target::AtMost(0.2));
    let assessments: Vec<&Assessment> = scored.iter().map(|(_, assessment)| assessment).collect();
    let follows = causes::following(&assessments, worst, &words);
    let inside = within_bands(&scored, &words, &worst_values)
        .map(|rho| format!(" Inside of the bands that they were written to: {rho:.3}."));
    finished(
        figure,
        format!(
            "Largest: {}. {}. Follows it: {follows}.{}",
            worst.name(),
            by_axis(rho),
            inside.unwrap_or_default()
        ),
    )
}

/// The correlation inside of each band, weighted by its size; `None` where no bands are stated.
fn within_bands(scored: &[(&Conversation, Assessment)], words: &[f64], values: &[f64]) -> Option<f64> {
    let mut bands: BTreeMap<&str, (Vec<f64>, Vec<f64>)> = BTreeMap::new();
    for ((one, _), (words, value)) in scored.iter().zip(words.iter().zip(values)) {
        if let Some(band) = one.metadata.get("intended").and_then(|band| band.as_str()) {
            let (all_words, all_values) = bands.entry(band).or_default();
            all_words.push(*words);
            all_values.push(*value);
        }
    }
    spearman_within(&bands.into_values().collect::<Vec<_>>())
}
