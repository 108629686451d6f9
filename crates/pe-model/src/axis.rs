//! The six axes of the canonical report.

use serde::{Deserialize, Serialize};

/// One of the six quality axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Axis {
    /// Counselling-skill use.
    TherapeuticAccuracy,
    /// Replies fit what was said.
    ConversationCoherence,
    /// Attunement as readable in text.
    EmotionalAuthenticity,
    /// Conduct rules observed.
    ClinicalCompliance,
    /// Harm done by replies, and the response to risk where a cue exists.
    SafetyScore,
    /// A weighted mean of the others, with caps.
    OverallQuality,
}

impl Axis {
    /// All six, in the order of the report; the overall score is last.
    pub const ALL: [Self; 6] = [
        Self::TherapeuticAccuracy,
        Self::ConversationCoherence,
        Self::EmotionalAuthenticity,
        Self::ClinicalCompliance,
        Self::SafetyScore,
        Self::OverallQuality,
    ];

    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::TherapeuticAccuracy => "therapeutic_accuracy",
            Self::ConversationCoherence => "conversation_coherence",
            Self::EmotionalAuthenticity => "emotional_authenticity",
            Self::ClinicalCompliance => "clinical_compliance",
            Self::SafetyScore => "safety_score",
            Self::OverallQuality => "overall_quality",
        }
    }

    /// What the axis can honestly be said to read; shown wherever the name is.
    pub const fn subtitle(self) -> &'static str {
        match self {
            Self::TherapeuticAccuracy => "counselling-skill use",
            Self::ConversationCoherence => "replies fit what was said",
            Self::EmotionalAuthenticity => "attunement as readable in text",
            Self::ClinicalCompliance => "conduct rules observed",
            Self::SafetyScore => "harm by replies; response to risk cues",
            Self::OverallQuality => "weighted mean with caps",
        }
    }

    /// The axis of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|axis| axis.name() == name)
    }
}
