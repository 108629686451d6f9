//! A piece of a message around the words that were found, with marks on them.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::analysis::{Analysed, analyse};
use crate::plan::{Ending, Pattern};

/// Most characters of a snippet.
pub const SNIPPET_CHARS: usize = 160;

/// A piece of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The words, exactly as they stand in the message.
    pub text: String,
    /// Bytes of `text` that match the query, in order, apart from each other.
    pub marks: Vec<(usize, usize)>,
    /// The byte of the message at which `text` begins; above 0, something was left out before it.
    pub offset: usize,
    /// Whether the message goes on behind it.
    pub more: bool,
}

impl Snippet {
    /// Cuts a snippet out of a message where most of the patterns meet.
    pub(crate) fn cut(message: &str, patterns: &[Pattern]) -> Self {
        let words: Vec<_> = if patterns.is_empty() { Vec::new() } else { analyse(message).collect() };
        let found = matches(&words, patterns);
        let window = widen(message, densest(message, &found));
        let marks = join(&found)
            .into_iter()
            .map(|mark| (mark.start.max(window.start), mark.end.min(window.end)))
            .filter(|(start, end)| start < end)
            .map(|(start, end)| (start - window.start, end - window.start))
            .collect();
        Self {
            text: message[window.clone()].to_owned(),
            marks,
            offset: window.start,
            more: window.end < message.len(),
        }
    }
}

/// A place that a pattern matches.
struct Match {
    range: Range<usize>,
    pattern: usize,
}

/// All matches, by where they begin.
fn matches(words: &[Analysed], patterns: &[Pattern]) -> Vec<Match> {
    let mut found = Vec::new();
    for at in 0..words.len() {
        for (pattern, wanted) in patterns.iter().enumerate() {
            if let Some(range) = matches_at(words, at, wanted) {
                found.push(Match { range, pattern });
            }
        }
    }
    found
}

fn matches_at(words: &[Analysed], at: usize, pattern: &Pattern) -> Option<Range<usize>> {
    let word = &words[at];
    match pattern {
        Pattern::Stem(stem) => (word.stem == *stem).then(|| word.piece.range.clone()),
        Pattern::Prefix(prefix) => {
            word.surface.starts_with(prefix.as_str()).then(|| word.piece.range.clone())
        }
        Pattern::Phrase(stems, ending) => {
            let (last, whole) = stems.split_last()?;
            let fits = |(distance, stem): &(usize, String)| {
                words.get(at + distance).is_some_and(|word| word.stem == *stem)
            };
            let end = words.get(at + last.0)?;
            let ended = match ending {
                Ending::Whole => end.stem == last.1,
                Ending::Begun => end.stem.starts_with(&last.1),
            };
            (ended && whole.iter().all(fits)).then(|| word.piece.range.start..end_of(end, &last.1, *ending))
        }
    }
}

/// Where a phrase ends: of a pair that is only begun, its first grapheme counts.
fn end_of(word: &Analysed, wanted: &str, ending: Ending) -> usize {
    let range = &word.piece.range;
    if ending == Ending::Begun && word.stem != wanted {
        (range.start + wanted.len()).min(range.end)
    } else {
        range.end
    }
}

/// The stretch of at most [`SNIPPET_CHARS`] characters with the most different patterns, then the most matches; the
/// earliest of equals, and the beginning of the message where nothing matches.
fn densest(message: &str, found: &[Match]) -> Range<usize> {
    let mut best = (0, 0, 0..0);
    for (first, from) in found.iter().enumerate() {
        let mut kinds = std::collections::BTreeSet::new();
        let mut end = from.range.end;
        let mut count = 0;
        for next in &found[first..] {
            let reach = end.max(next.range.end);
            if count > 0 && message[from.range.start..reach].chars().nth(SNIPPET_CHARS).is_some() {
                break;
            }
            end = reach;
            count += 1;
            kinds.insert(next.pattern);
        }
        if (kinds.len(), count) > (best.0, best.1) {
            best = (kinds.len(), count, from.range.start..end);
        }
    }
    best.2
}

/// Fills the stretch up with what stands around it, to word boundaries.
fn widen(message: &str, stretch: Range<usize>) -> Range<usize> {
    let used = message[stretch.clone()].chars().take(SNIPPET_CHARS).count();
    let spare = SNIPPET_CHARS - used;
    // A third before, so that the eye finds the match near the beginning; what the start leaves over goes behind.
    let before = chars_back(message, stretch.start, spare / 3);
    let taken = message[before..stretch.start].chars().count();
    let after = chars_on(message, stretch.start, used + spare - taken);
    let boundaries = || message.split_word_bound_indices().map(|(at, _)| at).chain([message.len()]);
    let start = boundaries().find(|&at| at >= before).unwrap_or(before).min(stretch.start);
    let end = boundaries().take_while(|&at| at <= after).last().unwrap_or(after);
    let end = if end <= start { after } else { end };
    trimmed(message, start..end)
}

/// The byte `count` characters before `from`.
fn chars_back(message: &str, from: usize, count: usize) -> usize {
    message[..from].char_indices().rev().take(count).last().map_or(from, |(at, _)| at)
}

/// The byte `count` characters behind `from`.
fn chars_on(message: &str, from: usize, count: usize) -> usize {
    message[from..].char_indices().nth(count).map_or(message.len(), |(at, _)| from + at)
}

/// Without white space at the ends.
fn trimmed(message: &str, range: Range<usize>) -> Range<usize> {
    let text = &message[range.clone()];
    let start = range.start + (text.len() - text.trim_start().len());
    let end = range.start + text.trim_end().len();
    start..end.max(start)
}

/// The matches as ranges apart from each other. Only a gap without a letter joins nothing: neighbours stay apart.
fn join(found: &[Match]) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for Match { range, .. } in found {
        match joined.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => joined.push(range.clone()),
        }
    }
    joined
}
