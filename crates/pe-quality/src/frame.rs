//! The frame of a conversation: its replies, and which reply each message belongs to.
//!
//! A reply is a helper volley. Rates are per reply, never per word, so that deleting a phrase moves nothing but what stood
//! in it. A back-channel ("mm-hm") is no reply: it would thin out the rates of helpers who listen.

use pe_model::{Reading, Role, SignalKind, Volley};

/// A volley of so few words that is read as a back-channel is no reply.
const BACK_CHANNEL_WORDS: u32 = 2;
const NONE: u32 = u32::MAX;

/// One reply.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reply {
    /// Whether the helper says more words than the client said just before.
    pub(crate) longer: bool,
}

/// Replies, and where messages belong.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) replies: Vec<Reply>,
    /// Of each message: who speaks and to which reply it belongs (the client's words to the reply that follows them).
    places: Vec<(Role, u32)>,
    /// Messages of the helper.
    pub(crate) helper_messages: u32,
}

impl Frame {
    pub(crate) fn of(reading: &Reading) -> Self {
        let mut frame = Self { replies: Vec::new(), places: Vec::new(), helper_messages: 0 };
        frame.places.resize(reading.messages.len().max(end(reading)), (Role::System, NONE));
        let mut client_words = None;
        for volley in &reading.volleys {
            let reply = frame.replies.len() as u32;
            let placed = frame.place(volley, reply);
            if volley.role != Role::Assistant {
                client_words = Some(volley.words);
                continue;
            }
            frame.helper_messages += placed;
            if !is_back_channel(volley, reading) {
                frame.replies.push(Reply { longer: client_words.is_some_and(|words| volley.words > words) });
                client_words = None;
            }
        }
        frame
    }

    /// Notes where the messages of a volley belong, and says how many there are.
    fn place(&mut self, volley: &Volley, reply: u32) -> u32 {
        let (first, end) = (volley.first as usize, volley.last as usize + 1);
        let places = self.places.get_mut(first..end).unwrap_or_default();
        places.fill((volley.role, reply));
        places.len() as u32
    }

    /// Who speaks in a message and to which reply it belongs; `None` for a message that nobody said.
    pub(crate) fn place_of(&self, message: u32) -> Option<(Role, usize)> {
        let &(role, reply) = self.places.get(message as usize)?;
        if reply == NONE || self.replies.is_empty() {
            return None;
        }
        // What is said after the last reply belongs to that one.
        Some((role, (reply as usize).min(self.replies.len() - 1)))
    }
}

fn end(reading: &Reading) -> usize {
    // A volley never spans more messages than were read; the bound keeps a wrong one from claiming memory.
    let longest = reading.messages.len().max(reading.volleys.len()).saturating_mul(4);
    reading.volleys.last().map_or(0, |volley| (volley.last as usize + 1).min(longest))
}

fn is_back_channel(volley: &Volley, reading: &Reading) -> bool {
    volley.words <= BACK_CHANNEL_WORDS
        && reading.signals.iter().any(|signal| {
            signal.kind == SignalKind::Facilitate
                && (volley.first..=volley.last).contains(&signal.span.message)
        })
}

#[cfg(test)]
mod tests {
    use pe_model::{Signal, Span};

    use super::*;

    #[test]
    fn back_channels_are_no_replies_and_clients_words_belong_to_the_next_reply() {
        let volley = |role, at, words| Volley { role, first: at, last: at, words };
        let reading = Reading {
            volleys: vec![
                volley(Role::User, 0, 9),
                volley(Role::Assistant, 1, 1),
                volley(Role::User, 2, 5),
                volley(Role::Assistant, 3, 12),
                volley(Role::User, 4, 5),
            ],
            signals: vec![Signal::new(SignalKind::Facilitate, Span::new(1, 0, 2), "facilitate/mm")],
            ..Reading::default()
        };
        let frame = Frame::of(&reading);
        assert_eq!(frame.replies.len(), 1);
        assert!(frame.replies[0].longer);
        assert_eq!(frame.place_of(0), Some((Role::User, 0)));
        assert_eq!(frame.place_of(4), Some((Role::User, 0)));
        assert_eq!(frame.place_of(9), None);
        assert_eq!(frame.helper_messages, 2);
    }
}
