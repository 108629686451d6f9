//! Cuts a file of transcripts into conversations while it streams. A new conversation begins where a speaker's line
//! follows
//!
//! * a title (`# Conversation 12`, `=== Session 3 ===`),
//! * a rule (`---`, `===`, `***`), if in the sample every rule is followed by a speaker's line: replies written in
//!   markdown hold rules of their own; and in an archive, where a conversation is mostly a file of its own and rules part
//!   its sessions, only if that speaker is always the one who opens the file,
//! * two or more empty lines, if in the sample every such gap is followed by the same speaker and some conversation
//!   between two gaps has three messages or more,
//! * `<|endoftext|>` on a line of its own;
//!
//! in `ChatML`, where a system message follows one that is not.

use std::io::{self, BufRead, Read as _};

use super::{transcript_chatml as chatml, transcript_header};
use crate::record::Place;

/// What parts conversations in this file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Boundaries {
    rules: Rules,
    gaps: bool,
    chatml: bool,
}

/// What the rules in a file do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Rules {
    /// They part nothing: there are none, or text follows one of them.
    #[default]
    Nothing,
    /// A speaker's line follows every one of them.
    PartSpeech,
    /// The speaker who opens the file follows every one of them.
    PartOpenings,
}

/// The text of one conversation.
#[derive(Debug, Default)]
pub(super) struct Block {
    /// Its bytes; cut off and not to be used when `too_long`.
    pub(super) text: Vec<u8>,
    /// Its title, if one stood before it.
    pub(super) title: Option<String>,
    /// Where its first line is.
    pub(super) place: Place,
    /// It is longer than a record may be.
    pub(super) too_long: bool,
}

/// The lines between two pieces of text that may part two conversations.
#[derive(Debug, Default)]
struct Pause {
    lines: Vec<u8>,
    blanks: usize,
    rule: bool,
    end_mark: bool,
    title: Option<String>,
}

/// The conversations of a stream of text.
pub(super) struct Blocks<R> {
    source: R,
    boundaries: Boundaries,
    limit: usize,
    place: Place,
    block: Block,
    pause: Pause,
    /// The role of the block's last message, in `ChatML`.
    last_role: Option<String>,
    /// The first line of the next block, read ahead.
    opening: Option<(Vec<u8>, Place)>,
    ended: bool,
}

impl Boundaries {
    /// Looks at the beginning of a file.
    pub(super) fn of(sample: &str) -> Self {
        let mut pause = Pause::default();
        let mut survey = Survey::default();
        for line in sample.lines() {
            if !pause.take(line) {
                survey.note(&pause, line);
                pause = Pause::default();
            }
        }
        survey.verdict()
    }

    /// `ChatML`, whose messages may hold anything that parts other transcripts.
    pub(super) const CHATML: Self = Self { rules: Rules::Nothing, gaps: false, chatml: true };

    /// The same for a member of an archive.
    pub(super) const fn of_member(self) -> Self {
        match self.rules {
            Rules::PartSpeech => Self { rules: Rules::Nothing, ..self },
            Rules::Nothing | Rules::PartOpenings => self,
        }
    }

    fn part(self, pause: &Pause, last_role: Option<&str>, line: &str) -> bool {
        if pause.end_mark {
            return true;
        }
        if self.chatml {
            return chatml::opened(line).is_some_and(|role| chatml::parts(last_role, role));
        }
        let parted = pause.title.is_some()
            || (self.rules != Rules::Nothing && pause.rule)
            || (self.gaps && pause.blanks >= 2);
        parted && transcript_header::parse(line).is_some()
    }
}

#[derive(Default)]
struct Survey {
    rules: (usize, usize),
    /// A rule was followed by another speaker than the first.
    other_opening: bool,
    gaps: usize,
    broken_gaps: bool,
    first_label: Option<String>,
    messages: usize,
    longest: usize,
}

