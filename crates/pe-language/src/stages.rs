//! The stages of a reading, for whoever wants to know where its time goes. The reader has no clock: it tells a [`Stopwatch`]
//! what it has just done, and without one ([`crate::Reader::read`]) nothing is left of these calls in the program.

/// A stage of a reading. A conversation goes through `Words` once, then volley by volley through `Rules`, `Conduct`, `Readers`
/// and `Risk`, and message by message through `Emotion`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Messages become words, sentences and volleys, and their languages are told.
    Words,
    /// The patterns of all rules are searched.
    Rules,
    /// What the helper says is held against the rules of conduct.
    Conduct,
    /// What only the exchange tells: questions, reflections, answers, feelings, repetition.
    Readers,
    /// Cues of risk, and how they are replied to.
    Risk,
    /// The 28 emotions of each message.
    Emotion,
}

impl Stage {
    /// All stages.
    pub const ALL: [Self; 6] =
        [Self::Words, Self::Rules, Self::Conduct, Self::Readers, Self::Risk, Self::Emotion];

    /// In lower case, for tables.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Rules => "rules",
            Self::Conduct => "conduct",
            Self::Readers => "readers",
            Self::Risk => "risk",
            Self::Emotion => "emotion",
        }
    }
}

/// Is told when a part of the work is done.
pub trait Stopwatch {
    /// What was done since the last call, or since the reading began, was work of this stage.
    fn lap(&mut self, stage: Stage);
}

/// Takes no time.
impl Stopwatch for () {
    fn lap(&mut self, _: Stage) {}
}
