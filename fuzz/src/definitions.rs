//! Definitions of validators and the section `[quality]`: any text is a validator whose evidence adds up to scores between 0
//! and 1, or it is refused with a reason.

use std::sync::LazyLock;

use pe_language::Reader;
use pe_model::{Outcome, Points, Reading, Role, Turn};
use pe_quality::{QualityConfig, Validator};

use crate::place;

const TALK: [(Role, &str); 6] = [
    (Role::User, "I can't sleep since the move, and I feel so alone in this town. I'm scared of the nights."),
    (Role::Assistant, "It sounds lonely, and the nights are the worst. What goes through your mind then?"),
    (Role::User, "That nobody would notice if I were gone. I don't want to die, I just want it to stop."),
    (Role::Assistant, "You should just get a dog. Everything happens for a reason."),
    (Role::User, "Maybe. Can you tell me what others do?"),
    (
        Role::Assistant,
        "Some people find a fixed hour of worry helps; would you like to try? How many hours do you sleep?",
    ),
];

static READING: LazyLock<Reading> = LazyLock::new(|| Reader::new().expect("built-in rules").read(&turns()));

fn turns() -> Vec<Turn<'static>> {
    TALK.iter().map(|(role, text)| Turn { role: *role, text }).collect()
}

/// Takes the text for a definition, and then for the section `[quality]`.
pub(crate) fn scored_or_refused(bytes: &[u8]) {
    let file = place::file("validator.toml", bytes);
    let custom = QualityConfig { validators: Vec::new(), custom: vec![file], ..QualityConfig::default() };
    try_config(&custom);
    let section = std::str::from_utf8(bytes).ok().and_then(|text| toml::from_str::<QualityConfig>(text).ok());
    if let Some(mut section) = section {
        // Only what was put in its place is read, whatever the section names.
        section.custom.clear();
        try_config(&section);
    }
}

fn try_config(config: &QualityConfig) {
    match pe_quality::validators(config) {
        Ok(validators) => validators.iter().for_each(|validator| check(validator.as_ref())),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

fn check(validator: &dyn Validator) {
    let Outcome::Scored(assessment) = validator.validate(&turns(), &READING).outcome else { return };
    for score in &assessment.scores {
        assert!((Points::ZERO..=Points::ONE).contains(&score.value), "{score:?}");
        assert_eq!(score.sum(), score.value, "{score:?}");
        assert!(score.low <= score.value && score.value <= score.high, "{score:?}");
    }
}
