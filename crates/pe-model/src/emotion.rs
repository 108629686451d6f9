//! The 28 emotion labels of GoEmotions (Demszky et al., ACL 2020), and their groups.

use serde::{Deserialize, Serialize};

/// One of the 27 emotions of GoEmotions, or neutral. The order is that of the published `labels.txt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // The names are their own documentation.
pub enum Emotion {
    Admiration,
    Amusement,
    Anger,
    Annoyance,
    Approval,
    Caring,
    Confusion,
    Curiosity,
    Desire,
    Disappointment,
    Disapproval,
    Disgust,
    Embarrassment,
    Excitement,
    Fear,
    Gratitude,
    Grief,
    Joy,
    Love,
    Nervousness,
    Optimism,
    Pride,
    Realization,
    Relief,
    Remorse,
    Sadness,
    Surprise,
    Neutral,
}

/// Ekman's six basic emotions, or neutral.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // The names are their own documentation.
pub enum Ekman {
    Anger,
    Disgust,
    Fear,
    Joy,
    Sadness,
    Surprise,
    Neutral,
}

/// The sentiment groups of GoEmotions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)] // The names are their own documentation.
pub enum Sentiment {
    Positive,
    Negative,
    Ambiguous,
    Neutral,
}

use Emotion as E;

impl Emotion {
    /// How many there are.
    pub const COUNT: usize = 28;

    /// All of them, in the published order.
    pub const ALL: [Self; Self::COUNT] = [
        E::Admiration,
        E::Amusement,
        E::Anger,
        E::Annoyance,
        E::Approval,
        E::Caring,
        E::Confusion,
        E::Curiosity,
        E::Desire,
        E::Disappointment,
        E::Disapproval,
        E::Disgust,
        E::Embarrassment,
        E::Excitement,
        E::Fear,
        E::Gratitude,
        E::Grief,
        E::Joy,
        E::Love,
        E::Nervousness,
        E::Optimism,
        E::Pride,
        E::Realization,
        E::Relief,
        E::Remorse,
        E::Sadness,
        E::Surprise,
        E::Neutral,
    ];

    /// The published name.
    pub const fn name(self) -> &'static str {
        match self {
            E::Admiration => "admiration",
            E::Amusement => "amusement",
            E::Anger => "anger",
            E::Annoyance => "annoyance",
            E::Approval => "approval",
            E::Caring => "caring",
            E::Confusion => "confusion",
            E::Curiosity => "curiosity",
            E::Desire => "desire",
            E::Disappointment => "disappointment",
            E::Disapproval => "disapproval",
            E::Disgust => "disgust",
            E::Embarrassment => "embarrassment",
            E::Excitement => "excitement",
            E::Fear => "fear",
            E::Gratitude => "gratitude",
            E::Grief => "grief",
            E::Joy => "joy",
            E::Love => "love",
            E::Nervousness => "nervousness",
            E::Optimism => "optimism",
            E::Pride => "pride",
            E::Realization => "realization",
            E::Relief => "relief",
            E::Remorse => "remorse",
            E::Sadness => "sadness",
            E::Surprise => "surprise",
            E::Neutral => "neutral",
        }
    }

    /// The emotion of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|emotion| emotion.name() == name)
    }

    /// Its group in the published `ekman_mapping.json`.
    pub const fn ekman(self) -> Ekman {
        match self {
            E::Anger | E::Annoyance | E::Disapproval => Ekman::Anger,
            E::Disgust => Ekman::Disgust,
            E::Fear | E::Nervousness => Ekman::Fear,
            E::Joy
            | E::Amusement
            | E::Approval
            | E::Excitement
            | E::Gratitude
            | E::Love
            | E::Optimism
            | E::Relief
            | E::Pride
            | E::Admiration
            | E::Desire
            | E::Caring => Ekman::Joy,
            E::Sadness | E::Disappointment | E::Embarrassment | E::Grief | E::Remorse => Ekman::Sadness,
            E::Surprise | E::Realization | E::Confusion | E::Curiosity => Ekman::Surprise,
            E::Neutral => Ekman::Neutral,
        }
    }

    /// Its group in the published `sentiment_mapping.json`.
    pub const fn sentiment(self) -> Sentiment {
        match self {
            E::Amusement
            | E::Excitement
            | E::Joy
            | E::Love
            | E::Desire
            | E::Optimism
            | E::Caring
            | E::Pride
            | E::Admiration
            | E::Gratitude
            | E::Relief
            | E::Approval => Sentiment::Positive,
            E::Fear
            | E::Nervousness
            | E::Remorse
            | E::Embarrassment
            | E::Disappointment
            | E::Sadness
            | E::Grief
            | E::Disgust
            | E::Anger
            | E::Annoyance
            | E::Disapproval => Sentiment::Negative,
            E::Realization | E::Surprise | E::Curiosity | E::Confusion => Sentiment::Ambiguous,
            E::Neutral => Sentiment::Neutral,
        }
    }
}
