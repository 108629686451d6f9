//! Stored conversations as the index sees them.

use std::sync::Arc;

use pe_model::{Conversation, ConversationId, MessageReading, Outcome, Reading, Report};
use pe_search::{ConversationDoc, MessageDoc, Prepared};
use pe_store::StoredConversation;
use rayon::prelude::*;
use time::OffsetDateTime;

use crate::{Corpus, Error, Scorer};

/// Turns stored conversations into what the index takes.
pub(crate) struct Documents<'a> {
    corpus: &'a Corpus,
    /// Made when a conversation must be read again, because its reading was stored by a program with other labels.
    scorer: Option<Scorer>,
}

impl<'a> Documents<'a> {
    pub(crate) const fn new(corpus: &'a Corpus) -> Self {
        Self { corpus, scorer: None }
    }

    /// Does so on all cores; the order is kept.
    pub(crate) fn of(&mut self, batch: Vec<StoredConversation>) -> Result<Vec<Prepared>, Error> {
        if self.scorer.is_none() && batch.iter().any(|stored| stored.reading.is_none()) {
            // What a dataset declares changes scores, never a reading.
            self.scorer = Some(Scorer::for_dataset(&self.corpus.config, None, None)?);
        }
        let scorer = self.scorer.as_ref();
        Ok(batch.into_par_iter().map(|stored| prepared(stored, scorer)).collect())
    }
}

fn prepared(mut stored: StoredConversation, scorer: Option<&Scorer>) -> Prepared {
    let reading = stored.reading.take().or_else(|| scorer.map(|scorer| scorer.read(&stored.conversation)));
    let summary = &stored.summary;
    let reading = reading.unwrap_or_default();
    let mut document =
        document(summary.id, summary.dataset.as_str().into(), &stored.conversation, &reading, &[]);
    document.tier = summary.tier;
    document.quality = summary.quality;
    document.prepare()
}

/// A conversation with what was just found in it.
pub(crate) fn document(
    id: ConversationId,
    dataset: Arc<str>,
    conversation: &Conversation,
    reading: &Reading,
    reports: &[Report],
) -> ConversationDoc {
    let assessment = reports.first().map(|report| &report.outcome).and_then(Outcome::assessment);
    let nothing = MessageReading::default();
    let messages = (0_u32..).zip(&conversation.messages).map(|(ordinal, message)| {
        let read = reading.messages.get(ordinal as usize).unwrap_or(&nothing);
        MessageDoc {
            ordinal,
            role: message.role,
            language: read.language.clone(),
            emotions: read.selected.clone(),
            text: message.content.clone(),
        }
    });
    ConversationDoc {
        id,
        dataset,
        tier: assessment.map(|assessment| assessment.tier),
        quality: assessment.map(pe_model::Assessment::overall),
        created_at: made_at(id),
        messages: messages.collect(),
    }
}

/// When an id was made: its first 48 bits are milliseconds since 1970.
fn made_at(id: ConversationId) -> OffsetDateTime {
    let millis = id.0.as_u64_pair().0 >> 16;
    OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(i64::try_from(millis).unwrap_or(0))
}
