//! Who speaks in a transcript. A reply may hold lines such as `Note: ...` or `Step 1: ...`, so a line opens a message only
//! when its label belongs to the cast, and the cast is found from the whole conversation:
//!
//! * labels that the role table knows (`Human`, `therapist`, `user 2`) belong if they are written in the same case as the
//!   most frequent of them: a script that a reply holds has speakers too;
//! * beside them, a label belongs if it is written as an identifier (`Guest_family`), or if it opens at least three
//!   lines and at least three in twenty of all opened lines and is written in the same case;
//! * where no label is known, the first line must open a message; then every label whose words are all capitalised
//!   belongs if at least half of the lines open a message, and otherwise those that open two or more.

use std::collections::BTreeMap;

use super::transcript_header::{self, Header};

/// One message of a transcript, before its speaker has a role.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Spoken {
    /// The speaker's label.
    pub(super) label: String,
    /// What was said, lines joined by `\n`.
    pub(super) text: String,
    /// Where in the recording it begins, in seconds.
    pub(super) start: Option<f64>,
    /// Where in the recording it ends, in seconds.
    pub(super) end: Option<f64>,
}

/// A conversation read from text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Script {
    /// What stood before the first message.
    pub(super) preamble: String,
    /// The messages.
    pub(super) spoken: Vec<Spoken>,
    /// A last line such as `[session ended]`, which nobody said.
    pub(super) ending: Option<String>,
}

/// Labels that head notes, not speech.
const NOTES: [&str; 24] = [
    "note",
    "notes",
    "nb",
    "ps",
    "p.s.",
    "re",
    "subject",
    "warning",
    "tip",
    "tips",
    "example",
    "examples",
    "summary",
    "date",
    "time",
    "title",
    "topic",
    "remember",
    "important",
    "update",
    "edit",
    "source",
    "url",
    "link",
];

/// Reads `text` as one conversation. `known` says whether a label is one of the role table's. `None` when nobody speaks.
pub(super) fn read(text: &str, known: &dyn Fn(&str) -> bool) -> Option<Script> {
    let cast = Speakers::of(text.lines(), known, true);
    let mut script = Script::default();
    for line in text.lines() {
        match transcript_header::parse(line).filter(|header| cast.holds(header)) {
            Some(header) => script.spoken.push(Spoken {
                label: header.label.to_owned(),
                text: header.text.trim_end().to_owned(),
                start: header.start,
                end: None,
            }),
            None => script.go_on(line),
        }
    }
    script.close();
    (!script.spoken.is_empty()).then_some(script)
}

/// Whether a label is known, also with a number behind it (`Client 2`, `Speaker B`).
pub(super) fn is_known(label: &str, known: &dyn Fn(&str) -> bool) -> bool {
    if known(label) {
        return true;
    }
    let Some((stem, number)) = label.rsplit_once([' ', '_']) else { return false };
    let numbered = number.len() <= 3 && number.chars().all(|letter| letter.is_ascii_digit())
        || (number.len() == 1 && number.chars().all(|letter| letter.is_ascii_uppercase()));
    let generic = ["speaker", "person", "participant"].contains(&stem.to_lowercase().as_str());
    numbered && (generic || known(stem))
}

impl Script {
    fn go_on(&mut self, line: &str) {
        let text = match self.spoken.last_mut() {
            Some(spoken) => &mut spoken.text,
            None => &mut self.preamble,
        };
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(line.trim_end());
    }

    fn close(&mut self) {
        self.preamble = self.preamble.trim().to_owned();
        for spoken in &mut self.spoken {
            spoken.text.truncate(spoken.text.trim_end().len());
        }
        let Some(last) = self.spoken.last_mut() else { return };
        let Some((rest, line)) = last.text.rsplit_once('\n') else { return };
        if is_ending(line) {
            self.ending = Some(line.to_owned());
            last.text = rest.trim_end().to_owned();
        }
    }
}

/// `[CONVERSATION ENDED - ...]`, `[end of session]`.
fn is_ending(line: &str) -> bool {
    let Some(inside) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) else { return false };
    let ends = |word: &str| matches!(word.to_lowercase().as_str(), "end" | "ends" | "ended" | "terminated");
    inside.split(|letter: char| !letter.is_alphanumeric()).any(ends)
}

struct Tally {
    count: usize,
    known: bool,
    capitalised: bool,
}

/// The labels that are speakers.
pub(super) struct Speakers {
    /// Lower-cased labels; the flag says whether the role table knows it.
    members: BTreeMap<String, bool>,
}

impl Speakers {
    /// The cast of a conversation's lines. `opening`: where no label is known, nobody speaks unless the first line opens
    /// a message (subtitles may begin in the middle of a scene).
    pub(super) fn of<'t>(
        text: impl IntoIterator<Item = &'t str>,
        known: &dyn Fn(&str) -> bool,
        opening: bool,
    ) -> Self {
        let mut tallies: BTreeMap<String, Tally> = BTreeMap::new();
        let (mut lines, mut opened, mut first_opens) = (0usize, 0usize, !opening);
        for line in text.into_iter().filter(|line| !line.trim().is_empty()) {
            lines += 1;
            let Some(header) = transcript_header::parse(line) else { continue };
            let is_known = is_known(header.label, known);
            if header.tight && !is_known && header.label.is_ascii() {
                continue;
            }
            opened += 1;
            first_opens |= lines == 1;
            let capitalised = is_capitalised(header.label);
            let tally =
                tallies.entry(key(header.label)).or_insert(Tally { count: 0, known: is_known, capitalised });
            tally.count += 1;
        }
        let members = if tallies.values().any(|tally| tally.known) {
            beside_known(tallies)
        } else if first_opens {
            unknown(tallies, opened * 2 >= lines)
        } else {
            BTreeMap::new()
        };
        Self { members }
    }

    /// Whether the line that `header` was read from opens a message.
    pub(super) fn holds(&self, header: &Header<'_>) -> bool {
        match self.members.get(&key(header.label)) {
            Some(known) => *known || !header.tight || !header.label.is_ascii(),
            None => false,
        }
    }
}

