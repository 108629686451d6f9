//! FED and GRADE: people's ratings of replies of programs and people. Which system wrote a reply says much of its rating, so
//! correlations are taken inside of each system. Beside them stands how well one rater agrees with the others.

use std::path::Path;

use pe_model::{Axis, Conversation, Message, Role};

use super::finished;
use crate::corpus::{fact, layer, load};
use crate::judge::{self, Judge, of};
use crate::metrics::{mean, spearman_within};
use crate::table::Figure;
use crate::{Error, Row, bootstrap, trivial};

/// A conversation that people rated.
struct Rated {
    conversation: Conversation,
    system: String,
    ratings: Vec<f64>,
}

/// One set and what is measured on it.
struct Measure {
    claim: &'static str,
    data: &'static str,
    split: &'static str,
    axis: Axis,
    rated: Vec<Rated>,
}

pub(super) fn rows(judge: &Judge, data: &Path) -> Result<Vec<Row>, Error> {
    let fed = load(data, "fed/fed_data.json")?;
    let fits = "Replies that fit are scored higher";
    let better = "Better conversations are scored higher";
    let measure = |claim, split, axis, of_reply, layer| Measure {
        claim,
        data: "FED",
        split,
        axis,
        rated: fed_rated(&fed, layer, of_reply),
    };
    let measures = [
        measure(fits, "conversations, Coherent", Axis::ConversationCoherence, false, "Coherent"),
        measure(better, "conversations, Overall", Axis::OverallQuality, false, "Overall"),
        measure(fits, "replies, Relevant", Axis::ConversationCoherence, true, "Relevant"),
        Measure {
            claim: fits,
            data: "GRADE",
            split: "replies, coherence",
            axis: Axis::ConversationCoherence,
            rated: grade_rated(load(data, "grade_human/human_judgement.json")?),
        },
    ];
    Ok(measures.into_iter().map(|measure| row(judge, measure)).collect())
}

fn fed_rated(fed: &[Conversation], name: &'static str, of_reply: bool) -> Vec<Rated> {
    let rated = |conversation: &Conversation| {
        let labels = layer(conversation, name).filter(|label| label.message.is_some() == of_reply);
        // Raters also say "N/A (...)", which is no rating.
        let ratings: Vec<f64> = labels.filter_map(|label| label.value.parse().ok()).collect();
        let system = fact(conversation, "system")?.to_owned();
        (ratings.len() > 1).then(|| Rated { conversation: conversation.clone(), system, ratings })
    };
    fed.iter().filter_map(rated).collect()
}

fn grade_rated(set: Vec<Conversation>) -> Vec<Rated> {
    let rated = |mut conversation: Conversation| {
        let ratings: Vec<f64> = serde_json::from_str(fact(&conversation, "HumanScores")?).ok()?;
        let system = format!("{} {}", fact(&conversation, "Dataset")?, fact(&conversation, "DialogModel")?);
        apart(&mut conversation);
        (ratings.len() > 1).then_some(Rated { conversation, system, ratings })
    };
    set.into_iter().filter_map(rated).collect()
}

/// The utterances of a context stand in one field with bars between; the last of them is the one replied to.
fn apart(conversation: &mut Conversation) {
    let Some(reply) = conversation.messages.pop() else { return };
    let texts: Vec<String> = conversation
        .messages
        .iter()
        .flat_map(|message| message.content.split("|||"))
        .map(|text| text.trim().to_owned())
        .collect();
    let count = texts.len();
    let role = |at: usize| if (count - at) % 2 == 1 { Role::User } else { Role::Assistant };
    conversation.messages =
        texts.into_iter().enumerate().map(|(at, text)| Message::new(role(at), text)).collect();
    conversation.messages.push(reply);
}

