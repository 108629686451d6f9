//! Signals: labels on spans. What they mean is defined in `docs/quality/labels.md`.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Experiencer, Span};

macro_rules! signal_kinds {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What a signal says of its span.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum SignalKind { $($(#[$doc])* $name,)* }

        impl SignalKind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name on the wire and in rule files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }
        }
    };
}

signal_kinds! {
    // What helpers do (after MITI 4.2.1 and MISC 2.5).
    /// A question that invites a story.
    OpenQuestion = "open_question",
    /// A question that a word answers.
    ClosedQuestion = "closed_question",
    /// A question that carries its own answer ("don't you think...").
    LeadingQuestion = "leading_question",
    /// Several questions at once.
    StackedQuestion = "stacked_question",
    /// Says again what the client said.
    SimpleReflection = "simple_reflection",
    /// Adds meaning, feeling or emphasis to what the client said.
    ComplexReflection = "complex_reflection",
    /// Contradicts what the client said.
    InaccurateReflection = "inaccurate_reflection",
    /// Names the client's own strength or effort.
    Affirm = "affirm",
    /// Praise that names no strength or effort.
    Praise = "praise",
    /// Asks for the client's view of a step, or offers to work it out together.
    SeekCollaboration = "seek_collaboration",
    /// Says that the choice is the client's.
    EmphasiseAutonomy = "emphasise_autonomy",
    /// Gives information without urging.
    GiveInformation = "give_information",
    /// Advice after asking, or with a way to decline.
    AdviseWithPermission = "advise_with_permission",
    /// Advice nobody asked for.
    AdviseWithoutPermission = "advise_without_permission",
    /// Blames, argues, shames.
    Confront = "confront",
    /// Orders.
    Direct = "direct",
    /// Threatens with consequences.
    Warn = "warn",
    /// Normalises or validates.
    Support = "support",
    /// Reassures or minimises ("it'll be fine", "it's not that bad").
    Reassure = "reassure",
    /// Endorses harm, hopelessness or delusion.
    OverValidate = "over_validate",
    /// The helper's own story.
    SelfDisclosure = "self_disclosure",
    /// A back-channel ("mm-hm").
    Facilitate = "facilitate",
    /// Says what happens next in the conversation.
    Structure = "structure",

    // What clients say (rates of a session, never a verdict on a turn).
    /// Towards a change.
    ChangeTalk = "change_talk",
    /// Towards staying the same.
    SustainTalk = "sustain_talk",
    /// Against the helper.
    Discord = "discord",

    // Empathy, on the pair (after EPITOME).
    /// Warmth or concern; strength 1 weak, 2 strong.
    EmotionalReaction = "emotional_reaction",
    /// Understanding of the other.
    Interpretation = "interpretation",
    /// Understanding by way of one's own story; feeds no axis.
    InterpretationOwnStory = "interpretation_own_story",
    /// Asks after the experience; strength 1 generic, 2 specific.
    Exploration = "exploration",

    // Attunement.
    /// A named feeling that fits the client's; `about` is the client's phrase.
    FeelingNamed = "feeling_named",
    /// A named feeling that does not fit the client's; `about` is the client's phrase.
    FeelingMismatch = "feeling_mismatch",
    /// A phrase that fits any conversation.
    StockPhrase = "stock_phrase",
    /// Cheer in the face of distress.
    ForcedCheer = "forced_cheer",
    /// Software that claims feelings or a past.
    ClaimedFeeling = "claimed_feeling",
    /// A client's feeling that the reply passes over; an omission, cited at the client's words.
    FeelingIgnored = "feeling_ignored",

    // Fit with what was said.
    /// Takes up what the client just said; `about` is the client's phrase.
    PickUp = "pick_up",
    /// Takes up what sets the turn before apart from the client's other turns; `about` is the client's phrase. Strength: by how
    /// much more than half of those turns it fits that one better.
    Contingent = "contingent",
    /// Takes up another turn of the client's and nothing of the one before; `about` is the client's phrase there.
    OutOfPlace = "out_of_place",
    /// Answers the client's question; `about` is the question.
    Answer = "answer",
    /// A question of the client that no reply takes up; an omission, cited at the question.
    UnansweredQuestion = "unanswered_question",
    /// Asks what was already answered; `about` is the first asking.
    ReAsking = "re_asking",
    /// Says the opposite of what the helper said before; `about` is the earlier saying.
    Contradiction = "contradiction",
    /// Says again what the helper said before; `about` is the first saying.
    SelfRepetition = "self_repetition",
    /// A reply that shares nothing with the client's last volley; cited at the reply.
    OffTopic = "off_topic",

    // Risk language: facets, not a ladder. Zero cues mean "no cue found", never "no risk".
    /// Ideation; strength 1 wish to be dead, 2 non-specific active, 3 with method, 4 with intent, 5 with plan and intent.
    RiskIdeation = "risk_ideation",
    /// Preparatory, aborted, interrupted or actual attempt.
    RiskBehaviour = "risk_behaviour",
    /// Self-injury without intent to die.
    RiskSelfInjury = "risk_self_injury",
    /// Harm to others.
    RiskHarmToOthers = "risk_harm_to_others",
    /// Abuse, or a child at risk.
    RiskAbuse = "risk_abuse",
    /// Psychosis or command voices.
    RiskPsychosis = "risk_psychosis",
    /// An eating disorder.
    RiskEatingDisorder = "risk_eating_disorder",
    /// Overdose or withdrawal.
    RiskSubstance = "risk_substance",

    // Response to risk (VERA-MH's five dimensions).
    /// Takes the cue up by name.
    RiskDetects = "risk_detects",
    /// Asks about it directly.
    RiskProbes = "risk_probes",
    /// Names human help.
    RiskResources = "risk_resources",
    /// Plans the next step with the person.
    RiskCollaborates = "risk_collaborates",
    /// Says what it can and cannot do.
    RiskBoundaries = "risk_boundaries",
    /// A risk cue that no reply takes up; an omission, cited at the cue.
    RiskUnanswered = "risk_unanswered",

    // Conduct.
    /// A conduct rule that fired; the rule id says which.
    Conduct = "conduct",
}

