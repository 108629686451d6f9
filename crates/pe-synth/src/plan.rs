//! What a conversation will be, decided by the seed and its ordinal alone: whose words it repeats, topic, register, helper, length,
//! and which personal data are planted.

use crate::dice::Dice;
use crate::talk::{Register, Style, Topic, talk};

/// So many conversations in a thousand repeat the words of an earlier one.
pub const DUPLICATES_PER_MILLE: u64 = 10;

/// Purposes of dice, so that one decision does not move another.
const REPEATS: u64 = 1;
const CONTENT: u64 = 2;

/// Personal data that are planted, each kind in a sentence of its own in one message of a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Planted {
    /// A given name and a surname.
    Name,
    /// An address at example.org.
    Email,
    /// A number of a range that is reserved for fiction.
    Phone,
    /// A house number, an invented street and an invented town.
    Address,
    /// A date of birth.
    Birth,
}

impl Planted {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Name, Self::Email, Self::Phone, Self::Address, Self::Birth];

    /// The name in a manifest.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Birth => "birth",
        }
    }

    /// So many conversations in a thousand hold one.
    pub const fn per_mille(self) -> u64 {
        match self {
            Self::Name => 30,
            Self::Email | Self::Phone => 20,
            Self::Address | Self::Birth => 10,
        }
    }
}

/// The ordinal whose words conversation `ordinal` has: its own, or that of an earlier one.
pub(crate) fn origin(seed: u64, ordinal: u64) -> u64 {
    let mut at = ordinal;
    loop {
        let mut dice = Dice::of(seed, at, REPEATS);
        if at == 0 || !dice.chance(DUPLICATES_PER_MILLE) {
            return at;
        }
        at = dice.below(at);
    }
}

/// What a conversation will be.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) topic: &'static Topic,
    pub(crate) register: Register,
    pub(crate) style: Style,
    pub(crate) messages: u64,
    /// Which kinds, and each in which message.
    pub(crate) planted: Vec<(Planted, u64)>,
}

impl Plan {
    /// The plan of an ordinal, and the dice that write it; `None` where there are no topics.
    pub(crate) fn of(seed: u64, ordinal: u64) -> Option<(Self, Dice)> {
        let mut dice = Dice::of(seed, ordinal, CONTENT);
        let topics = &talk().topics;
        let topic = topics.get(dice.below(topics.len() as u64) as usize)?;
        let register = Register::ALL[dice.below(3) as usize];
        let style = Style::ALL[dice.below(3) as usize];
        let messages = length(&mut dice);
        let planted = Planted::ALL
            .into_iter()
            .filter(|kind| dice.chance(kind.per_mille()))
            .collect::<Vec<_>>()
            .into_iter()
            // Users speak at even positions; helpers plant nothing.
            .map(|kind| (kind, dice.below(messages.div_ceil(2)) * 2))
            .collect();
        Some((Self { topic, register, style, messages, planted }, dice))
    }
}

/// From 2 to 26 messages, 8 in the mean: three small dice for most, and a long tail.
fn length(dice: &mut Dice) -> u64 {
    let most = 2 + dice.below(4) + dice.below(5) + dice.below(5);
    // An eighth are longer by 3.5 in the mean of 0 to 7, and some of these by as much again.
    let mut more = 0;
    while more < 14 && dice.chance(125) {
        more += dice.below(8);
    }
    most + more
}
