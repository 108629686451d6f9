//! What to write, where, and what is known of the data.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{ExportError, ExportFormat, SplitRatios};

/// What travels with a dataset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DatasetFacts {
    /// Its name.
    pub name: String,
    /// What it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Where it comes from: recorded, written, generated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_kind: Option<String>,
    /// Under which licence it may be used, as stated by whoever imported it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licence: Option<String>,
    /// In which way people are helped in it, as declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modality: Option<String>,
    /// Who helps in it, as declared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub helper_profile: Option<String>,
    /// On what ground the people in it agreed to its use, as stated by whoever imported it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent_basis: Option<String>,
}

/// What to write, and where.
#[derive(Clone, Debug)]
pub struct ExportOptions {
    /// In which format.
    pub format: ExportFormat,
    /// The file; for [`ExportFormat::HuggingFace`] the folder. A text format is compressed when the name ends with `.gz`
    /// or `.zst`.
    pub target: PathBuf,
    /// Whether an earlier export at the target may be replaced.
    pub overwrite: bool,
    /// How to divide the conversations. `None` writes one file, or one `train` split. Otherwise `talks.jsonl` becomes
    /// `talks.train.jsonl`, `talks.validation.jsonl` and `talks.test.jsonl`.
    pub split: Option<SplitRatios>,
    /// A shard of a dataset folder is closed once it holds about so many bytes.
    pub max_shard_bytes: u64,
    /// Whether fine-tuning records carry the weights of their messages.
    pub weights: bool,
    /// The datasets that the conversations come from.
    pub datasets: Vec<DatasetFacts>,
    /// The filters that chose the conversations, name to value; noted in the manifest.
    pub filters: BTreeMap<String, String>,
    /// What tiers are taken from: `score` or `lower`; empty where nothing was scored.
    pub tier_by: String,
    /// Now.
    pub created_at: OffsetDateTime,
}

impl ExportOptions {
    /// What dataset hubs use: large enough to read fast, small enough to send again.
    pub const SHARD_BYTES: u64 = 500_000_000;

    /// Everything into one file (or one split), nothing replaced.
    pub fn new(format: ExportFormat, target: impl Into<PathBuf>, created_at: OffsetDateTime) -> Self {
        Self {
            format,
            target: target.into(),
            overwrite: false,
            split: None,
            max_shard_bytes: Self::SHARD_BYTES,
            weights: false,
            datasets: Vec::new(),
            filters: BTreeMap::new(),
            tier_by: String::new(),
            created_at,
        }
    }

    /// Refuses options that can't be carried out.
    pub(super) fn check(&self) -> Result<(), ExportError> {
        if self.target.as_os_str() == "-" {
            return Err(ExportError::Options(
                "an export is a file with a manifest beside it, so it can't go to standard output; name a file or a folder"
                    .into(),
            ));
        }
        if self.weights && self.format != ExportFormat::OpenAi {
            return Err(ExportError::Options(format!(
                "{} carries no weights of messages; leave the weights out, or export as openai",
                self.format
            )));
        }
        if self.target.file_name().is_none() {
            let target = self.target.display();
            return Err(ExportError::Options(format!(
                "the target {target:?} has no name; name a file or a folder"
            )));
        }
        if self.max_shard_bytes == 0 {
            return Err(ExportError::Options(
                "a shard of 0 bytes holds nothing; give 1000000 or more".into(),
            ));
        }
        self.split.as_ref().map_or(Ok(()), SplitRatios::check)
    }
}
