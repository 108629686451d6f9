//! A piece of a message around the words that were found, with marks on them.

use std::ops::Range;

use unicode_segmentation::GraphemeCursor;

use crate::pattern::{Match, Pattern, matches};
use crate::script::Writing;

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
    /// Whether something was left out behind it.
    pub more: bool,
}

impl Snippet {
    /// Cuts a snippet out of a message where most of the patterns meet.
    pub(crate) fn cut(message: &str, patterns: &[Pattern]) -> Self {
        let found = if patterns.is_empty() { Vec::new() } else { matches(message, patterns) };
        let window = widen(message, densest(message, &found, patterns.len()));
        let marks = join(&found)
            .into_iter()
            .map(|mark| (mark.start.max(window.start), mark.end.min(window.end)))
            .filter(|(start, end)| start < end)
            .map(|(start, end)| (start - window.start, end - window.start))
            .collect();
        Self {
            marks,
            offset: window.start,
            more: window.end < message.trim_end().len(),
            text: message[window].to_owned(),
        }
    }
}

/// The stretch of at most [`SNIPPET_CHARS`] characters with the most different patterns, then the most matches; the
/// earliest of equals, and the beginning of the message where nothing matches.
fn densest(message: &str, found: &[Match], patterns: usize) -> Range<usize> {
    let places = places(message, found);
    let mut counts = vec![0_usize; patterns];
    let (mut kinds, mut last) = (0, 0);
    let mut best = (0, 0, 0..0);
    for first in 0..found.len() {
        while last < found.len() && (last == first || places[last].end - places[first].start <= SNIPPET_CHARS)
        {
            kinds += usize::from(counts[found[last].pattern] == 0);
            counts[found[last].pattern] += 1;
            last += 1;
        }
        if (kinds, last - first) > (best.0, best.1) {
            let end = found[first..last].iter().map(|one| one.range.end).max().unwrap_or_default();
            best = (kinds, last - first, found[first].range.start..end);
        }
        counts[found[first].pattern] -= 1;
        kinds -= usize::from(counts[found[first].pattern] == 0);
    }
    best.2
}

/// Each match in characters of the message instead of bytes.
fn places(message: &str, found: &[Match]) -> Vec<Range<usize>> {
    let (mut byte, mut character) = (0, 0);
    found
        .iter()
        .map(|Match { range, .. }| {
            character += message[byte..range.start].chars().count();
            byte = range.start;
            character..character + message[range.clone()].chars().count()
        })
        .collect()
}

/// Fills the stretch up with what stands around it, to word boundaries.
fn widen(message: &str, stretch: Range<usize>) -> Range<usize> {
    let used = message[stretch.clone()].chars().take(SNIPPET_CHARS).count();
    // A third of what is left goes before, so that the eye finds the match near the beginning; the rest goes behind.
    let before = chars_back(message, stretch.start, (SNIPPET_CHARS - used) / 3);
    let taken = message[before..stretch.start].chars().count();
    let after = chars_on(message, stretch.start, SNIPPET_CHARS - taken);
    let start = (before..stretch.start).find(|&at| is_cut(message, at)).unwrap_or(stretch.start);
    let least = stretch.end.min(after);
    let end = (least + 1..=after).rev().find(|&at| is_cut(message, at)).unwrap_or(least);
    // Where nothing matched and the message begins with one endless word, that word is cut.
    trimmed(message, if end > start { start..end } else { start..floor(message, after) })
}

/// Whether a text can be cut here: between graphemes, and not inside a word.
fn is_cut(message: &str, at: usize) -> bool {
    if at == 0 || at == message.len() {
        return true;
    }
    if !message.is_char_boundary(at) || !is_grapheme_boundary(message, at) {
        return false;
    }
    let in_word = |character: Option<char>| {
        character.is_some_and(|character| Writing::of(character.encode_utf8(&mut [0; 4])).in_word())
    };
    !(in_word(message[..at].chars().next_back()) && in_word(message[at..].chars().next()))
}

