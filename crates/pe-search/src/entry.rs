//! What a conversation becomes on its way into the index: an entry for each message, its text already cut into terms. Making
//! entries is the greater part of the work of indexing, needs no index, and can be done by any thread.

use std::sync::Arc;
use std::vec;

use pe_model::{ConversationId, Emotion, Points, Role, Tier};
use tantivy::schema::Field;
use tantivy::schema::document::{Document, ReferenceValue, ReferenceValueLeaf, Value};
use time::OffsetDateTime;

use crate::layout::{Layout, quality_value, time_value};
use crate::terms::Terms;

/// What a conversation brings into the index.
#[derive(Clone, Debug, PartialEq)]
pub struct ConversationDoc {
    /// Its id.
    pub id: ConversationId,
    /// The dataset it belongs to; compared exactly, capitals included.
    pub dataset: Arc<str>,
    /// `None` where it was not scorable.
    pub tier: Option<Tier>,
    /// The overall score; `None` where it was not scorable.
    pub quality: Option<Points>,
    /// When it was created; what `from` and `to` compare with.
    pub created_at: OffsetDateTime,
    /// Its messages, in order.
    pub messages: Vec<MessageDoc>,
}

/// What a message brings into the index.
#[derive(Clone, Debug, PartialEq)]
pub struct MessageDoc {
    /// Its position in the conversation, counted from 0.
    pub ordinal: u32,
    /// Who it stands for.
    pub role: Role,
    /// ISO 639-1; empty when it has too few letters to tell.
    pub language: String,
    /// The emotions selected for it.
    pub emotions: Vec<Emotion>,
    /// Its text.
    pub text: String,
}

/// A conversation whose messages are cut into terms.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    facts: Arc<Facts>,
    messages: Vec<(MessageDoc, Terms)>,
}

/// What the messages of a conversation share.
#[derive(Debug, PartialEq)]
struct Facts {
    id: ConversationId,
    dataset: Arc<str>,
    tier: Option<Tier>,
    quality: Option<Points>,
    created_at: OffsetDateTime,
}

impl ConversationDoc {
    /// Cuts its messages into terms.
    pub fn prepare(self) -> Prepared {
        let Self { id, dataset, tier, quality, created_at, messages } = self;
        let cut = |message: MessageDoc| {
            let terms = Terms::of(&message.text);
            (message, terms)
        };
        Prepared {
            facts: Arc::new(Facts { id, dataset, tier, quality, created_at }),
            messages: messages.into_iter().map(cut).collect(),
        }
    }
}

impl Prepared {
    /// Of which conversation.
    pub fn id(&self) -> ConversationId {
        self.facts.id
    }

    /// How many messages it has.
    pub fn messages(&self) -> usize {
        self.messages.len()
    }

    /// Its entries, each with the bytes it takes up.
    pub(crate) fn entries(self, layout: &Arc<Layout>) -> Vec<(Entry, usize)> {
        let Self { facts, messages } = self;
        let entry = |(message, terms): (MessageDoc, Terms)| {
            let size = message.text.len() + terms.stems.len() + terms.surfaces.len();
            (Entry { layout: layout.clone(), facts: facts.clone(), message, terms }, size)
        };
        messages.into_iter().map(entry).collect()
    }
}

/// A message as the engine takes it.
pub(crate) struct Entry {
    layout: Arc<Layout>,
    facts: Arc<Facts>,
    message: MessageDoc,
    terms: Terms,
}

/// The value of a field.
#[derive(Clone, Debug)]
pub(crate) enum Cell<'a> {
    Text(&'a str),
    Bytes(&'a [u8]),
    Whole(u64),
    Signed(i64),
}

impl<'a> Value<'a> for Cell<'a> {
    type ArrayIter = std::iter::Empty<Self>;
    type ObjectIter = std::iter::Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match *self {
            Self::Text(text) => ReferenceValueLeaf::Str(text),
            Self::Bytes(bytes) => ReferenceValueLeaf::Bytes(bytes),
            Self::Whole(number) => ReferenceValueLeaf::U64(number),
            Self::Signed(number) => ReferenceValueLeaf::I64(number),
        })
    }
}

impl Document for Entry {
    type Value<'a> = Cell<'a>;
    type FieldsValuesIter<'a> = vec::IntoIter<(Field, Cell<'a>)>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        let Self { layout, facts, message, terms } = self;
        let (high, low) = facts.id.0.as_u64_pair();
        let mut values = Vec::with_capacity(16);
        values.extend([
            (layout.conversation, Cell::Bytes(facts.id.0.as_bytes())),
            (layout.conversation_high, Cell::Whole(high)),
            (layout.conversation_low, Cell::Whole(low)),
            (layout.ordinal, Cell::Whole(message.ordinal.into())),
            (layout.role, Cell::Text(message.role.name())),
            (layout.dataset, Cell::Text(&facts.dataset)),
            (layout.created_at, Cell::Signed(time_value(facts.created_at))),
            (layout.message, Cell::Text(&message.text)),
            (layout.stems, Cell::Text(&terms.stems)),
            (layout.surfaces, Cell::Text(&terms.surfaces)),
        ]);
        values.extend(facts.tier.map(|tier| (layout.tier, Cell::Text(tier.name()))));
        values.extend(facts.quality.map(|quality| (layout.quality, Cell::Signed(quality_value(quality)))));
        if !message.language.is_empty() {
            values.push((layout.language, Cell::Text(&message.language)));
        }
        values.extend(message.emotions.iter().map(|emotion| (layout.emotion, Cell::Text(emotion.name()))));
        values.into_iter()
    }
}
