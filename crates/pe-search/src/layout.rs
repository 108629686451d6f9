//! What the index holds: one entry for each message, with the facts of its conversation that a search can be narrowed by.

use pe_model::{ConversationId, Points};
use tantivy::Term;
use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema,
    TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::TokenizerManager;
use time::OffsetDateTime;

use crate::analysis::Analysis;

/// Grows whenever the fields below, or the form of a term, change: an index of another version is rebuilt.
pub(crate) const VERSION: u32 = 1;

const STEMS: &str = "stems";
const SURFACES: &str = "surfaces";

/// Names of the columns that ranking reads.
pub(crate) const CONVERSATION_HIGH: &str = "conversation_high";
pub(crate) const CONVERSATION_LOW: &str = "conversation_low";
pub(crate) const ORDINAL: &str = "ordinal";

/// The fields of an entry.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    /// The 16 bytes of the conversation's id: finds its entries when it is removed.
    pub(crate) conversation: Field,
    /// Upper half of the id, for grouping.
    pub(crate) conversation_high: Field,
    /// Lower half of the id, for grouping.
    pub(crate) conversation_low: Field,
    /// Position of the message in its conversation, counted from 0.
    pub(crate) ordinal: Field,
    pub(crate) role: Field,
    pub(crate) dataset: Field,
    /// Absent where the conversation was not scorable.
    pub(crate) tier: Field,
    /// ISO 639-1; absent where the message has too few letters to tell.
    pub(crate) language: Field,
    /// Every emotion selected for the message.
    pub(crate) emotion: Field,
    /// Overall score in millionths; absent where the conversation was not scorable.
    pub(crate) quality: Field,
    /// Microseconds since 1970.
    pub(crate) created_at: Field,
    /// Stems with positions; also keeps the text, for snippets.
    pub(crate) text: Field,
    /// Surface forms, for prefixes; no positions, no lengths.
    pub(crate) surface: Field,
    /// All of them together.
    pub(crate) schema: Schema,
}

impl Layout {
    /// The fields of the present [`VERSION`].
    pub(crate) fn new() -> Self {
        let mut schema = Schema::builder();
        let number = || NumericOptions::default().set_fast();
        let text = TextFieldIndexing::default()
            .set_tokenizer(STEMS)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let surface = TextFieldIndexing::default()
            .set_tokenizer(SURFACES)
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false);
        Self {
            conversation: schema.add_bytes_field("conversation", BytesOptions::default().set_indexed()),
            conversation_high: schema.add_u64_field(CONVERSATION_HIGH, number()),
            conversation_low: schema.add_u64_field(CONVERSATION_LOW, number()),
            ordinal: schema.add_u64_field(ORDINAL, number()),
            role: schema.add_text_field("role", STRING),
            dataset: schema.add_text_field("dataset", STRING),
            tier: schema.add_text_field("tier", STRING),
            language: schema.add_text_field("language", STRING),
            emotion: schema.add_text_field("emotion", STRING),
            quality: schema.add_i64_field("quality", FAST | INDEXED),
            created_at: schema.add_i64_field("created_at", FAST | INDEXED),
            text: schema.add_text_field("text", TextOptions::default().set_indexing_options(text) | STORED),
            surface: schema.add_text_field("surface", TextOptions::default().set_indexing_options(surface)),
            schema: schema.build(),
        }
    }

    /// The analyses that the text fields name.
    pub(crate) fn tokenizers() -> TokenizerManager {
        let manager = TokenizerManager::default();
        manager.register(STEMS, Analysis::Stems);
        manager.register(SURFACES, Analysis::Surfaces);
        manager
    }

    /// The term that all entries of a conversation share.
    pub(crate) fn conversation_term(&self, id: ConversationId) -> Term {
        Term::from_field_bytes(self.conversation, id.0.as_bytes())
    }
}

/// A score as it is indexed.
pub(crate) const fn quality_value(quality: Points) -> i64 {
    quality.micros()
}

/// A time as it is indexed: microseconds since 1970, held at the ends of what 64 bits can say.
pub(crate) fn time_value(time: OffsetDateTime) -> i64 {
    let micros = time.unix_timestamp_nanos() / 1000;
    i64::try_from(micros).unwrap_or(if micros < 0 { i64::MIN } else { i64::MAX })
}
