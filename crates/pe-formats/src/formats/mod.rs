//! One module for each format, and the table that lists them.
//!
//! # To add a format
//! 1. Write a module here with two functions and a paragraph at its head that shows what the format looks like:
//!    * `sniff(&Sample) -> Option<Sniff>` looks at the head of a file (at most 256 KiB, decompressed; [`Sample::text`] is its
//!      text, [`Sample::outline`] its outline as JSON) and says how surely this is the format, and why in words that follow
//!      "because". It must be quick, must not be fooled by a file that merely begins alike, and gives `None` when in doubt:
//!      a file that no format claims gets an error which tells the user to name the format or to map the fields.
//!    * `read(Source, &ReadOptions) -> Result<Records, Error>` gives out conversations as it reads them. Memory may grow with the
//!      largest record ([`ReadOptions::max_record_bytes`]), never with the file. A record that can't be read becomes an
//!      [`Item::Reject`](crate::Item) with its line, byte offset, reason and remedy, and reading goes on with the next one.
//!      Only what ends the whole file is an `Error`. The text comes from [`Source::into_text`]; bytes in it that are not UTF-8
//!      make the record they stand in a reject, never a replacement character.
//! 2. Add a line to `formats!` in `format.rs`: the name for `--format` and one line that says what it looks like.
//! 3. Add an arm to [`entry`].
//! 4. Roles come from `RoleMap::cast`: give it all labels of one conversation at once, and keep the label in
//!    `Message::speaker` where `roles::speaker` says so. Labels that people (or models) gave to messages go to annotations or metadata, never
//!    into `content`. The text stays exactly as it was.
//! 5. Add tests with small texts beside the code, the counts of a real file in `tests/`, and an example to
//!    `docs/formats.md`.

mod alpaca;
mod annotated;
mod chat;
mod chat_message;
mod dialogue;
mod dialogue_labels;
mod dialogue_shape;
mod exchange;
pub(crate) mod huggingface;
pub(crate) mod json;
mod json_fields;
mod json_paths;
mod json_rows;
mod json_transcript;
mod own_annotations;
pub(crate) mod parquet;
mod parquet_pages;
mod parquet_rows;
mod parquet_value;
mod preference;
mod subtitles;
mod subtitles_cue;
mod subtitles_voice;
pub(crate) mod table;
mod table_cell;
mod table_columns;
mod table_conversation;
mod table_dialect;
mod table_json;
mod table_names;
mod table_objects;
mod table_rows;
mod table_stream;
mod table_survey;
mod table_window;
mod transcript;
mod transcript_blocks;
mod transcript_cast;
mod transcript_chatml;
mod transcript_clock;
mod transcript_header;
mod transcript_message;

use crate::sample::{Sample, Sniff};
use crate::source::Source;
use crate::{Error, Format, ReadOptions, Records};

/// How a format is recognised and read.
pub(crate) struct Entry {
    /// Recognises it.
    pub(crate) sniff: fn(&Sample) -> Option<Sniff>,
    /// Recognises it when a field map is given; `None` where the format has no fields to map.
    pub(crate) sniff_mapped: Option<fn(&Sample) -> Option<Sniff>>,
    /// Reads it.
    pub(crate) read: fn(Source, &ReadOptions) -> Result<Records, Error>,
}

impl Entry {
    /// A format that takes no field map.
    const fn new(
        sniff: fn(&Sample) -> Option<Sniff>,
        read: fn(Source, &ReadOptions) -> Result<Records, Error>,
    ) -> Self {
        Self { sniff, sniff_mapped: None, read }
    }
}

/// The table of formats.
pub(crate) fn entry(format: Format) -> Entry {
    match format {
        Format::Pixelated => Entry::new(chat::sniff_own, chat::read),
        Format::Preference => Entry::new(preference::sniff, preference::read),
        Format::Kto => Entry::new(preference::sniff_kto, preference::read_kto),
        Format::OpenAi => Entry::new(chat::sniff_openai, chat::read),
        Format::ShareGpt => Entry::new(chat::sniff_sharegpt, chat::read),
        Format::Alpaca => Entry::new(alpaca::sniff, alpaca::read),
        Format::Exchange => Entry::new(exchange::sniff, exchange::read),
        Format::Dialogue => Entry::new(dialogue::sniff, dialogue::read),
        Format::JsonTranscript => Entry::new(json_transcript::sniff, json_transcript::read),
        Format::JsonRows => Entry::new(json_rows::sniff, json_rows::read),
        Format::JsonFields => {
            Entry { sniff: |_| None, sniff_mapped: Some(json_fields::sniff), read: json_fields::read }
        }
        Format::Parquet => {
            Entry { sniff: parquet::sniff, sniff_mapped: Some(parquet::sniff), read: parquet::read }
        }
        Format::WebVtt => Entry::new(subtitles::sniff_vtt, subtitles::read),
        Format::Srt => Entry::new(subtitles::sniff_srt, subtitles::read),
        Format::ChatMl => Entry::new(transcript::sniff_chatml, transcript::read_chatml),
        Format::Csv => {
            Entry { sniff: table::sniff, sniff_mapped: Some(table::sniff_mapped), read: table::read }
        }
        Format::Transcript => Entry::new(transcript::sniff, transcript::read),
    }
}

/// Whether a JSON value is a record of any format.
pub(crate) fn is_record(value: &serde_json::Value) -> bool {
    preference::is_pair(value)
        || preference::is_kto(value)
        || chat::is_chat(value)
        || alpaca::is_alpaca(value)
        || dialogue::is_dialogue(value)
        || json_transcript::is_transcript(value)
        || exchange::is_exchange(value)
}
