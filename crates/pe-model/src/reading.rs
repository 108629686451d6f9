//! What one reading of a conversation found.

use serde::{Deserialize, Serialize};

use crate::{Emotion, Role, Signal};

/// Whose experience a statement tells of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Experiencer {
    /// The one who speaks.
    #[default]
    Speaker,
    /// Somebody else.
    Other,
    /// A character, a song, a game.
    Fiction,
    /// A figure of speech ("dying of boredom").
    Idiom,
}

/// A language, as read from the text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Language {
    /// ISO 639-1, such as `en`; empty when the text has no letters.
    pub code: String,
    /// Share of the letters-bearing messages in that language, 0 to 1.
    pub share: f32,
}

/// All that a speaker says before the other speaks: consecutive messages of one role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volley {
    /// Who speaks.
    pub role: Role,
    /// Its first message.
    pub first: u32,
    /// Its last message.
    pub last: u32,
    /// Words in it.
    pub words: u32,
}

/// What was read in one message.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MessageReading {
    /// ISO 639-1 of this message; empty when it has too few letters to tell.
    pub language: String,
    /// Probability of each emotion in the order of [`Emotion::ALL`]; empty when the message was not read for emotion.
    pub emotions: Vec<f32>,
    /// The emotions at or above their label's threshold, most probable first; never empty where `emotions` is not.
    pub selected: Vec<Emotion>,
}

impl MessageReading {
    /// The most probable of the selected emotions.
    pub fn primary(&self) -> Option<Emotion> {
        self.selected.first().copied()
    }
}

/// What one reading of a conversation found. A pure function of roles and texts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Which reader and which rules: changes whenever the result may change.
    pub version: String,
    /// The language most of it is in.
    pub language: Language,
    /// In order, without gaps; system and tool messages belong to no volley.
    pub volleys: Vec<Volley>,
    /// One for each message.
    pub messages: Vec<MessageReading>,
    /// Sorted by span, then kind.
    pub signals: Vec<Signal>,
}
