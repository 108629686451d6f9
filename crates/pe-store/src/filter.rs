//! Which conversations are meant.

use pe_model::{ConversationId, Points, Role, Tier};
use time::OffsetDateTime;

use crate::Order;
use crate::engine::{Cell, Query, micros};

/// Which conversations are meant. The default means all of them; each condition narrows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// One of these datasets; empty for any.
    pub datasets: Vec<String>,
    /// One of these tiers; empty for any. Conversations without scores have no tier.
    pub tiers: Vec<Tier>,
    /// An overall score of at least this.
    pub min_quality: Option<Points>,
    /// An overall score of at most this.
    pub max_quality: Option<Points>,
    /// At least one message of this role.
    pub role: Option<Role>,
    /// ISO 639-1 of most of the conversation.
    pub language: Option<String>,
    /// First saved at this time or later.
    pub from: Option<OffsetDateTime>,
    /// First saved before this time.
    pub to: Option<OffsetDateTime>,
    /// With a score (`true`), or without (`false`).
    pub scored: Option<bool>,
    /// Half of a preference pair (`true`), or not (`false`).
    pub paired: Option<bool>,
    /// One of these; empty for any. At most some thousands.
    pub ids: Vec<ConversationId>,
}

impl Filter {
    /// Conversations of one dataset.
    pub fn dataset(name: impl Into<String>) -> Self {
        Self { datasets: vec![name.into()], ..Self::default() }
    }

    /// Adds ` WHERE ...` on conversations `c`. At least one condition follows, so that a caller may go on with ` AND`.
    pub(crate) fn push_to(&self, query: &mut Query<'_>) {
        self.push(query, "c.tier");
    }

    /// The same for a page of a list. The index of the list's order has to find the rows: were they found by tier and then sorted,
    /// every page would sort all that is left. So no index may be used for tiers, save where it has the order, too.
    pub(crate) fn push_for_page(&self, query: &mut Query<'_>, order: Order) {
        let has_order = matches!(order, Order::Best | Order::Worst) && self.tiers.len() == 1;
        self.push(query, if has_order { "c.tier" } else { "(c.tier || '')" });
    }

    fn push(&self, query: &mut Query<'_>, tier: &str) {
        query.push(" WHERE TRUE");
        push_list(query, "c.dataset_name", self.datasets.iter().cloned());
        push_list(query, tier, self.tiers.iter().map(|tier| tier.name()));
        push_list(query, "c.id", self.ids.iter().map(|id| id.0));
        if let Some(least) = self.min_quality {
            query.push(" AND c.quality_score >= ").push_bind(least.micros());
        }
        if let Some(most) = self.max_quality {
            query.push(" AND c.quality_score <= ").push_bind(most.micros());
        }
        if let Some(language) = &self.language {
            query.push(" AND c.language = ").push_bind(language.clone());
        }
        if let Some(from) = self.from {
            query.push(" AND c.created_at >= ").push_bind(micros(from));
        }
        if let Some(to) = self.to {
            query.push(" AND c.created_at < ").push_bind(micros(to));
        }
        self.push_states(query);
    }

    fn push_states(&self, query: &mut Query<'_>) {
        match self.scored {
            Some(true) => query.push(" AND c.tier IS NOT NULL"),
            Some(false) => query.push(" AND c.tier IS NULL"),
            None => query,
        };
        match self.paired {
            Some(true) => query.push(" AND c.pair_id IS NOT NULL"),
            Some(false) => query.push(" AND c.pair_id IS NULL"),
            None => query,
        };
        if let Some(role) = self.role {
            query
                .push(" AND EXISTS (SELECT 1 FROM messages r WHERE r.conversation_id = c.id AND r.role = ")
                .push_bind(role.name())
                .push(")");
        }
    }
}

fn push_list<'v, T: Cell<'v>>(
    query: &mut Query<'v>,
    column: &str,
    mut values: impl ExactSizeIterator<Item = T>,
) {
    if values.len() > 1 {
        query.push(" AND ").push(column).push(" IN ").push_list(values);
    } else if let Some(value) = values.next() {
        query.push(" AND ").push(column).push(" = ").push_bind(value);
    }
}
