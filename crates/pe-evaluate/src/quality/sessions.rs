//! `AnnoMI`: sessions shown as good practice against sessions shown as bad practice, by their scores. Titles and topics are never
//! seen. Thirteen low ones make any figure rough.

use pe_model::{Axis, Conversation, Role};

use super::{Sets, finished};
use crate::corpus::layer;
use crate::judge::{self, Judge, Scores, of};
use crate::metrics::auc;
use crate::table::Figure;
use crate::{Error, Row, bootstrap, trivial};

struct Session<'c> {
    high: bool,
    scores: Scores,
    conversation: &'c Conversation,
}

pub(super) fn rows(judge: &Judge, sets: &Sets) -> Result<[Row; 2], Error> {
    let scores = judge::each(&sets.annomi, |session| judge.scores_as_mi(session));
    let session = |(conversation, scores): (_, Option<Scores>)| {
        let high = layer(conversation, "mi_quality").next()?.value == "high";
        Some(Session { high, scores: scores?, conversation })
    };
    let sessions: Vec<Session<'_>> = sets.annomi.iter().zip(scores).filter_map(session).collect();
    let lows = sessions.iter().filter(|session| !session.high).count();
    if lows == 0 || lows == sessions.len() {
        return Err(Error::unexpected("annomi", "no sessions of high and low quality"));
    }
    Ok([Axis::OverallQuality, Axis::TherapeuticAccuracy].map(|axis| row(&sessions, axis)))
}

fn row(sessions: &[Session<'_>], axis: Axis) -> Row {
    let high: Vec<bool> = sessions.iter().map(|session| session.high).collect();
    let values: Vec<f64> = sessions.iter().map(|session| of(&session.scores, axis)).collect();
    let interval = bootstrap::interval(values.len(), |drawn| {
        let pick: Vec<f64> = drawn.iter().map(|at| values[*at]).collect();
        auc(&pick, &drawn.iter().map(|at| high[*at]).collect::<Vec<_>>())
    });
    let rule = |value: fn(&Conversation) -> f64| {
        let values: Vec<f64> = sessions.iter().map(|session| value(session.conversation)).collect();
        trivial::area(&values, &high)
    };
    let figure = Figure::new(
        "Sessions of high and low quality are told apart",
        "AnnoMI",
        "all sessions",
        &format!("AUC of {}", axis.name()),
    )
    .measured(values.len(), auc(&values, &high), interval)
    .trivial("length only", rule(|one| trivial::words_of(one, Role::Assistant)))
    .trivial("share of words", rule(helper_share))
    .trivial("punctuation only", rule(|one| trivial::punctuation_of(one, Role::Assistant)))
    .trivial("one regex (\\?)", rule(trivial::questions));
    let figure = match trivial::area(
        &sessions.iter().map(|one| coded_ratio(one.conversation)).collect::<Vec<_>>(),
        &high,
    ) {
        Some(area) => {
            figure.published(area, "reflection-to-question ratio of the human codes, measured by us")
        }
        None => figure,
    };
    let lows = high.iter().filter(|high| !**high).count();
    finished(
        figure,
        format!("{lows} low sessions; profile for motivational interviewing, as the set declares."),
    )
}

fn helper_share(conversation: &Conversation) -> f64 {
    let helper = trivial::words_of(conversation, Role::Assistant);
    helper / (helper + trivial::words_of(conversation, Role::User)).max(1.0)
}

/// Reflections to questions, as people coded them.
fn coded_ratio(conversation: &Conversation) -> f64 {
    let count = |value: &str| {
        layer(conversation, "main_therapist_behaviour").filter(|annotation| annotation.value == value).count()
    };
    count("reflection") as f64 / count("question").max(1) as f64
}
