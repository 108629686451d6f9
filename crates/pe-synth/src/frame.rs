//! A frame: a sentence with slots. `I {ved} the {n}` becomes "I painted the kettle".

use crate::families::VerbForm;

/// What can stand in a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// What the topic is about, after "the".
    Topic,
    /// Somebody of the topic.
    Person,
    Noun,
    Plural,
    /// A rare noun.
    Compound,
    Verb(VerbForm),
    Adjective,
    Adverb,
    Feeling,
    Place,
    Firm,
    Relation,
    /// A number above one, written out.
    Number,
    Span,
    Day,
    Month,
    Daypart,
    Time,
    Amount,
    /// A frame without a subject of its own.
    Clause,
    FullName,
    Email,
    Phone,
    Address,
    Birth,
}

impl Slot {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "t" => Self::Topic,
            "p" => Self::Person,
            "n" => Self::Noun,
            "ns" => Self::Plural,
            "c" => Self::Compound,
            "v" => Self::Verb(VerbForm::Base),
            "vs" => Self::Verb(VerbForm::Third),
            "ving" => Self::Verb(VerbForm::Ing),
            "ved" => Self::Verb(VerbForm::Past),
            "a" | "a2" => Self::Adjective,
            "ly" => Self::Adverb,
            "f" | "f2" => Self::Feeling,
            "place" => Self::Place,
            "firm" => Self::Firm,
            "rel" => Self::Relation,
            "num" => Self::Number,
            "span" => Self::Span,
            "day" => Self::Day,
            "month" => Self::Month,
            "daypart" => Self::Daypart,
            "time" => Self::Time,
            "amount" => Self::Amount,
            "clause" => Self::Clause,
            "fullname" => Self::FullName,
            "email" => Self::Email,
            "phone" => Self::Phone,
            "address" => Self::Address,
            "birth" => Self::Birth,
            _ => return None,
        })
    }
}

/// Part of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Text(&'static str),
    Slot(Slot),
}

/// A sentence with slots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame(pub(crate) Vec<Piece>);

impl Slot {
    /// How much a slot does to make a sentence unlike any other: about how many words of long lists it is worth.
    const fn weight(self) -> u32 {
        match self {
            Self::Noun
            | Self::Plural
            | Self::Verb(_)
            | Self::Adjective
            | Self::Adverb
            | Self::Firm
            | Self::Number => 1,
            Self::Place | Self::Clause => 2,
            Self::Compound => 3,
            _ => 0,
        }
    }
}

impl Frame {
    /// The weight of all its slots.
    pub(crate) fn weight(&self) -> u32 {
        let weight = |piece: &Piece| if let Piece::Slot(slot) = piece { slot.weight() } else { 0 };
        self.0.iter().map(weight).sum()
    }

    /// Reads one. What stands in braces and is no slot stays as it is; a test sees to it that there is none.
    pub(crate) fn parse(line: &'static str) -> Self {
        let mut pieces = Vec::new();
        let mut rest = line;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, behind)) = after.split_once('}') else { break };
            let Some(slot) = Slot::from_name(name) else { break };
            if !before.is_empty() {
                pieces.push(Piece::Text(before));
            }
            pieces.push(Piece::Slot(slot));
            rest = behind;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest));
        }
        Self(pieces)
    }

    /// Whether a brace is left, which is a mistake in the data.
    #[cfg(test)]
    pub(crate) fn is_whole(&self) -> bool {
        self.0.iter().all(|piece| {
            matches!(piece, Piece::Slot(_))
                || matches!(piece, Piece::Text(text) if !text.contains(['{', '}']))
        })
    }
}
