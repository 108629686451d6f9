//! Versions: a score is current only when reader, engine, definition and settings are.

use std::sync::OnceLock;

use pe_model::Digest;

/// Changes when the engine's arithmetic does; definitions and settings change the digest beside it.
pub(crate) const ENGINE: &str = "2";

/// What is stored with each score as `validation_version`, at most 20 characters: reader and validator together. A stored
/// score with another one is out of date.
pub fn validation_version(reading: &str, validator: &str) -> String {
    format!("{ENGINE}.{}", short(&[reading, validator]))
}

/// Twelve hexadecimal digits of the digest of `parts`.
pub(crate) fn short(parts: &[&str]) -> String {
    let mut text = Digest::of_parts(parts.iter().map(|part| part.as_bytes())).to_string();
    text.truncate(12);
    text
}

/// Remembers the combination with the first reader it meets, which in practice is the only one.
#[derive(Debug, Default)]
pub(crate) struct Combined(OnceLock<(String, String)>);

impl Combined {
    pub(crate) fn with(&self, reading: &str, validator: &str) -> String {
        let (known, combined) =
            self.0.get_or_init(|| (reading.to_owned(), validation_version(reading, validator)));
        if known == reading { combined.clone() } else { validation_version(reading, validator) }
    }
}
