//! What is measured of the conversations while they are written, for the dataset card.

use std::collections::BTreeMap;

use pe_model::{Axis, Role, Tier};

use super::ExportRecord;

/// Counts of whole numbers: exact below 1,000, to three significant digits above, so that it stays small whatever comes.
#[derive(Debug, Default)]
pub(super) struct Histogram {
    counts: BTreeMap<u64, u64>,
    total: u64,
    sum: u64,
}

impl Histogram {
    /// Counts one value.
    pub(super) fn add(&mut self, value: u64) {
        let mut step = 1;
        while value / step >= 1_000 {
            step *= 10;
        }
        *self.counts.entry(value / step * step).or_default() += 1;
        self.total += 1;
        self.sum += value;
    }

    /// How many values.
    pub(super) const fn total(&self) -> u64 {
        self.total
    }

    /// Their sum.
    pub(super) const fn sum(&self) -> u64 {
        self.sum
    }

    /// Their mean; 0 when there are none.
    pub(super) fn mean(&self) -> f64 {
        self.sum as f64 / self.total.max(1) as f64
    }

    /// The value below or at which this share of the values lies (nearest rank); 0 when there are none.
    pub(super) fn quantile(&self, share: f64) -> u64 {
        let rank = ((share * self.total as f64).ceil() as u64).max(1);
        let mut seen = 0;
        self.counts
            .iter()
            .find(|(_, count)| {
                seen += **count;
                seen >= rank
            })
            .map_or(0, |(value, _)| *value)
    }
}

/// What is measured of the conversations while they are written.
#[derive(Debug, Default)]
pub(super) struct Statistics {
    /// Messages in a conversation.
    pub(super) messages: Histogram,
    /// Words in a message, by role, in the order of [`Role::ALL`].
    pub(super) words: [Histogram; 4],
    /// Conversations by ISO 639-1 of their language; empty where it was not read.
    pub(super) languages: BTreeMap<String, u64>,
    /// Conversations by tier; `None` for those without scores.
    pub(super) tiers: BTreeMap<Option<Tier>, u64>,
    /// Thousandths of each score, in the order of [`Axis::ALL`].
    pub(super) scores: [Histogram; 6],
}

impl Statistics {
    /// Measures one conversation.
    pub(super) fn add(&mut self, record: &ExportRecord) {
        let messages = &record.conversation.messages;
        self.messages.add(messages.len() as u64);
        for message in messages {
            let position = Role::ALL.iter().position(|role| *role == message.role);
            if let Some(words) = position.and_then(|position| self.words.get_mut(position)) {
                words.add(words_in(&message.content));
            }
        }
        *self.languages.entry(record.language.clone().unwrap_or_default()).or_default() += 1;
        *self.tiers.entry(record.tier).or_default() += 1;
        for (scores, (_, score)) in self.scores.iter_mut().zip(record.fractions()) {
            if let Some(score) = score {
                scores.add((score * 1e3).round() as u64);
            }
        }
    }

    /// How many conversations.
    pub(super) const fn conversations(&self) -> u64 {
        self.messages.total()
    }

    /// Each axis with its scores, where there are any.
    pub(super) fn scored(&self) -> impl Iterator<Item = (Axis, &Histogram)> {
        Axis::ALL.into_iter().zip(&self.scores).filter(|(_, scores)| scores.total() > 0)
    }
}

/// Runs of characters between white space; in scripts that write no spaces (Chinese, Japanese) each character.
fn words_in(text: &str) -> u64 {
    let mut words = 0;
    let mut inside = false;
    for character in text.chars() {
        let alone = matches!(character, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}');
        let joins = !character.is_whitespace() && !alone;
        words += u64::from(alone || (joins && !inside));
        inside = joins;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_with_and_without_spaces() {
        for (text, words) in
            [("", 0), ("  two words ", 2), ("don't stop", 2), ("我很累", 3), ("ok 好", 2), ("a\nb", 2)]
        {
            assert_eq!(words_in(text), words, "{text:?}");
        }
    }

    #[test]
    fn quantiles_are_exact_below_a_thousand_and_the_memory_is_bounded() {
        let mut histogram = Histogram::default();
        (1..=999).for_each(|value| histogram.add(value));
        assert_eq!(
            (histogram.quantile(0.25), histogram.quantile(0.5), histogram.quantile(1.0)),
            (250, 500, 999)
        );
        assert!((histogram.mean() - 500.0).abs() < 1e-9);
        (0..100_000).for_each(|value| histogram.add(value * 7_919));
        assert!(histogram.counts.len() < 1_000 + 6 * 900, "{}", histogram.counts.len());
    }

    #[test]
    fn nothing_measured_gives_zeros() {
        let histogram = Histogram::default();
        assert_eq!((histogram.quantile(0.5), histogram.sum()), (0, 0));
        assert!(histogram.mean().abs() < f64::EPSILON);
    }
}
