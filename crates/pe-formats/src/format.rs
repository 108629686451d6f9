//! The formats by name, and telling which one a file is in.

use crate::archive::Packing;
use crate::formats::{self, Entry};
use crate::sample::{Sample, Sniff};
use crate::source::Source;
use crate::{Compression, Encoding, Error, ReadOptions};

macro_rules! formats {
    ($($name:ident = $text:literal, $about:literal;)*) => {
        /// A format that conversations can be read from.
        // The same line serves the documentation and the command's help.
        #[allow(clippy::doc_markdown)]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Format { $(#[doc = $about] $name,)* }

        impl Format {
            /// All of them; where two fit a file equally well, the earlier one is taken.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name, as in `--format NAME`.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// What it looks like, in one line.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$name => $about,)* }
            }
        }
    };
}

formats! {
    Pixelated = "pixelated", "our own JSON: {id, messages: [{role, content, timestamp}], metadata, annotations, pair}";
    Preference = "preference", "JSON preference pairs: a prompt with a chosen and a rejected reply (DPO, HH-RLHF)";
    Kto = "kto", "JSON with one reply and a label true or false for it (KTO)";
    OpenAi = "openai", "JSON messages: [{role, content}], with tool calls and contents of several parts";
    ShareGpt = "sharegpt", "JSON conversations: [{from, value}], with system and tools";
    Alpaca = "alpaca", "JSON instruction, input, output, with history and system";
    Exchange = "exchange", "JSON with a question and an answer: prompt and response, context and response";
    Dialogue = "dialogue", "JSON with any list of utterances that have a speaker and a text";
    JsonTranscript = "json-transcript", "JSON with a whole transcript in one field, a line per utterance";
    JsonRows = "json-rows", "JSON with an utterance in each record and the id of its conversation";
    JsonFields = "json-fields", "any JSON, by a field map (--map)";
    Parquet = "parquet", "Parquet: any shape of JSON or of a table, a conversation, exchange or utterance a row";
    WebVtt = "webvtt", "WebVTT subtitles, speakers in voice tags or before a colon";
    Srt = "srt", "SRT subtitles, speakers before a colon, in brackets or behind dashes";
    ChatMl = "chatml", "ChatML text: <|im_start|>role ... <|im_end|>";
    Csv = "csv", "CSV and TSV tables: an utterance, an exchange or a whole transcript a row";
    Transcript = "transcript", "text with a speaker and a colon before each message: Human: and Assistant:, names";
}

impl Format {
    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name() == name)
    }

    pub(crate) fn entry(self) -> Entry {
        formats::entry(self)
    }
}

/// What a file was taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guess {
    /// Its format.
    pub format: Format,
    /// How it is compressed.
    pub compression: Compression,
    /// The archive it is a member of.
    pub packing: Option<Packing>,
    /// Which characters its bytes stand for.
    pub encoding: Encoding,
    /// Why this format.
    pub why: String,
}

/// The format of a file, and why.
///
/// # Errors
/// No format fits, or a field map is given and the file is in a format that has no fields.
pub(crate) fn detect(source: &Source, options: &ReadOptions) -> Result<(Format, String), Error> {
    if let Some(format) = options.format {
        return Ok((format, "it was named".to_owned()));
    }
    let mapped = options.map.is_some();
    let best = Format::ALL
        .iter()
        .copied()
        .filter_map(|format| Some((format, sniff(format, &source.sample, mapped)?)))
        .reduce(|best, other| if other.1.confidence > best.1.confidence { other } else { best });
    best.map(|(format, sniff)| (format, sniff.why)).ok_or_else(|| source.unknown())
}

fn sniff(format: Format, sample: &Sample, mapped: bool) -> Option<Sniff> {
    let entry = format.entry();
    if mapped { entry.sniff_mapped.and_then(|sniff| sniff(sample)) } else { (entry.sniff)(sample) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_lead_back() {
        for format in Format::ALL {
            assert_eq!(Format::from_name(format.name()), Some(*format));
            assert!(!format.about().is_empty());
        }
        assert_eq!(Format::from_name("no such format"), None);
    }
}
