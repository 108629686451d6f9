//! What was said, by whom, in which order; and what annotators wrote about it.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::{Digest, Span};

/// Free-form facts that came with a record. Signals never see them.
pub type Metadata = Map<String, Value>;

/// Who a message stands for. The source's own name for the speaker is kept apart, in [`Message::speaker`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The person who is helped: client, seeker, patient, user.
    User,
    /// The helper: therapist, counsellor, supporter, assistant.
    Assistant,
    /// Instructions or narration that nobody in the conversation said.
    System,
    /// What a tool answered.
    Tool,
}

impl Role {
    /// All four.
    pub const ALL: [Self; 4] = [Self::User, Self::Assistant, Self::System, Self::Tool];

    /// The name on the wire and in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::System => "system",
            Self::Tool => "tool",
        }
    }

    /// The role of that exact name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// Who it stands for.
    pub role: Role,
    /// The source's own label of the speaker (`therapist`, `seeker`, a name), where it differs from the role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// The text, exactly as the source had it.
    pub content: String,
    /// When it was said.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "time::serde::rfc3339::option")]
    pub timestamp: Option<OffsetDateTime>,
    /// Whatever else the source said of it: tool calls, parts that are not text, a strategy.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub metadata: Metadata,
}

impl Message {
    /// A message with a role and a text and nothing else.
    pub fn new(role: Role, content: impl Into<String>) -> Self {
        Self { role, speaker: None, content: content.into(), timestamp: None, metadata: Map::new() }
    }
}

/// What one annotator said of a message, of part of it, or of the whole conversation. Signals never see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation {
    /// What is annotated: `main_therapist_behaviour`, `client_talk_type`, `mi_quality`.
    pub layer: String,
    /// Who annotated; empty when the source does not say.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub annotator: String,
    /// The message, counted from 0; `None` for the conversation as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<u32>,
    /// Bytes of the message's content; `None` for all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub range: Option<(u32, u32)>,
    /// The label.
    pub value: String,
}

/// Which side of a preference pair a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Preference {
    /// The better one.
    Chosen,
    /// The worse one.
    Rejected,
}

/// Links two conversations that share a prompt and differ in the last reply.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pair {
    /// The same in both halves.
    pub pair_id: String,
    /// Which half this is.
    pub preference: Preference,
}

/// A conversation as it came in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Conversation {
    /// The source's own id; unique within a dataset.
    #[serde(default, rename = "id", skip_serializing_if = "Option::is_none")]
    pub source_id: Option<String>,
    /// In the order they were said.
    pub messages: Vec<Message>,
    /// Whatever else the source said of it.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub metadata: Metadata,
    /// Layers of human (or machine) labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub annotations: Vec<Annotation>,
    /// Its half of a preference pair, if it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pair: Option<Pair>,
}

/// All that a reading may know of a message: who, and which words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn<'a> {
    /// Who it stands for.
    pub role: Role,
    /// The text.
    pub text: &'a str,
}

impl Conversation {
    /// The messages as a reading sees them; nothing else of the conversation reaches it.
    pub fn turns(&self) -> Vec<Turn<'_>> {
        self.messages.iter().map(|message| Turn { role: message.role, text: &message.content }).collect()
    }

    /// The digest of everything but the source's id: equal content, equal digest.
    pub fn digest(&self) -> Digest {
        /// All of a conversation but its id.
        #[derive(Serialize)]
        struct Content<'a> {
            messages: &'a [Message],
            metadata: &'a Metadata,
            annotations: &'a [Annotation],
            pair: &'a Option<Pair>,
        }
        let Self { source_id: _, messages, metadata, annotations, pair } = self;
        // Maps are sorted and every field is plain data, so this cannot fail and is the same every time.
        let bytes =
            serde_json::to_vec(&Content { messages, metadata, annotations, pair }).unwrap_or_default();
        Digest::of_parts([bytes.as_slice()])
    }

    /// The digest of roles and texts alone; finds conversations that repeat another one's words.
    pub fn text_digest(&self) -> Digest {
        Digest::of_parts(
            self.messages
                .iter()
                .flat_map(|message| [message.role.name().as_bytes(), message.content.as_bytes()]),
        )
    }

    /// The text a span covers.
    pub fn text_of(&self, span: Span) -> Option<&str> {
        span.of(&self.messages.get(span.message as usize)?.content)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_ignores_the_id_and_nothing_else() {
        let one = Conversation {
            source_id: Some("1".into()),
            messages: vec![Message::new(Role::User, "hello")],
            ..Conversation::default()
        };
        let mut two = one.clone();
        two.source_id = Some("2".into());
        assert_eq!(one.digest(), two.digest());
        two.messages[0].content.push('!');
        assert_ne!(one.digest(), two.digest());
    }

    #[test]
    fn spans_outside_the_text_are_none() {
        let conversation =
            Conversation { messages: vec![Message::new(Role::User, "né")], ..Conversation::default() };
        assert_eq!(conversation.text_of(Span::new(0, 1, 3)), Some("é"));
        assert_eq!(conversation.text_of(Span::new(0, 2, 3)), None);
        assert_eq!(conversation.text_of(Span::new(1, 0, 1)), None);
    }
}
