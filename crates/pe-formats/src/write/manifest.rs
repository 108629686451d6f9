//! The paper that goes with an export: which files, how many records, from where, chosen how.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::{Adjustment, DatasetFacts};

/// One file of an export.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ManifestFile {
    /// Its path from the folder that the manifest lies in, with `/` between folders.
    pub path: String,
    /// Its part of the dataset, where it was divided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Records in it: conversations, or pairs.
    pub records: u64,
    /// Messages in it.
    pub messages: u64,
}

/// What is in an export. It lies beside the target as `TARGET.manifest.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The name of the format.
    pub format: String,
    /// The program and its version.
    pub tool: String,
    /// When it was written.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// The datasets that the conversations come from.
    pub datasets: Vec<DatasetFacts>,
    /// The filters that chose the conversations.
    pub filters: BTreeMap<String, String>,
    /// What tiers are taken from: `score`, or `lower` for the lower end of its interval.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tier_by: String,
    /// Records in all files: conversations, or pairs.
    pub records: u64,
    /// Messages in all files.
    pub messages: u64,
    /// What the format could not carry as it was, counted by [`Adjustment::name`].
    pub adjustments: BTreeMap<String, u64>,
    /// Always the same sentence: an export holds what was imported, names and all.
    pub notice: String,
    /// The files, in order of their paths.
    pub files: Vec<ManifestFile>,
}

impl Manifest {
    /// What must be read before an export is passed on.
    pub const NOTICE: &'static str = "personal data are not redacted; tier names stand for score bands, not for clinical validation or consent";

    /// The program and its version.
    pub const TOOL: &'static str = concat!("pixelated ", env!("CARGO_PKG_VERSION"));

    /// How often something was adjusted.
    pub fn adjusted(&self, adjustment: Adjustment) -> u64 {
        self.adjustments.get(adjustment.name()).copied().unwrap_or(0)
    }
}
