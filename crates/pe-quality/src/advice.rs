//! Advice: what to do instead, where, most useful first.
//!
//! The wording is `rules/advice.toml` (and, for conduct, `rules/conduct.toml`). Usefulness is the effect on the overall
//! score, and what sets off a cap comes first: of a signal, what it costs; of something that is missing, what one in every fourth reply would bring.

use std::cmp::Reverse;

use pe_model::{Recommendation, Role, Signal, SignalKind, Span, Turn};
use serde::Deserialize;

use crate::config::Error;
use crate::effects::{Counter, Effects};
use crate::frame::Frame;
use crate::plan::{Plan, Slot};

const TABLE: &str = include_str!("../rules/advice.toml");
const MAX_RECOMMENDATIONS: usize = 8;
/// Saying the same thing of a third place helps nobody.
const MAX_ALIKE: usize = 2;
/// What is missing is tried out in every so many-th reply.
const EVERY: usize = 4;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wording {
    kind: SignalKind,
    found: String,
    instead: String,
}

/// Something that a conversation of some length should have.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Missing {
    /// Any of these will do; the first one is tried out.
    any: Vec<SignalKind>,
    /// From so many replies on.
    replies: usize,
    found: String,
    instead: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    advice: Vec<Wording>,
    missing: Vec<Missing>,
}

/// All wording.
#[derive(Debug)]
pub(crate) struct Advice {
    by_kind: Vec<Option<Wording>>,
    missing: Vec<Missing>,
}

struct Candidate {
    /// Urgency, then millionths of the overall score.
    rank: (u8, i64),
    recommendation: Recommendation,
}

impl Advice {
    pub(crate) fn embedded() -> Result<Self, Error> {
        let table: Table =
            toml::from_str(TABLE).map_err(|source| Error::definition("rules/advice.toml", &source))?;
        let mut by_kind: Vec<_> = SignalKind::ALL.iter().map(|_| None).collect();
        for wording in table.advice {
            let at = wording.kind as usize;
            by_kind[at] = Some(wording);
        }
        Ok(Self { by_kind, missing: table.missing })
    }

    /// At most eight, most useful first.
    pub(crate) fn recommend(
        &self,
        counter: &mut Counter<'_>,
        effects: &Effects,
        frame: &Frame,
        turns: &[Turn<'_>],
    ) -> Vec<Recommendation> {
        let mut candidates = self.instead_of(counter, effects);
        candidates.extend(self.missing.iter().filter_map(|missing| missing.candidate(counter, frame, turns)));
        candidates.sort_by_key(|candidate| Reverse(candidate.rank));
        candidates.truncate(MAX_RECOMMENDATIONS);
        candidates.into_iter().map(|candidate| candidate.recommendation).collect()
    }

    /// What to say instead of what is there.
    fn instead_of(&self, counter: &Counter<'_>, effects: &Effects) -> Vec<Candidate> {
        let mut losses = effects.losses.clone();
        losses.sort_by_key(|loss| {
            (Reverse((loss.urgency, loss.cost)), counter.entries.all[loss.entry].signal.span, loss.entry)
        });
        let mut candidates: Vec<Candidate> = Vec::with_capacity(MAX_RECOMMENDATIONS);
        for loss in losses {
            let signal = counter.entries.all[loss.entry].signal;
            let Some((found, instead)) = self.wording(counter.plan, signal) else { continue };
            let like = candidates.iter().filter(|other| other.recommendation.found == found).count();
            let known = candidates.iter().any(|other| other.recommendation.span == signal.span);
            if like >= MAX_ALIKE || known {
                continue;
            }
            let metric = counter.plan.infos[loss.metric].name.clone();
            let (found, instead) = (found.to_owned(), instead.to_owned());
            let recommendation = Recommendation { span: signal.span, metric, found, instead };
            candidates.push(Candidate { rank: (loss.urgency, loss.cost), recommendation });
            if candidates.len() == MAX_RECOMMENDATIONS {
                break;
            }
        }
        candidates
    }

    fn wording<'a>(&'a self, plan: &'a Plan, signal: &Signal) -> Option<(&'a str, &'a str)> {
        if signal.kind == SignalKind::Conduct {
            let rule = plan.conduct.at(plan.conduct.position(signal));
            return Some((&rule.found, &rule.instead));
        }
        let wording = self.by_kind.get(signal.kind as usize)?.as_ref()?;
        Some((&wording.found, &wording.instead))
    }
}

impl Missing {
    /// The recommendation, if it is missing and would bring something.
    fn candidate(&self, counter: &mut Counter<'_>, frame: &Frame, turns: &[Turn<'_>]) -> Option<Candidate> {
        let replies = frame.replies.len();
        let kind = *self.any.first()?;
        let present = || counter.entries.all.iter().any(|entry| self.any.contains(&entry.signal.kind));
        if replies < self.replies || present() {
            return None;
        }
        let (gain, metric) = tried(counter, kind, replies);
        if gain <= 0 {
            return None;
        }
        let recommendation = Recommendation {
            span: longest_of_client(turns)?,
            metric: counter.plan.infos[metric].name.clone(),
            found: format!("{} in {replies} replies", self.found),
            instead: self.instead.clone(),
        };
        Some(Candidate { rank: (0, gain), recommendation })
    }
}

/// What a signal of that kind in every fourth reply would bring to the overall score, and to which metric most.
fn tried(counter: &mut Counter<'_>, kind: SignalKind, replies: usize) -> (i64, usize) {
    let signal = Signal { strength: 2.0, ..Signal::new(kind, Span::new(0, 0, 0), "missing") };
    let mut amounts: Vec<(Slot, i32)> = Vec::new();
    counter.plan.routes.of(&signal, &counter.plan.conduct, |route| {
        if !route.gate {
            amounts.push((route.slot, route.factor as i32));
        }
    });
    let then = counter.values_with((0..replies).step_by(EVERY), &amounts);
    let gain = |at: &usize| counter.plan.metrics[*at].weight * (then.metrics[*at] - counter.now.metrics[*at]);
    let metric = (0..then.metrics.len()).max_by_key(gain).unwrap_or(0);
    (then.overall - counter.now.overall, metric)
}

/// Where the client said most: the words that called for it.
fn longest_of_client(turns: &[Turn<'_>]) -> Option<Span> {
    let client = turns.iter().enumerate().filter(|(_, turn)| turn.role == Role::User);
    let (message, turn) = client.max_by_key(|(at, turn)| (turn.text.len(), Reverse(*at)))?;
    Some(Span::new(message as u32, 0, turn.text.len() as u32))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wording_parses_and_every_kind_that_can_cost_has_some() {
        let advice = Advice::embedded().expect("the embedded table parses");
        for kind in [
            SignalKind::AdviseWithoutPermission,
            SignalKind::Confront,
            SignalKind::Reassure,
            SignalKind::StockPhrase,
            SignalKind::FeelingIgnored,
            SignalKind::UnansweredQuestion,
            SignalKind::RiskUnanswered,
            SignalKind::OverValidate,
        ] {
            assert!(advice.by_kind[kind as usize].is_some(), "{}", kind.name());
        }
    }
}
