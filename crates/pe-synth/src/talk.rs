//! What people say: frames by topic, register and kind of helper, read once from the data files.

use std::sync::LazyLock;

use crate::frame::Frame;
use crate::sections;

const GENERIC: &str = include_str!("../data/generic.txt");
const TOPICS: &str = include_str!("../data/topics.txt");

/// How somebody talks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Register {
    Plain,
    Casual,
    Formal,
}

/// How somebody helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Reflects, asks, affirms.
    Listening,
    /// Some of each.
    Mixed,
    /// Advises, corrects and compares.
    Directing,
}

impl Register {
    pub(crate) const ALL: [Self; 3] = [Self::Plain, Self::Casual, Self::Formal];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Casual => "casual",
            Self::Formal => "formal",
        }
    }
}

impl Style {
    pub(crate) const ALL: [Self; 3] = [Self::Listening, Self::Mixed, Self::Directing];

    /// Which generic sections he speaks from; one named twice is spoken from twice as often.
    const fn sections(self) -> &'static [&'static str] {
        match self {
            Self::Listening => &["reflect", "question", "affirm"],
            Self::Mixed => &["reflect", "question", "inform", "poor"],
            Self::Directing => &["poor", "poor", "poor", "inform", "question"],
        }
    }
}

/// A topic: its words, and for each register and style the frames to choose from.
#[derive(Debug)]
pub(crate) struct Topic {
    pub(crate) name: &'static str,
    pub(crate) nouns: Vec<&'static str>,
    pub(crate) people: Vec<&'static str>,
    user: [Vec<Frame>; 3],
    helper: [Vec<Frame>; 3],
}

impl Topic {
    /// What a user says.
    pub(crate) fn user(&self, register: Register) -> &[Frame] {
        &self.user[register as usize]
    }

    /// What a helper says.
    pub(crate) fn helper(&self, style: Style) -> &[Frame] {
        &self.helper[style as usize]
    }

    fn new(name: &'static str) -> Self {
        let behind = |key: &'static str| {
            sections::lines(TOPICS, name).filter_map(move |line| line.strip_prefix(key)?.strip_prefix(": "))
        };
        let words = |key| behind(key).flat_map(sections::bars).collect();
        let own = |key: &'static str| behind(key).map(Frame::parse).collect::<Vec<_>>();
        let user = |register: Register| {
            let more = match register {
                Register::Plain => Vec::new(),
                Register::Casual | Register::Formal => frames(register.name()),
            };
            [own("user"), frames("user"), more].concat()
        };
        let helper = |style: Style| {
            let mut said: Vec<Frame> = style.sections().iter().flat_map(|section| frames(section)).collect();
            if style != Style::Directing {
                said.extend(own("helper"));
            }
            said
        };
        Self {
            name,
            nouns: words("nouns"),
            people: words("people"),
            user: Register::ALL.map(user),
            helper: Style::ALL.map(helper),
        }
    }
}

/// All of it.
#[derive(Debug)]
pub(crate) struct Talk {
    pub(crate) topics: Vec<Topic>,
    pub(crate) clauses: Vec<Frame>,
    /// What is said in a word or two, by users and by helpers.
    pub(crate) short: [Vec<&'static str>; 2],
    /// Sentences that hold personal data, in the order of `Planted::ALL`.
    pub(crate) planted: [Vec<Frame>; 5],
}

/// The one set of frames.
pub(crate) fn talk() -> &'static Talk {
    static TALK: LazyLock<Talk> = LazyLock::new(|| Talk {
        topics: sections::names(TOPICS).map(Topic::new).collect(),
        clauses: frames("clause"),
        short: ["shortuser", "shorthelper"].map(|section| sections::lines(GENERIC, section).collect()),
        planted: crate::Planted::ALL.map(|kind| frames(kind.name())),
    });
    &TALK
}

fn frames(section: &str) -> Vec<Frame> {
    sections::lines(GENERIC, section).map(Frame::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Piece, Slot};

    #[test]
    fn every_slot_has_a_name_that_is_known() {
        let talk = talk();
        assert!(talk.topics.len() >= 12);
        let mut frames: Vec<&Frame> = talk.clauses.iter().chain(talk.planted.iter().flatten()).collect();
        for topic in &talk.topics {
            assert!(topic.nouns.len() >= 12 && topic.people.len() >= 5, "{}", topic.name);
            frames.extend(Register::ALL.into_iter().flat_map(|register| topic.user(register)));
            frames.extend(Style::ALL.into_iter().flat_map(|style| topic.helper(style)));
        }
        for frame in frames {
            assert!(frame.is_whole(), "{frame:?}");
        }
    }

    #[test]
    fn a_clause_holds_no_clause() {
        for frame in &talk().clauses {
            assert!(!frame.0.contains(&Piece::Slot(Slot::Clause)), "{frame:?}");
        }
    }
}
