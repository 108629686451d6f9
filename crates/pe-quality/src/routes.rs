//! Routes: which signal adds how much to which slot.
//!
//! A definition selects signals by name; here every selection is resolved once, so that scoring looks nothing up by text
//! except rule prefixes.

use pe_model::{Experiencer, Signal, SignalKind};

use crate::conduct::{Conduct, HelperProfile, Severity};
use crate::plan::Slot;

/// A slot, how much of it one signal of full strength fills (thousandths), and the metrics it may move (one bit each).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    pub(crate) slot: Slot,
    pub(crate) factor: f64,
    pub(crate) metrics: u64,
    /// Only present or absent: a cap, or what a term needs.
    pub(crate) gate: bool,
}

/// What a definition may select signals by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selector {
    Kind(SignalKind),
    Prefix(String),
    Conduct(Severity),
    Harm(Severity),
    RiskCue,
    UnansweredCritical,
}

impl Selector {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let severity = |name: &str| {
            Some(match name {
                "minor" => Severity::Minor,
                "serious" => Severity::Serious,
                "critical" => Severity::Critical,
                _ => return None,
            })
        };
        match text.split_once(':') {
            Some(("conduct", name)) => severity(name).map(Self::Conduct),
            Some(("harm", name)) => severity(name).map(Self::Harm),
            Some(("risk_unanswered", "critical")) => Some(Self::UnansweredCritical),
            Some(_) => None,
            None if text == "risk_cue" => Some(Self::RiskCue),
            None if text.contains('/') => Some(Self::Prefix(text.to_owned())),
            None => SignalKind::from_name(text).map(Self::Kind),
        }
    }
}

/// From this grade of ideation (non-specific active thoughts) a cue that no reply takes up is critical. An omission's
/// strength is the grade of the cue it cites.
const CRITICAL_GRADE: f32 = 2.0;

/// All routes of a plan.
#[derive(Debug)]
pub(crate) struct Routes {
    by_kind: Vec<Vec<Route>>,
    by_prefix: Vec<(String, Route)>,
    by_conduct: Vec<Vec<Route>>,
    unanswered_critical: Vec<Route>,
    helper: HelperProfile,
}

impl Routes {
    pub(crate) fn new(conduct: &Conduct, helper: HelperProfile) -> Self {
        Self {
            by_kind: vec![Vec::new(); SignalKind::ALL.len()],
            by_prefix: Vec::new(),
            by_conduct: vec![Vec::new(); conduct.rule.len() + 1],
            unanswered_critical: Vec::new(),
            helper,
        }
    }

    pub(crate) fn add(&mut self, selector: Selector, route: Route, conduct: &Conduct) {
        match selector {
            Selector::Kind(kind) => self.by_kind[kind as usize].push(route),
            Selector::Prefix(prefix) => self.by_prefix.push((prefix, route)),
            Selector::Conduct(severity) => self.add_conduct(conduct, route, severity, false),
            Selector::Harm(severity) => self.add_conduct(conduct, route, severity, true),
            Selector::RiskCue => {
                for kind in SignalKind::ALL.iter().filter(|kind| kind.is_risk_cue()) {
                    self.by_kind[*kind as usize].push(route);
                }
            }
            Selector::UnansweredCritical => self.unanswered_critical.push(route),
        }
    }

    fn add_conduct(&mut self, conduct: &Conduct, route: Route, severity: Severity, harm_only: bool) {
        for (position, routes) in self.by_conduct.iter_mut().enumerate() {
            let rule = conduct.at(position);
            if rule.severity(self.helper) == severity && (rule.harm || !harm_only) {
                routes.push(route);
            }
        }
    }

    /// Calls `found` for every route of a signal.
    pub(crate) fn of(&self, signal: &Signal, conduct: &Conduct, mut found: impl FnMut(&Route)) {
        if !self.counts(signal) {
            return;
        }
        self.by_kind[signal.kind as usize].iter().for_each(&mut found);
        if signal.kind == SignalKind::Conduct {
            self.by_conduct[conduct.position(signal)].iter().for_each(&mut found);
        }
        if signal.kind == SignalKind::RiskUnanswered && signal.strength >= CRITICAL_GRADE {
            self.unanswered_critical.iter().for_each(&mut found);
        }
        for (prefix, route) in &self.by_prefix {
            if signal.rule.starts_with(prefix.as_str()) {
                found(route);
            }
        }
    }

    /// A risk cue counts when it is somebody's own and not denied; a claim to feelings only where software is declared, or nothing
    /// is and somebody has said so.
    fn counts(&self, signal: &Signal) -> bool {
        if signal.kind.is_risk_cue() {
            return is_genuine_cue(signal);
        }
        signal.kind != SignalKind::ClaimedFeeling
            || self.helper == HelperProfile::Ai
            || !self.helper.is_person() && !signal.rule.ends_with(Signal::IF_SOFTWARE)
    }
}

/// Whether a risk cue is about a real person and not denied.
pub(crate) fn is_genuine_cue(signal: &Signal) -> bool {
    signal.kind.is_risk_cue()
        && !signal.denied
        && matches!(signal.experiencer, Experiencer::Speaker | Experiencer::Other)
}

/// How much of a whole a signal's strength stands for, 0 to 1.
pub(crate) fn share(signal: &Signal) -> f64 {
    let share = f64::from(signal.strength) / f64::from(whole(signal.kind));
    // Not a number counts nothing.
    if share > 0.0 { share.min(1.0) } else { 0.0 }
}

/// The strength of a whole one: the highest grade of kinds that are graded so, 1 for all others.
pub(crate) const fn whole(kind: SignalKind) -> f32 {
    match kind {
        SignalKind::EmotionalReaction | SignalKind::Exploration => 2.0,
        _ => 1.0,
    }
}
