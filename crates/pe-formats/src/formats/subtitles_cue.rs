//! The cues of a subtitle file: `WebVTT` (W3C Candidate Recommendation, April 2019) and `SRT`, which has no standard and
//! differs in that cues are numbered, fractions follow a comma and there is no header.

use super::transcript_clock;

/// One cue.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Cue {
    /// Where it begins, in seconds.
    pub(super) start: f64,
    /// Where it ends, in seconds.
    pub(super) end: f64,
    /// Its payload, line by line, tags and all.
    pub(super) lines: Vec<String>,
    /// The line of the file its time stands on, counted from 1.
    pub(super) line: u64,
}

/// A file read into cues.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Cues {
    /// The cues, in the order of the file.
    pub(super) list: Vec<Cue>,
    /// `Key: value` lines below the `WEBVTT` line, and the title behind it.
    pub(super) head: Vec<(String, String)>,
    /// Blocks that are not cues, with their line.
    pub(super) strange: Vec<(u64, String)>,
}

/// Reads a whole file.
pub(super) fn read(text: &str) -> Cues {
    let mut cues = Cues::default();
    let mut block: Vec<(u64, &str)> = Vec::new();
    let mut first = true;
    for (number, line) in text.lines().enumerate().chain(std::iter::once((0, ""))) {
        if !line.trim().is_empty() {
            block.push((number as u64 + 1, line.trim_end()));
            continue;
        }
        if !block.is_empty() {
            cues.take(&block, std::mem::take(&mut first));
            block.clear();
        }
    }
    cues
}

/// The two positions of a timing line; settings behind them are passed over.
pub(super) fn timing(line: &str) -> Option<(f64, f64)> {
    let (start, rest) = line.split_once("-->")?;
    let end = rest.split_whitespace().next()?;
    Some((transcript_clock::seconds(start)?, transcript_clock::seconds(end)?))
}

impl Cues {
    fn take(&mut self, block: &[(u64, &str)], first: bool) {
        let (number, head) = block[0];
        if first && head.starts_with("WEBVTT") {
            return self.take_head(block);
        }
        if ["NOTE", "STYLE", "REGION"].contains(&head.split_whitespace().next().unwrap_or_default()) {
            return;
        }
        // The timing is the first line, or the second below an identifier or number.
        let found = block.iter().take(2).enumerate().find_map(|(at, (_, line))| Some((at, timing(line)?)));
        match found {
            Some((at, (start, end))) => {
                let lines = block[at + 1..].iter().map(|(_, line)| (*line).to_owned()).collect();
                self.list.push(Cue { start, end, lines, line: block[at].0 });
            }
            None => self.go_on(number, block),
        }
    }

    /// An empty line within a payload is common in SRT: a block without a time goes on with the cue before it.
    fn go_on(&mut self, number: u64, block: &[(u64, &str)]) {
        let looks_timed = block.iter().any(|(_, line)| line.contains("-->"));
        match self.list.last_mut() {
            Some(cue) if !looks_timed => cue.lines.extend(block.iter().map(|(_, line)| (*line).to_owned())),
            _ => self
                .strange
                .push((number, block.iter().map(|(_, line)| *line).collect::<Vec<_>>().join("\n"))),
        }
    }

    fn take_head(&mut self, block: &[(u64, &str)]) {
        let title = block[0].1.trim_start_matches("WEBVTT").trim_matches([' ', '-', '\t']);
        if !title.is_empty() {
            self.head.push(("title".into(), title.into()));
        }
        for (_, line) in &block[1..] {
            if let Some((key, value)) = line.split_once(':') {
                self.head.push((key.trim().to_lowercase(), value.trim().into()));
            }
        }
        // A cue may follow the header without an empty line between.
        if let Some(at) = block.iter().position(|(_, line)| timing(line).is_some()) {
            self.head.retain(|(_, value)| !value.contains("-->"));
            self.take(&block[at..], false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_styles_settings_and_identifiers_are_passed_over() {
        let text = "WEBVTT - A talk\nLanguage: en\n\nSTYLE\n::cue { color: red }\n\nNOTE\nnothing\n\nintro\n\
            00:00:01.000 --> 00:00:04.000 align:start position:10%\n<v Ann>Hello\nthere\n\n00:05.000 --> 00:06.000\nBye\n";
        let read = read(text);
        assert_eq!(read.list.len(), 2);
        assert_eq!(read.list[0].lines, ["<v Ann>Hello", "there"]);
        assert!((read.list[1].start - 5.0).abs() < 1e-9);
        assert_eq!(read.head, [("title".into(), "A talk".into()), ("language".into(), "en".into())]);
    }

    #[test]
    fn numbered_cues_with_commas_and_windows_line_ends() {
        let read = read(
            "1\r\n00:00:01,500 --> 00:00:04,000\r\nHello\r\n\r\n2\r\n00:00:05,000 --> 00:00:06,000\r\nBye\r\n",
        );
        assert_eq!(read.list.len(), 2);
        assert!((read.list[0].start - 1.5).abs() < 1e-9);
        assert_eq!((read.list[1].line, read.list[1].lines[0].as_str()), (6, "Bye"));
    }

    #[test]
    fn a_broken_time_is_strange_and_an_empty_line_is_not() {
        let text = "1\n00:00:01,500 --> 00:00:04,000\nHello\n\nthere\n\n2\n00:00:0x --> 00:00:06,000\nBye\n";
        let read = read(text);
        assert_eq!(read.list[0].lines, ["Hello", "there"]);
        assert_eq!(read.strange.len(), 1);
        assert_eq!(read.strange[0].0, 7);
    }
}
