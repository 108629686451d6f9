//! Collects the signals of a conversation, and sets them in order: no kind twice on one place, at most so many on one message.

use std::cmp::Reverse;
use std::sync::Arc;

use pe_model::{Signal, SignalKind, Span};

/// No message carries more signals than this; the strongest are kept.
const MOST_PER_MESSAGE: usize = 64;

/// The signals found so far.
#[derive(Debug, Default)]
pub(crate) struct Signals(Vec<Signal>);

impl Signals {
    /// Adds a plain signal and gives it back for more to be said of it.
    pub(crate) fn add(&mut self, kind: SignalKind, span: Span, rule: &Arc<str>) -> &mut Signal {
        let at = self.0.len();
        self.0.push(Signal::new(kind, span, rule.clone()));
        &mut self.0[at]
    }

    /// In order of place and kind.
    pub(crate) fn finish(mut self) -> Vec<Signal> {
        widen(&mut self.0);
        self.0.sort_by(|a, b| {
            let place = |signal: &Signal| (signal.span.message, signal.kind, signal.span.start);
            place(a).cmp(&place(b)).then(b.span.end.cmp(&a.span.end)).then(b.strength.total_cmp(&a.strength))
        });
        self.0.dedup_by(|later, earlier| {
            let inside = later.span.message == earlier.span.message && later.span.end <= earlier.span.end;
            later.kind == earlier.kind
                && inside
                && (later.kind != SignalKind::Conduct || later.rule == earlier.rule)
        });
        bound(&mut self.0);
        self.0.sort_by_key(|signal| (signal.span.message, signal.span.start, signal.span.end, signal.kind));
        self.0
    }
}

/// What lies within the words of another skill is cited with all of these words. A feeling that is named within a reflection can't
/// be taken out without harm to the reflection, so they stand and fall together.
fn widen(signals: &mut [Signal]) {
    signals.sort_by_key(|signal| (signal.span.message, signal.span.start, Reverse(signal.span.end)));
    let mut around: Option<Span> = None;
    for signal in signals.iter_mut().filter(|signal| is_skill(signal.kind)) {
        let within = |around: &Span| around.message == signal.span.message && signal.span.end <= around.end;
        match around.filter(within) {
            Some(around) => signal.span = around,
            None => around = Some(signal.span),
        }
    }
}

/// Kinds that are judged sentence by sentence of a helper's reply. Omissions, risk, conduct and what is said of a whole message
/// keep their places.
const fn is_skill(kind: SignalKind) -> bool {
    use SignalKind as K;
    matches!(
        kind,
        K::OpenQuestion
            | K::ClosedQuestion
            | K::LeadingQuestion
            | K::StackedQuestion
            | K::SimpleReflection
            | K::ComplexReflection
            | K::InaccurateReflection
            | K::Affirm
            | K::Praise
            | K::SeekCollaboration
            | K::EmphasiseAutonomy
            | K::GiveInformation
            | K::AdviseWithPermission
            | K::AdviseWithoutPermission
            | K::Confront
            | K::Direct
            | K::Warn
            | K::Support
            | K::Reassure
            | K::SelfDisclosure
            | K::EmotionalReaction
            | K::Interpretation
            | K::InterpretationOwnStory
            | K::Exploration
            | K::StockPhrase
            | K::ForcedCheer
            | K::FeelingNamed
            | K::FeelingMismatch
            | K::PickUp
            | K::Contingent
            | K::OutOfPlace
            | K::Answer
    )
}

/// Keeps the strongest of each message.
fn bound(signals: &mut Vec<Signal>) {
    let mut kept = Vec::with_capacity(signals.len());
    for message in signals.chunk_by_mut(|a, b| a.span.message == b.span.message) {
        if message.len() > MOST_PER_MESSAGE {
            message.sort_by(|a, b| b.strength.total_cmp(&a.strength));
        }
        kept.extend(message.iter().take(MOST_PER_MESSAGE).cloned());
    }
    *signals = kept;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_carries_a_kind_once() {
        let mut signals = Signals::default();
        let rule: Arc<str> = "test/rule".into();
        signals.add(SignalKind::Confront, Span::new(0, 4, 9), &rule);
        signals.add(SignalKind::Confront, Span::new(0, 0, 9), &rule);
        signals.add(SignalKind::Praise, Span::new(0, 4, 9), &rule);
        signals.add(SignalKind::Confront, Span::new(1, 4, 9), &rule);
        let places: Vec<_> =
            signals.finish().iter().map(|signal| (signal.span.message, signal.span.start)).collect();
        assert_eq!(places, [(0, 0), (0, 0), (1, 4)]);
    }

    #[test]
    fn what_lies_within_another_skill_is_cited_with_it_and_conduct_is_not() {
        let mut signals = Signals::default();
        let rule: Arc<str> = "test/rule".into();
        signals.add(SignalKind::FeelingNamed, Span::new(0, 4, 9), &rule);
        signals.add(SignalKind::ComplexReflection, Span::new(0, 0, 20), &rule);
        signals.add(SignalKind::Conduct, Span::new(0, 4, 9), &rule);
        let found: Vec<_> = signals.finish().iter().map(|signal| (signal.kind, signal.span.start)).collect();
        let whole = [(SignalKind::ComplexReflection, 0), (SignalKind::FeelingNamed, 0)];
        assert!(whole.iter().all(|signal| found.contains(signal)), "{found:?}");
        assert!(found.contains(&(SignalKind::Conduct, 4)), "{found:?}");
    }

    #[test]
    fn a_message_is_bounded() {
        let mut signals = Signals::default();
        for at in 0..1000 {
            signals.add(SignalKind::StockPhrase, Span::new(0, at * 2, at * 2 + 1), &"test/rule".into());
        }
        assert_eq!(signals.finish().len(), MOST_PER_MESSAGE);
    }
}
