//! One file of an export while it is open, and once it is complete.

use std::path::Path;

use super::adjustment::Tally;
use super::preference::Pairing;
use super::table::TableFile;
use super::target::{CompleteFile, TargetFile};
use super::text::TextFile;
use super::{Adjustment, ExportError, ExportFormat, ExportRecord, Split, csv, jsonl, openai};

/// What was made of one record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    /// Lines or rows: conversations, or pairs.
    pub(super) records: u64,
    /// Messages in them.
    pub(super) messages: u64,
}

impl Written {
    const fn one(messages: u64) -> Self {
        Self { records: 1, messages }
    }
}

/// Turns records into what is written of them.
pub(super) enum Encoder {
    Jsonl,
    Csv,
    OpenAi { weights: bool },
    Preference(Pairing),
    Columns,
}

impl Encoder {
    /// The encoder of a format.
    pub(super) fn new(format: ExportFormat, weights: bool) -> Self {
        match format {
            ExportFormat::Jsonl => Self::Jsonl,
            ExportFormat::Csv => Self::Csv,
            ExportFormat::Parquet | ExportFormat::HuggingFace => Self::Columns,
            ExportFormat::OpenAi => Self::OpenAi { weights },
            ExportFormat::Preference => Self::Preference(Pairing::default()),
        }
    }

    /// Puts the lines of a record into `text`, and says what they hold; `None` when the record gives none.
    pub(super) fn encode(
        &mut self,
        record: &ExportRecord,
        text: &mut Vec<u8>,
        tally: &mut Tally,
    ) -> Result<Option<Written>, ExportError> {
        let messages = record.conversation.messages.len() as u64;
        match self {
            Self::Jsonl => jsonl::append(record, text).map(|()| Some(Written::one(messages))),
            Self::Csv if messages == 0 => {
                tally.adjust(Adjustment::ConversationWithoutMessages);
                Ok(None)
            }
            Self::Csv => {
                csv::append(record, text)?;
                let readable = !text.contains(&0);
                if !readable {
                    text.clear();
                    tally.adjust(Adjustment::ConversationWithNul);
                }
                Ok(readable.then_some(Written::one(messages)))
            }
            Self::OpenAi { weights } => Ok(openai::append(record, *weights, text, tally)?.map(Written::one)),
            Self::Preference(pairing) => pairing.append(record, text, tally),
            Self::Columns => Ok(Some(Written::one(messages))),
        }
    }

    /// Counts what still waits for its other half.
    pub(super) fn finish(&mut self, tally: &mut Tally) {
        if let Self::Preference(pairing) = self {
            pairing.finish(tally);
        }
    }
}

enum Writer {
    Text(Box<TextFile>),
    Table(Box<TableFile>),
}

/// One open file.
pub(super) struct Shard {
    writer: Writer,
    split: Option<Split>,
    records: u64,
    messages: u64,
}

/// One complete file, not yet under its own name.
pub(super) struct CompleteShard {
    pub(super) file: CompleteFile,
    pub(super) split: Option<Split>,
    pub(super) records: u64,
    pub(super) messages: u64,
}

impl Shard {
    /// Begins the file that will be called `path`.
    pub(super) fn create(
        path: &Path,
        format: ExportFormat,
        split: Option<Split>,
    ) -> Result<Self, ExportError> {
        let writer = if format.is_columnar() {
            Writer::Table(Box::new(TableFile::create(TargetFile::create(path)?)?))
        } else {
            let mut file = TextFile::create(path)?;
            if format == ExportFormat::Csv {
                file.write(&csv::header())?;
            }
            Writer::Text(Box::new(file))
        };
        Ok(Self { writer, split, records: 0, messages: 0 })
    }

    /// Adds a record: its lines where the file is text, the record itself where it is a table.
    pub(super) fn push(
        &mut self,
        record: &ExportRecord,
        text: &[u8],
        written: Written,
    ) -> Result<(), ExportError> {
        match &mut self.writer {
            Writer::Text(file) => file.write(text)?,
            Writer::Table(table) => table.push(record)?,
        }
        self.records += written.records;
        self.messages += written.messages;
        Ok(())
    }

    /// Whether a table has grown to about so many bytes.
    pub(super) fn is_full(&self, bytes: u64) -> bool {
        matches!(&self.writer, Writer::Table(table) if table.bytes() >= bytes)
    }

    /// Ends the file and brings it to disk.
    pub(super) fn complete(self) -> Result<CompleteShard, ExportError> {
        let file = match self.writer {
            Writer::Text(file) => file.finish()?,
            Writer::Table(table) => table.finish()?,
        };
        Ok(CompleteShard {
            file: file.complete()?,
            split: self.split,
            records: self.records,
            messages: self.messages,
        })
    }
}
