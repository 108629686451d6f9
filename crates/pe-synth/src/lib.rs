//! Conversations recombined from our own sentences, to measure with: no person is in them, and nobody has to be asked.
//!
//! A [`Synth`] is a stream of conversations that a seed determines: frames (sentences with slots) of a topic and a register are
//! filled with words of families that a stem list spans, so that lengths, repetitions and the long tail of rare words are those of
//! language. Repeated conversations and invented personal data are planted at known rates; the [`Manifest`] says how many there are.
//!
//! Ordinals are independent of each other, so memory does not grow with their number; only whole numbers decide anything, so every
//! machine writes the same bytes.

mod dice;
mod families;
mod frame;
mod lexicon;
mod manifest;
mod message;
mod pen;
mod plan;
mod sections;
mod synth;
mod talk;
mod words;

pub use manifest::Manifest;
pub use plan::{DUPLICATES_PER_MILLE, Planted};
pub use synth::{Synth, VERSION};
