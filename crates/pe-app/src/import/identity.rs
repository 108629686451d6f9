//! What names a record: its own id, or the digest of its content and its ordinal among equals in its file.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use pe_model::{Conversation, Digest};
use pe_store::SourceKey;

/// Where a record comes from: a file, or a member of an archive. Ids that are bare numbers are unique only within one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    /// Stands before such ids; `None` for standard input, which has no name to tell it from the next one.
    prefix: Option<Arc<str>>,
}

impl Origin {
    /// The origin of the records of a file, or of one member of it. Its name is that of the file, and some digits of the
    /// digest of its whole path: files of one name in two folders are two origins.
    pub(super) fn of_file(path: &Path, member: Option<&str>) -> Self {
        let whole = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let whole = whole.to_string_lossy();
        let member = member.unwrap_or_default();
        let digest = Digest::of_parts([whole.as_bytes(), member.as_bytes()]).to_string();
        let name = if member.is_empty() { path } else { Path::new(member) };
        let stem = name.file_stem().unwrap_or_default().to_string_lossy();
        Self { prefix: Some(format!("{stem}~{}", &digest[..6]).into()) }
    }

    /// Standard input.
    pub(super) const fn stdin() -> Self {
        Self { prefix: None }
    }
}

/// The names of one import's records. Holds some 40 bytes for each.
#[derive(Default)]
pub(super) struct Identities {
    origin: Option<Origin>,
    /// How often each content came in this origin without an id.
    ordinals: HashMap<Digest, u32>,
    /// The content digest that each id came with in this run, both shortened to 64 bits.
    seen: HashMap<u64, u64>,
}

impl Identities {
    /// The key of the next record.
    pub(super) fn key(&mut self, origin: &Origin, conversation: &Conversation) -> SourceKey {
        if self.origin.as_ref() != Some(origin) {
            self.origin = Some(origin.clone());
            self.ordinals.clear();
        }
        let digest = conversation.digest();
        let id = conversation.source_id.as_deref().filter(|id| !id.is_empty());
        match (id, &origin.prefix) {
            (Some(id), Some(prefix)) if is_number(id) => {
                SourceKey::new(Some(&format!("{prefix}/{id}")), digest, 0)
            }
            (Some(id), _) if !is_number(id) => SourceKey::new(Some(id), digest, 0),
            // Without an id, or with a number of we know not what: the content names it.
            _ => {
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

/// Whether an id is a bare number, also as one half of a preference pair (`7#chosen`).
fn is_number(id: &str) -> bool {
    let number = id.split_once('#').map_or(id, |(number, _)| number);
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
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

    fn file(path: &str) -> Origin {
        Origin::of_file(Path::new(path), None)
    }

    #[test]
    fn equals_without_an_id_are_counted_in_their_file() {
        let mut identities = Identities::default();
        let mut keys =
            |origin: &Origin| [0, 1].map(|_| identities.key(origin, &conversation(None, "hi")).source_id);
        let first = keys(&file("a.jsonl"));
        assert_ne!(first[0], first[1]);
        assert_eq!(first, keys(&file("b.jsonl")), "importing again finds the same names");
    }

    #[test]
    fn a_bare_number_is_only_unique_within_its_file_or_member() {
        let mut identities = Identities::default();
        let mut key =
            |origin: &Origin, id: &str| identities.key(origin, &conversation(Some(id), "a")).source_id;
        let [jan, feb] = ["jan/chats.csv", "feb/chats.csv"].map(|path| key(&file(path), "7"));
        assert!(jan.starts_with("chats~") && jan.ends_with("/7"), "{jan}");
        assert_ne!(jan, feb);
        assert_eq!(jan, key(&file("jan/chats.csv"), "7"));
        assert_ne!(key(&file("jan/chats.csv"), "7#chosen"), "7#chosen");
        let [train, test] = ["train.csv", "test.csv"]
            .map(|member| key(&Origin::of_file(Path::new("x.zip"), Some(member)), "1"));
        assert_ne!(train, test);
        assert_eq!(key(&file("jan/chats.csv"), "t-7"), "t-7");
    }

    #[test]
    fn a_number_from_standard_input_is_no_name() {
        let mut identities = Identities::default();
        let one = identities.key(&Origin::stdin(), &conversation(Some("1"), "a"));
        let other = identities.key(&Origin::stdin(), &conversation(Some("1"), "b"));
        assert!(one.source_id.starts_with("sha256:") && one.source_id != other.source_id);
    }

    #[test]
    fn an_id_with_other_content_is_noticed() {
        let mut identities = Identities::default();
        let key = identities.key(&file("a"), &conversation(Some("x"), "a"));
        let other = identities.key(&file("a"), &conversation(Some("x"), "b"));
        assert!(!identities.is_repeated(&key) && !identities.is_repeated(&key));
        assert!(identities.is_repeated(&other));
    }
}
