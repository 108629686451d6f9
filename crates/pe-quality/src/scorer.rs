//! The validator that follows a definition; the built-in ones and the users' own are all of this type.

use std::collections::BTreeMap;

use pe_model::{Outcome, Points, Reading, Report, Span, Turn};

use crate::advice::Advice;
use crate::assess::assess;
use crate::compile::compile;
use crate::conduct::Conduct;
use crate::config::{Error, QualityConfig, TierBy};
use crate::definition::Definition;
use crate::effects::Counter;
use crate::entries::{Entries, matches};
use crate::frame::Frame;
use crate::plan::Plan;
use crate::scorable::not_scorable;
use crate::tally::Tally;
use crate::version::{Combined, ENGINE, short};
use crate::{MetricInfo, Movement, Validator};

/// A definition, ready to score.
#[derive(Debug)]
pub(crate) struct Scorer {
    name: String,
    version: String,
    plan: Plan,
    tier_by: TierBy,
    advice: Advice,
    combined: Combined,
}

impl Scorer {
    /// From the text of a definition; `file` names it in errors.
    pub(crate) fn new(file: &str, text: &str, config: &QualityConfig) -> Result<Self, Error> {
        Self::weighted(file, text, config, &BTreeMap::new())
    }

    /// The same, with other weights of the overall score.
    pub(crate) fn weighted(
        file: &str,
        text: &str,
        config: &QualityConfig,
        weights: &BTreeMap<String, f64>,
    ) -> Result<Self, Error> {
        let definition: Definition =
            toml::from_str(text).map_err(|source| Error::definition(file, &source))?;
        let name = definition.name.clone();
        if name.is_empty() {
            return Err(Error::value(file, "name is empty: give the validator a name"));
        }
        let settings =
            format!("{:?} {:?} {:?} {weights:?}", config.profile, config.helper_profile, config.tier_by);
        let version = short(&[ENGINE, text, Conduct::text(), &settings]);
        let plan = compile(definition, config.profile, config.helper_profile, weights)?;
        Ok(Self {
            name,
            version,
            plan,
            tier_by: config.tier_by,
            advice: Advice::embedded()?,
            combined: Combined::default(),
        })
    }

    fn tally(&self, frame: &Frame, entries: &Entries<'_>) -> Tally<'_> {
        let longer = frame.replies.iter().map(|reply| reply.longer).collect();
        let mut tally =
            Tally::empty(longer, self.plan.rates.len(), self.plan.counts.len(), &self.plan.replies);
        entries.fill(&mut tally);
        tally
    }
}

impl Validator for Scorer {
    fn name(&self) -> &str {
        &self.name
    }

    fn version(&self) -> &str {
        &self.version
    }

    fn metrics(&self) -> &[MetricInfo] {
        &self.plan.infos
    }

    fn validate(&self, turns: &[Turn<'_>], reading: &Reading) -> Report {
        let outcome = not_scorable(reading).map_or_else(
            || {
                let frame = Frame::of(reading);
                let matches = matches(&self.plan, turns);
                let entries = Entries::of(&self.plan, &frame, reading, &matches);
                let counter = Counter::new(&self.plan, &entries, self.tally(&frame, &entries));
                Outcome::Scored(assess(counter, &frame, turns, &self.advice, self.tier_by))
            },
            Outcome::NotScorable,
        );
        let version = self.combined.with(&reading.version, &self.version);
        Report { validator: self.name.clone(), version, outcome }
    }

    fn movement(&self, turns: &[Turn<'_>], reading: &Reading, span: Span) -> Vec<Movement> {
        if not_scorable(reading).is_some() {
            return Vec::new();
        }
        let frame = Frame::of(reading);
        let matches = matches(&self.plan, turns);
        let entries = Entries::of(&self.plan, &frame, reading, &matches);
        let mut counter = Counter::new(&self.plan, &entries, self.tally(&frame, &entries));
        let inside = |of: Span| of.message == span.message && of.start >= span.start && of.end <= span.end;
        let without =
            counter.values_without(|signal| inside(signal.span) || signal.about.is_some_and(inside));
        let now = counter.now.metrics.iter().chain([&counter.now.overall]);
        let then = without.metrics.iter().chain([&without.overall]);
        self.plan
            .infos
            .iter()
            .zip(now.zip(then))
            .map(|(info, (now, then))| Movement {
                metric: info.name.clone(),
                by: Points::from_micros(now - then),
            })
            .collect()
    }
}
