//! Lists of conversations, a page at a time. A page begins after the last line of the one before, so that no page gets slower
//! than the first, and none skips or repeats a line when others write.

use pe_model::{ConversationId, Points};

use crate::engine::{Connection, Query};
use crate::find::{Head, WITH_METADATA, head};
use crate::rows::{self, SUMMARY};
use crate::{Filter, Result, Store, Summary};

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// By dataset, and in it as they were first saved.
    #[default]
    Dataset,
    /// Latest first saved first.
    Newest,
    /// Best overall score first; only those with scores.
    Best,
    /// Worst overall score first; only those with scores.
    Worst,
    /// By dataset and preference pair, so that the halves of a pair come together; only those that are half of one.
    Pair,
}

/// A place between two lines of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    dataset: String,
    quality: Points,
    pair: String,
    id: ConversationId,
}

impl Cursor {
    /// The place after a line.
    pub fn after(line: &Summary) -> Self {
        Self {
            dataset: line.dataset.clone(),
            quality: line.quality.unwrap_or(Points::ZERO),
            pair: line.pair.as_ref().map(|pair| pair.pair_id.clone()).unwrap_or_default(),
            id: line.id,
        }
    }
}

/// Which page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// In which order.
    pub order: Order,
    /// Where it begins; `None` for the first page.
    pub after: Option<Cursor>,
    /// How many lines at most.
    pub limit: u32,
}

impl Page {
    /// The first page.
    pub const fn first(order: Order, limit: u32) -> Self {
        Self { order, after: None, limit }
    }

    /// Adds the conditions of a filter, and what makes a page of them.
    fn push_to(&self, query: &mut Query<'_>, filter: &Filter) {
        filter.push_for_page(query, self.order);
        query.push(match self.order {
            Order::Best | Order::Worst => " AND c.quality_score IS NOT NULL",
            Order::Pair => " AND c.pair_id IS NOT NULL",
            Order::Dataset | Order::Newest => "",
        });
        if let Some(cursor) = &self.after {
            self.push_place(query, cursor, filter.datasets.len() == 1);
        }
        query.push(" ORDER BY ").push(match self.order {
            Order::Dataset => "c.dataset_name, c.id",
            Order::Newest => "c.id DESC",
            Order::Best => "c.quality_score DESC, c.id DESC",
            Order::Worst => "c.quality_score, c.id",
            Order::Pair => "c.dataset_name, c.pair_id, c.id",
        });
        query.push(" LIMIT ").push_bind(i64::from(self.limit));
    }

    /// Adds where the page begins. Within one dataset its name is left out: given both, SQLite begins at the dataset's first line.
    fn push_place(&self, query: &mut Query<'_>, cursor: &Cursor, one_dataset: bool) {
        let (columns, side) = match self.order {
            Order::Dataset if one_dataset => ("c.id", ">"),
            Order::Dataset => ("c.dataset_name, c.id", ">"),
            Order::Newest => ("c.id", "<"),
            Order::Best => ("c.quality_score, c.id", "<"),
            Order::Worst => ("c.quality_score, c.id", ">"),
            Order::Pair if one_dataset => ("c.pair_id, c.id", ">"),
            Order::Pair => ("c.dataset_name, c.pair_id, c.id", ">"),
        };
        query.push(format!(" AND ({columns}) {side} ("));
        if matches!(self.order, Order::Dataset | Order::Pair) && !one_dataset {
            query.push_bind(cursor.dataset.clone()).push(", ");
        }
        match self.order {
            Order::Dataset | Order::Newest => {}
            Order::Best | Order::Worst => {
                query.push_bind(cursor.quality.micros()).push(", ");
            }
            Order::Pair => {
                query.push_bind(cursor.pair.clone()).push(", ");
            }
        }
        query.push_bind(cursor.id.0).push(")");
    }
}

impl Store {
    /// A page of conversations.
    pub async fn list(&self, filter: &Filter, page: &Page) -> Result<Vec<Summary>> {
        let mut connection = self.reads.acquire().await?;
        let mut query = connection.query(format!("SELECT {SUMMARY} FROM conversations c"));
        page.push_to(&mut query, filter);
        let found = query.fetch_all(&mut connection).await?;
        found.iter().map(rows::summary).collect()
    }

    /// How many conversations there are.
    pub async fn count(&self, filter: &Filter) -> Result<u64> {
        let mut connection = self.reads.acquire().await?;
        let mut query = connection.query("SELECT COUNT(*) FROM conversations c");
        filter.push_to(&mut query);
        Ok(query.fetch_one(&mut connection).await?.get::<i64>(0)? as u64)
    }

