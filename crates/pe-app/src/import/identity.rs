//! What names a record: its own id, or the digest of its content and its ordinal among equals in its file.

use std::io;
use std::path::Path;
use std::sync::Arc;

use pe_model::Digest;
use pe_store::SourceKey;

use super::ledger::Ledger;

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

/// The names of one import's records.
pub(super) struct Identities {
    origin: Option<Origin>,
    /// How often each content came in this origin without an id.
    ordinals: Ledger,
    /// The content digest that each id came with in this run, both shortened to 64 bits.
    seen: Ledger,
}

/// The name of a record.
#[derive(Debug)]
pub(super) struct Name {
    pub(super) key: SourceKey,
    /// Whether it was given, and not made from the content.
    is_given: bool,
}

impl Identities {
    /// Those of a run that has not begun. What does not fit into `bytes` of memory goes to a file in `folder`.
    pub(super) fn new(bytes: usize, folder: &Path) -> Self {
        let ledger = || Ledger::new(bytes / 2, folder);
        Self { origin: None, ordinals: ledger(), seen: ledger() }
    }

    /// The name of the next record, whose content has this digest.
    pub(super) fn name(&mut self, origin: &Origin, id: Option<&str>, digest: Digest) -> io::Result<Name> {
        if self.origin.as_ref() != Some(origin) {
            self.origin = Some(origin.clone());
            self.ordinals.clear();
        }
        let given = |id: &str| Name { key: SourceKey::new(Some(id), digest, 0), is_given: true };
        Ok(match (id.filter(|id| !id.is_empty()), &origin.prefix) {
            (Some(id), Some(prefix)) if is_number(id) => given(&format!("{prefix}/{id}")),
            (Some(id), _) if !is_number(id) => given(id),
            // Without an id, or with a number of we know not what: the content names it.
            _ => {
                let ordinal = self.ordinals.last(short(digest))?.unwrap_or(0);
                self.ordinals.give(short(digest), ordinal + 1)?;
                let ordinal = u32::try_from(ordinal).unwrap_or(u32::MAX);
                Name { key: SourceKey::new(None, digest, ordinal), is_given: false }
            }
        })
    }

    /// Remembers that a record of this name came.
    pub(super) fn note(&mut self, name: &Name) -> io::Result<()> {
        // A name that was made from the content never comes with another one.
        if name.is_given { self.seen.give_first(name.short(), short(name.key.digest)) } else { Ok(()) }
    }

    /// Whether a record of this name, which was noted, came before in this run with *other* content.
    pub(super) fn is_repeated(&mut self, name: &Name) -> io::Result<bool> {
        let first = if name.is_given { self.seen.first(name.short())? } else { None };
        Ok(first.is_some_and(|first| first != short(name.key.digest)))
    }
}

impl Name {
    fn short(&self) -> u64 {
        short(Digest::of_parts([self.key.source_id.as_bytes()]))
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

    fn identities() -> Identities {
        Identities::new(1 << 20, Path::new("."))
    }

    fn digest(text: &str) -> Digest {
        Digest::of_parts([text.as_bytes()])
    }

    fn file(path: &str) -> Origin {
        Origin::of_file(Path::new(path), None)
    }

    #[test]
    fn equals_without_an_id_are_counted_in_their_file() {
        let mut identities = identities();
        let mut names = |origin: &Origin| {
            [0, 1].map(|_| identities.name(origin, None, digest("hi")).unwrap().key.source_id)
        };
        let first = names(&file("a.jsonl"));
        assert_ne!(first[0], first[1]);
        assert_eq!(first, names(&file("b.jsonl")), "importing again finds the same names");
    }

    #[test]
    fn a_bare_number_is_only_unique_within_its_file_or_member() {
        let mut identities = identities();
        let mut key =
            |origin: &Origin, id: &str| identities.name(origin, Some(id), digest("a")).unwrap().key.source_id;
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
        let mut identities = identities();
        let mut key =
            |text| identities.name(&Origin::stdin(), Some("1"), digest(text)).unwrap().key.source_id;
        let (one, other) = (key("a"), key("b"));
        assert!(one.starts_with("sha256:") && one != other);
    }

    #[test]
    fn an_id_with_other_content_is_noticed() {
        let mut identities = identities();
        let mut is_repeated = |text| {
            let name = identities.name(&file("a"), Some("x"), digest(text)).unwrap();
            identities.note(&name).unwrap();
            identities.is_repeated(&name).unwrap()
        };
        assert!(!is_repeated("a") && !is_repeated("a"));
        assert!(is_repeated("b"));
    }
}
