//! Conversations by id, and by what a person types of one.

use std::collections::HashMap;

use pe_model::{Conversation, ConversationId, Metadata};
use uuid::Uuid;

use crate::bulk::{powers_of_two, with_ids};
use crate::engine::{Connection, Row, signed};
use crate::reading;
use crate::resolution::digest_from;
use crate::rows::{self, SUMMARY};
use crate::{Error, Filter, Result, SourceKey, Store, StoredConversation, Summary};

/// How many candidates an ambiguous prefix names.
const CANDIDATES: usize = 8;

impl Store {
    /// The whole conversation of that id.
    pub async fn get(&self, id: ConversationId) -> Result<StoredConversation> {
        self.get_many(&[id]).await?.pop().ok_or_else(|| Error::NotFound(id.to_string()))
    }

    /// The whole conversations of these ids, in the order of the ids and of one state of the store; those that are not there are
    /// left out.
    pub async fn get_many(&self, ids: &[ConversationId]) -> Result<Vec<StoredConversation>> {
        let mut tx = self.reads.begin_read().await?;
        let mut found = HashMap::new();
        for chunk in powers_of_two(ids, tx.engine().max_rows()) {
            let mut query = tx.query(WITH_METADATA.as_str());
            Filter { ids: chunk.to_vec(), ..Filter::default() }.push_to(&mut query);
            let heads = query.fetch_all(&mut tx).await?;
            let heads = heads.iter().map(head).collect::<Result<Vec<_>>>()?;
            found.extend(bodies(&mut tx, heads).await?.into_iter().map(|one| (one.summary.id, one)));
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// What a list says of these ids, in the order of the ids; those that are not there are left out.
    pub async fn summaries(&self, ids: &[ConversationId]) -> Result<Vec<Summary>> {
        let mut tx = self.reads.begin_read().await?;
        let mut found = HashMap::new();
        for chunk in powers_of_two(ids, tx.engine().max_rows()) {
            let mut query = tx.query(format!("SELECT {SUMMARY} FROM conversations c"));
            Filter { ids: chunk.to_vec(), ..Filter::default() }.push_to(&mut query);
            for row in query.fetch_all(&mut tx).await? {
                let summary = rows::summary(&row)?;
                found.insert(summary.id, summary);
            }
        }
        Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
    }

    /// The one conversation that a source's own id, or the beginning of an id, stands for.
    pub async fn find_by_prefix(&self, given: &str) -> Result<ConversationId> {
        let mut candidates = self.find_by_source_id(given).await?;
        if candidates.is_empty()
            && let Some((low, high)) = id_range(given)
        {
            let mut connection = self.reads.acquire().await?;
            let rows = connection
                .query("SELECT id FROM conversations WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT $3")
                .bind(low)
                .bind(high)
                .bind(signed(CANDIDATES + 1))
                .fetch_all(&mut connection)
                .await?;
            candidates = rows.iter().map(rows::owner).collect::<Result<_>>()?;
        }
        match candidates.as_slice() {
            [] => Err(Error::NotFound(given.to_owned())),
            [id] => Ok(*id),
            several => {
                let more = several.len() > CANDIDATES;
                candidates.truncate(CANDIDATES);
                Err(Error::Ambiguous { given: given.to_owned(), candidates, more })
            }
        }
    }

    /// The conversation with this source id in this dataset, if there is one.
    pub async fn find_in_dataset(&self, dataset: &str, source_id: &str) -> Result<Option<ConversationId>> {
        let mut connection = self.reads.acquire().await?;
        let row = connection
            .query("SELECT conversation_id FROM source_ids WHERE dataset_name = $1 AND source_id = $2")
            .bind(dataset)
            .bind(source_id)
            .fetch_optional(&mut connection)
            .await?;
        row.as_ref().map(rows::owner).transpose()
    }

    /// In any dataset, by id.
    async fn find_by_source_id(&self, source_id: &str) -> Result<Vec<ConversationId>> {
        let mut connection = self.reads.acquire().await?;
        let rows = connection
            .query(
                "SELECT conversation_id FROM source_ids WHERE dataset_name IN (SELECT name FROM datasets) \
                 AND source_id = $1 ORDER BY conversation_id LIMIT $2",
            )
            .bind(source_id)
            .bind(signed(CANDIDATES + 1))
            .fetch_all(&mut connection)
            .await?;
        rows.iter().map(rows::owner).collect()
    }
}

/// A conversation without what hangs on it.
pub(crate) struct Head {
    pub(crate) summary: Summary,
    metadata: Metadata,
    had_id: bool,
}

/// Selects what [`head`] reads, from conversations `c`.
pub(crate) static WITH_METADATA: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
    format!("SELECT {SUMMARY}, c.metadata, c.content_digest FROM conversations c")
});

