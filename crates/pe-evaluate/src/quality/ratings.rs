//! What people felt about a conversation is another thing than what its replies show: clients' ratings are printed and never
//! tuned on. The bands of our own examples are what their authors meant, and no rating at all.

use std::collections::HashMap;
use std::path::Path;

use pe_model::{Axis, Conversation};

use super::{Sets, correlation, finished, scored};
use crate::judge::{Judge, Scores, of};
use crate::table::Figure;
use crate::{Error, Row};

const BANDS: [&str; 5] = ["harmful", "poor", "fair", "good", "excellent"];
const CARE: &str = "mibot/data.csv";

pub(super) fn rows(judge: &Judge, sets: &Sets, data: &Path) -> Result<Vec<Row>, Error> {
    let care = care(data)?;
    let rated = scored(judge, &sets.mibot);
    let clients = row(
        Figure::new(
            "Clients' ratings of empathy (another construct)",
            "MIBot",
            "all sessions",
            "Spearman of emotional_authenticity with CARE",
        ),
        &rated,
        Axis::EmotionalAuthenticity,
        |one| care.get(one.source_id.as_deref()?).copied(),
    );
    let chats = scored(judge, &sets.rated);
    let seekers = row(
        Figure::new(
            "Seekers' ratings of empathy (another construct)",
            "ESConv rated",
            "all chats",
            "Spearman of overall_quality with the rating",
        ),
        &chats,
        Axis::OverallQuality,
        |one| one.metadata.get("survey_score")?.get("seeker")?.get("empathy")?.as_str()?.parse().ok(),
    );
    let own = scored(judge, &sets.examples);
    let bands = row(
        Figure::new(
            "What was meant to be better is scored higher",
            "own examples",
            "all that is scored",
            "Spearman of overall_quality with the intended band",
        ),
        &own,
        Axis::OverallQuality,
        |one| {
            let band = one.metadata.get("intended")?.as_str()?;
            Some(BANDS.iter().position(|name| *name == band)? as f64)
        },
    );
    Ok(vec![
        finished(clients, "Printed, never tuned on."),
        finished(seekers, "Printed, never tuned on."),
        finished(
            bands,
            "Our own texts, which weights and spreads were looked at on: workings, not accuracy.",
        ),
    ])
}

fn row(
    figure: Figure,
    scored: &[(&Conversation, Scores)],
    axis: Axis,
    rating: impl Fn(&Conversation) -> Option<f64>,
) -> Figure {
    let (mut values, mut truth, mut conversations) = (Vec::new(), Vec::new(), Vec::new());
    for (one, scores) in scored {
        if let Some(rating) = rating(one) {
            values.push(of(scores, axis));
            truth.push(rating);
            conversations.push(*one);
        }
    }
    correlation(figure, &values, &truth, &conversations)
}

/// The sum of the ten questions of CARE, by session.
fn care(data: &Path) -> Result<HashMap<String, f64>, Error> {
    let path = data.join(CARE);
    let wrong = |error: csv::Error| Error::unexpected(CARE, error.to_string());
    let mut table = csv::Reader::from_path(&path).map_err(wrong)?;
    let names = table.headers().map_err(wrong)?.clone();
    let place = |name: &str| {
        let missing = || Error::unexpected(CARE, format!("no column {name}"));
        names.iter().position(|one| one == name).ok_or_else(missing)
    };
    let id = place("ParticipantID")?;
    let questions: Vec<usize> = (1..=10).map(|n| place(&format!("CAREQ{n}"))).collect::<Result<_, _>>()?;
    let mut sums = HashMap::new();
    for row in table.records() {
        let row = row.map_err(wrong)?;
        let answer = |column: &usize| row.get(*column).and_then(|cell| cell.trim().parse::<f64>().ok());
        let answers: Option<Vec<f64>> = questions.iter().map(answer).collect();
        if let (Some(id), Some(answers)) = (row.get(id), answers) {
            sums.insert(id.to_owned(), answers.iter().sum());
        }
    }
    Ok(sums)
}
