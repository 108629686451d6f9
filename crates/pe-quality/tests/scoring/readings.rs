//! Conversations and readings made by hand and by chance.

use pe_model::{
    Experiencer, Language, MessageReading, Reading, Role, Signal, SignalKind, Span, Turn, Volley,
};
use pe_quality::{QualityConfig, Validator, validators};
use proptest::prelude::*;

/// Rules that signals of conduct may carry.
pub(crate) const CONDUCT: [&str; 6] = [
    "conduct/diagnosing/you-have",
    "conduct/guaranteeing",
    "conduct/method-information",
    "conduct/sexual/flirting",
    "conduct/dual-relationship",
    "conduct/never-heard-of",
];

/// A text of forty words, so that no conversation of two turns is too short.
pub(crate) const TEXT: &str = "so i went there and then it all came back to me and i could not say a word to her \
     because what do you think would have happened if she knew how it feels to be the one who";

/// The canonical validator of a configuration.
pub(crate) fn scorer(config: &QualityConfig) -> Box<dyn Validator> {
    validators(config).expect("the configuration is good").remove(0)
}

/// Alternating turns, the client first.
pub(crate) fn turns(messages: usize) -> Vec<Turn<'static>> {
    (0..messages)
        .map(|at| Turn { role: if at.is_multiple_of(2) { Role::User } else { Role::Assistant }, text: TEXT })
        .collect()
}

/// The reading of alternating turns with these signals.
pub(crate) fn reading(messages: usize, mut signals: Vec<Signal>) -> Reading {
    signals.sort_by_key(|signal| (signal.span, signal.kind));
    let volley = |at: usize| Volley {
        role: if at.is_multiple_of(2) { Role::User } else { Role::Assistant },
        first: at as u32,
        last: at as u32,
        words: 30 + (at % 5) as u32,
    };
    Reading {
        version: "hand-made".into(),
        language: Language { code: "en".into(), share: 1.0 },
        volleys: (0..messages).map(volley).collect(),
        messages: vec![MessageReading::default(); messages],
        signals,
    }
}

/// A signal of any kind somewhere in the conversation.
pub(crate) fn any_signal(messages: usize) -> impl Strategy<Value = Signal> {
    let kinds = prop::sample::select(SignalKind::ALL.to_vec());
    let place = (0..messages as u32, 0_u32..12, 1_u32..4);
    let rest = (0.0_f32..5.0, any::<bool>(), 0_usize..CONDUCT.len(), 0..4);
    (kinds, place, rest).prop_map(
        |(kind, (message, start, length), (strength, denied, rule, experiencer))| {
            let rule = if kind == SignalKind::Conduct { CONDUCT[rule] } else { "some/rule" };
            let span = Span::new(message, start * 4, (start + length) * 4);
            let experiencer =
                [Experiencer::Speaker, Experiencer::Other, Experiencer::Fiction, Experiencer::Idiom]
                    [experiencer as usize];
            Signal { strength, denied, experiencer, ..Signal::new(kind, span, rule) }
        },
    )
}

/// Any number of messages and signals.
pub(crate) fn any_reading() -> impl Strategy<Value = (usize, Reading)> {
    (2_usize..40)
        .prop_flat_map(|messages| (Just(messages), prop::collection::vec(any_signal(messages), 0..90)))
        .prop_map(|(messages, signals)| (messages, reading(messages, signals)))
}
