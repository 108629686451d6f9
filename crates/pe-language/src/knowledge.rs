//! All that is known before a conversation comes: words, feelings, rules. Made once, from the files in `rules/`.

use std::sync::Arc;

use crate::Error;
use crate::feelings::Feelings;
use crate::lexicons::{Lexicons, WordSet};
use crate::rules::{self, RuleId, Rules};
use crate::sentences::Boundaries;
use crate::vocabulary::Vocabulary;

/// Words, feelings and rules.
#[derive(Debug)]
pub(crate) struct Knowledge {
    pub(crate) vocabulary: Vocabulary,
    pub(crate) boundaries: Boundaries,
    pub(crate) classes: Classes,
    pub(crate) feelings: Feelings,
    pub(crate) rules: Rules,
    pub(crate) cues: Cues,
    pub(crate) names: Names,
}

impl Knowledge {
    pub(crate) fn new() -> Result<Self, Error> {
        let mut lexicons = Lexicons::parse(rules::LEXICONS)?;
        let empty = lexicons
            .get("without-content")
            .ok_or_else(|| Error::Missing { what: "lexicon", name: "without-content".into() })?;
        let mut vocabulary = Vocabulary::new(empty.iter().map(String::as_str));
        let feelings = Feelings::parse(rules::FEELINGS, &mut lexicons, &mut vocabulary)?;
        let boundaries = Boundaries {
            conjunctions: lexicons.set("conjunction", &mut vocabulary)?,
            subjects: lexicons.set("subject", &mut vocabulary)?,
            openers: lexicons.set("opener", &mut vocabulary)?,
        };
        let classes = Classes::new(&lexicons, &mut vocabulary)?;
        let rules = Rules::new(&lexicons, &mut vocabulary)?;
        let cues = Cues::new(&rules)?;
        Ok(Self { vocabulary, boundaries, classes, feelings, rules, cues, names: Names::new() })
    }
}

macro_rules! classes {
    ($($field:ident = $name:literal,)*) => {
        /// Classes of words that the readers ask for: lists of `rules/lexicons.toml`.
        #[derive(Debug)]
        #[allow(missing_docs)]
        pub(crate) struct Classes { $(pub(crate) $field: WordSet,)* }

        impl Classes {
            fn new(lexicons: &Lexicons, vocabulary: &mut Vocabulary) -> Result<Self, Error> {
                Ok(Self { $($field: lexicons.set($name, vocabulary)?,)* })
            }
        }
    };
}

classes! {
    frequent = "frequent-english",
    negation = "negation",
    auxiliary = "auxiliary",
    pronoun = "pronoun",
    question_word = "question-word",
    first_person = "first-person",
    second_person = "second-person",
    third_person = "third-person",
    feeling_intro = "feeling-intro",
    intensifier = "intensifier",
    wished = "wished",
    other_person = "other-person",
    pointing_back = "pointing-back",
    article = "article",
    target = "target",
    graded = "graded",
    he = "he",
    she = "she",
    action = "action",
    urging = "urging",
    verdict = "verdict",
    risk_my = "rk_my",
    risk_first_person = "rk_first_person",
    risk_other_person = "rk_other_person",
    risk_other_self = "rk_other_self",
    risk_report = "rk_report",
    risk_negation = "rk_negation",
    risk_neutral = "rk_neutral",
    risk_scope_opener = "rk_scope_opener",
    risk_contrast = "rk_contrast",
    risk_joint = "rk_joint",
}

macro_rules! cues {
    ($($field:ident = $id:literal,)*) => {
        /// Rules without a kind that the readers ask for.
        #[derive(Debug)]
        #[allow(missing_docs)]
        pub(crate) struct Cues { $(pub(crate) $field: RuleId,)* }

        impl Cues {
            fn new(rules: &Rules) -> Result<Self, Error> {
                Ok(Self { $($field: rules.named($id)?,)* })
            }
        }
    };
}

cues! {
    risk_idiom = "risk_frames/idiom",
    risk_fiction = "risk_frames/fiction",
    risk_past = "risk_frames/past",
    risk_imminent = "risk_frames/imminent",
    risk_asked = "risk_frames/asked",
    risk_retraction = "risk_frames/retraction",
    asks_permission = "advice/asks-permission",
    way_out = "advice/way-out",
    client_asks = "advice/client-asks",
    refuses = "advice/refuses",
    is_software = "claimed_feelings/is-software",
    generic_exploration = "exploration/generic",
    greeting = "facilitate/greeting",
    invites = "questions/invites",
    tag = "questions/tag",
    stem = "reflections/stem",
    you_statement = "reflections/you-statement",
    inner = "reflections/inner",
    two_sides = "reflections/two-sides",
    meaning = "reflections/meaning",
    names_feeling = "reflections/names-feeling",
    fragment = "reflections/fragment",
    aside = "reflections/aside",
    wants_answer = "asks/wants-answer",
    rhetorical = "asks/rhetorical",
    answers = "asks/answers",
    own_agenda = "asks/own-agenda",
}

macro_rules! names {
    ($($field:ident = $id:literal,)*) => {
        /// The names under which readers report what no single rule found.
        #[derive(Debug)]
        #[allow(missing_docs)]
        pub(crate) struct Names { $(pub(crate) $field: Arc<str>,)* }

        impl Names {
            fn new() -> Self {
                Self { $($field: $id.into(),)* }
            }
        }
    };
}

names! {
    open_question = "questions/open",
    closed_question = "questions/closed",
    stacked_question = "questions/stacked",
    exploration = "exploration/question",
    simple_reflection = "reflections/simple",
    complex_reflection = "reflections/complex",
    inaccurate_reflection = "reflections/inaccurate",
    goes_on = "reflections/goes-on",
    feeling_named = "feelings/named",
    feeling_mismatch = "feelings/mismatch",
    feeling_ignored = "feelings/ignored",
    answer = "answers/answer",
    unanswered = "answers/unanswered",
    pick_up = "links/pick-up",
    contingent = "contingency/fits-here",
    out_of_place = "contingency/fits-elsewhere",
    off_topic = "links/off-topic",
    self_repetition = "repetition/said-before",
    re_asking = "repetition/asked-before",
    contradiction = "repetition/opposite",
}
