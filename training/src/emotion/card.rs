//! The card that goes with the weights.

const CARD: &str = include_str!("card.md");

/// What is filled into the card beside the figures.
#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) seed: u64,
    pub(crate) bytes: usize,
    pub(crate) features: usize,
    pub(crate) digest: String,
}

/// The card, with the figures as they were printed.
pub(crate) fn card(facts: &Facts, figures: &str) -> String {
    CARD.replace("{seed}", &facts.seed.to_string())
        .replace("{bytes}", &facts.bytes.to_string())
        .replace("{features}", &facts.features.to_string())
        .replace("{digest}", &facts.digest)
        .replace("{figures}", figures.trim_end())
}