/// A conversation without what hangs on it.
pub(crate) fn head(row: &Row) -> Result<Head> {
    let summary = rows::summary(row)?;
    let digest = digest_from(&row.get::<Vec<u8>>(13)?, &summary.source_id)?;
    let had_id = !SourceKey::is_made(&summary.source_id, digest);
    Ok(Head { summary, metadata: rows::metadata(row, 12)?, had_id })
}

/// The conversations of these heads, in their order.
pub(crate) async fn bodies(connection: &mut Connection, heads: Vec<Head>) -> Result<Vec<StoredConversation>> {
    let ids: Vec<_> = heads.iter().map(|head| head.summary.id).collect();
    let mut found: Vec<_> = heads.into_iter().map(empty).collect();
    let places: HashMap<_, _> = ids.iter().enumerate().map(|(place, id)| (*id, place)).collect();
    for chunk in powers_of_two(&ids, connection.engine().max_rows()) {
        each(
            connection,
            rows::MESSAGE,
            chunk,
            " ORDER BY conversation_id, sequence_number",
            &places,
            |place, row| {
                let (message, facts) = rows::message(row)?;
                found[place].conversation.messages.push(message);
                found[place].messages.push(facts);
                Ok(())
            },
        )
        .await?;
        each(
            connection,
            rows::ANNOTATION,
            chunk,
            " ORDER BY conversation_id, position",
            &places,
            |place, row| {
                found[place].conversation.annotations.push(rows::annotation(row)?);
                Ok(())
            },
        )
        .await?;
        each(connection, rows::METRICS, chunk, "", &places, |place, row| {
            found[place].metrics = Some(rows::metrics(row)?);
            Ok(())
        })
        .await?;
        each(connection, rows::CUSTOM, chunk, " ORDER BY validator, metric", &places, |place, row| {
            found[place].custom.push(rows::custom(row)?);
            Ok(())
        })
        .await?;
        each(connection, reading::SELECT, chunk, "", &places, |place, row| {
            found[place].reading = reading::of_row(row)?.1;
            Ok(())
        })
        .await?;
    }
    Ok(found)
}

fn empty(head: Head) -> StoredConversation {
    let conversation = Conversation {
        source_id: head.had_id.then(|| head.summary.source_id.clone()),
        messages: Vec::with_capacity(head.summary.message_count as usize),
        metadata: head.metadata,
        annotations: Vec::new(),
        pair: head.summary.pair.clone(),
    };
    let messages = Vec::with_capacity(head.summary.message_count as usize);
    StoredConversation {
        summary: head.summary,
        conversation,
        messages,
        reading: None,
        metrics: None,
        custom: Vec::new(),
    }
}

/// Gives each row of `before (ids) after` to `take`, with the place of its conversation.
async fn each(
    connection: &mut Connection,
    before: &'static str,
    ids: &[ConversationId],
    after: &'static str,
    places: &HashMap<ConversationId, usize>,
    mut take: impl FnMut(usize, &Row) -> Result<()>,
) -> Result<()> {
    for row in with_ids(connection.engine(), before, ids, after).fetch_all(connection).await? {
        if let Some(place) = places.get(&rows::owner(&row)?) {
            take(*place, &row)?;
        }
    }
    Ok(())
}

/// The first and the last id that begin with these hexadecimal digits; dashes are ignored.
fn id_range(prefix: &str) -> Option<(Uuid, Uuid)> {
    let digits: String = prefix.chars().filter(|letter| *letter != '-').collect();
    if digits.is_empty() || digits.len() > 32 || !digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let fill = |with: &str| Uuid::parse_str(&(digits.clone() + &with.repeat(32 - digits.len()))).ok();
    fill("0").zip(fill("f"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_a_range_of_ids() {
        let (low, high) = id_range("0190-a").expect("digits");
        assert_eq!(low.to_string(), "0190a000-0000-0000-0000-000000000000");
        assert_eq!(high.to_string(), "0190afff-ffff-ffff-ffff-ffffffffffff");
        assert_eq!(id_range(""), None);
        assert_eq!(id_range("session-7"), None);
        assert_eq!(id_range(&"0".repeat(33)), None);
    }
}
