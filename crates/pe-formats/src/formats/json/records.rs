//! From the texts of records to conversations.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::io::Cursor;

use pe_model::Conversation;
use serde_json::Value;

use super::values::{Layout, Next, Values, reject};
use super::{bounds, python};
use crate::sample::Sample;
use crate::source::Source;
use crate::{Error, Item, Place, ReadOptions, Record, Records, Reject, bytes};

/// Makes conversations of a record's text; `key` is its name in an object of records. An error says what is wrong with it.
pub(crate) type Parse = Box<dyn FnMut(&str, Option<&str>) -> Result<Vec<Conversation>, String> + Send>;

/// The records of a JSON document, laid out as its outline says.
pub(crate) fn records(source: Source, options: &ReadOptions, parse: Parse) -> Result<Records, Error> {
    let layout = layout(&source);
    records_in(source, options, layout, parse)
}

/// The records of a JSON document in a given layout.
pub(crate) fn records_in(
    source: Source,
    options: &ReadOptions,
    layout: Layout,
    parse: Parse,
) -> Result<Records, Error> {
    let path = source.path.clone();
    let values = Values::new(source.into_text()?, layout, options.max_record_bytes);
    let max_messages = options.max_messages;
    let mut reading = Reading { values, parse, max_messages, buffer: Vec::new(), waiting: VecDeque::new() };
    let mut ended = false;
    Ok(Box::new(std::iter::from_fn(move || {
        if ended {
            return None;
        }
        let next = reading.next().map_err(|error| bytes::failure(&path, error)).transpose();
        ended = !matches!(next, Some(Ok(_)));
        next
    })))
}

/// The texts of the records, for a format that makes a conversation of several.
pub(crate) fn texts(source: Source, options: &ReadOptions) -> Result<Texts, Error> {
    let path = source.path.clone();
    let layout = layout(&source);
    let mut values = Values::new(source.into_text()?, layout, options.max_record_bytes);
    let mut buffer = Vec::new();
    let texts = std::iter::from_fn(move || {
        let next = values.next(&mut buffer).map_err(|error| bytes::failure(&path, error)).transpose()?;
        Some(next.map(|next| match next {
            Next::Reject(reject) => Err(reject),
            Next::Value { place, .. } => match text_of(&buffer) {
                Ok(text) => Ok((place, text.into_owned())),
                Err(reason) => Err(reject(place, reason, &buffer)),
            },
        }))
    });
    Ok(Box::new(texts))
}

/// The first records of a sample in a given layout, at most `most` of them, without those that can't be read.
pub(crate) fn head_in(sample: &Sample, layout: Layout, most: usize) -> Vec<Value> {
    let text = Box::new(Cursor::new(sample.text.clone().into_bytes()));
    let mut values = Values::new(text, layout, Sample::SIZE);
    let (mut buffer, mut found) = (Vec::new(), Vec::new());
    while found.len() < most
        && let Ok(Some(next)) = values.next(&mut buffer)
    {
        if let (Next::Value { .. }, Ok(text)) = (next, text_of(&buffer)) {
            found.extend(serde_json::from_str::<Value>(&text));
        }
    }
    found
}

/// Texts of records with their places, and what is no text.
type Texts = Box<dyn Iterator<Item = Result<Result<(Place, String), Reject>, Error>> + Send>;

fn layout(source: &Source) -> Layout {
    source.sample.outline().map_or(Layout::Sequence, |outline| outline.layout.clone())
}

/// A record's text as JSON.
fn text_of(record: &[u8]) -> Result<Cow<'_, str>, String> {
    let text = std::str::from_utf8(record).map_err(|error| {
        format!(
            "not UTF-8 at byte {} of the record; correct it, or name the file's encoding with --encoding",
            error.valid_up_to()
        )
    })?;
    let text = python::to_json(text).map_or(Cow::Borrowed(text), Cow::Owned);
    bounds::check(&text)?;
    Ok(text)
}

struct Reading {
    values: Values,
    parse: Parse,
    max_messages: usize,
    buffer: Vec<u8>,
    /// The second half of a pair.
    waiting: VecDeque<Item>,
}

impl Reading {
    fn next(&mut self) -> std::io::Result<Option<Item>> {
        loop {
            if let Some(item) = self.waiting.pop_front() {
                return Ok(Some(item));
            }
            let Some(next) = self.values.next(&mut self.buffer)? else { return Ok(None) };
            match next {
                Next::Reject(reject) => return Ok(Some(Item::Reject(reject))),
                Next::Value { place, key } => self.parse(place, key.as_deref()),
            }
        }
    }

    fn parse(&mut self, place: Place, key: Option<&str>) {
        let parsed = text_of(&self.buffer)
            .and_then(|text| (self.parse)(&text, key))
            .and_then(|conversations| self.check(conversations));
        match parsed {
            Ok(conversations) => self.waiting.extend(
                conversations
                    .into_iter()
                    .map(|conversation| Item::Record(Box::new(Record { conversation, place }))),
            ),
            Err(reason) => self.waiting.push_back(Item::Reject(reject(place, reason, &self.buffer))),
        }
    }

    fn check(&self, conversations: Vec<Conversation>) -> Result<Vec<Conversation>, String> {
        for conversation in &conversations {
            match conversation.messages.len() {
                0 => return Err("no messages in it".to_owned()),
                count if count > self.max_messages => {
                    return Err(format!(
                        "{count} messages, more than {}; split the conversation or raise the limit",
                        self.max_messages
                    ));
                }
                _ => {}
            }
        }
        Ok(conversations)
    }
}
