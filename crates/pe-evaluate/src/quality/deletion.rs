//! Evidence says what its words are worth: the words of the strongest span are deleted, the conversation is read and scored
//! again, and the movement is held against what was stated.

use pe_model::{Assessment, Axis, Conversation, EvidenceKind, Points, Span};

use super::{Sets, finished};
use crate::judge::{self, Judge};
use crate::metrics::{mean, quantile};
use crate::table::{Figure, Target};
use crate::{Row, bootstrap};

const CASES: usize = 500;
/// A movement is as stated when it is within so much of it.
const TOLERANCE: f64 = 0.005;

struct Case {
    /// What the validator states for the words of the span, every signal in them together.
    stated: f64,
    /// What the lines of evidence that cite the span add up to, as a user sees them.
    printed: f64,
    /// Whether the rules were mended while looking at how this set behaves under deletion.
    looked_at: bool,
    /// `None` where what is left can't be scored.
    moved: Option<f64>,
}

impl Case {
    fn error(&self) -> Option<f64> {
        Some((self.stated - self.moved?).abs())
    }

    fn holds(&self) -> bool {
        self.error().is_some_and(|error| error <= TOLERANCE)
    }

    fn holds_as_printed(&self) -> bool {
        self.moved.is_some_and(|moved| (self.printed - moved).abs() <= TOLERANCE)
    }

    fn stays(&self) -> bool {
        self.moved.is_some_and(|moved| moved.abs() <= TOLERANCE)
    }

    fn goes_the_stated_way(&self) -> bool {
        self.holds() || self.moved.is_some_and(|moved| self.stated * moved > 0.0)
    }
}

pub(super) fn row(judge: &Judge, sets: &Sets) -> Row {
    let cases = cases(judge, sets);
    let share = |right: fn(&Case) -> bool| -> Vec<f64> {
        cases.iter().map(|case| f64::from(u8::from(right(case)))).collect()
    };
    let (held, interval) = bootstrap::share(&share(Case::holds));
    let figure = Figure::new(
        "Deleting the strongest evidence moves the score as stated",
        "own examples, AnnoMI, MIBot, HH-RLHF",
        "one span of each conversation",
        "share within 0.005",
    )
    .measured(cases.len(), held, interval)
    .trivial("nothing moves", mean(share(Case::stays)))
    .target(Target::AtLeast(0.90));
    let mut errors: Vec<f64> = cases.iter().filter_map(Case::error).collect();
    errors.sort_by(f64::total_cmp);
    let at = |share: f64| quantile(&errors, share);
    let of_sets = |looked_at: bool| {
        let held = cases
            .iter()
            .filter(|case| case.looked_at == looked_at)
            .map(|case| f64::from(u8::from(case.holds())));
        let held: Vec<f64> = held.collect();
        (mean(held.iter().copied()).unwrap_or(f64::NAN), held.len())
    };
    let ((seen, seen_cases), (unseen, unseen_cases)) = (of_sets(true), of_sets(false));
    let note = format!(
        "Own examples and HH-RLHF, on which the rules were mended for this: {seen:.3} of {seen_cases}; AnnoMI and MIBot, not \
         looked at: {unseen:.3} of {unseen_cases}. Stated is what `show` prints for the words (\"without these words\"): all signals in them or about them together; \
         the sum of the single lines that cite the span: {:.3}. Error: median {:.4}, 90th percentile {:.4}, 95th {:.4}, largest {:.4}; moves in the stated direction {:.3}; {} left \
         too little to score and count as not as stated.",
        mean(share(Case::holds_as_printed)).unwrap_or(f64::NAN),
        at(0.5),
        at(0.9),
        at(0.95),
        at(1.0),
        mean(share(Case::goes_the_stated_way)).unwrap_or(f64::NAN),
        cases.len() - errors.len()
    );
    finished(figure, note)
}

/// All that can be tried of the smaller sets, and evenly spaced ones of the large set for the rest.
fn cases(judge: &Judge, sets: &Sets) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (set, looked_at) in [(&sets.examples, true), (&sets.annomi, false), (&sets.mibot, false)] {
        cases.extend(judge::each(set, |one| case(judge, one, looked_at)).into_iter().flatten());
    }
    cases.truncate(CASES);
    let rest: Vec<Case> =
        judge::each(&sets.preferences, |one| case(judge, one, true)).into_iter().flatten().collect();
    let wanted = (CASES - cases.len()).min(rest.len());
    let step = rest.len() / wanted.max(1);
    cases.extend(rest.into_iter().step_by(step.max(1)).take(wanted));
    cases
}

fn case(judge: &Judge, conversation: &Conversation, looked_at: bool) -> Option<Case> {
    let before = judge.assess(conversation)?;
    let span = strongest(&before)?;
    let printed = printed(&before, span)?.fraction();
    let stated = judge.stated(conversation, span)?;
    let mut shorter = conversation.clone();
    let content = &mut shorter.messages.get_mut(span.message as usize)?.content;
    span.of(content)?;
    content.replace_range(span.start as usize..span.end as usize, "");
    let moved = judge.assess(&shorter).map(|after| (before.overall() - after.overall()).fraction());
    Some(Case { stated, printed, looked_at, moved })
}

/// What the lines of the overall score that cite a span add up to.
fn printed(assessment: &Assessment, cited: Span) -> Option<Points> {
    let lines = &assessment.score(Axis::OverallQuality.name())?.evidence;
    let citing =
        lines.iter().filter(|line| matches!(line.source, EvidenceKind::Signal { span, .. } if span == cited));
    Some(citing.map(|line| line.contribution).sum())
}

/// The span of the line of evidence that moves the overall score most.
fn strongest(assessment: &Assessment) -> Option<Span> {
    let lines = &assessment.score(Axis::OverallQuality.name())?.evidence;
    let spans = lines.iter().filter_map(|line| match &line.source {
        EvidenceKind::Signal { span, .. } => Some((line.contribution.abs(), *span)),
        _ => None,
    });
    spans.reduce(|best, one| if one.0 > best.0 { one } else { best }).map(|(_, span)| span)
}
