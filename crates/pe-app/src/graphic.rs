//! Safe messaging: messages that may tell of a way or a plan to hurt oneself are folded on the screen, in snippets and in
//! exports, unless somebody asks for them. See "graphic evidence" in `docs/quality/README.md`.

use std::collections::HashSet;

use pe_model::{Conversation, Experiencer, Reading, Signal, SignalKind};

/// Stands in an export in the place of what was left out. It says nothing that a reading could take for a cue.
pub const LEFT_OUT: &str = "[message left out]";

/// The key in a message's metadata that tells it was left out of an export.
pub(crate) const LEFT_OUT_KEY: &str = "pixelated:left_out";

/// Ideation of this grade and above speaks of a way, an intent or a plan (`pe_model::SignalKind::RiskIdeation`).
const WITH_A_WAY: f32 = 3.0;

/// The messages to fold, in order.
pub fn graphic_messages(reading: &Reading) -> Vec<u32> {
    let mut messages: Vec<_> = reading
        .signals
        .iter()
        .filter(|signal| is_graphic(signal))
        .map(|signal| signal.span.message)
        .collect();
    messages.dedup();
    messages
}

fn is_graphic(signal: &Signal) -> bool {
    let told = matches!(signal.experiencer, Experiencer::Speaker | Experiencer::Other) && !signal.denied;
    match signal.kind {
        SignalKind::RiskIdeation => told && signal.strength >= WITH_A_WAY,
        SignalKind::RiskBehaviour => told,
        SignalKind::Conduct => signal.rule.starts_with("conduct/method-information"),
        _ => false,
    }
}

/// Leaves out the texts of graphic messages, and what else the source said of them or repeats of their words; how many.
pub fn leave_out(conversation: &mut Conversation, reading: &Reading) -> u64 {
    let places = graphic_messages(reading);
    let texts = places.iter().filter_map(|place| conversation.messages.get(*place as usize));
    let words = Told::of(texts.map(|message| message.content.as_str()));
    let mut count = 0;
    for place in places {
        if let Some(message) = conversation.messages.get_mut(place as usize) {
            LEFT_OUT.clone_into(&mut message.content);
            // What else the source said of the message may repeat its words.
            message.metadata.clear();
            message.metadata.insert(LEFT_OUT_KEY.to_owned(), "graphic".into());
            count += 1;
            // A span of the old text means nothing in the new one.
            for annotation in &mut conversation.annotations {
                if annotation.message == Some(place) {
                    annotation.range = None;
                }
            }
        }
    }
    if count > 0 {
        words.fold(conversation);
    }
    count
}

/// A text that shares so many words in a row with a graphic message repeats it; a whole message, where it is shorter.
const WORDS_IN_A_ROW: usize = 5;

/// What was told in graphic messages: every run of words of theirs.
struct Told {
    runs: HashSet<String>,
    /// Lengths of the runs: the usual one, and those of shorter messages.
    lengths: Vec<usize>,
}

impl Told {
    fn of<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let (mut runs, mut lengths) = (HashSet::new(), Vec::new());
        for text in texts {
            let words = words(text);
            let length = words.len().min(WORDS_IN_A_ROW);
            if length > 0 {
                runs.extend(words.windows(length).map(|run| run.join(" ")));
                lengths.push(length);
            }
        }
        lengths.sort_unstable();
        lengths.dedup();
        Self { runs, lengths }
    }

    fn repeats(&self, text: &str) -> bool {
        let words = words(text);
        self.lengths.iter().any(|length| words.windows(*length).any(|run| self.runs.contains(&run.join(" "))))
    }

    /// Puts the mark in the place of every text of metadata and annotations that repeats what was told.
    fn fold(&self, conversation: &mut Conversation) {
        conversation.metadata.values_mut().for_each(|value| self.fold_value(value));
        let of_messages = conversation.messages.iter_mut().flat_map(|message| message.metadata.values_mut());
        of_messages.for_each(|value| self.fold_value(value));
        for annotation in &mut conversation.annotations {
            if self.repeats(&annotation.value) {
                LEFT_OUT.clone_into(&mut annotation.value);
            }
        }
    }

    fn fold_value(&self, value: &mut serde_json::Value) {
        match value {
            serde_json::Value::String(text) if self.repeats(text) => LEFT_OUT.clone_into(text),
            serde_json::Value::Array(items) => items.iter_mut().for_each(|item| self.fold_value(item)),
            serde_json::Value::Object(map) => map.values_mut().for_each(|item| self.fold_value(item)),
            _ => {}
        }
    }
}

/// The words of a text in lower case, without what stands between them.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pe_model::{Message, Role, Span};

    fn signal(kind: SignalKind, message: u32, strength: f32) -> Signal {
        Signal { strength, ..Signal::new(kind, Span::new(message, 0, 3), "risk/test") }
    }

    #[test]
    fn what_speaks_of_a_way_is_left_out_and_the_rest_stays() {
        let mut conversation = Conversation {
            messages: ["one", "two", "three"].map(|text| Message::new(Role::User, text)).to_vec(),
            ..Conversation::default()
        };
        let denied = Signal { denied: true, ..signal(SignalKind::RiskBehaviour, 2, 1.0) };
        let reading = Reading {
            signals: vec![
                signal(SignalKind::RiskIdeation, 0, 1.0),
                signal(SignalKind::RiskIdeation, 1, 3.0),
                signal(SignalKind::RiskIdeation, 1, 5.0),
                denied,
            ],
            ..Reading::default()
        };
        assert_eq!(leave_out(&mut conversation, &reading), 1);
        let texts: Vec<_> = conversation.messages.iter().map(|message| message.content.as_str()).collect();
        assert_eq!(texts, ["one", LEFT_OUT, "three"]);
    }

    #[test]
    fn what_repeats_the_words_elsewhere_is_left_out_too() {
        let mut conversation = Conversation {
            messages: ["I would rather count the grey stones there", "not again"]
                .map(|text| Message::new(Role::User, text))
                .to_vec(),
            ..Conversation::default()
        };
        conversation
            .metadata
            .insert("transcript".into(), "U: I'd... RATHER count the grey stones, she said".into());
        conversation
            .metadata
            .insert("parts".into(), serde_json::json!([{"text": "would rather count the grey"}, 7]));
        conversation.metadata.insert("topic".into(), "stones, grey ones, to count".into());
        conversation.annotations = vec![pe_model::Annotation {
            layer: "summary".into(),
            annotator: "1".into(),
            message: Some(1),
            range: None,
            value: "They count the grey stones there.".into(),
        }];
        let reading =
            Reading { signals: vec![signal(SignalKind::RiskIdeation, 0, 4.0)], ..Reading::default() };
        assert_eq!(leave_out(&mut conversation, &reading), 1);
        assert_eq!(conversation.metadata["transcript"], LEFT_OUT);
        assert_eq!(conversation.metadata["parts"], serde_json::json!([{"text": LEFT_OUT}, 7]));
        assert_eq!(conversation.metadata["topic"], "stones, grey ones, to count");
        assert_eq!(conversation.annotations[0].value, LEFT_OUT);
        assert_eq!(conversation.messages[1].content, "not again");
    }
}
