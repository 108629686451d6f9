//! `ChatML`: `<|im_start|>role`, the text, `<|im_end|>`. A conversation ends at `<|endoftext|>` or where a system message
//! follows one that is not (as published with OpenAI's chat models, March 2023; `role name=label` names a speaker).

use super::transcript_cast::Spoken;

/// The mark before a message.
pub(super) const START: &str = "<|im_start|>";
const END: &str = "<|im_end|>";
/// The mark after a conversation.
pub(super) const STOP: &str = "<|endoftext|>";

/// The conversations that `text` holds, or why it can't be read.
pub(super) fn read(text: &str) -> Result<Vec<Vec<Spoken>>, String> {
    let mut conversations = vec![Vec::new()];
    for piece in text.split(STOP) {
        for (place, message) in piece.split(START).enumerate() {
            if place == 0 {
                between(message)?;
            } else if let Some(spoken) = message_of(message)? {
                add(&mut conversations, spoken);
            }
        }
        conversations.push(Vec::new());
    }
    conversations.retain(|messages| !messages.is_empty());
    Ok(conversations)
}

/// Whether a message with this first line begins a new conversation after `last`.
pub(super) fn parts(last: Option<&str>, label: &str) -> bool {
    label == "system" && last.is_some_and(|last| last != "system")
}

/// The role on the first line of a message, if the line opens one.
pub(super) fn opened(line: &str) -> Option<&str> {
    let head = line.trim_start().strip_prefix(START)?;
    head.split(|letter: char| letter.is_whitespace() || letter == '<').next()
}

fn add(conversations: &mut Vec<Vec<Spoken>>, spoken: Spoken) {
    let last = conversations.last().and_then(|messages| messages.last()).map(|last| last.label.as_str());
    if parts(last, &spoken.label) {
        conversations.push(Vec::new());
    }
    if let Some(messages) = conversations.last_mut() {
        messages.push(spoken);
    }
}

fn message_of(message: &str) -> Result<Option<Spoken>, String> {
    let (head, body) = message.split_once('\n').unwrap_or((message, ""));
    let Some((text, after)) = body.split_once(END) else {
        // `<|im_start|>assistant` at the end is where a model would go on: nothing was said.
        if body.trim().is_empty() && !head.contains(END) {
            return Ok(None);
        }
        return Err(format!("the message of `{}` is not closed by {END}; add it", excerpt(head)));
    };
    between(after)?;
    let (role, name) = match head.trim().split_once(char::is_whitespace) {
        Some((role, rest)) => (role, rest.trim().strip_prefix("name=")),
        None => (head.trim(), None),
    };
    if role.is_empty() {
        return Err(format!("{START} is not followed by a role"));
    }
    // A named system message is an example of what that name says.
    let label = name.map_or(role, |name| name.trim_start_matches("example_"));
    Ok(Some(Spoken { label: label.to_owned(), text: text.to_owned(), ..Spoken::default() }))
}

fn between(text: &str) -> Result<(), String> {
    match text.trim() {
        "" => Ok(()),
        text => Err(format!("text outside of {START} and {END}: `{}`", excerpt(text))),
    }
}

fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shapes(text: &str) -> Vec<Vec<(String, String)>> {
        let pair = |spoken: Spoken| (spoken.label, spoken.text);
        read(text).unwrap().into_iter().map(|one| one.into_iter().map(pair).collect()).collect()
    }

    #[test]
    fn messages_and_conversations_are_parted() {
        let text = "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\nhello\nthere<|im_end|>\n\
            <|im_start|>assistant\nhi<|im_end|>\n<|im_start|>system\nB<|im_end|>\n<|im_start|>user\nc<|im_end|>\n";
        let read = shapes(text);
        assert_eq!(read.len(), 2);
        assert_eq!(read[0][1], ("user".into(), "hello\nthere".into()));
        assert_eq!(read[1].len(), 2);
        assert_eq!(shapes(&text.replace("<|im_start|>system\nB<|im_end|>", "<|endoftext|>")).len(), 2);
    }

    #[test]
    fn a_prompt_for_the_model_is_no_message() {
        assert_eq!(shapes("<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n")[0].len(), 1);
        assert!(shapes("").is_empty());
    }

    #[test]
    fn what_is_not_closed_is_told() {
        assert!(read("<|im_start|>user\nhello").unwrap_err().contains("not closed"));
        assert!(read("stray <|im_start|>user\na<|im_end|>").unwrap_err().contains("outside"));
        assert!(read("<|im_start|>\na<|im_end|>").unwrap_err().contains("role"));
    }
}
