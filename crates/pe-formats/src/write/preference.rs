//! Preference pairs: `{"id": ..., "prompt": [...], "chosen": [...], "rejected": [...]}`, one a line.
//!
//! The prompt is what both halves begin with; what remains of each is the reply to choose between. Records come ordered by
//! pair, so a half waits only for the record after it.

use pe_model::{Message, Pair, Preference};
use serde::Serialize;

use super::adjustment::Tally;
use super::jsonl::append_json;
use super::openai::ChatMessage;
use super::{Adjustment, ExportError, ExportRecord};

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    prompt: Vec<ChatMessage<'a>>,
    chosen: Vec<ChatMessage<'a>>,
    rejected: Vec<ChatMessage<'a>>,
}

/// Holds the half that came first until the other one comes.
#[derive(Default)]
pub(super) struct Pairing {
    waiting: Option<Box<ExportRecord>>,
}

impl Pairing {
    /// Appends a pair if this record completes one, and says how many messages it holds.
    pub(super) fn append(
        &mut self,
        record: &ExportRecord,
        text: &mut Vec<u8>,
        tally: &mut Tally,
    ) -> Result<Option<u64>, ExportError> {
        let Some(pair) = &record.conversation.pair else {
            tally.adjust(Adjustment::ConversationOutsidePairs);
            return Ok(None);
        };
        let waiting = self.waiting.take();
        let Some(other) = waiting.filter(|other| completes(other, record, pair, tally)) else {
            self.waiting = Some(Box::new(record.clone()));
            return Ok(None);
        };
        let (chosen, rejected) = match pair.preference {
            Preference::Chosen => (record, &*other),
            Preference::Rejected => (&*other, record),
        };
        append_pair(&pair.pair_id, chosen, rejected, text, tally)
    }

    /// Counts the half that still waits.
    pub(super) fn finish(&mut self, tally: &mut Tally) {
        if self.waiting.take().is_some() {
            tally.adjust(Adjustment::UnmatchedHalf);
        }
    }
}

/// Whether `other` is the other half of the record's pair; a half that is not will never be matched.
fn completes(other: &ExportRecord, record: &ExportRecord, pair: &Pair, tally: &mut Tally) -> bool {
    let matches = other.dataset == record.dataset
        && other
            .conversation
            .pair
            .as_ref()
            .is_some_and(|other| other.pair_id == pair.pair_id && other.preference != pair.preference);
    if !matches {
        tally.adjust(Adjustment::UnmatchedHalf);
    }
    matches
}

fn append_pair(
    pair_id: &str,
    chosen: &ExportRecord,
    rejected: &ExportRecord,
    text: &mut Vec<u8>,
    tally: &mut Tally,
) -> Result<Option<u64>, ExportError> {
    let (better, worse) = (&chosen.conversation.messages, &rejected.conversation.messages);
    let same = |(one, two): &(&Message, &Message)| one.role == two.role && one.content == two.content;
    let shared = better.iter().zip(worse).take_while(same).count();
    if shared == better.len() || shared == worse.len() {
        tally.adjust(Adjustment::PairWithoutDifference);
        return Ok(None);
    }
    if shared == 0 {
        tally.adjust(Adjustment::PairWithoutPrompt);
        return Ok(None);
    }
    let (prompt, better) = better.split_at(shared);
    let worse = worse.split_at(shared).1;
    let count = prompt.len() + better.len() + worse.len();
    let line = Line { id: pair_id, prompt: chat(prompt), chosen: chat(better), rejected: chat(worse) };
    append_json(&line, chosen, text)?;
    Ok(Some(count as u64))
}

fn chat(messages: &[Message]) -> Vec<ChatMessage<'_>> {
    messages.iter().map(|message| ChatMessage::of(message, None)).collect()
}
