//! What names a record: its own id, or the digest of its content and its ordinal among equals in its file.

use std::collections::HashMap;
use std::path::Path;

use pe_model::{Conversation, Digest};
use pe_store::SourceKey;

/// The names of one import's records. Holds some 40 bytes for each.
#[derive(Default)]
pub(super) struct Identities {
    /// Stands before ids that are bare numbers, which are only unique within their file.
    file: String,
    /// How often each content came in this file without an id.
    ordinals: HashMap<Digest, u32>,
    /// The content digest that each id came with in this run, both shortened to 64 bits.
    seen: HashMap<u64, u64>,
}

impl Identities {
    /// A new file begins.
    pub(super) fn next_file(&mut self, path: &Path) {
        self.file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        self.ordinals.clear();
    }

    /// The key of the next record of the file.
    pub(super) fn key(&mut self, conversation: &Conversation) -> SourceKey {
        let digest = conversation.digest();
        match conversation.source_id.as_deref().filter(|id| !id.is_empty()) {
            Some(id) if id.bytes().all(|byte| byte.is_ascii_digit()) => {
                SourceKey::new(Some(&format!("{}/{id}", self.file)), digest, 0)
            }
            Some(id) => SourceKey::new(Some(id), digest, 0),
            None => {
                let ordinal = self.ordinals.entry(digest).or_insert(0);
                let key = SourceKey::new(None, digest, *ordinal);
                *ordinal += 1;
                key
            }
        }
    }

    /// Whether the id of `key` came before in this run with *other* content.
    pub(super) fn is_repeated(&mut self, key: &SourceKey) -> bool {
        let id = short(Digest::of_parts([key.source_id.as_bytes()]));
        let content = short(key.digest);
        *self.seen.entry(id).or_insert(content) != content
    }
}

fn short(digest: Digest) -> u64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest.as_bytes()[..8]);
    u64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pe_model::{Message, Role};

    fn conversation(id: Option<&str>, text: &str) -> Conversation {
        Conversation {
            source_id: id.map(ToOwned::to_owned),
            messages: vec![Message::new(Role::User, text)],
            ..Conversation::default()
        }
    }

    #[test]
    fn equals_without_an_id_are_counted_in_their_file() {
        let mut identities = Identities::default();
        let mut keys = |file: &str| {
            identities.next_file(Path::new(file));
            [0, 1].map(|_| identities.key(&conversation(None, "hello")).source_id)
        };
        let first = keys("a.jsonl");
        assert_ne!(first[0], first[1]);
        assert_eq!(first, keys("a.jsonl"), "importing again finds the same names");
    }

    #[test]
    fn a_bare_number_is_only_unique_within_its_file() {
        let mut identities = Identities::default();
        identities.next_file(Path::new("x/train.csv"));
        assert_eq!(identities.key(&conversation(Some("7"), "a")).source_id, "train/7");
        assert_eq!(identities.key(&conversation(Some("t-7"), "a")).source_id, "t-7");
    }

    #[test]
    fn an_id_with_other_content_is_noticed() {
        let mut identities = Identities::default();
        let key = identities.key(&conversation(Some("x"), "a"));
        let other = identities.key(&conversation(Some("x"), "b"));
        assert!(!identities.is_repeated(&key) && !identities.is_repeated(&key));
        assert!(identities.is_repeated(&other));
    }
}
