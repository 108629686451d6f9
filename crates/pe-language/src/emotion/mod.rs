//! The 28 emotion labels.
mod features;
pub use features::Features;
