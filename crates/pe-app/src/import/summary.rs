//! What an import did.

use std::collections::BTreeMap;
use std::path::PathBuf;

use pe_model::{Outcome, Tier};
use pe_store::SavedConversation;
use serde::Serialize;

use super::FileGuess;
use super::stages::Stages;

/// One file of an import.
#[derive(Clone, Debug, Serialize)]
pub struct ImportedFile {
    /// Which file.
    pub path: PathBuf,
    /// What it was taken for.
    pub format: &'static str,
    /// Why.
    pub why: String,
    /// Records of it that could not be read.
    pub rejected: u64,
}

impl ImportedFile {
    pub(super) fn new(guess: FileGuess) -> Self {
        Self { path: guess.path, format: guess.guess.format.name(), why: guess.guess.why, rejected: 0 }
    }
}

/// What an import did.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ImportSummary {
    /// Files that were read.
    pub files: Vec<ImportedFile>,
    /// Files that could not be read, and why.
    pub failed: BTreeMap<PathBuf, String>,
    /// Conversations that were not there.
    pub new: u64,
    /// Conversations that were there with the same content.
    pub unchanged: u64,
    /// Conversations that were there with other content, replaced.
    pub updated: u64,
    /// Conversations that were there with other content, left alone.
    pub skipped: u64,
    /// Records that could not be read.
    pub rejected: u64,
    /// Messages of the new and updated conversations.
    pub messages: u64,
    /// Annotations of the new and updated conversations.
    pub annotations: u64,
    /// New and updated conversations by tier.
    pub tiers: BTreeMap<Tier, u64>,
    /// New and updated conversations without scores, by reason.
    pub not_scorable: BTreeMap<String, u64>,
    /// The rejects file, if there were any.
    pub rejects: Option<PathBuf>,
    /// How long it took.
    pub seconds: f64,
    /// Where the processor time went.
    pub stages: Stages,
}

impl ImportSummary {
    /// Conversations read so far, whatever became of them.
    pub fn read(&self) -> u64 {
        self.new + self.unchanged + self.updated + self.skipped
    }

    /// Notes what was saved.
    pub(super) fn count(&mut self, saved: &[SavedConversation]) {
        for one in saved {
            self.messages += one.conversation.messages.len() as u64;
            self.annotations += one.conversation.annotations.len() as u64;
            match one.reports.first().map(|report| &report.outcome) {
                Some(Outcome::Scored(assessment)) => *self.tiers.entry(assessment.tier).or_default() += 1,
                Some(Outcome::NotScorable(reason)) => {
                    *self.not_scorable.entry(reason.to_string()).or_default() += 1;
                }
                None => {}
            }
        }
    }
}
