//! What was written: the promise that measurements are held against.

use std::collections::BTreeMap;

use pe_model::{Conversation, Role};
use serde::Serialize;

use crate::plan::{DUPLICATES_PER_MILLE, Planted};

/// Counts of what a [`crate::Synth`] has written so far, and the rates it was told to keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Manifest {
    /// Another version writes other words for the same seed.
    pub version: u32,
    /// The seed.
    pub seed: u64,
    /// Conversations.
    pub conversations: u64,
    /// Messages.
    pub messages: u64,
    /// Messages of users.
    pub user_messages: u64,
    /// What stands between spaces.
    pub words: u64,
    /// Bytes of texts, without JSON.
    pub text_bytes: u64,
    /// Conversations whose messages are those of an earlier one.
    pub duplicates: u64,
    /// The rate of those, in a thousand.
    pub duplicates_per_mille: u64,
    /// Personal data in the output, those in repeated conversations counted again.
    pub planted: BTreeMap<&'static str, u64>,
    /// Their rates, in a thousand conversations.
    pub planted_per_mille: BTreeMap<&'static str, u64>,
    /// Conversations by topic.
    pub topics: BTreeMap<&'static str, u64>,
    /// Conversations by register.
    pub registers: BTreeMap<&'static str, u64>,
}

impl Manifest {
    pub(crate) fn new(version: u32, seed: u64) -> Self {
        Self {
            version,
            seed,
            conversations: 0,
            messages: 0,
            user_messages: 0,
            words: 0,
            text_bytes: 0,
            duplicates: 0,
            duplicates_per_mille: DUPLICATES_PER_MILLE,
            planted: Planted::ALL.iter().map(|kind| (kind.name(), 0)).collect(),
            planted_per_mille: Planted::ALL.iter().map(|kind| (kind.name(), kind.per_mille())).collect(),
            topics: BTreeMap::new(),
            registers: BTreeMap::new(),
        }
    }

    pub(crate) fn count(&mut self, conversation: &Conversation) {
        self.conversations += 1;
        for message in &conversation.messages {
            self.messages += 1;
            self.user_messages += u64::from(message.role == Role::User);
            self.words += 1 + message.content.matches(' ').count() as u64;
            self.text_bytes += message.content.len() as u64;
        }
    }
}
