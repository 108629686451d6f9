//! One assessment: scores with evidence, intervals and notes; the tier and its chances; what to do instead.

use pe_model::{Assessment, Points, Score, SignalKind, Tier, Turn};

use crate::advice::Advice;
use crate::definition::Note;
use crate::effects::Counter;
use crate::evidence::evidence;
use crate::frame::Frame;
use crate::interval::{STEADY_REPLIES, chances, error, interval, left_out};
use crate::plan::lowest;
use crate::routes::is_genuine_cue;
use crate::tally::Tally;

/// Everything that is said of a conversation whose signals are counted.
pub(crate) fn assess(
    mut counter: Counter<'_>,
    frame: &Frame,
    turns: &[Turn<'_>],
    advice: &Advice,
) -> Assessment {
    let plan = counter.plan;
    let longer = frame.replies.iter().map(|reply| reply.longer).collect();
    let none = plan.values(&Tally::empty(longer, plan.rates, plan.counts, &plan.replies).totals);
    let effects = counter.effects();
    let groups = left_out(plan, &counter.tally);
    let replies = frame.replies.len();
    let mut scores = Vec::with_capacity(plan.metrics.len() + 1);
    for (at, metric) in plan.metrics.iter().enumerate() {
        let bound = lowest(&metric.caps, &counter.tally.totals)
            .map_or(Points::ONE, |cap| Points::from_micros(cap.at));
        let error = error(groups.iter().map(|values| values.metrics[at]), metric.spread, replies);
        let value = Points::from_micros(counter.now.metrics[at]);
        let (low, high) = interval(value, error, bound);
        let note = metric.note.and_then(|note| note.text(&counter, frame));
        let evidence = evidence(&counter, &effects, &none, at);
        scores.push(Score { metric: plan.infos[at].name.clone(), value, low, high, evidence, note });
    }
    let bound =
        lowest(&plan.caps, &counter.tally.totals).map_or(Points::ONE, |cap| Points::from_micros(cap.at));
    let error = error(groups.iter().map(|values| values.overall), plan.spread, replies);
    let value = Points::from_micros(counter.now.overall);
    let (low, high) = interval(value, error, bound);
    let at = plan.metrics.len();
    let evidence = evidence(&counter, &effects, &none, at);
    let note = Note::Length.text(&counter, frame);
    scores.push(Score { metric: plan.infos[at].name.clone(), value, low, high, evidence, note });
    let recommendations = advice.recommend(&mut counter, &effects, frame, turns);
    Assessment { scores, tier: Tier::of(value), chances: chances(value, error, bound), recommendations }
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
