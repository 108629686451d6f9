//! The distractor test: which of five replies of the same conversation belongs here? The other four are taken out of it, so that
//! nothing is said twice, and each of the five is put in the place in turn; the score has to rank the right one first.

use rayon::prelude::*;

use super::coherence::{RULES, Talk};
use super::finished;
use crate::Row;
use crate::bootstrap::{Random, interval};
use crate::judge::Judge;
use crate::metrics::mean;
use crate::table::{Figure, Target};

/// Replies beside the right one.
const DISTRACTORS: usize = 4;
/// So many replies must be free to move.
pub(super) const FEWEST: usize = DISTRACTORS + 2;
/// So many places are tried in each conversation.
const PLACES: u64 = 3;
/// Every choice starts from this.
const SEED: u64 = 0x5eed_0000_2026_0003;

/// The reciprocal rank of the right reply in one place: the score's, each rule's, and each rule's the other way round.
type Ranks = Vec<f64>;

pub(super) fn row(judge: &Judge, name: &str, talks: &[&Talk]) -> Row {
    let judged: Vec<Vec<Ranks>> = talks
        .par_iter()
        .enumerate()
        .map(|(number, talk)| {
            let place = |place| ranks(judge, talk, (number as u64) << 8 | place);
            (0..PLACES).filter_map(place).collect()
        })
        .filter(|places: &Vec<Ranks>| !places.is_empty())
        .collect();
    let reciprocal = |at: usize, drawn: &[usize]| {
        mean(drawn.iter().flat_map(|unit| &judged[*unit]).map(|ranks| ranks[at]))
    };
    let all: Vec<usize> = (0..judged.len()).collect();
    let rank = |at: usize| reciprocal(at, &all);
    let mut figure = Figure::new(
        "The right reply is ranked first among five of the same conversation",
        name,
        "neither first nor last reply",
        "mean reciprocal rank, conversation_coherence",
    )
    .measured(judged.len(), rank(0), interval(judged.len(), |drawn| reciprocal(0, drawn)))
    .trivial("chance", Some(expected(0, DISTRACTORS)));
    for (at, (rule, _)) in RULES.iter().enumerate() {
        let best = rank(1 + at).into_iter().chain(rank(1 + RULES.len() + at)).reduce(f64::max);
        figure = figure.trivial(*rule, best);
    }
    let firsts = judged.iter().flatten().map(|ranks| f64::from(u8::from(ranks[0] > 0.999)));
    let firsts = mean(firsts).unwrap_or(0.0);
    let places: usize = judged.iter().map(Vec::len).sum();
    finished(
        figure.target(Target::Above(0.0)),
        format!("{places} places, ties in any order; first and alone in {:.0} %.", 100.0 * firsts),
    )
}

fn ranks(judge: &Judge, talk: &Talk, seed: u64) -> Option<Ranks> {
    let mut random = Random::new(SEED ^ seed.wrapping_mul(0xd134_2543_de82_ef95));
    let mut movable = talk.movable();
    let mut draw = || movable.swap_remove(random.below(movable.len()));
    let place = draw();
    let others: Vec<usize> = (0..DISTRACTORS).map(|_| draw()).collect();
    let mut all = others.clone();
    all.insert(0, place);
    let mut values: Vec<Vec<f64>> = vec![Vec::new(); 1 + 2 * RULES.len()];
    let turn = &talk.0[place.checked_sub(1)?].1;
    for candidate in all {
        let reply = &talk.0[candidate].1;
        values[0].push(with(talk, place, reply, &others).coherence(judge)?);
        for (at, (_, rule)) in RULES.iter().enumerate() {
            let value = rule(turn, reply);
            values[1 + at].push(value);
            values[1 + RULES.len() + at].push(-value);
        }
    }
    Some(values.iter().map(|values| of_first(values)).collect())
}

/// The conversation with that reply in the place, and without the `others`.
fn with(talk: &Talk, place: usize, reply: &str, others: &[usize]) -> Talk {
    let volley = |(at, volley): (usize, &(_, String))| {
        let text = if at == place { reply.to_owned() } else { volley.1.clone() };
        (!others.contains(&at)).then_some((volley.0, text))
    };
    Talk(talk.0.iter().enumerate().filter_map(volley).collect())
}

/// The reciprocal rank of the first value among all.
fn of_first(values: &[f64]) -> f64 {
    let above = values.iter().filter(|value| **value > values[0] + 1e-12).count();
    let tied = values.iter().skip(1).filter(|value| (**value - values[0]).abs() <= 1e-12).count();
    expected(above, tied)
}

/// The mean reciprocal rank of what stands below `above` others, in any order with `tied` ones.
fn expected(above: usize, tied: usize) -> f64 {
    mean((0..=tied).map(|before| 1.0 / (1 + above + before) as f64)).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use pe_model::Role;

    use super::*;

    #[test]
    fn ranks_by_hand() {
        assert!(of_first(&[3.0, 1.0, 2.0]).total_cmp(&1.0).is_eq());
        // Second, third or fourth.
        let ties = of_first(&[1.0, 1.0, 2.0, 1.0]);
        assert!((ties - (1.0 / 2.0 + 1.0 / 3.0 + 1.0 / 4.0) / 3.0).abs() < 1e-12);
    }

    #[test]
    fn others_are_taken_out() {
        let volley =
            |at: usize| (if at.is_multiple_of(2) { Role::User } else { Role::Assistant }, at.to_string());
        let talk = Talk((0..8).map(volley).collect());
        let texts: Vec<_> = with(&talk, 3, "5", &[5]).0.into_iter().map(|volley| volley.1).collect();
        assert_eq!(texts, ["0", "1", "2", "5", "4", "6", "7"]);
    }
}
