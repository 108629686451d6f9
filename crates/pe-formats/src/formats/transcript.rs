//! Transcripts in plain text: a label before each message (`Human:` and `Assistant:`, `Therapist:` and `Client:`, names),
//! or `ChatML`.
//!
//! ```text
//! # Conversation 1
//! [00:00:05] Therapist: What brings you here?
//! [00:00:09] Client: I can't sleep.
//! It has been weeks.
//! ---
//! Therapist: ...
//! ```

use pe_model::Conversation;

use super::table_cell;
use super::transcript_blocks::{Block, Blocks, Boundaries};
use super::transcript_cast;
use super::transcript_chatml as chatml;
use super::transcript_message;
use crate::record::{Item, Record, Records, Reject};
use crate::roles::RoleMap;
use crate::sample::{Sample, Sniff};
use crate::source::Source;
use crate::{Error, ReadOptions, bytes};

/// Speakers, colons and lines of text.
pub(crate) fn sniff(sample: &Sample) -> Option<Sniff> {
    if sample.text.trim_start().starts_with(['{', '[']) && sample.outline().is_some() {
        return None;
    }
    let roles = RoleMap::default();
    let known = |label: &str| transcript_message::is_known(&roles, label);
    let block =
        Blocks::new(sample.text.as_bytes(), Boundaries::of(&sample.text), Sample::SIZE).next()?.ok()?;
    let text = String::from_utf8(block.text).ok()?;
    let script = transcript_cast::read(&text, &known)
        .filter(|script| transcript_message::is_dialogue(script, &known))?;
    let labels: Vec<&str> = script.spoken.iter().map(|one| one.label.as_str()).collect();
    let first = *labels.first()?;
    let other = labels.iter().copied().find(|label| *label != first)?;
    // More before the first message than in all of them is another kind of file.
    let spoken: usize = script.spoken.iter().map(|one| one.text.len()).sum();
    if script.preamble.len() > spoken {
        return None;
    }
    let confidence = match labels.iter().filter(|label| known(label)).count() {
        0 => 45,
        _ if script.preamble.is_empty() => 75,
        _ => 60,
    };
    Some(Sniff::new(confidence, format!("lines open with a speaker and a colon (`{first}:`, `{other}:`)")))
}

/// `<|im_start|>` at the head of the file.
pub(crate) fn sniff_chatml(sample: &Sample) -> Option<Sniff> {
    let head = sample.text.trim_start();
    let head = head.strip_prefix(chatml::STOP).unwrap_or(head).trim_start();
    head.starts_with(chatml::START).then(|| Sniff::new(98, format!("it begins with {}", chatml::START)))
}

/// Reads transcripts with a label before each message.
pub(crate) fn read(source: Source, options: &ReadOptions) -> Result<Records, Error> {
    let found = Boundaries::of(&source.sample.text);
    let boundaries = if source.is_member { found.of_member() } else { found };
    stream(source, options, boundaries, |text, block, options| {
        let known = |label: &str| transcript_message::is_known(&options.roles, label);
        let script = transcript_cast::read(text, &known).ok_or(
            "no line opens with a speaker and a colon; write `Speaker: text`, or name speakers with --role",
        )?;
        let mut conversation = Conversation::default();
        if let Some(title) = &block.title {
            conversation.metadata.insert("title".to_owned(), title.as_str().into());
        }
        transcript_message::add_script(script, &options.roles, &mut conversation);
        Ok(vec![conversation])
    })
}

/// Reads `ChatML`.
pub(crate) fn read_chatml(source: Source, options: &ReadOptions) -> Result<Records, Error> {
    stream(source, options, Boundaries::CHATML, |text, _, options| {
        let read = chatml::read(text)?;
        Ok(read
            .into_iter()
            .map(|spoken| {
                let mut conversation = Conversation::default();
                transcript_message::add(spoken, &options.roles, &mut conversation);
                conversation
            })
            .collect())
    })
}

type Parse = fn(&str, &Block, &ReadOptions) -> Result<Vec<Conversation>, String>;

fn stream(
    source: Source,
    options: &ReadOptions,
    boundaries: Boundaries,
    parse: Parse,
) -> Result<Records, Error> {
    let path = source.path.clone();
    let mut options = options.clone();
    if let Some(map) = &options.map {
        options.roles.add(&map.roles);
    }
    let blocks = Blocks::new(source.into_text()?, boundaries, options.max_record_bytes);
    Ok(Box::new(blocks.flat_map(move |block| match block {
        Ok(block) => items(&block, &options, parse).into_iter().map(Ok).collect::<Vec<_>>(),
        Err(error) => vec![Err(bytes::failure(&path, error))],
    })))
}

fn items(block: &Block, options: &ReadOptions, parse: Parse) -> Vec<Item> {
    match conversations(block, options, parse) {
        Ok(conversations) => conversations
            .into_iter()
            .map(|conversation| Item::Record(Box::new(Record { conversation, place: block.place })))
            .collect(),
        Err(reason) => {
            let text = String::from_utf8_lossy(&block.text[..block.text.len().min(Reject::EXCERPT)]);
            let excerpt = table_cell::excerpt(&text, Reject::EXCERPT);
            vec![Item::Reject(Reject { place: block.place, reason, excerpt })]
        }
    }
}

fn conversations(block: &Block, options: &ReadOptions, parse: Parse) -> Result<Vec<Conversation>, String> {
    if block.too_long {
        let most = options.max_record_bytes;
        return Err(format!(
            "the conversation is longer than {most} bytes; part conversations by lines of `---`"
        ));
    }
    let text = std::str::from_utf8(&block.text).map_err(|error| {
        format!("byte {} of the conversation is not UTF-8; save the file as UTF-8", error.valid_up_to())
    })?;
    if text.contains('\0') {
        return Err("the conversation holds a NUL byte; remove it".to_owned());
    }
    let read = parse(text, block, options)?;
    match read.iter().find(|conversation| conversation.messages.len() > options.max_messages) {
        Some(_) => Err(format!("the conversation has more than {} messages; split it", options.max_messages)),
        None => Ok(read),
    }
}