fn key(label: &str) -> String {
    label.to_lowercase()
}

/// Every word begins with a capital, or with a letter of a script that has none.
fn is_capitalised(label: &str) -> bool {
    let first = |word: &str| word.chars().find(|letter| letter.is_alphabetic());
    label.split([' ', '_', '-']).filter_map(first).all(|letter| !letter.is_lowercase())
}

fn beside_known(tallies: BTreeMap<String, Tally>) -> BTreeMap<String, bool> {
    let known = || tallies.values().filter(|tally| tally.known);
    let capitalised = known().max_by_key(|tally| tally.count).is_some_and(|tally| tally.capitalised);
    // `User:` and `assistant:` may well speak to each other.
    let alone = known().filter(|tally| tally.capitalised == capitalised).count() < 2;
    let total: usize = tallies.values().map(|tally| tally.count).sum();
    let belongs = |label: &str, tally: &Tally| {
        (tally.known && (alone || tally.capitalised == capitalised))
            || label.contains('_')
            || (tally.count >= 3
                && tally.count * 20 >= total * 3
                && tally.capitalised == capitalised
                && !NOTES.contains(&label))
    };
    tallies
        .into_iter()
        .filter(|(label, tally)| belongs(label, tally))
        .map(|(label, tally)| (label, tally.known))
        .collect()
}

fn unknown(tallies: BTreeMap<String, Tally>, dense: bool) -> BTreeMap<String, bool> {
    let belongs = |label: &str, tally: &Tally| {
        !NOTES.contains(&label) && (tally.count >= 2 || (dense && tally.capitalised))
    };
    let members: BTreeMap<_, _> = tallies
        .into_iter()
        .filter(|(label, tally)| belongs(label, tally))
        .map(|(label, _)| (label, false))
        .collect();
    // One unknown label alone is a form or a list, not a conversation.
    if members.len() < 2 { BTreeMap::new() } else { members }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(label: &str) -> bool {
        ["human", "assistant", "client", "therapist", "user"].contains(&label.to_lowercase().as_str())
    }

    fn said(text: &str) -> Vec<(String, String)> {
        let script = read(text, &known).unwrap_or_default();
        script.spoken.into_iter().map(|spoken| (spoken.label, spoken.text)).collect()
    }

    #[test]
    fn lines_go_on_until_the_next_speaker() {
        let text = "Client: first\nstill first\n\nNote: also first\n10:30 too\nhttps://example.org\nTherapist: second\n";
        let said = said(text);
        assert_eq!(said.len(), 2);
        assert_eq!(said[0].1, "first\nstill first\n\nNote: also first\n10:30 too\nhttps://example.org");
        assert_eq!(said[1], ("Therapist".into(), "second".into()));
    }

    #[test]
    fn steps_of_a_reply_are_not_speakers() {
        let text = "user: help\nassistant: sure\nStep 1: breathe\nStep 2: rest\nInhale: four\nuser: thanks";
        assert_eq!(said(text).len(), 3);
    }

    #[test]
    fn identifiers_and_frequent_labels_join_the_known() {
        assert_eq!(said("Client: a\nGuest_family: b\nTherapist: c").len(), 3);
        assert_eq!(said("Therapist: a\nJo: b\nTherapist: c\nJo: d\nJo: e").len(), 5);
        assert_eq!(said("Client 1: a\nClient 2: b\nTherapist: c").len(), 3);
        assert_eq!(said("User: a\nassistant: b").len(), 2);
        // A script within a reply.
        assert_eq!(said("user: a\nassistant: b\nClient: c\nTherapist: d\nuser: e").len(), 3);
    }

    #[test]
    fn unknown_names_make_a_conversation_only_together() {
        assert_eq!(said("Ann: hello\nBo: hi\nAnn: bye").len(), 3);
        assert_eq!(said("#Person1#: hello\n#Person2#: hi\n#Person1#: bye").len(), 3);
        assert!(said("Title: x\nDate: y\n").is_empty());
        assert!(said("I like it: really\nSee here: no\n").is_empty());
        assert!(said("Some prose.\nOne thing: that\nmore prose\n").is_empty());
        assert!(said("").is_empty());
    }

    #[test]
    fn preamble_and_ending_are_kept_apart() {
        let script =
            read("Session of May\n\nClient: a\nTherapist: b\n\n[SESSION ENDED - time]\n", &known).unwrap();
        assert_eq!(script.preamble, "Session of May");
        assert_eq!(script.ending.as_deref(), Some("[SESSION ENDED - time]"));
        assert_eq!(script.spoken[1].text, "b");
    }
}
