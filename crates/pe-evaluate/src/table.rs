//! A table of figures: what is claimed, what was measured, what trivial rules reach, and the verdict.

use serde::Serialize;

/// Whether a figure beats the trivial rules and reaches what was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Beyond the margin of the best trivial rule, and the target is reached.
    Shown,
    /// The best trivial rule lies inside of the interval or beyond it.
    NotShown,
    /// Beyond the trivial rules, but the target is not reached.
    Missed,
}

impl Verdict {
    /// As printed.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::NotShown => "not shown",
            Self::Missed => "missed",
        }
    }
}

/// Which way a figure should go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Better {
    /// Accuracies, areas, correlations.
    Higher,
    /// Errors, alarms, movements.
    Lower,
}

/// What a figure has to reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
    /// So much above the best trivial rule.
    Above(f64),
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// What is claimed.
    pub claim: String,
    /// On which set.
    pub data: String,
    /// Which part of it.
    pub split: String,
    /// How many units.
    pub n: usize,
    /// What the figure is.
    pub metric: String,
    /// The figure.
    pub ours: f64,
    /// Its 90 % bootstrap interval; NaN (null in JSON) where there is none.
    pub interval: (f64, f64),
    /// Rules that know nothing, each with its figure.
    pub trivial: Vec<(String, f64)>,
    /// What others reached, and where they say so.
    pub published: Option<(f64, String)>,
    /// What the figure should reach.
    pub target: Option<String>,
    /// Which way it should go.
    pub better: Better,
    /// What it shows.
    pub verdict: Verdict,
    /// What must be read with it.
    pub note: String,
}

impl Row {
    /// The trivial rule that does best.
    pub fn best_trivial(&self) -> Option<&(String, f64)> {
        let best = |a: &&(String, f64), b: &&(String, f64)| a.1.total_cmp(&b.1);
        let known = self.trivial.iter().filter(|rule| rule.1.is_finite());
        match self.better {
            Better::Higher => known.max_by(best),
            Better::Lower => known.min_by(best),
        }
    }
}

/// Figures that were measured together.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Table {
    /// What they are about.
    pub title: String,
    /// One for each figure.
    pub rows: Vec<Row>,
    /// What must be read with all of them.
    pub notes: Vec<String>,
    /// Figures of single labels and the like, for those who look closer; not part of the printed table.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<serde_json::Value>,
}

/// A row in the making.
#[derive(Debug)]
pub(crate) struct Figure {
    row: Row,
    target: Option<Target>,
}

impl Figure {
    /// What is claimed, on which set and part of it, by which metric.
    pub(crate) fn new(claim: &str, data: &str, split: &str, metric: &str) -> Self {
        let row = Row {
            claim: claim.into(),
            data: data.into(),
            split: split.into(),
            n: 0,
            metric: metric.into(),
            ours: f64::NAN,
            interval: (f64::NAN, f64::NAN),
            trivial: Vec::new(),
            published: None,
            target: None,
            better: Better::Higher,
            verdict: Verdict::NotShown,
            note: String::new(),
        };
        Self { row, target: None }
    }

    /// The figure over `n` units, with its interval.
    pub(crate) fn measured(mut self, n: usize, ours: Option<f64>, interval: (f64, f64)) -> Self {
        self.row.n = n;
        self.row.ours = ours.unwrap_or(f64::NAN);
        self.row.interval = interval;
        self
    }

    /// What a trivial rule reaches; left out where it has no answer.
    pub(crate) fn trivial(mut self, rule: impl Into<String>, value: Option<f64>) -> Self {
        self.row.trivial.extend(value.map(|value| (rule.into(), value)));
        self
    }

    pub(crate) fn published(mut self, value: f64, source: &str) -> Self {
        self.row.published = Some((value, source.into()));
        self
    }

    pub(crate) fn target(mut self, target: Target) -> Self {
        self.row.better = if matches!(target, Target::AtMost(_)) { Better::Lower } else { Better::Higher };
        self.row.target = Some(match target {
            Target::AtLeast(least) => format!(">= {least:.3}"),
            Target::AtMost(most) => format!("<= {most:.3}"),
            Target::Above(margin) => format!(">= {margin:.2} over the best trivial rule"),
        });
        self.target = Some(target);
        self
    }

    pub(crate) fn note(mut self, note: impl Into<String>) -> Self {
        self.row.note = note.into();
        self
    }

    /// The row with its verdict.
    pub(crate) fn row(mut self) -> Row {
        self.row.verdict = self.verdict();
        self.row
    }

    fn verdict(&self) -> Verdict {
        let row = &self.row;
        let best = row.best_trivial().map(|rule| rule.1);
        let beaten = |best: f64| match row.better {
            Better::Higher => row.interval.0 > best,
            Better::Lower => row.interval.1 < best,
        };
        let reached = match self.target {
            None => true,
            Some(Target::AtLeast(least)) => row.ours >= least,
            Some(Target::AtMost(most)) => row.ours <= most,
            Some(Target::Above(margin)) => best.is_none_or(|best| row.ours - best >= margin),
        };
        match (row.ours.is_finite() && best.is_none_or(beaten), reached) {
            (false, _) => Verdict::NotShown,
            (true, false) => Verdict::Missed,
            (true, true) => Verdict::Shown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(interval: (f64, f64), trivial: f64, target: Option<Target>) -> Verdict {
        let figure =
            Figure::new("c", "d", "s", "m").measured(9, Some(0.7), interval).trivial("t", Some(trivial));
        let figure = match target {
            Some(target) => figure.target(target),
            None => figure,
        };
        figure.row().verdict
    }

    #[test]
    fn inside_the_margin_of_a_trivial_rule_nothing_is_shown() {
        assert_eq!(verdict((0.6, 0.8), 0.61, None), Verdict::NotShown);
        assert_eq!(verdict((0.6, 0.8), 0.59, None), Verdict::Shown);
        assert_eq!(verdict((0.6, 0.8), 0.59, Some(Target::AtLeast(0.72))), Verdict::Missed);
        assert_eq!(verdict((0.6, 0.8), 0.59, Some(Target::Above(0.10))), Verdict::Shown);
        assert_eq!(verdict((0.6, 0.8), 0.59, Some(Target::Above(0.12))), Verdict::Missed);
        assert_eq!(verdict((0.6, 0.8), 0.9, Some(Target::AtMost(0.7))), Verdict::Shown);
        assert_eq!(verdict((0.6, 0.8), 0.75, Some(Target::AtMost(0.7))), Verdict::NotShown);
    }

    #[test]
    fn what_could_not_be_measured_is_not_shown() {
        let row = Figure::new("c", "d", "s", "m").measured(0, None, (f64::NAN, f64::NAN)).row();
        assert_eq!(row.verdict, Verdict::NotShown);
        assert!(row.best_trivial().is_none());
    }
}
