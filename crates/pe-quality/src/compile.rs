//! From a definition to a plan: every number is checked, every name resolved.

use std::collections::{BTreeMap, BTreeSet};

use regex::RegexBuilder;

use crate::MetricInfo;
use crate::conduct::{Conduct, HelperProfile};
use crate::config::{Error, Profile};
use crate::definition::{self as written, Definition, Per, Selection};
use crate::plan::{Cap, Metric, Pattern, Plan, ReplyPlan, Slot};
use crate::routes::{Route, Routes, Selector};
use crate::term::{Shape, Term};

const MAX_METRICS: usize = 32;
const MAX_TERMS: usize = 512;
const MAX_PATTERNS: usize = 64;
const MAX_PATTERN_SIZE: usize = 1 << 20;
const MICROS: f64 = 1e6;

/// Makes a definition ready for a profile and a kind of helper; `weights` replace the metrics' own by name.
pub(crate) fn compile(
    definition: Definition,
    profile: Profile,
    helper: HelperProfile,
    weights: &BTreeMap<String, f64>,
) -> Result<Plan, Error> {
    let profile = if profile == Profile::Auto { Profile::CommonFactors } else { profile };
    let chosen: Vec<_> = definition
        .metric
        .into_iter()
        .filter(|metric| metric.profile.is_none_or(|of| of == profile))
        .collect();
    check_names(&chosen, &definition.overall, weights)?;
    let shares = shares(&chosen, weights)?;
    let mut compiler = Compiler::new(helper)?;
    for (at, (metric, share)) in chosen.into_iter().zip(shares).enumerate() {
        compiler.bit = 1 << at;
        compiler.metric(metric, share)?;
    }
    compiler.overall(definition.overall)?;
    Ok(compiler.plan)
}

fn check_names(
    metrics: &[written::Metric],
    overall: &written::Overall,
    weights: &BTreeMap<String, f64>,
) -> Result<(), Error> {
    if metrics.is_empty() {
        return Err(Error::value(&overall.name, "no metric for this profile: add a [[metric]]"));
    }
    if metrics.len() > MAX_METRICS {
        return Err(Error::TooMany { what: "metrics", found: metrics.len(), limit: MAX_METRICS });
    }
    let mut names = BTreeSet::from([overall.name.as_str()]);
    for metric in metrics {
        if metric.name.is_empty() || !names.insert(&metric.name) {
            return Err(Error::Duplicate { what: "metrics", name: metric.name.clone() });
        }
    }
    match weights.keys().find(|name| !metrics.iter().any(|metric| metric.name == **name)) {
        Some(name) => {
            let known: Vec<_> = metrics.iter().map(|metric| metric.name.as_str()).collect();
            Err(Error::UnknownWeight { metric: name.clone(), known: known.join(", ") })
        }
        None => Ok(()),
    }
}

/// The metrics' shares in the overall score, in millionths that add up to one million.
fn shares(metrics: &[written::Metric], weights: &BTreeMap<String, f64>) -> Result<Vec<i64>, Error> {
    let weight = |metric: &written::Metric| {
        let weight = weights.get(&metric.name).copied().unwrap_or(metric.weight);
        within(&metric.name, "weight", weight, 0.0, 1000.0)
    };
    let weights: Vec<f64> = metrics.iter().map(weight).collect::<Result<_, _>>()?;
    let sum: f64 = weights.iter().sum();
    if sum <= 0.0 {
        return Err(Error::value("weights", "all weights are 0: give at least one metric a weight above 0"));
    }
    let mut shares: Vec<i64> = weights.iter().map(|weight| (weight / sum * MICROS).floor() as i64).collect();
    let missing = 1_000_000 - shares.iter().sum::<i64>();
    if let Some(first) = shares.iter_mut().find(|share| **share > 0) {
        *first += missing;
    }
    Ok(shares)
}

fn within(place: &str, what: &str, value: f64, low: f64, high: f64) -> Result<f64, Error> {
    if value.is_finite() && (low..=high).contains(&value) {
        return Ok(value);
    }
    Err(Error::value(place, format!("{what} is {value}: give a number from {low} to {high}")))
}

fn anchors(place: &str, anchors: Vec<(f64, f64)>) -> Result<Vec<(f64, f64)>, Error> {
    for &(x, share) in &anchors {
        within(place, "an anchor's ratio", x, 0.0, 1000.0)?;
        within(place, "an anchor's share", share, 0.0, 1.0)?;
    }
    if anchors.len() < 2 || anchors.windows(2).any(|pair| pair[0].0 >= pair[1].0) {
        return Err(Error::value(place, "anchors: give two or more, rising in the ratio"));
    }
    Ok(anchors)
}