impl Survey {
    fn note(&mut self, pause: &Pause, line: &str) {
        let label = transcript_header::parse(line).map(|header| header.label.to_lowercase());
        let begun = self.first_label.is_some();
        if pause.rule && begun {
            self.rules.0 += usize::from(label.is_some());
            self.rules.1 += 1;
            self.other_opening |= label != self.first_label;
        }
        if pause.blanks >= 2 && begun {
            self.gaps += 1;
            self.broken_gaps |= label != self.first_label;
            self.messages = 0;
        }
        self.messages += usize::from(label.is_some());
        self.longest = self.longest.max(self.messages);
        if self.first_label.is_none() {
            self.first_label = label;
        }
    }

    fn verdict(&self) -> Boundaries {
        let (spoken, all) = self.rules;
        Boundaries {
            rules: match self.other_opening {
                _ if all == 0 || spoken < all => Rules::Nothing,
                true => Rules::PartSpeech,
                false => Rules::PartOpenings,
            },
            gaps: self.gaps > 0 && !self.broken_gaps && self.longest >= 3,
            chatml: false,
        }
    }
}

impl Pause {
    /// Takes a line that may stand between two conversations; `false` when it is text.
    fn take(&mut self, line: &str) -> bool {
        let line = line.trim();
        if line.is_empty() {
            self.blanks += 1;
        } else if line == "<|endoftext|>" {
            self.end_mark = true;
        } else if let Some(title) = title(line) {
            self.title = Some(title.to_owned());
        } else if is_rule(line) {
            self.rule = true;
        } else {
            return false;
        }
        true
    }
}

fn is_rule(line: &str) -> bool {
    let first = line.chars().next();
    line.len() >= 3
        && matches!(first, Some('-' | '=' | '*' | '_'))
        && line.chars().all(|letter| Some(letter) == first)
}

/// `# Conversation 12`, `=== Session 3: intake ===`, `Dialogue 7`.
fn title(line: &str) -> Option<&str> {
    let marks: &[char] = &['#', '=', '-', '*', '[', ']', ' '];
    let inside = line.trim_matches(marks);
    let word = inside.split(|letter: char| !letter.is_alphabetic()).next()?.to_lowercase();
    let named = matches!(
        word.as_str(),
        "conversation" | "dialogue" | "dialog" | "transcript" | "session" | "interview" | "chat"
    );
    let rest = inside.get(word.len()..)?.trim_start_matches([' ', ':', '#']);
    let numbered = rest.chars().next().is_some_and(|next| next.is_ascii_digit());
    let marked = line.starts_with(['#', '=', '-', '*']);
    (named && inside.len() <= 80 && (numbered || (marked && !rest.ends_with(['.', '!', '?']))))
        .then_some(inside)
}

impl<R: BufRead> Blocks<R> {
    /// The conversations of `source`; one longer than `limit` bytes is given cut off and marked so.
    pub(super) fn new(source: R, boundaries: Boundaries, limit: usize) -> Self {
        Self {
            source,
            boundaries,
            limit,
            place: Place { line: 0, offset: 0 },
            block: Block::default(),
            pause: Pause::default(),
            last_role: None,
            opening: None,
            ended: false,
        }
    }

    fn next_block(&mut self) -> io::Result<Option<Block>> {
        if let Some((line, place)) = self.opening.take() {
            self.add(&line, place);
        }
        while let Some((line, place)) = self.line()? {
            let text = String::from_utf8_lossy(&line);
            if self.pause.take(&text) {
                self.hold(&line);
                continue;
            }
            if !self.block.text.is_empty()
                && self.boundaries.part(&self.pause, self.last_role.as_deref(), &text)
            {
                self.opening = Some((line, place));
                self.last_role = None;
                return Ok(Some(std::mem::take(&mut self.block)));
            }
            self.add(&line, place);
        }
        self.ended = true;
        Ok((!self.block.text.is_empty()).then(|| std::mem::take(&mut self.block)))
    }

    /// One line with its end; a line longer than a record may be is cut there, so memory stays bounded.
    fn line(&mut self) -> io::Result<Option<(Vec<u8>, Place)>> {
        let mut line = Vec::new();
        let most = self.limit.saturating_add(1) as u64;
        let read = self.source.by_ref().take(most).read_until(b'\n', &mut line)?;
        let place = Place { line: self.place.line + 1, offset: self.place.offset };
        self.place.offset += read as u64;
        self.place.line += u64::from(line.ends_with(b"\n"));
        Ok((read > 0).then_some((line, place)))
    }

