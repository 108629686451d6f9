//! A long message is read in windows of about the length of the comments that the model was trained on.

/// Bytes of a window. 99 % of the training comments are shorter (in characters).
pub(super) const WINDOW: usize = 192;

/// The windows of a text, in order, without gaps: each ends after a sentence where it can, or else between words.
pub(super) fn windows(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let (window, after) = text.split_at(first_end(text));
        rest = (!after.is_empty()).then_some(after);
        Some(window)
    })
}

/// Where the first window of `text` ends; on a character boundary, and not 0 unless the text is empty.
fn first_end(text: &str) -> usize {
    if text.len() <= WINDOW {
        return text.len();
    }
    let most = text.floor_char_boundary(WINDOW);
    let window = &text[..most];
    // Half a window at least, or a text with many short sentences would be read in crumbs.
    let after = |mark: fn(char) -> bool| window.rfind(mark).map(|at| at + 1).filter(|end| *end >= most / 2);
    after(|mark| matches!(mark, '.' | '!' | '?' | '\n'))
        .or_else(|| after(|mark| mark.is_ascii_whitespace()))
        .unwrap_or(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_cover_the_text_and_end_after_sentences() {
        let text = "It went well today. ".repeat(40) + &"🙂".repeat(300) + &"word ".repeat(90);
        let found: Vec<&str> = windows(&text).collect();
        assert_eq!(found.concat(), text);
        assert!(found.iter().all(|window| !window.is_empty() && window.len() <= WINDOW));
        assert!(found[0].ends_with("today."), "{}", found[0]);
        assert_eq!(windows("").collect::<Vec<_>>(), [""]);
    }
}
