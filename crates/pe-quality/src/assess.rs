//! One assessment: scores with evidence, intervals and notes; the tier and its chances; what to do instead.

use pe_model::{Assessment, Points, Score, SignalKind, Tier, Turn};

use crate::advice::Advice;
use crate::config::TierBy;
use crate::definition::Note;
use crate::effects::Counter;
use crate::evidence::evidence;
use crate::frame::Frame;
use crate::interval::{Certainty, STEADY_REPLIES, left_out};
use crate::routes::is_genuine_cue;
use crate::tally::Tally;

/// Everything that is said of a conversation whose signals are counted.
pub(crate) fn assess(
    mut counter: Counter<'_>,
    frame: &Frame,
    turns: &[Turn<'_>],
    advice: &Advice,
    tier_by: TierBy,
) -> Assessment {
    let plan = counter.plan;
    let longer = frame.replies.iter().map(|reply| reply.longer).collect();
    let bare = plan.values(&Tally::empty(longer, plan.rates.len(), plan.counts.len(), &plan.replies).totals);
    let effects = counter.effects();
    let groups = left_out(plan, &counter.tally);
    let overall = plan.metrics.len();
    let (mut chances, mut basis) = (Vec::new(), Points::ZERO);
    let scores = (0..=overall)
        .map(|at| {
            let certainty = Certainty::of(&counter, &groups, at);
            if at == overall {
                chances = certainty.chances();
                basis = certainty.basis(tier_by, frame.replies.len());
            }
            let (low, high) = certainty.interval();
            let note = plan.metrics.get(at).map_or(Some(Note::Length), |metric| metric.note);
            let note = note.and_then(|note| note.text(&counter, frame));
            Score {
                metric: plan.infos[at].name.clone(),
                value: certainty.value,
                low,
                high,
                evidence: evidence(&counter, &effects, &bare, at),
                note: if at == overall { tier_note(note, certainty.value, basis) } else { note },
            }
        })
        .collect();
    let tier = Tier::of(basis);
    let recommendations = advice.recommend(&mut counter, &effects, frame, turns);
    Assessment { scores, tier, chances, recommendations }
}

/// The note of the overall score: also what the tier is taken from, where that is not the score.
fn tier_note(note: Option<String>, value: Points, basis: Points) -> Option<String> {
    if basis == value {
        return note;
    }
    let taken = format!("the tier is taken from {basis}, nearer to the lower end of the interval");
    Some(note.map_or_else(|| taken.clone(), |note| format!("{note}; {taken}")))
}

impl Note {
    fn text(self, counter: &Counter<'_>, frame: &Frame) -> Option<String> {
        match self {
            Self::Length => {
                let replies = frame.replies.len();
                (replies < STEADY_REPLIES).then(|| {
                    format!("too short for a steady reading: replies: {replies}, wanted: {STEADY_REPLIES}")
                })
            }
            Self::Conduct => Some(conduct(counter, frame)),
            Self::Risk => Some(risk(counter)),
        }
    }
}

fn conduct(counter: &Counter<'_>, frame: &Frame) -> String {
    let table = &counter.plan.conduct;
    let signals = counter.entries.all.iter().map(|entry| entry.signal);
    let fired = signals
        .filter(|signal| signal.kind == SignalKind::Conduct)
        .fold(0_u64, |fired, signal| fired | 1 << table.position(signal).min(63))
        .count_ones();
    let (rules, turns) = (table.rule.len(), frame.helper_messages);
    if fired == 0 {
        return format!("none of {rules} rules fired in {turns} helper turns; not validated against people");
    }
    format!("{fired} of {rules} rules fired in {turns} helper turns; not validated against people")
}

fn risk(counter: &Counter<'_>) -> String {
    let cues = counter.entries.all.iter().filter(|entry| is_genuine_cue(entry.signal)).count();
    if cues == 0 {
        return "risk_opportunity: none (no cue found; absence of a cue means nothing)".to_owned();
    }
    format!("risk_opportunity: {cues} (to be read by a person)")
}
