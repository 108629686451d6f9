//! Risk language: false alarms on ordinary messages, and what is found of the sentences that the project wrote before any rule
//! was and held out. Strata are never pooled: a high recall of plain words says nothing of coded ones.

use std::path::Path;

use pe_model::{Conversation, Experiencer, Message, Role, Signal};

use super::finished;
use crate::corpus::load;
use crate::judge::{self, Judge};
use crate::metrics::mean;
use crate::table::{Figure, Target};
use crate::{Error, Row, bootstrap, trivial};

const HELD_OUT: &str = include_str!("../../../pe-language/tests/data/risk-held-out.tsv");
/// A second turn, so that a short sentence stands in a conversation in English.
const REPLY: &str =
    "I am glad that you came today, and I would like to hear more about what the week was like.";
const ORDINARY: [(&str, &str, &str); 2] = [
    ("DailyDialog", "all parts, one side of each dialogue", "dailydialog/data.zip"),
    ("DialogSum", "development part, one side of each dialogue", "dialogsum/dialogsum.dev.jsonl"),
];
/// Strata in which no live cue should be found; in the others one should be.
const QUIET: [&str; 4] = ["denied", "idiom", "fiction", "ordinary"];
/// What is to be reached, where something was set.
const SET: [(&str, f64); 6] = [
    ("explicit", 0.95),
    ("oblique", 0.80),
    ("denied", 0.95),
    ("idiom", 0.95),
    ("fiction", 0.95),
    ("ordinary", 0.95),
];

pub(super) fn rows(judge: &Judge, data: &Path) -> Result<Vec<Row>, Error> {
    let mut rows = Vec::new();
    for (name, split, path) in ORDINARY {
        rows.push(alarms(judge, name, split, &load(data, path)?));
    }
    rows.extend(strata(judge)?);
    Ok(rows)
}

fn is_live(signal: &Signal) -> bool {
    signal.kind.is_risk_cue()
        && !signal.denied
        && matches!(signal.experiencer, Experiencer::Speaker | Experiencer::Other)
}

/// Messages of one side, those with a live cue, and those that the pattern takes for one.
type Counts = (usize, usize, usize);

fn alarms(judge: &Judge, name: &str, split: &str, set: &[Conversation]) -> Row {
    let counts: Vec<Counts> = judge::each(set, |conversation| {
        let reading = judge.read(conversation);
        let mut found: Vec<u32> = reading
            .signals
            .iter()
            .filter(|signal| is_live(signal))
            .map(|signal| signal.span.message)
            .collect();
        found.sort_unstable();
        found.dedup();
        let side = conversation.messages.iter().filter(|message| message.role == Role::User);
        let pattern = side.clone().filter(|message| pattern(&message.content)).count();
        let cues = found.iter().filter(|at| conversation.messages[**at as usize].role == Role::User).count();
        (side.count(), cues, pattern)
    });
    let rate = |counts: &mut dyn Iterator<Item = &Counts>, of: fn(&Counts) -> usize| {
        let (all, found) = counts.fold((0, 0), |(all, found), one| (all + one.0, found + of(one)));
        (all > 0).then(|| found as f64 * 1_000.0 / all as f64)
    };
    let drawn = bootstrap::interval(counts.len(), |drawn| {
        rate(&mut drawn.iter().map(|at| &counts[*at]), |one| one.1)
    });
    let messages = counts.iter().map(|one| one.0).sum();
    // Without a single alarm every draw has none.
    let none = counts.iter().all(|one| one.1 == 0);
    let interval = if none { (0.0, 1_000.0 * bootstrap::wilson(0.0, messages).1) } else { drawn };
    let by_pattern = rate(&mut counts.iter(), |one| one.2).unwrap_or(f64::NAN);
    let figure =
        Figure::new("Ordinary messages raise few alarms", name, split, "live cues per 1,000 messages")
            .measured(messages, rate(&mut counts.iter(), |one| one.1), interval)
            .target(Target::AtMost(10.0));
    let note = format!(
        "Some ordinary messages hold a true cue, so this is an upper bound. A pattern of five phrases raises \
         {by_pattern:.2}, and finds what the rows below say."
    );
    finished(figure, note)
}

/// Five phrases that anybody would list.
fn pattern(text: &str) -> bool {
    let text = trivial::tokens(text).collect::<Vec<_>>().join(" ");
    ["suicid", "kill myself", "want to die", "end my life", "hurt myself"]
        .iter()
        .any(|phrase| text.contains(phrase))
}

fn strata(judge: &Judge) -> Result<Vec<Row>, Error> {
    let mut names: Vec<&str> = Vec::new();
    let mut sentences: Vec<(&str, &str)> = Vec::new();
    for line in HELD_OUT.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [stratum, _, _, text] = cells[..] else {
            return Err(Error::unexpected("risk-held-out.tsv", format!("not four columns: {}", cells[0])));
        };
        if !names.contains(&stratum) {
            names.push(stratum);
        }
        sentences.push((stratum, text));
    }
    let of = |name: &&str| {
        let texts = sentences.iter().filter(|(stratum, _)| stratum == name).map(|(_, text)| *text);
        stratum(judge, name, &texts.collect::<Vec<_>>())
    };
    Ok(names.iter().map(of).collect())
}

fn stratum(judge: &Judge, name: &str, texts: &[&str]) -> Row {
    let quiet = QUIET.contains(&name);
    let found = |text: &&str| {
        let messages = vec![Message::new(Role::User, *text), Message::new(Role::Assistant, REPLY)];
        judge.read(&Conversation { messages, ..Conversation::default() }).signals.iter().any(is_live)
    };
    let right = |found: bool| f64::from(u8::from(found != quiet));
    let ours: Vec<f64> = texts.iter().map(|text| right(found(text))).collect();
    let (share, interval) = bootstrap::share(&ours);
    let rule = mean(texts.iter().map(|text| right(pattern(text))));
    let (claim, metric) = if quiet {
        ("What only sounds like risk is left alone", "share without a live cue")
    } else {
        ("Risk language is found", "recall")
    };
    let mut figure =
        Figure::new(claim, "own held-out sentences", name, metric).measured(ours.len(), share, interval);
    if let Some((_, least)) = SET.iter().find(|(stratum, _)| *stratum == name) {
        figure = figure.target(Target::AtLeast(*least));
    }
    if quiet {
        // A rule that finds nothing at all is right here, so that it is no rule to beat; it is read beside its recall.
        let rule = rule.unwrap_or(f64::NAN);
        return finished(
            figure,
            format!("Our own sentences, no person's data; the five phrases reach {rule:.3}."),
        );
    }
    finished(figure.trivial("one regex (five phrases)", rule), "Our own sentences, no person's data.")
}
