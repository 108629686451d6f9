//! Taking conversations and datasets out, with everything that hangs on them.

use std::collections::BTreeMap;

use pe_model::ConversationId;
use sqlx::QueryBuilder;
use uuid::Uuid;

use crate::bulk::{self, MAX_ROWS};
use crate::change::ChangeKind;
use crate::engine::{Db, signed};
use crate::rows::standing;
use crate::statistics::Totals;
use crate::{Error, Result, Tx};

impl Tx {
    /// Removes conversations with their messages, annotations, scores and readings. Returns how many were there.
    pub async fn remove(&mut self, ids: &[ConversationId]) -> Result<u64> {
        let before = standing(self.connection(), ids).await?;
        let mut totals = Totals::default();
        let mut sources = BTreeMap::<_, Vec<_>>::new();
        for old in before.values() {
            totals.remove(old);
            sources.entry(old.dataset.clone()).or_default().push(old.source_id.as_str());
        }
        for (dataset, source_ids) in sources {
            for chunk in source_ids.chunks(MAX_ROWS) {
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
        let mut query = QueryBuilder::<Db>::new("DELETE FROM source_ids WHERE dataset_name = ");
        query.push_bind(dataset).push(" AND source_id IN (");
        let mut list = query.separated(", ");
        for source_id in source_ids {
            list.push_bind(*source_id);
        }
        query.push(")");
        query.build().persistent(false).execute(self.connection()).await?;
        Ok(())
    }

    /// Removes a dataset with all its conversations. Returns how many conversations it had.
    pub async fn remove_dataset(&mut self, name: &str) -> Result<u64> {
        let mut removed = 0;
        loop {
            let ids: Vec<Uuid> = sqlx::query_scalar(
                "SELECT id FROM conversations WHERE dataset_name = $1 ORDER BY id LIMIT $2",
            )
            .bind(name)
            .bind(signed(MAX_ROWS))
            .fetch_all(self.connection())
            .await?;
            if ids.is_empty() {
                break;
            }
            removed += self.remove(&ids.into_iter().map(ConversationId).collect::<Vec<_>>()).await?;
        }
        let done =
            sqlx::query("DELETE FROM datasets WHERE name = $1").bind(name).execute(self.connection()).await?;
        if done.rows_affected() == 0 { Err(Error::NoDataset(name.to_owned())) } else { Ok(removed) }
    }
}
