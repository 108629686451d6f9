//! Who speaks in a cue, and what is left of its text without tags. A speaker is named by a voice tag (`<v Ann>`), by a
//! label before a colon, or by a label in brackets. A cue that names nobody goes on with the last speaker; a line that
//! opens with a dash is the other of the last two.

use std::collections::BTreeMap;

use super::subtitles_cue::Cue;
use super::transcript_cast::{self, Speakers, Spoken};
use super::transcript_header;

/// Words in brackets that describe a sound.
const SOUNDS: [&str; 14] = [
    "music",
    "laughs",
    "laughter",
    "laughing",
    "applause",
    "sighs",
    "sigh",
    "crying",
    "inaudible",
    "crosstalk",
    "silence",
    "pause",
    "noise",
    "unintelligible",
];

/// The messages of `cues`, one or more a cue. `known` says whether a label is one of the role table's.
pub(super) fn speak(cues: &[Cue], known: &dyn Fn(&str) -> bool) -> Vec<Spoken> {
    let plain: Vec<Vec<Piece>> = cues.iter().map(|cue| pieces(&cue.lines)).collect();
    let heads = || plain.iter().flatten().map(|piece| piece.text.as_str());
    let cast = Speakers::of(heads(), known, false);
    let mut voices = Voices { brackets: bracketed(heads(), known), cast, recent: Vec::new() };
    let mut spoken = Vec::new();
    for (cue, pieces) in cues.iter().zip(plain) {
        for (place, piece) in pieces.into_iter().enumerate() {
            let (label, text) = voices.hear(piece, place > 0);
            if !text.is_empty() {
                spoken.push(Spoken { label, text, start: Some(cue.start), end: Some(cue.end) });
            }
        }
    }
    spoken
}

/// A stretch of a cue that one speaker says.
#[derive(Debug, Default, PartialEq)]
struct Piece {
    voice: Option<String>,
    dash: bool,
    text: String,
}

struct Voices {
    cast: Speakers,
    brackets: Vec<String>,
    /// The last two speakers, the later one last.
    recent: Vec<String>,
}

impl Voices {
    /// The speaker of `piece` and its text without the label.
    fn hear(&mut self, piece: Piece, later: bool) -> (String, String) {
        let (label, text) = match piece.voice {
            Some(voice) => (Some(voice), piece.text),
            None => self.named(piece.text),
        };
        let label = match label {
            Some(label) => label,
            None if piece.dash && later => self.other(),
            None => self.recent.last().cloned().unwrap_or_else(|| "speaker 1".into()),
        };
        self.remember(&label);
        (label, text)
    }

    fn named(&self, text: String) -> (Option<String>, String) {
        if let Some(header) = transcript_header::parse(&text).filter(|header| self.cast.holds(header)) {
            return (Some(header.label.to_owned()), header.text.trim().to_owned());
        }
        match bracket(&text) {
            Some((label, rest)) if self.brackets.contains(&label.to_lowercase()) => {
                (Some(label.to_owned()), rest.to_owned())
            }
            _ => (None, text),
        }
    }

    fn other(&self) -> String {
        match self.recent.as_slice() {
            [first, _] => first.clone(),
            [only] if only == "speaker 2" => "speaker 1".into(),
            _ => "speaker 2".into(),
        }
    }

    fn remember(&mut self, label: &str) {
        self.recent.retain(|one| one != label);
        self.recent.push(label.to_owned());
        if self.recent.len() > 2 {
            self.recent.remove(0);
        }
    }
}

/// Labels in brackets before text: known ones, and capitalised ones that come twice and are no sound.
fn bracketed<'t>(heads: impl Iterator<Item = &'t str>, known: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (label, _) in heads.filter_map(bracket).filter(|(_, rest)| !rest.is_empty()) {
        let sure = transcript_cast::is_known(label, known);
        let name = label.chars().next().is_some_and(char::is_uppercase);
        *counts.entry(label.to_lowercase()).or_default() += if sure { 2 } else { usize::from(name) };
    }
    let belongs =
        |(label, count): (String, usize)| (count >= 2 && !SOUNDS.contains(&label.as_str())).then_some(label);
    counts.into_iter().filter_map(belongs).collect()
}

fn bracket(text: &str) -> Option<(&str, &str)> {
    let (label, rest) = text.strip_prefix('[')?.split_once(']')?;
    let label = label.trim();
    (!label.is_empty() && label.split_whitespace().count() <= 3)
        .then(|| (label, rest.trim_start_matches(':').trim()))
}

/// Parts a payload where a voice tag or a dash opens another speaker. Line breaks of a cue are layout, so they become
/// spaces.
fn pieces(lines: &[String]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for line in lines {
        let undashed = line.trim_start().strip_prefix(['-', '–', '—']).filter(|rest| {
            rest.starts_with([' ', '<', '[']) || rest.chars().next().is_some_and(char::is_alphabetic)
        });
        let mut fresh = undashed.is_some() || pieces.is_empty();
        for (voice, text) in voiced(undashed.unwrap_or(line)) {
            let text = untagged(&text);
            if fresh || voice.is_some() {
                pieces.push(Piece { voice, dash: undashed.is_some() && fresh, text });
            } else if let Some(piece) = pieces.last_mut() {
                join(&mut piece.text, &text);
            }
            fresh = false;
        }
    }
    pieces.retain(|piece| !piece.text.is_empty());
    pieces
}

