//! Scoring as a whole: what holds for every reading, what the canonical axes make of some, and validators by configuration.

mod canonical;
mod documents;
mod properties;
mod readings;
mod validators;
