//! What the index holds: one entry for each message, with the facts of its conversation that a search can be narrowed by.

use pe_model::{ConversationId, Points};
use tantivy::Term;
use tantivy::schema::{
    BytesOptions, Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::TokenizerManager;
use time::OffsetDateTime;

use crate::terms::Separated;

/// Grows whenever the fields below, or the form of a term, change: an index of another version is rebuilt.
pub(crate) const VERSION: u32 = 2;

const SEPARATED: &str = "separated";
const WHOLE: &str = "raw";

/// Names of the columns that ranking reads.
pub(crate) const CONVERSATION_HIGH: &str = "conversation_high";
pub(crate) const CONVERSATION_LOW: &str = "conversation_low";
pub(crate) const ORDINAL: &str = "ordinal";
pub(crate) const QUALITY: &str = "quality";
pub(crate) const CREATED_AT: &str = "created_at";

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
    /// The text, kept for snippets.
    pub(crate) message: Field,
    /// Stems with positions.
    pub(crate) stems: Field,
    /// Surface forms, for prefixes; no positions, no lengths.
    pub(crate) surfaces: Field,
    /// All of them together.
    pub(crate) schema: Schema,
}

impl Layout {
    /// The fields of the present [`VERSION`].
    pub(crate) fn new() -> Self {
        let mut schema = Schema::builder();
        let number = || NumericOptions::default().set_fast();
        // What only narrows a search needs neither counts nor lengths.
        let narrowing = |analysis| {
            let terms = TextFieldIndexing::default().set_tokenizer(analysis).set_fieldnorms(false);
            TextOptions::default().set_indexing_options(terms.set_index_option(IndexRecordOption::Basic))
        };
        let ranked = TextFieldIndexing::default()
            .set_tokenizer(SEPARATED)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        Self {
            conversation: schema.add_bytes_field("conversation", BytesOptions::default().set_indexed()),
            conversation_high: schema.add_u64_field(CONVERSATION_HIGH, number()),
            conversation_low: schema.add_u64_field(CONVERSATION_LOW, number()),
            ordinal: schema.add_u64_field(ORDINAL, number()),
            role: schema.add_text_field("role", narrowing(WHOLE)),
            dataset: schema.add_text_field("dataset", narrowing(WHOLE)),
            tier: schema.add_text_field("tier", narrowing(WHOLE)),
            language: schema.add_text_field("language", narrowing(WHOLE)),
            emotion: schema.add_text_field("emotion", narrowing(WHOLE)),
            quality: schema.add_i64_field(QUALITY, number()),
            created_at: schema.add_i64_field(CREATED_AT, number()),
            message: schema.add_text_field("message", STORED),
            stems: schema.add_text_field("stems", TextOptions::default().set_indexing_options(ranked)),
            surfaces: schema.add_text_field("surfaces", narrowing(SEPARATED)),
            schema: schema.build(),
        }
    }

    /// What the text fields name.
    pub(crate) fn tokenizers() -> TokenizerManager {
        let manager = TokenizerManager::default();
        manager.register(SEPARATED, Separated);
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