    fn hold(&mut self, line: &[u8]) {
        if self.pause.lines.len() + line.len() <= self.limit {
            self.pause.lines.extend_from_slice(line);
        }
    }

    fn add(&mut self, line: &[u8], place: Place) {
        let pause = std::mem::take(&mut self.pause);
        if self.block.text.is_empty() {
            self.block.place = place;
            self.block.title = pause.title;
        } else {
            self.extend(&pause.lines);
        }
        if let Some(role) = std::str::from_utf8(line).ok().and_then(chatml::opened) {
            self.last_role = Some(role.to_owned());
        }
        self.extend(line);
    }

    fn extend(&mut self, bytes: &[u8]) {
        if self.block.text.len() + bytes.len() > self.limit {
            self.block.too_long = true;
        } else {
            self.block.text.extend_from_slice(bytes);
        }
    }
}

impl<R: BufRead> Iterator for Blocks<R> {
    type Item = io::Result<Block>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let next = self.next_block();
        self.ended |= next.is_err();
        next.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(text: &str) -> Vec<(u64, Option<String>, String)> {
        Blocks::new(text.as_bytes(), Boundaries::of(text), 1000)
            .map(|block| block.unwrap())
            .map(|block| (block.place.line, block.title, String::from_utf8(block.text).unwrap()))
            .collect()
    }

    #[test]
    fn rules_titles_gaps_and_end_marks_part_conversations() {
        assert_eq!(blocks("A: 1\nB: 2\n---\nA: 3\nB: 4\n").len(), 2);
        assert_eq!(blocks("A: 1\nB: 2\nA: 3\n\n\nA: 3\nB: 4\n").len(), 2);
        assert_eq!(blocks("A: 1\n<|endoftext|>\nA: 2\n").len(), 2);
        let titled = blocks("# Conversation 1\n\nA: 1\nB: 2\n\n# Conversation 2\nA: 3\nB: 4");
        assert_eq!(titled.len(), 2);
        assert_eq!(titled[1].0, 7);
        assert_eq!(titled[1].1.as_deref(), Some("Conversation 2"));
    }

    #[test]
    fn rules_of_markdown_and_empty_lines_of_a_reply_do_not() {
        assert_eq!(blocks("A: 1\nB: two\n---\nmore of two\n\n---\nA: 3\n").len(), 1);
        assert_eq!(blocks("A: 1\n\n\nmore\n\n\nB: 2\n").len(), 1);
        assert_eq!(blocks("A: 1\n\nB: 2\n\nA: 3\n\nB: 4").len(), 1);
        assert_eq!(blocks("A: see\nSession 3\nwas hard\nB: 2").len(), 1);
    }

    #[test]
    fn sessions_of_one_case_in_an_archive_stay_together() {
        let count = |text: &str| Blocks::new(text.as_bytes(), Boundaries::of(text).of_member(), 1000).count();
        assert_eq!(count("A: 1\nB: 2\n---\nA: 3\nB: 4\n---\nB: 5\nA: 6\n"), 1);
        assert_eq!(count("A: 1\nB: 2\n---\nA: 3\nB: 4\n"), 2);
    }

    #[test]
    fn a_block_over_the_limit_is_marked_and_the_rest_goes_on() {
        let text = format!("A: 1\nB: {}\n---\nA: 2\nB: 3\n", "x".repeat(5000));
        let blocks: Vec<_> =
            Blocks::new(text.as_bytes(), Boundaries::of(&text), 1000).map(|block| block.unwrap()).collect();
        assert_eq!(blocks.len(), 2);
        assert!(blocks[0].too_long && !blocks[1].too_long);
    }

    #[test]
    fn nothing_but_pauses_is_nothing() {
        assert!(blocks("").is_empty());
        assert!(blocks("\n\n---\n\n").is_empty());
    }
}
