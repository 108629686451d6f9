//! Safe messaging: messages that may tell of a way or a plan to hurt oneself are folded on the screen, in snippets and in
//! exports, unless somebody asks for them. See "graphic evidence" in `docs/quality/README.md`.

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

/// Leaves out the texts of graphic messages, and what else the source said of them; how many.
pub fn leave_out(conversation: &mut Conversation, reading: &Reading) -> u64 {
    let mut count = 0;
    for place in graphic_messages(reading) {
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
    count
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
}
