//! How steady scores and tiers are. The same words always get the same score, so a retest of a deterministic scorer is one
//! of other words that say the same: the two halves of a conversation (odd and even exchanges, stepped up to the whole by
//! Spearman 1910 and Brown 1910), and an alternate form of it as another transcriber might have written it.

use pe_model::{Assessment, Conversation, Role, Tier};

use super::{Sets, finished};
use crate::judge::{self, Judge};
use crate::metrics::{mean, pearson, weighted_kappa};
use crate::table::{Figure, Target};
use crate::{Row, bootstrap};

/// A conversation is halved from so many exchanges on; halves of fewer than three are mostly too short to be scored.
const LEAST_EXCHANGES: usize = 6;
/// Nunnally (1978): a reliability of .70 will do where groups are compared, .90 where single cases are decided on. Halves are held
/// against the first; another spelling of the same words against the second.
const STEADY_HALVES: f64 = 0.70;
const STEADY_FORM: f64 = 0.90;
/// A filler begins about every so many-th message; `AnnoMI` has one in a third of its turns.
const FILLER_EVERY: usize = 3;
const FILLERS: [&str; 4] = ["um ", "well ", "you know ", "uh "];

/// What was found twice.
struct Twice {
    scores: (f64, f64),
    tiers: (Tier, Tier),
}

impl Twice {
    fn of(one: &Assessment, other: &Assessment) -> Self {
        Self { scores: (one.overall().fraction(), other.overall().fraction()), tiers: (one.tier, other.tier) }
    }
}

pub(super) fn rows(judge: &Judge, sets: &Sets) -> Vec<Row> {
    let named = [
        ("AnnoMI", &sets.annomi),
        ("ESConv rated", &sets.rated),
        ("MIBot", &sets.mibot),
        ("own examples", &sets.examples),
    ];
    named
        .into_iter()
        .flat_map(|(name, set)| [split_half(judge, name, set), alternate(judge, name, set)])
        .collect()
}

fn split_half(judge: &Judge, name: &str, set: &[Conversation]) -> Row {
    let twice = |one: &Conversation| {
        let (odd, even) = halves(one)?;
        Some(Twice::of(&judge.assess(&odd)?, &judge.assess(&even)?))
    };
    let pairs: Vec<Twice> = judge::each(set, twice).into_iter().flatten().collect();
    let figure = Figure::new(
        "Scores are steady: split half",
        name,
        "odd and even exchanges, six exchanges or more",
        "correlation of overall_quality, stepped up to the whole",
    );
    let left_out = set.len() - pairs.len();
    steadiness(
        figure.target(Target::AtLeast(STEADY_HALVES)),
        &pairs,
        stepped_up,
        &format!("{left_out} shorter ones, or with a half that can't be scored, left out."),
    )
}

fn alternate(judge: &Judge, name: &str, set: &[Conversation]) -> Row {
    let twice = |one: &Conversation| Some(Twice::of(&judge.assess(one)?, &judge.assess(&noisy(one))?));
    let pairs: Vec<Twice> = judge::each(set, twice).into_iter().flatten().collect();
    let figure = Figure::new(
        "Scores are steady: alternate form",
        name,
        "lower case, no end marks or apostrophes, fillers",
        "correlation of overall_quality with itself",
    );
    let shift = mean(pairs.iter().map(|pair| (pair.scores.0 - pair.scores.1).abs())).unwrap_or(f64::NAN);
    steadiness(
        figure.target(Target::AtLeast(STEADY_FORM)),
        &pairs,
        |r| r,
        &format!("Mean |shift| of overall_quality {shift:.4}."),
    )
}