struct Compiler {
    plan: Plan,
    bit: u64,
}

impl Compiler {
    fn new(helper: HelperProfile) -> Result<Self, Error> {
        let conduct = Conduct::embedded()?;
        let plan = Plan {
            infos: Vec::new(),
            metrics: Vec::new(),
            terms: Vec::new(),
            caps: Vec::new(),
            spread: 0.0,
            replies: Vec::new(),
            rates: Vec::new(),
            counts: Vec::new(),
            routes: Routes::new(&conduct, helper),
            patterns: Vec::new(),
            conduct,
        };
        Ok(Self { plan, bit: 1 })
    }

    fn metric(&mut self, metric: written::Metric, weight: i64) -> Result<(), Error> {
        let place = metric.name.as_str();
        let base = within(place, "base", metric.base, 0.0, 1.0)?;
        let spread = within(place, "spread", metric.spread, 0.0, 1.0)?;
        let start = self.plan.terms.len();
        for term in metric.term {
            self.term(place, term)?;
        }
        for ratio in metric.ratio {
            self.ratio(place, ratio)?;
        }
        if let Some(talk) = metric.talk {
            let shape = Shape::Talk { anchors: anchors(place, talk.anchors)? };
            self.push(place, talk.name, talk.weight, shape)?;
        }
        if let Some(replies) = metric.replies {
            self.replies(place, replies)?;
        }
        let caps = self.caps(place, metric.cap)?;
        let terms = start..self.plan.terms.len();
        if terms.end > MAX_TERMS {
            return Err(Error::TooMany { what: "terms", found: terms.end, limit: MAX_TERMS });
        }
        let base = (base * MICROS).round() as i64;
        self.plan.metrics.push(Metric { weight, base, spread, note: metric.note, terms, caps });
        let (name, subtitle, description) = (metric.name, metric.subtitle, metric.description);
        self.plan.infos.push(MetricInfo { name, subtitle, description });
        Ok(())
    }

    fn overall(&mut self, overall: written::Overall) -> Result<(), Error> {
        self.bit = 1 << self.plan.metrics.len();
        self.plan.spread = within(&overall.name, "spread", overall.spread, 0.0, 1.0)?;
        self.plan.caps = self.caps(&overall.name, overall.cap)?;
        let written::Overall { name, subtitle, description, .. } = overall;
        self.plan.infos.push(MetricInfo { name, subtitle, description });
        Ok(())
    }

    fn push(&mut self, place: &str, name: String, weight: f64, shape: Shape) -> Result<(), Error> {
        let weight = within(&format!("{place}: {name}"), "weight", weight, -1.0, 1.0)? * MICROS;
        let at = self.plan.terms.len();
        match &shape {
            Shape::Amount { slot, .. } => self.own(*slot, at),
            Shape::Ratio { over, under, .. } => {
                self.own(*over, at);
                self.own(*under, at);
            }
            Shape::Talk { .. } | Shape::Mean(_) | Shape::Worst(_) => {}
        }
        self.plan.terms.push(Term { name, weight, shape });
        Ok(())
    }

    /// Notes that term `at` is computed from a slot.
    fn own(&mut self, slot: Slot, at: usize) {
        match slot {
            Slot::Rate(slot) => self.plan.rates[slot as usize] = at..at + 1,
            Slot::Count(slot) => self.plan.counts[slot as usize] = at..at + 1,
            Slot::Reply { .. } => {}
        }
    }

    fn term(&mut self, place: &str, term: written::Term) -> Result<(), Error> {
        let place = format!("{place}: {}", term.name);
        let full = within(&place, "full", term.full, 0.001, 1000.0)?;
        if term.signals.is_empty() && term.patterns.is_empty() {
            return Err(Error::value(place, "counts nothing: name signals or patterns"));
        }
        let slot = if term.per == Per::Reply { self.rate() } else { self.count() };
        self.select(&place, &term.signals, slot)?;
        for pattern in term.patterns {
            self.pattern(&place, pattern, slot)?;
        }
        let needs = match term.needs {
            Some(needs) => Some(self.gate(&place, &[needs])?),
            None => None,
        };
        self.push(&place, term.name, term.weight, Shape::Amount { slot, full, curve: term.curve, needs })
    }