    /// Ids of conversations of a dataset that a given validator has not scored in a given version, in the order of ids, after `after`.
    /// Scoring them takes them off this list, so that an interrupted rescoring goes on where it stopped. `versions` are pairs of
    /// validator and version, the first validator first.
    pub async fn stale(
        &self,
        dataset: &str,
        versions: &[(&str, &str)],
        after: Option<ConversationId>,
        limit: u32,
    ) -> Result<Vec<ConversationId>> {
        let mut connection = self.reads.acquire().await?;
        let mut query = connection.query("SELECT c.id FROM conversations c");
        push_stale(&mut query, dataset, versions);
        if let Some(after) = after {
            query.push(" AND c.id > ").push_bind(after.0);
        }
        query.push(" ORDER BY c.id LIMIT ").push_bind(i64::from(limit));
        query.fetch_all(&mut connection).await?.iter().map(rows::owner).collect()
    }

    /// How many conversations [`Store::stale`] gives in all.
    pub async fn count_stale(&self, dataset: &str, versions: &[(&str, &str)]) -> Result<u64> {
        let mut connection = self.reads.acquire().await?;
        let mut query = connection.query("SELECT COUNT(*) FROM conversations c");
        push_stale(&mut query, dataset, versions);
        Ok(query.fetch_one(&mut connection).await?.get::<i64>(0)? as u64)
    }
}

/// The condition of [`Store::stale`].
fn push_stale(query: &mut Query<'_>, dataset: &str, versions: &[(&str, &str)]) {
    query.push(" WHERE c.dataset_name = ").push_bind(dataset.to_owned()).push(" AND (FALSE");
    for (place, (validator, version)) in versions.iter().enumerate() {
        query.push(" OR NOT EXISTS (SELECT 1 FROM ").push(if place == 0 {
            "quality_metrics s WHERE s.validation_version = "
        } else {
            "validator_scores s WHERE s.version = "
        });
        query.push_bind((*version).to_owned()).push(" AND s.conversation_id = c.id AND s.validator = ");
        query.push_bind((*validator).to_owned()).push(")");
    }
    query.push(")");
}

/// A page of conversations without what hangs on them.
pub(crate) async fn heads(connection: &mut Connection, filter: &Filter, page: &Page) -> Result<Vec<Head>> {
    let mut query = connection.query(WITH_METADATA.as_str());
    page.push_to(&mut query, filter);
    let rows = query.fetch_all(connection).await?;
    rows.iter().map(head).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OpenMode;
    use pe_model::{Role, Tier};
    use uuid::Uuid;

    /// How the database goes about a page.
    async fn plan(store: &Store, filter: &Filter, order: Order) -> String {
        let id = ConversationId(Uuid::nil());
        let cursor = Cursor { dataset: "a".into(), quality: Points::ONE, pair: "p".into(), id };
        let page = Page { order, after: Some(cursor), limit: 10 };
        let mut connection = store.reads.acquire().await.expect("a connection");
        let mut query = connection.query(format!("EXPLAIN QUERY PLAN SELECT {SUMMARY} FROM conversations c"));
        page.push_to(&mut query, filter);
        let steps = query.fetch_all(&mut connection).await.expect("plans");
        let words: Result<Vec<String>> = steps.iter().map(|step| step.get(3)).collect();
        words.expect("reads").join("; ")
    }

    #[tokio::test]
    async fn no_page_sorts_what_is_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let store =
            Store::open(folder.path().to_str().expect("UTF-8"), OpenMode::Write).await.expect("opens");
        let all = Filter::default;
        let filters = [
            all(),
            Filter::dataset("a"),
            Filter { tiers: vec![Tier::Clinical], ..all() },
            Filter { tiers: vec![Tier::Clinical, Tier::Research], ..all() },
            Filter { tiers: vec![Tier::Clinical, Tier::Research], ..Filter::dataset("a") },
            Filter { min_quality: Some(Points::ONE), language: Some("en".into()), ..all() },
            Filter { role: Some(Role::Tool), scored: Some(true), ..Filter::dataset("a") },
        ];
        for filter in filters {
            for order in [Order::Dataset, Order::Best, Order::Worst, Order::Pair] {
                let steps = plan(&store, &filter, order).await;
                assert!(!steps.contains("TEMP B-TREE"), "{order:?} {filter:?}: {steps}");
            }
        }
        let steps = plan(&store, &Filter::dataset("a"), Order::Dataset).await;
        assert!(steps.contains("dataset_name=? AND id>?"), "begins where the last page ended: {steps}");
        let steps = plan(&store, &Filter::dataset("a"), Order::Pair).await;
        assert!(
            steps.contains("idx_conversations_pair (dataset_name=? AND (pair_id,id)>"),
            "so does this: {steps}"
        );
    }
}