fn row(judge: &Judge, measure: Measure) -> Row {
    let all = measure.rated.len();
    let conversations: Vec<Conversation> =
        measure.rated.iter().map(|rated| rated.conversation.clone()).collect();
    let scores = judge::each(&conversations, |one| judge.scores(one));
    let (mut values, mut rated) = (Vec::new(), Vec::new());
    for (one, scores) in measure.rated.into_iter().zip(scores) {
        if let Some(scores) = scores {
            values.push(of(&scores, measure.axis));
            rated.push(one);
        }
    }
    let truth: Vec<f64> = rated.iter().map(|one| mean(one.ratings.iter().copied()).unwrap_or(0.0)).collect();
    let systems: Vec<&str> = rated.iter().map(|one| one.system.as_str()).collect();
    let within = |values: &[f64]| {
        let all: Vec<usize> = (0..values.len()).collect();
        correlation(&systems, values, &truth, &all)
    };
    let interval = bootstrap::interval(values.len(), |drawn| correlation(&systems, &values, &truth, drawn));
    let rule = |value: fn(&Conversation) -> f64| {
        let values: Vec<f64> = rated.iter().map(|one| value(&one.conversation)).collect();
        within(&values).map(f64::abs)
    };
    let figure = Figure::new(
        measure.claim,
        measure.data,
        measure.split,
        &format!("Spearman of {} within system", measure.axis.name()),
    )
    .measured(values.len(), within(&values), interval)
    .trivial("length only", rule(last_words))
    .trivial("words per turn", rule(words_per_turn))
    .trivial("punctuation only", rule(|one| trivial::punctuation_of(one, Role::Assistant)))
    .trivial("one regex (\\?)", rule(trivial::questions));
    let figure = match ceiling(&systems, &rated) {
        Some(agreement) => figure.published(agreement, "one rater against the others, measured by us"),
        None => figure,
    };
    finished(
        figure,
        format!(
            "{} of {all} are long enough to be scored. {}",
            values.len(),
            pooled(&rated, &values, &truth)
        ),
    )
}

/// The same over all systems together, where the system itself tells much.
fn pooled(rated: &[Rated], values: &[f64], truth: &[f64]) -> String {
    let one = vec![""; rated.len()];
    let everything: Vec<usize> = (0..rated.len()).collect();
    let over_all = |values: &[f64]| correlation(&one, values, truth, &everything).unwrap_or(f64::NAN);
    let by_person: Vec<f64> = rated.iter().map(|one| f64::from(u8::from(one.system == "Human"))).collect();
    let flag = over_all(&by_person);
    let flag =
        if flag.is_finite() { format!(", source flag (a person wrote it) {flag:.3}") } else { String::new() };
    let raters = ceiling(&one, rated).unwrap_or(f64::NAN);
    format!(
        "Over all systems together: ours {:.3}, one rater against the others {raters:.3}{flag}.",
        over_all(values)
    )
}

/// Spearman's correlation inside of each system, over the units drawn.
fn correlation(systems: &[&str], values: &[f64], truth: &[f64], drawn: &[usize]) -> Option<f64> {
    let mut names: Vec<&str> = systems.to_vec();
    names.sort_unstable();
    names.dedup();
    let group = |name: &&str| -> (Vec<f64>, Vec<f64>) {
        drawn.iter().filter(|at| systems[**at] == *name).map(|at| (values[*at], truth[*at])).unzip()
    };
    spearman_within(&names.iter().map(group).collect::<Vec<_>>())
}

/// How well each rater agrees with the mean of the others, averaged over raters.
fn ceiling(systems: &[&str], rated: &[Rated]) -> Option<f64> {
    let raters = rated.iter().map(|one| one.ratings.len()).min()?;
    let all: Vec<usize> = (0..rated.len()).collect();
    let agreement = |rater: usize| {
        let own: Vec<f64> = rated.iter().map(|one| one.ratings[rater]).collect();
        let others = |one: &Rated| {
            let others = one.ratings.iter().enumerate().filter(|(at, _)| *at != rater);
            mean(others.map(|(_, rating)| *rating)).unwrap_or(0.0)
        };
        correlation(systems, &own, &rated.iter().map(others).collect::<Vec<_>>(), &all)
    };
    mean((0..raters).filter_map(agreement))
}

fn last_words(conversation: &Conversation) -> f64 {
    conversation.messages.last().map_or(0.0, |message| trivial::words(&message.content) as f64)
}

fn words_per_turn(conversation: &Conversation) -> f64 {
    let words =
        trivial::words_of(conversation, Role::Assistant) + trivial::words_of(conversation, Role::User);
    words / conversation.messages.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use Role::{Assistant, User};

    #[test]
    fn the_last_of_a_context_is_replied_to() {
        let mut one = Conversation {
            messages: vec![Message::new(Role::User, "a ||| b|||c"), Message::new(Role::Assistant, "d")],
            ..Conversation::default()
        };
        apart(&mut one);
        let seen: Vec<_> = one.messages.iter().map(|m| (m.role, m.content.as_str())).collect();
        assert_eq!(seen, [(User, "a"), (Assistant, "b"), (User, "c"), (Assistant, "d")]);
    }
}