    fn ratio(&mut self, place: &str, ratio: written::Ratio) -> Result<(), Error> {
        let place = format!("{place}: {}", ratio.name);
        let (over, under) = (self.rate(), self.rate());
        self.select(&place, &ratio.over, over)?;
        self.select(&place, &ratio.under, under)?;
        let prior = within(&place, "prior", ratio.prior, 0.0, 1000.0)?;
        let count = within(&place, "prior_count", ratio.prior_count, 0.001, 1000.0)?;
        let anchors = anchors(&place, ratio.anchors)?;
        self.push(&place, ratio.name, ratio.weight, Shape::Ratio { over, under, prior, count, anchors })
    }

    fn replies(&mut self, place: &str, replies: written::Replies) -> Result<(), Error> {
        let plan = self.plan.replies.len();
        let base = 100.0 * within(place, "base of replies", replies.base, 0.0, 1.0)?;
        let worst = within(place, "weight of the worst tenth", replies.worst, 0.0, 1.0)?;
        let mut terms = Vec::new();
        for term in replies.term {
            let place = format!("{place}: {}", term.name);
            let weight = 100.0 * within(&place, "weight", term.weight, -1.0, 1.0)?;
            let Slot::Rate(at) = self.rate() else { continue };
            self.select(&place, &term.signals, Slot::Reply { plan: plan as u8, at })?;
            terms.push((at, weight));
        }
        let start = self.plan.terms.len();
        self.plan.replies.push(ReplyPlan { base, terms, computed: start..start + 2 });
        self.push(place, "mean of the replies".into(), 1.0 - worst, Shape::Mean(plan))?;
        self.push(place, "worst tenth of the replies".into(), worst, Shape::Worst(plan))
    }

    fn caps(&mut self, place: &str, caps: Vec<written::Cap>) -> Result<Vec<Cap>, Error> {
        let cap = |cap: written::Cap| {
            let at = within(&format!("{place}: {}", cap.name), "at", cap.at, 0.0, 1.0)?;
            let slot = self.gate(&format!("{place}: {}", cap.name), &cap.when)?;
            Ok(Cap { name: cap.name, at: (at * MICROS).round() as i64, slot })
        };
        caps.into_iter().map(cap).collect()
    }

    fn rate(&mut self) -> Slot {
        self.plan.rates.push(0..0);
        Slot::Rate((self.plan.rates.len() - 1) as u16)
    }

    fn count(&mut self) -> Slot {
        self.plan.counts.push(0..0);
        Slot::Count((self.plan.counts.len() - 1) as u16)
    }

    fn select(&mut self, place: &str, selection: &Selection, slot: Slot) -> Result<(), Error> {
        for (name, factor) in selection {
            let factor = within(place, name, *factor, 0.0, 1.0)? * 1e3;
            self.route(place, name, Route { slot, factor, metrics: self.bit, gate: false })?;
        }
        Ok(())
    }

    fn gate(&mut self, place: &str, names: &[String]) -> Result<Slot, Error> {
        let slot = self.count();
        for name in names {
            self.route(place, name, Route { slot, factor: 1e3, metrics: self.bit, gate: true })?;
        }
        Ok(slot)
    }

    fn route(&mut self, place: &str, name: &str, route: Route) -> Result<(), Error> {
        let selector = Selector::parse(name).ok_or_else(|| {
            Error::value(
                place,
                format!("no signal {name:?}: use a name from docs/quality/labels.md, or a rule prefix such as advice/"),
            )
        })?;
        self.plan.routes.add(selector, route, &self.plan.conduct);
        Ok(())
    }

    fn pattern(&mut self, place: &str, pattern: written::Pattern, slot: Slot) -> Result<(), Error> {
        let found = self.plan.patterns.len() + 1;
        if found > MAX_PATTERNS {
            return Err(Error::TooMany { what: "patterns", found, limit: MAX_PATTERNS });
        }
        let regex = RegexBuilder::new(&pattern.find)
            .case_insensitive(true)
            .size_limit(MAX_PATTERN_SIZE)
            .build()
            .map_err(|error| Error::value(place, format!("pattern {:?}: {error}", pattern.id)))?;
        let route = Route { slot, factor: 1e3, metrics: self.bit, gate: false };
        let rule = pattern.id.into();
        self.plan.patterns.push(Pattern { regex, kind: pattern.kind, rule, route });
        Ok(())
    }
}
