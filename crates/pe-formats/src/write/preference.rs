//! Preference pairs: `{"id": ..., "prompt": [...], "chosen": [...], "rejected": [...]}`, one a line.
//!
//! The prompt is what both halves begin with; what remains of each is the reply to choose between. Records come ordered by
//! pair, so only the halves of one pair wait. Where several replies to one prompt were chosen or rejected, every chosen one is
//! set against every rejected one, up to a bound; the line after the first has `#2` at its id, and so on.

use pe_model::{Message, Pair, Preference};
use serde::Serialize;

use super::adjustment::Tally;
use super::jsonl::append_json;
use super::openai::ChatMessage;
use super::shard::Written;
use super::{Adjustment, ExportError, ExportRecord};

#[derive(Serialize)]
struct Line<'a> {
    id: &'a str,
    prompt: Vec<ChatMessage<'a>>,
    chosen: Vec<ChatMessage<'a>>,
    rejected: Vec<ChatMessage<'a>>,
}

/// Halves of one pair that are kept, of each preference; so at most 64 lines are made of a pair. Sets of ranked replies have
/// seldom more than nine to a prompt.
const MOST_ALIKE: usize = 8;

/// Holds the halves of one pair while others of it may come.
#[derive(Default)]
pub(super) struct Pairing {
    halves: Vec<ExportRecord>,
    /// Lines made of them, counting those without a difference or a prompt.
    combined: u64,
}

impl Pairing {
    /// Appends a line for each half that waits on the other side of this record's pair, and says what they hold.
    pub(super) fn append(
        &mut self,
        record: &ExportRecord,
        text: &mut Vec<u8>,
        tally: &mut Tally,
    ) -> Result<Option<Written>, ExportError> {
        let Some(pair) = &record.conversation.pair else {
            tally.adjust(Adjustment::ConversationOutsidePairs);
            return Ok(None);
        };
        if !self.halves.last().is_some_and(|half| is_of_pair(half, record, pair)) {
            self.finish(tally);
        }
        let alike = self.halves.iter().filter(|half| preference(half) == Some(pair.preference)).count();
        if alike == MOST_ALIKE {
            tally.adjust(Adjustment::HalfBeyondBound);
            return Ok(None);
        }
        let mut written = Written::default();
        for other in self.halves.iter().filter(|half| preference(half) != Some(pair.preference)) {
            self.combined += 1;
            let id = match self.combined {
                1 => pair.pair_id.clone(),
                number => format!("{}#{number}", pair.pair_id),
            };
            let (chosen, rejected) = match pair.preference {
                Preference::Chosen => (record, other),
                Preference::Rejected => (other, record),
            };
            if let Some(messages) = append_pair(&id, chosen, rejected, text, tally)? {
                written.records += 1;
                written.messages += messages;
            }
        }
        self.halves.push(record.clone());
        Ok((written.records > 0).then_some(written))
    }

    /// Lets go of the halves; those that no other one was set against are counted.
    pub(super) fn finish(&mut self, tally: &mut Tally) {
        if self.combined == 0 {
            tally.adjust_by(Adjustment::UnmatchedHalf, self.halves.len());
        }
        self.halves.clear();
        self.combined = 0;
    }
}

fn preference(half: &ExportRecord) -> Option<Preference> {
    half.conversation.pair.as_ref().map(|pair| pair.preference)
}

/// Whether a half that waits belongs to the record's pair.
fn is_of_pair(half: &ExportRecord, record: &ExportRecord, pair: &Pair) -> bool {
    let id = half.conversation.pair.as_ref().map(|pair| &pair.pair_id);
    half.dataset == record.dataset && id == Some(&pair.pair_id)
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
