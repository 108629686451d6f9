//! Whether a record that comes in is already known, by its own id or by its content.

use std::collections::HashMap;

use pe_model::{ConversationId, Digest};

use crate::engine::Connection;
use crate::{Error, Result, Tx};

/// What names a record within its dataset, and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceKey {
    /// The source's own id, or `sha256:DIGEST:ORDINAL` for a record without one.
    pub source_id: String,
    /// The digest of its content.
    pub digest: Digest,
}

impl SourceKey {
    /// The key of a record. `ordinal` counts, from 0, the records without an id and with the same digest that came before in
    /// the same import, so that importing a file again finds each of its equals.
    pub fn new(source_id: Option<&str>, digest: Digest, ordinal: u32) -> Self {
        let source_id = source_id.map_or_else(|| format!("sha256:{digest}:{ordinal}"), ToOwned::to_owned);
        Self { source_id, digest }
    }

    /// Whether a source id was made from a digest, because the record had none.
    pub(crate) fn is_made(source_id: &str, digest: Digest) -> bool {
        source_id
            .strip_prefix("sha256:")
            .and_then(|rest| rest.strip_prefix(digest.to_string().as_str()))
            .and_then(|rest| rest.strip_prefix(':'))
            .is_some_and(|ordinal| ordinal.parse::<u32>().is_ok())
    }
}

/// What the store knows of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    New,
    /// It is there, with the same content.
    Same(ConversationId),
    /// Its source id is there, with other content.
    Changed(ConversationId),
    /// Its source id came before in the same call, at this position.
    Repeated(usize),
}

impl Tx {
    /// What is known of each record of a dataset, in their order; also of what this transaction itself has saved.
    pub async fn resolve(&mut self, dataset: &str, keys: &[SourceKey]) -> Result<Vec<Known>> {
        self.hold([dataset]).await?;
        let mut stored = HashMap::new();
        for chunk in keys.chunks(self.reader().engine().max_bound() / 2) {
            find(self.reader(), dataset, chunk, &mut stored).await?;
        }
        let mut first = HashMap::new();
        let known = keys.iter().enumerate().map(|(position, key)| {
            let earlier = *first.entry(key.source_id.as_str()).or_insert(position);
            match stored.get(&key.source_id) {
                _ if earlier != position => Known::Repeated(earlier),
                None => Known::New,
                Some(&(id, digest)) if digest == key.digest => Known::Same(id),
                Some(&(id, _)) => Known::Changed(id),
            }
        });
        Ok(known.collect())
    }
}

async fn find(
    connection: &mut Connection,
    dataset: &str,
    keys: &[SourceKey],
    stored: &mut HashMap<String, (ConversationId, Digest)>,
) -> Result<()> {
    let mut query = connection
        .query("SELECT source_id, conversation_id, content_digest FROM source_ids WHERE dataset_name = ");
    query.push_bind(dataset).push(" AND source_id IN ");
    query.push_list(keys.iter().map(|key| key.source_id.as_str()));
    // A list of another length is another statement: not worth keeping prepared.
    for row in query.once().fetch_all(connection).await? {
        let source_id: String = row.get(0)?;
        let digest = digest_from(&row.get::<Vec<u8>>(2)?, &source_id)?;
        stored.insert(source_id, (ConversationId(row.get(1)?), digest));
    }
    Ok(())
}

pub(crate) fn digest_from(bytes: &[u8], of: &str) -> Result<Digest> {
    let bytes = bytes.try_into().map_err(|_| {
        Error::corrupt(format!("digest of {of}"), format!("{} bytes instead of 32", bytes.len()))
    })?;
    Ok(Digest::from_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_made_id_is_told_from_a_source_s_own() {
        let digest = Digest::of_parts([b"x".as_slice()]);
        let other = Digest::of_parts([b"y".as_slice()]);
        let key = SourceKey::new(None, digest, 3);
        assert!(SourceKey::is_made(&key.source_id, digest));
        assert!(!SourceKey::is_made(&key.source_id, other));
        assert!(!SourceKey::is_made(&SourceKey::new(Some("sha256:"), digest, 0).source_id, digest));
    }
}
