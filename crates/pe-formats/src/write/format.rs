//! The formats that conversations can be given back in.

use std::fmt;

/// A format of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ExportFormat {
    /// Our own: one conversation a line, nothing lost.
    Jsonl,
    /// One message a row.
    Csv,
    /// One conversation a row, its messages nested.
    Parquet,
    /// A dataset folder: Parquet shards by split, and a card.
    HuggingFace,
    /// Chat fine-tuning records.
    OpenAi,
    /// Prompt, chosen, rejected.
    Preference,
}

impl ExportFormat {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Jsonl, Self::Csv, Self::Parquet, Self::HuggingFace, Self::OpenAi, Self::Preference];

    /// The name on the command line and in the manifest.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::HuggingFace => "huggingface",
            Self::OpenAi => "openai",
            Self::Preference => "preference",
        }
    }

    /// The format of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// One line for a list of formats.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Jsonl => {
                "one conversation a line with scores; nothing is lost (.jsonl, .jsonl.gz, .jsonl.zst)"
            }
            Self::Csv => "one message a row, scores repeated on each (.csv, .csv.gz, .csv.zst)",
            Self::Parquet => "one conversation a row, messages nested, zstd inside (.parquet)",
            Self::HuggingFace => {
                "a dataset folder: Parquet shards by split, and a card with measured statistics"
            }
            Self::OpenAi => "chat fine-tuning records, with optional weights that mask weak replies (.jsonl)",
            Self::Preference => "prompt, chosen, rejected from linked pairs (.jsonl)",
        }
    }

    /// Whether the target is a folder.
    pub const fn is_folder(self) -> bool {
        matches!(self, Self::HuggingFace)
    }

    /// Whether the format compresses its own pages, so that the target can't be compressed a second time.
    pub(super) const fn is_columnar(self) -> bool {
        matches!(self, Self::Parquet | Self::HuggingFace)
    }
}

impl fmt::Display for ExportFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_format() {
        for format in ExportFormat::ALL {
            assert_eq!(ExportFormat::from_name(format.name()), Some(format));
        }
        assert_eq!(ExportFormat::from_name("xml"), None);
    }
}
