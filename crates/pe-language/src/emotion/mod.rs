//! The 28 emotion labels of GoEmotions, read by a small model that is built into the program.
//!
//! The model is linear: each [feature](Features) of a text that the model knows adds its row of 28 small integers, and each
//! label turns its sum into a probability. It was trained on English Reddit comments; `models/emotion/CARD.md` says how and
//! how well it does. It labels what is written, and it screens for nothing.
//!
//! Sums are of integers and the rest is done in an order that is fixed, with the basic operations of IEEE 754 alone: a text
//! gets the same bits on every machine.

mod explanation;
mod features;
mod memo;
mod model;
mod weights;
mod windows;
mod written;

pub use explanation::Share;
pub use features::Features;
pub use model::EmotionModel;
pub use weights::{Damage, Label, Row, encode};