/// A row: the correlation, and beside it how tiers agree.
fn steadiness(figure: Figure, pairs: &[Twice], stepped: impl Fn(f64) -> f64 + Sync, note: &str) -> Row {
    let all: Vec<usize> = (0..pairs.len()).collect();
    let correlation = |drawn: &[usize]| {
        let (one, other): (Vec<f64>, Vec<f64>) = drawn.iter().map(|at| pairs[*at].scores).unzip();
        pearson(&one, &other).map(&stepped)
    };
    let kappa = |drawn: &[usize]| {
        let tiers: Vec<_> =
            drawn.iter().map(|at| pairs[*at].tiers).map(|(a, b)| (a as usize, b as usize)).collect();
        weighted_kappa(&tiers, Tier::ALL.len())
    };
    let (low, high) = bootstrap::interval(pairs.len(), kappa);
    let same = mean(pairs.iter().map(|pair| f64::from(u8::from(pair.tiers.0 == pair.tiers.1))));
    let figure =
        figure.measured(pairs.len(), correlation(&all), bootstrap::interval(pairs.len(), correlation));
    let tiers = format!(
        "Tiers: kappa with quadratic weights {:.3} [{low:.3}, {high:.3}], the same in {:.3}. {note}",
        kappa(&all).unwrap_or(f64::NAN),
        same.unwrap_or(f64::NAN)
    );
    finished(figure, tiers)
}

/// The reliability of a text twice as long (Spearman 1910, Brown 1910).
fn stepped_up(half: f64) -> f64 {
    2.0 * half / (1.0 + half.max(-0.99))
}

/// The odd and the even exchanges: what the client says and what is replied to it stay together.
fn halves(conversation: &Conversation) -> Option<(Conversation, Conversation)> {
    let (mut odd, mut even) = (conversation.clone(), conversation.clone());
    odd.messages.clear();
    even.messages.clear();
    let (mut exchanges, mut before) = (0_usize, Role::Assistant);
    for message in &conversation.messages {
        if message.role == Role::User && before != Role::User {
            exchanges += 1;
        }
        before = message.role;
        let half = if exchanges.max(1) % 2 == 1 { &mut odd } else { &mut even };
        half.messages.push(message.clone());
    }
    (exchanges >= LEAST_EXCHANGES).then_some((odd, even))
}

/// As another transcriber might have written it. Which message gets which filler follows from its place alone.
fn noisy(conversation: &Conversation) -> Conversation {
    let mut noisy = conversation.clone();
    for (at, message) in noisy.messages.iter_mut().enumerate() {
        let plain = message.content.to_lowercase().replace(['\'', '’', '.', '!'], "");
        let filler =
            if at.is_multiple_of(FILLER_EVERY) { FILLERS[(at / FILLER_EVERY) % FILLERS.len()] } else { "" };
        message.content = format!("{filler}{plain}");
    }
    noisy
}

#[cfg(test)]
mod tests {
    use pe_model::Message;

    use super::*;

    fn conversation(exchanges: usize) -> Conversation {
        let messages = (0..exchanges).flat_map(|at| {
            [
                Message::new(Role::User, format!("I'm {at}.")),
                Message::new(Role::Assistant, format!("You are {at}!")),
            ]
        });
        Conversation { messages: messages.collect(), ..Conversation::default() }
    }

    #[test]
    fn halves_keep_exchanges_whole_and_lose_nothing() {
        let (odd, even) = halves(&conversation(7)).expect("it is long enough");
        assert_eq!((odd.messages.len(), even.messages.len()), (8, 6));
        assert_eq!((&*odd.messages[2].content, &*odd.messages[3].content), ("I'm 2.", "You are 2!"));
        assert_eq!(&*even.messages[0].content, "I'm 1.");
        assert!(halves(&conversation(5)).is_none());
    }

    #[test]
    fn the_alternate_form_says_the_same() {
        let texts: Vec<String> =
            noisy(&conversation(2)).messages.into_iter().map(|one| one.content).collect();
        assert_eq!(texts, ["um im 0", "you are 0", "im 1", "well you are 1"]);
        assert!((stepped_up(0.5) - 2.0 / 3.0).abs() < 1e-12);
    }
}
