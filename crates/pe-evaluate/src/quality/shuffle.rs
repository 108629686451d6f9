//! The shuffle test (after Barzilay and Lapata 2008): the helper's replies change places with each other, while the speakers' order, the
//! first reply and the last stay. How often does the score fall?

use rayon::prelude::*;

use super::coherence::{RULES, Talk};
use super::finished;
use crate::Row;
use crate::bootstrap::{Random, interval};
use crate::judge::Judge;
use crate::metrics::mean;
use crate::table::{Figure, Target};

/// So many replies must be free to move.
pub(super) const FEWEST: usize = 3;
/// Each conversation is shuffled so often.
const SHUFFLES: u64 = 4;
/// Every shuffle starts from this.
const SEED: u64 = 0x5eed_0000_2026_0002;

/// What came of one conversation: the share of its shuffles that a measure puts below the original, ties half. First the score's,
/// then each rule's.
type Shares = Vec<f64>;

pub(super) fn row(judge: &Judge, name: &str, talks: &[&Talk]) -> Row {
    let judged: Vec<Shares> = talks
        .par_iter()
        .enumerate()
        .filter_map(|(number, talk)| shares(judge, talk, number as u64))
        .collect();
    let of = |at: usize| mean(judged.iter().map(|shares| shares[at]));
    let drawn = |drawn: &[usize]| mean(drawn.iter().map(|unit| judged[*unit][0]));
    let mut figure = Figure::new(
        "Replies in their places score higher than shuffled",
        name,
        "first and last reply kept",
        "share of shuffles, conversation_coherence",
    )
    .measured(judged.len(), of(0), interval(judged.len(), drawn))
    .trivial("chance", Some(0.5));
    for (at, (rule, _)) in RULES.iter().enumerate() {
        figure = figure.trivial(*rule, of(at + 1).map(|share| share.max(1.0 - share)));
    }
    let ties = mean(judged.iter().map(|shares| shares[RULES.len() + 1])).unwrap_or(0.0);
    finished(
        figure.target(Target::Above(0.0)),
        format!("{SHUFFLES} shuffles of each; the score is the same in {:.0} % of them.", 100.0 * ties),
    )
}

fn shares(judge: &Judge, talk: &Talk, number: u64) -> Option<Shares> {
    let measures = |talk: &Talk| -> Option<Vec<f64>> {
        let mut all = vec![talk.coherence(judge)?];
        all.extend(RULES.iter().map(|(_, rule)| talk.mean(*rule)));
        Some(all)
    };
    let original = measures(talk)?;
    let mut shares = vec![0.0; original.len() + 1];
    for shuffle in 0..SHUFFLES {
        let mut random = Random::new(SEED ^ (number << 8 | shuffle).wrapping_mul(0xd134_2543_de82_ef95));
        let shuffled = measures(&shuffled(talk, &mut random))?;
        for (at, (one, other)) in original.iter().zip(&shuffled).enumerate() {
            shares[at] += above(*one, *other) / SHUFFLES as f64;
        }
        let tie = f64::from(u8::from(original[0].total_cmp(&shuffled[0]).is_eq()));
        shares[original.len()] += tie / SHUFFLES as f64;
    }
    Some(shares)
}

/// 1 if it is above, a half if it is equal.
pub(super) fn above(one: f64, other: f64) -> f64 {
    if (one - other).abs() < 1e-12 { 0.5 } else { f64::from(u8::from(one > other)) }
}

/// Every movable reply in another one's place (Sattolo 1986: a single cycle, in which nothing stays where it was).
fn shuffled(talk: &Talk, random: &mut Random) -> Talk {
    let movable = talk.movable();
    let mut order: Vec<usize> = (0..movable.len()).collect();
    for at in (1..order.len()).rev() {
        order.swap(at, random.below(at));
    }
    let mut moved = talk.clone();
    for (to, from) in order.into_iter().enumerate() {
        moved.0[movable[to]].1.clone_from(&talk.0[movable[from]].1);
    }
    moved
}

#[cfg(test)]
mod tests {
    use pe_model::Role;

    use super::*;

    #[test]
    fn every_reply_moves_and_every_turn_stays() {
        let volley =
            |at: usize| (if at.is_multiple_of(2) { Role::User } else { Role::Assistant }, at.to_string());
        let talk = Talk((0..14).map(volley).collect());
        let moved = shuffled(&talk, &mut Random::new(1));
        let same: Vec<usize> = (0..14).filter(|at| moved.0[*at] == talk.0[*at]).collect();
        assert_eq!(same, [0, 1, 2, 4, 6, 8, 10, 12, 13]);
        let mut texts: Vec<_> = moved.0.iter().map(|volley| volley.1.clone()).collect();
        texts.sort();
        let mut before: Vec<_> = talk.0.iter().map(|volley| volley.1.clone()).collect();
        before.sort();
        assert_eq!(texts, before);
    }
}