fn is_grapheme_boundary(message: &str, at: usize) -> bool {
    GraphemeCursor::new(at, message.len(), true).is_boundary(message, 0).unwrap_or(false)
}

/// The last grapheme boundary up to `at`, but for a grapheme so long that none remains: then `at`, a character boundary.
fn floor(message: &str, at: usize) -> usize {
    (1..=at).rev().find(|&at| message.is_char_boundary(at) && is_grapheme_boundary(message, at)).unwrap_or(at)
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

/// The matches as ranges apart from each other: those that overlap or touch become one.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Filter;
    use crate::layout::Layout;
    use crate::plan::Plan;
    use crate::query::Query;

    fn snippet(message: &str, query: &str) -> Snippet {
        let query = Query::parse(query).expect("a good query");
        let plan = Plan::new(&Layout::new(), &query, &Filter::default()).expect("a plan");
        Snippet::cut(message, &plan.patterns)
    }

    fn marked<'a>(message: &'a str, snippet: &Snippet) -> Vec<&'a str> {
        assert_eq!(&message[snippet.offset..snippet.offset + snippet.text.len()], snippet.text);
        assert!(snippet.text.chars().count() <= SNIPPET_CHARS);
        snippet
            .marks
            .iter()
            .map(|&(start, end)| &message[snippet.offset + start..snippet.offset + end])
            .collect()
    }

    #[test]
    fn marks_are_on_the_words_of_the_message() {
        for (message, query, expected) in [
            (
                "I felt anxious; feeling ANXIOUS is hard.",
                "feel anxious",
                vec!["anxious", "feeling", "ANXIOUS"],
            ),
            ("The café’s panic attacks", "cafe \"panic attack\"", vec!["café’s", "panic attacks"]),
            ("end of it, the end of the world", "\"end of the\"", vec!["end of the"]),
            ("Happiness is unhappy", "happ*", vec!["Happiness"]),
            ("最近我总是失眠，很难过。", "总是失眠", vec!["总是失眠"]),
            ("最近很难过", "过", vec!["过"]),
            ("我很难过很难", "难", vec!["难", "难"]),
            ("ฉันรู้สึกเศร้ามาก", "เศร้า", vec!["เศร้า"]),
            ("fine 👍🏽 ok", "👍", vec!["👍🏽"]),
        ] {
            assert_eq!(marked(message, &snippet(message, query)), expected, "{query}");
        }
    }

    #[test]
    fn a_long_message_is_cut_where_the_words_meet() {
        let filler = "nothing of note happened on that day either ".repeat(20);
        let message =
            format!("{filler}sleep was bad, and then my sister called about work.  {filler}work {filler}");
        let snippet = snippet(&message, "sister work sleep");
        assert_eq!(marked(&message, &snippet), ["sleep", "sister", "work"]);
        assert!(snippet.more && snippet.offset > 0);
        let words: Vec<_> = message.split_whitespace().collect();
        let cut: Vec<_> = snippet.text.split_whitespace().collect();
        assert!(words.windows(cut.len()).any(|window| window == cut), "no word is cut: {}", snippet.text);
        assert!(snippet.text.chars().count() > 120);
    }

    #[test]
    fn without_a_match_it_is_the_beginning() {
        let message = "word ".repeat(100);
        let cut = snippet(&message, "role:user");
        assert_eq!((cut.offset, cut.marks.len(), cut.more), (0, 0, true));
        assert!(cut.text.ends_with("word"));
        let short = snippet("  short \n", "role:user");
        assert_eq!((short.text.as_str(), short.offset, short.more), ("short", 2, false));
        assert_eq!(snippet(&"x".repeat(500), "role:user").text.len(), SNIPPET_CHARS);
        assert_eq!(snippet("", "role:user"), Snippet::default());
    }

    #[test]
    fn an_endless_phrase_is_cut_to_size() {
        let long = format!("{} end", "very ".repeat(100));
        let cut = snippet(&long, &format!("\"{}\"", "very ".repeat(60).trim()));
        assert_eq!(marked(&long, &cut).len(), 1);
    }
}