fn join(text: &mut String, more: &str) {
    if !text.is_empty() && !more.is_empty() {
        text.push(' ');
    }
    text.push_str(more);
}

/// Parts a line at its voice tags: `<v Ann>`, `<v.loud Ann>`.
fn voiced(line: &str) -> Vec<(Option<String>, String)> {
    let mut parts = Vec::new();
    let mut voice = None;
    let mut rest = line;
    while let Some(open) = find_voice(rest) {
        let Some(close) = rest[open..].find('>') else { break };
        let before = &rest[..open];
        if voice.is_some() || !before.trim().is_empty() {
            parts.push((voice.take(), before.to_owned()));
        }
        let name =
            rest[open + 2..open + close].split_once(char::is_whitespace).map_or("", |(_, name)| name.trim());
        voice = (!name.is_empty()).then(|| entities(name));
        rest = &rest[open + close + 1..];
    }
    parts.push((voice, rest.to_owned()));
    parts
}

fn find_voice(text: &str) -> Option<usize> {
    ["<v ", "<v.", "<v\t"].iter().filter_map(|tag| text.find(tag)).min()
}

/// `text` without tags (`<i>`, `<c.red>`, `<00:01.000>`, `{\an8}`), with its entities read.
fn untagged(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(['<', '{']) {
        plain.push_str(&rest[..open]);
        rest = &rest[open..];
        let length = tag(rest);
        if length == 0 {
            plain.push_str(&rest[..1]);
            rest = &rest[1..];
        } else {
            rest = &rest[length..];
        }
    }
    plain.push_str(rest);
    entities(plain.trim())
}

/// The bytes of the tag at the head of `text`; 0 where none is.
fn tag(text: &str) -> usize {
    let close = if text.starts_with('{') { '}' } else { '>' };
    let Some(end) = text.find(close) else { return 0 };
    let inside = &text[1..end];
    let is_tag = match close {
        '}' => inside.starts_with('\\'),
        _ => {
            inside.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '/')
                && inside.len() <= 80
        }
    };
    if is_tag { end + 1 } else { 0 }
}

fn entities(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut plain = text.to_owned();
    for (name, value) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&nbsp;", " "),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&apos;", "'"),
        ("&lrm;", "\u{200e}"),
        ("&rlm;", "\u{200f}"),
        ("&amp;", "&"),
    ] {
        plain = plain.replace(name, value);
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cue(start: f64, lines: &[&str]) -> Cue {
        Cue { start, end: start + 1.0, lines: lines.iter().map(|line| (*line).to_owned()).collect(), line: 1 }
    }

    fn said(cues: &[Cue]) -> Vec<(String, String)> {
        let known = |label: &str| ["therapist", "client"].contains(&label.to_lowercase().as_str());
        speak(cues, &known).into_iter().map(|spoken| (spoken.label, spoken.text)).collect()
    }

    fn pair(label: &str, text: &str) -> (String, String) {
        (label.into(), text.into())
    }

    #[test]
    fn voice_tags_name_speakers_and_tags_vanish() {
        let cues = [
            cue(0.0, &["<v Ann Lee>Hello <i>you</i></v>", "&amp; all"]),
            cue(1.0, &["<v.loud Bo>Hi</v> <v Ann Lee>again"]),
            cue(2.0, &["goes 1 < 2 on {\\an8}here <00:00:02.500>"]),
        ];
        assert_eq!(
            said(&cues),
            [
                pair("Ann Lee", "Hello you & all"),
                pair("Bo", "Hi"),
                pair("Ann Lee", "again"),
                pair("Ann Lee", "goes 1 < 2 on here"),
            ]
        );
    }

    #[test]
    fn labels_and_brackets_name_speakers() {
        let cues = [
            cue(0.0, &["THERAPIST: How are you?"]),
            cue(1.0, &["[Client] Fine."]),
            cue(2.0, &["[Laughs] Really."]),
            cue(3.0, &["It is 10:30."]),
        ];
        assert_eq!(
            said(&cues),
            [
                pair("THERAPIST", "How are you?"),
                pair("Client", "Fine."),
                pair("Client", "[Laughs] Really."),
                pair("Client", "It is 10:30."),
            ]
        );
    }

    #[test]
    fn dashes_change_the_speaker() {
        let cues = [cue(0.0, &["- Hi.", "- Hello", "there."]), cue(1.0, &["How are you?"])];
        assert_eq!(
            said(&cues),
            [pair("speaker 1", "Hi."), pair("speaker 2", "Hello there."), pair("speaker 2", "How are you?")]
        );
    }

    #[test]
    fn cues_of_one_speaker_stay_apart_and_empty_ones_vanish() {
        let cues = [cue(0.0, &["Client: a"]), cue(1.0, &["b"]), cue(2.0, &["<i></i>"]), cue(3.0, &[])];
        assert_eq!(said(&cues).len(), 2);
    }
}
