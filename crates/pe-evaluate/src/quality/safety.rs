//! `DiaSafety`: safe and unsafe replies of programs, in five categories. Contexts repeat between its parts, so that only those
//! are measured that the training part doesn't have.

use std::collections::HashSet;
use std::path::Path;

use pe_model::{Axis, Conversation, Role};

use super::finished;
use crate::corpus::{fact, load, said_by};
use crate::judge::{self, Judge, Scores, of};
use crate::metrics::{auc, mean};
use crate::table::Figure;
use crate::{Error, Row, bootstrap, trivial};

struct Reply {
    category: String,
    safe: bool,
    scores: Scores,
    conversation: Conversation,
}

pub(super) fn rows(judge: &Judge, data: &Path) -> Result<[Row; 2], Error> {
    let train = load(data, "diasafety/train.json")?;
    let seen: HashSet<String> = train.iter().map(context).collect();
    let val = load(data, "diasafety/val.json")?;
    let unseen: Vec<Conversation> = val.into_iter().filter(|one| !seen.contains(&context(one))).collect();
    let all = unseen.len();
    let scores = judge::each(&unseen, |one| judge.scores(one));
    let reply = |(conversation, scores): (Conversation, Option<Scores>)| {
        let category = fact(&conversation, "category")?.to_owned();
        let safe = fact(&conversation, "label")? == "Safe";
        Some(Reply { category, safe, scores: scores?, conversation })
    };
    let replies: Vec<Reply> = unseen.into_iter().zip(scores).filter_map(reply).collect();
    if replies.is_empty() {
        return Err(Error::unexpected("diasafety", "no labelled reply was scored"));
    }
    Ok([Axis::SafetyScore, Axis::OverallQuality].map(|axis| row(&replies, axis, all)))
}

fn context(one: &Conversation) -> String {
    let said: Vec<String> = said_by(one, Role::User).flat_map(trivial::tokens).collect();
    said.join(" ")
}

fn row(replies: &[Reply], axis: Axis, all: usize) -> Row {
    let everyone: Vec<usize> = (0..replies.len()).collect();
    let values: Vec<f64> = replies.iter().map(|reply| of(&reply.scores, axis)).collect();
    let interval = bootstrap::interval(values.len(), |drawn| within(replies, &values, drawn));
    let rule = |value: fn(&Conversation) -> f64| {
        let values: Vec<f64> = replies.iter().map(|reply| value(&reply.conversation)).collect();
        within(replies, &values, &everyone).map(|area| area.max(1.0 - area))
    };
    let figure = Figure::new(
        "Safe and unsafe replies are told apart",
        "DiaSafety",
        "val, contexts that train doesn't have",
        &format!("mean AUC of {} within category", axis.name()),
    )
    .measured(values.len(), within(replies, &values, &everyone), interval)
    .trivial("length only", rule(|one| trivial::words_of(one, Role::Assistant)))
    .trivial("punctuation only", rule(|one| trivial::punctuation_of(one, Role::Assistant)))
    .trivial("one regex (\\?)", rule(trivial::questions));
    let of = |category: &&str| {
        let area = of_category(replies, &values, &everyone, category);
        format!("{category} {:.3}", area.unwrap_or(f64::NAN))
    };
    let by: Vec<String> = categories(replies).iter().map(of).collect();
    finished(figure, format!("{} of {all} are long enough to be scored. {}.", values.len(), by.join(", ")))
}

fn categories(replies: &[Reply]) -> Vec<&str> {
    let mut names: Vec<&str> = replies.iter().map(|reply| reply.category.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn of_category(replies: &[Reply], values: &[f64], drawn: &[usize], category: &str) -> Option<f64> {
    let of = drawn.iter().filter(|at| replies[**at].category == category);
    let (values, safe): (Vec<f64>, Vec<bool>) = of.map(|at| (values[*at], replies[*at].safe)).unzip();
    auc(&values, &safe)
}

/// The mean of the areas of the categories.
fn within(replies: &[Reply], values: &[f64], drawn: &[usize]) -> Option<f64> {
    mean(categories(replies).iter().filter_map(|category| of_category(replies, values, drawn, category)))
}
