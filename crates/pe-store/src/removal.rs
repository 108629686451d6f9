//! Taking conversations and datasets out, with everything that hangs on them.

use std::collections::BTreeMap;

use pe_model::ConversationId;

use crate::bulk;
use crate::change::ChangeKind;
use crate::engine::signed;
use crate::rows::standing;
use crate::statistics::Totals;
use crate::{Error, Result, Tx};

/// Conversations that are removed at once.
const ROWS: usize = 64;

impl Tx {
    /// Removes conversations with their messages, annotations, scores and readings. Returns how many were there.
    pub async fn remove(&mut self, ids: &[ConversationId]) -> Result<u64> {
        self.hold_those_of(ids).await?;
        let before = standing(self.connection(), ids).await?;
        let mut totals = Totals::default();
        let mut sources = BTreeMap::<_, Vec<_>>::new();
        for old in before.values() {
            totals.remove(old);
            sources.entry(old.dataset.clone()).or_default().push(old.source_id.as_str());
        }
        for (dataset, source_ids) in sources {
            for chunk in source_ids.chunks(ROWS) {
                self.forget_source_ids(&dataset, chunk).await?;
            }
        }
        let known: Vec<_> = before.keys().copied().collect();
        bulk::run_with_ids(self.connection(), "DELETE FROM conversations WHERE id IN", &known).await?;
        self.apply(totals).await?;
        self.note(&known, ChangeKind::Remove).await?;
        Ok(known.len() as u64)
    }

    async fn forget_source_ids(&mut self, dataset: &str, source_ids: &[&str]) -> Result<()> {
        let connection = self.connection();
        let mut query = connection.query("DELETE FROM source_ids WHERE dataset_name = ");
        query.push_bind(dataset).push(" AND source_id IN ").push_list(source_ids.iter().copied());
        query.once().execute(connection).await?;
        Ok(())
    }

    /// Removes a dataset with all its conversations. Returns how many conversations it had.
    pub async fn remove_dataset(&mut self, name: &str) -> Result<u64> {
        self.hold([name]).await?;
        let mut removed = 0;
        loop {
            let connection = self.connection();
            let rows = connection
                .query("SELECT id FROM conversations WHERE dataset_name = $1 ORDER BY id LIMIT $2")
                .bind(name)
                .bind(signed(ROWS))
                .fetch_all(connection)
                .await?;
            if rows.is_empty() {
                break;
            }
            let ids = rows.iter().map(|row| Ok(ConversationId(row.get(0)?))).collect::<Result<Vec<_>>>()?;
            removed += self.remove(&ids).await?;
        }
        let connection = self.connection();
        let done =
            connection.query("DELETE FROM datasets WHERE name = $1").bind(name).execute(connection).await?;
        if done == 0 { Err(Error::NoDataset(name.to_owned())) } else { Ok(removed) }
    }
}
