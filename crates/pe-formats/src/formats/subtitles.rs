//! Subtitles: `WebVTT` and `SRT`. A file is one conversation and a cue one message, or several where several people
//! speak in it; where in the recording a message begins and ends is kept as `start` and `end`, in seconds.
//!
//! ```text
//! WEBVTT
//!
//! 00:00:01.000 --> 00:00:04.000
//! <v Therapist>What brings you here?
//! ```

use std::io::Read as _;

use pe_model::Conversation;

use super::subtitles_cue::{self, Cues};
use super::{subtitles_voice, table_cell, transcript_message};
use crate::record::{Item, Place, Record, Records, Reject};
use crate::sample::{Sample, Sniff};
use crate::source::Source;
use crate::{Error, ReadOptions, bytes};

/// `WEBVTT` on the first line.
pub(crate) fn sniff_vtt(sample: &Sample) -> Option<Sniff> {
    let rest = sample.text.strip_prefix("WEBVTT")?;
    (rest.is_empty() || rest.starts_with(char::is_whitespace))
        .then(|| Sniff::new(99, "it begins with WEBVTT"))
}

/// A number, then a line of two times with an arrow between them.
pub(crate) fn sniff_srt(sample: &Sample) -> Option<Sniff> {
    let mut lines = sample.text.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.next()?;
    let timed = |line: &str| subtitles_cue::timing(line).is_some();
    let numbered = first.bytes().all(|byte| byte.is_ascii_digit()) && lines.next().is_some_and(timed);
    (numbered || timed(first)).then(|| Sniff::new(97, "it begins with a number and the time of a subtitle"))
}

/// Reads a file of either kind.
pub(crate) fn read(source: Source, options: &ReadOptions) -> Result<Records, Error> {
    let path = source.path.clone();
    let most = options.max_record_bytes;
    let mut bytes = Vec::new();
    source
        .into_text()?
        .take(most as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| bytes::failure(&path, error))?;
    if bytes.len() > most {
        let what = format!("the subtitles are longer than {most} bytes; split the file");
        return Err(Error::Damaged { path, what });
    }
    let items = match String::from_utf8(bytes) {
        Ok(text) if text.contains('\0') => {
            let what = "the subtitles hold a NUL byte; remove it".to_owned();
            return Err(Error::Damaged { path, what });
        }
        Ok(text) => items(&text, options),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            let what = format!("byte {at} is not UTF-8; save the file as UTF-8, or name its encoding");
            return Err(Error::Damaged { path, what });
        }
    };
    Ok(Box::new(items.into_iter().map(Ok)))
}

fn items(text: &str, options: &ReadOptions) -> Vec<Item> {
    let cues = subtitles_cue::read(text);
    let mut roles = options.roles.clone();
    if let Some(map) = &options.map {
        roles.add(&map.roles);
    }
    let mut conversation = Conversation::default();
    for (key, value) in &cues.head {
        conversation.metadata.insert(key.clone(), value.as_str().into());
    }
    let spoken = subtitles_voice::speak(&cues.list, &|label| transcript_message::is_known(&roles, label));
    transcript_message::add(spoken, &roles, &mut conversation);
    let mut items = rejects(&cues);
    let place = Place { line: cues.list.first().map_or(0, |cue| cue.line), offset: 0 };
    let count = conversation.messages.len();
    if count > options.max_messages {
        let reason =
            format!("the subtitles hold more than {} messages; split the file", options.max_messages);
        items.push(Item::Reject(Reject { place, reason, excerpt: String::new() }));
    } else if count > 0 {
        items.push(Item::Record(Box::new(Record { conversation, place })));
    }
    items
}

fn rejects(cues: &Cues) -> Vec<Item> {
    let reject = |(line, text): &(u64, String)| {
        Item::Reject(Reject {
            place: Place { line: *line, offset: 0 },
            reason: "the times of the subtitle can't be read; write 00:00:01.000 --> 00:00:04.000".to_owned(),
            excerpt: table_cell::excerpt(text, Reject::EXCERPT),
        })
    };
    cues.strange.iter().map(reject).collect()
}