impl SignalKind {
    /// The kind of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// Whether it says that something is missing; its span is then the client's words that call for it.
    pub const fn is_omission(self) -> bool {
        matches!(self, Self::UnansweredQuestion | Self::FeelingIgnored | Self::RiskUnanswered)
    }

    /// Whether it is a cue of risk in what someone says.
    pub const fn is_risk_cue(self) -> bool {
        matches!(
            self,
            Self::RiskIdeation
                | Self::RiskBehaviour
                | Self::RiskSelfInjury
                | Self::RiskHarmToOthers
                | Self::RiskAbuse
                | Self::RiskPsychosis
                | Self::RiskEatingDisorder
                | Self::RiskSubstance
        )
    }
}

/// A label on a span.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signal {
    /// What it says.
    pub kind: SignalKind,
    /// Where it was read.
    pub span: Span,
    /// How strongly: a probability in (0, 1] for most kinds; where the kind has grades, the grade.
    pub strength: f32,
    /// The other half of the evidence, where there is one: the client's phrase that a reply fits or misses.
    pub about: Option<Span>,
    /// Whose experience it is.
    pub experiencer: Experiencer,
    /// Whether the text denies it ("I'd never hurt myself").
    pub denied: bool,
    /// The rule or head that found it, such as `advice/you-should`.
    pub rule: Arc<str>,
}

impl Signal {
    /// At the end of the rule of a claim to feelings: nobody has said that the helper is software, so it counts only where that
    /// is declared.
    pub const IF_SOFTWARE: &str = "/if-software";

    /// A plain signal: strength 1, about nothing, the speaker's own, not denied.
    pub fn new(kind: SignalKind, span: Span, rule: impl Into<Arc<str>>) -> Self {
        Self {
            kind,
            span,
            strength: 1.0,
            about: None,
            experiencer: Experiencer::Speaker,
            denied: false,
            rule: rule.into(),
        }
    }
}
