//! Training, validation and test parts that leak nothing into each other by repetition.
//!
//! The part of a conversation follows from its content alone, so the same conversation lands in the same part in every
//! export, whatever else is exported with it. Both halves of a preference pair share their part, and so do conversations
//! with the same roles and texts.

use pe_model::{Conversation, Digest};

use super::ExportError;

/// A part of a dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Split {
    /// To learn from.
    Train,
    /// To choose by.
    Validation,
    /// To measure with.
    Test,
}

impl Split {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Train, Self::Validation, Self::Test];

    /// The name in file names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Train => "train",
            Self::Validation => "validation",
            Self::Test => "test",
        }
    }
}

/// How large each part should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SplitRatios {
    /// Share of the training part, 0 to 1.
    pub train: f64,
    /// Share of the validation part, 0 to 1.
    pub validation: f64,
    /// Share of the test part, 0 to 1.
    pub test: f64,
}

impl SplitRatios {
    /// Everything to learn from.
    pub const WHOLE: Self = Self { train: 1.0, validation: 0.0, test: 0.0 };

    /// The part a conversation belongs to.
    pub fn part_of(&self, conversation: &Conversation) -> Split {
        let digest = match &conversation.pair {
            Some(pair) => Digest::of_parts([b"pair".as_slice(), pair.pair_id.as_bytes()]),
            None => conversation.text_digest(),
        };
        let head = digest.as_bytes().iter().take(8).fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
        let place = head as f64 / 2_f64.powi(64);
        if place < self.train {
            Split::Train
        } else if place < self.train + self.validation || self.test == 0.0 {
            // Rounding may leave a sliver above the sum of the first two shares; an unwanted test part is not made of it.
            if self.validation > 0.0 { Split::Validation } else { Split::Train }
        } else {
            Split::Test
        }
    }

    /// The share of a part.
    pub const fn share(&self, split: Split) -> f64 {
        match split {
            Split::Train => self.train,
            Split::Validation => self.validation,
            Split::Test => self.test,
        }
    }

    /// Refuses shares that are no shares.
    pub(super) fn check(&self) -> Result<(), ExportError> {
        let shares = [self.train, self.validation, self.test];
        let fits = shares.iter().all(|share| (0.0..=1.0).contains(share))
            && (shares.iter().sum::<f64>() - 1.0).abs() < 1e-6;
        if fits {
            return Ok(());
        }
        let [train, validation, test] = shares;
        Err(ExportError::Options(format!(
            "the shares {train}, {validation}, {test} do not add up to 1; give for example 0.8,0.1,0.1"
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pe_model::{Message, Pair, Preference, Role};

    fn saying(text: String) -> Conversation {
        Conversation { messages: vec![Message::new(Role::User, text)], ..Conversation::default() }
    }

    #[test]
    fn parts_have_about_the_asked_size_and_equal_texts_share_theirs() {
        let ratios = SplitRatios { train: 0.8, validation: 0.1, test: 0.1 };
        let mut counts = [0_u32; 3];
        for number in 0..5_000 {
            let mut one = saying(format!("text {number}"));
            let part = ratios.part_of(&one);
            one.source_id = Some("another id".into());
            one.metadata.insert("another".into(), "fact".into());
            assert_eq!(ratios.part_of(&one), part);
            counts[part as usize] += 1;
        }
        assert!((3_850..4_150).contains(&counts[0]), "{counts:?}");
        assert!((400..600).contains(&counts[1]) && (400..600).contains(&counts[2]), "{counts:?}");
    }

    #[test]
    fn both_halves_of_a_pair_share_their_part() {
        let ratios = SplitRatios { train: 0.4, validation: 0.3, test: 0.3 };
        for number in 0..500 {
            let half = |preference, text: &str| Conversation {
                pair: Some(Pair { pair_id: number.to_string(), preference }),
                ..saying(text.into())
            };
            let chosen = ratios.part_of(&half(Preference::Chosen, "yes"));
            assert_eq!(chosen, ratios.part_of(&half(Preference::Rejected, "no")));
        }
    }

    #[test]
    fn no_conversation_falls_into_a_part_of_share_zero() {
        for ratios in [SplitRatios::WHOLE, SplitRatios { train: 0.0, validation: 1.0, test: 0.0 }] {
            for number in 0..1_000 {
                let part = ratios.part_of(&saying(number.to_string()));
                assert!(ratios.share(part) > 0.0, "{part:?}");
            }
        }
        let thirds = SplitRatios { train: 0.5, validation: 0.4, test: 0.2 };
        assert!(thirds.check().is_err_and(|error| error.to_string().contains("add up to 1")));
    }
}
