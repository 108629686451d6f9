//! EPITOME: three dimensions of empathy in replies of peers, each graded 0, 1 or 2 by people.

use std::path::Path;

use pe_model::{Conversation, Reading, Role, SignalKind};

use super::finished;
use crate::corpus::{fact, load, said_by};
use crate::judge::{self, Judge};
use crate::metrics::{binary_f1, macro_f1};
use crate::table::{Figure, Target};
use crate::{Error, Row, bootstrap, trivial};

const GRADES: usize = 3;

struct Dimension {
    name: &'static str,
    file: &'static str,
    /// Our grade of a reply.
    grade: fn(&Reading) -> usize,
    /// The rule, and what it is called.
    rule: (&'static str, fn(&str) -> usize),
    /// Macro-F1 of `RoBERTa` on the published split, as reported.
    published: f64,
}

const DIMENSIONS: [Dimension; 3] = [
    Dimension {
        name: "Emotional reactions are read",
        file: "epitome/emotional-reactions-reddit.csv",
        grade: emotional_reaction,
        rule: ("one regex (sorry, hope, love, glad, hugs)", warm_words),
        published: 0.745,
    },
    Dimension {
        name: "Interpretations are read",
        file: "epitome/interpretations-reddit.csv",
        grade: interpretation,
        rule: ("one regex (two first-person words)", first_person),
        published: 0.626,
    },
    Dimension {
        name: "Explorations are read",
        file: "epitome/explorations-reddit.csv",
        grade: exploration,
        rule: ("one regex (? with you/your)", asks_you),
        published: 0.726,
    },
];

pub(super) fn rows(judge: &Judge, data: &Path) -> Result<Vec<Row>, Error> {
    DIMENSIONS.iter().map(|dimension| row(judge, data, dimension)).collect()
}

fn row(judge: &Judge, data: &Path, dimension: &Dimension) -> Result<Row, Error> {
    let pairs = load(data, dimension.file)?;
    let level = |pair: &Conversation| {
        let grade = fact(pair, "level").and_then(|level| level.parse::<usize>().ok());
        let found = || Error::unexpected(dimension.file, "a row without a level of 0, 1 or 2");
        grade.filter(|grade| *grade < GRADES).ok_or_else(found)
    };
    let truth: Vec<usize> = pairs.iter().map(level).collect::<Result<_, _>>()?;
    let guess = judge::each(&pairs, |pair| (dimension.grade)(&judge.read(pair)));
    let replies: Vec<String> =
        pairs.iter().map(|pair| said_by(pair, Role::Assistant).collect::<Vec<_>>().join(" ")).collect();
    let rule: Vec<usize> = replies.iter().map(|reply| (dimension.rule.1)(reply)).collect();
    let tenths = |value: fn(&str) -> f64| {
        trivial::tenths_f1(&replies.iter().map(|reply| value(reply)).collect::<Vec<_>>(), &truth, GRADES)
    };
    let interval = bootstrap::interval(pairs.len(), |drawn| {
        let pick = |from: &[usize]| -> Vec<usize> { drawn.iter().map(|at| from[*at]).collect() };
        macro_f1(&pick(&truth), &pick(&guess), GRADES)
    });
    let figure = Figure::new(dimension.name, "EPITOME", "Reddit part", "macro-F1, grades 0 to 2")
        .measured(pairs.len(), macro_f1(&truth, &guess, GRADES), interval)
        .trivial("majority", trivial::majority_f1(&truth, GRADES))
        .trivial("length only", tenths(|reply| trivial::words(reply) as f64))
        .trivial("punctuation only", tenths(|reply| trivial::marks(reply) as f64))
        .trivial(dimension.rule.0, macro_f1(&truth, &rule, GRADES))
        .published(dimension.published, "RoBERTa, trained on it, as reported")
        .target(Target::Above(0.08));
    let of = |grade: usize| {
        let f1 = binary_f1(truth.iter().zip(&guess).map(|(truth, guess)| (*truth == grade, *guess == grade)));
        format!("{grade}: {:.3}", f1.unwrap_or(f64::NAN))
    };
    let there = binary_f1(truth.iter().zip(&guess).map(|(truth, guess)| (*truth > 0, *guess > 0)));
    let by_grade = (0..GRADES).map(of).collect::<Vec<_>>().join(", ");
    let note = format!("F1 by grade {by_grade}; F1 of grade 1 or 2: {:.3}.", there.unwrap_or(f64::NAN));
    Ok(finished(figure, note))
}

/// The strongest signal of a kind in the reply, as a grade.
fn strongest(reading: &Reading, kind: SignalKind) -> usize {
    let strengths = reading.signals.iter().filter(|signal| signal.kind == kind).map(|signal| signal.strength);
    let strongest = strengths.fold(0.0, f32::max);
    usize::from(strongest > 0.0) + usize::from(strongest >= 2.0)
}

fn emotional_reaction(reading: &Reading) -> usize {
    strongest(reading, SignalKind::EmotionalReaction)
}

fn exploration(reading: &Reading) -> usize {
    strongest(reading, SignalKind::Exploration)
}

/// By EPITOME's guideline, saying that one understands is weak; naming what the other goes through, or telling of a like
/// experience, is strong.
fn interpretation(reading: &Reading) -> usize {
    use SignalKind as K;
    let strong = [K::InterpretationOwnStory, K::FeelingNamed, K::ComplexReflection];
    if reading.signals.iter().any(|signal| strong.contains(&signal.kind)) {
        return 2;
    }
    strongest(reading, K::Interpretation)
}

fn warm_words(reply: &str) -> usize {
    usize::from(
        trivial::tokens(reply)
            .any(|word| ["sorry", "hope", "love", "glad", "hug", "hugs"].contains(&word.as_str())),
    )
}

fn first_person(reply: &str) -> usize {
    let own = ["i", "i'm", "i've", "i'd", "i'll", "me", "my", "mine", "myself"];
    let count = trivial::tokens(reply).filter(|word| own.contains(&word.as_str())).count();
    if count >= 2 { 2 } else { 0 }
}

fn asks_you(reply: &str) -> usize {
    let sentences = reply.split_inclusive(['.', '!', '?', '\n']).filter(|sentence| sentence.ends_with('?'));
    let mut tokens = sentences.flat_map(trivial::tokens);
    if tokens.any(|word| ["you", "your", "you're", "you've", "u", "ur"].contains(&word.as_str())) {
        2
    } else {
        0
    }
}
