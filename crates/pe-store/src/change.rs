//! The sequence of changes, which the search index follows.

use pe_model::ConversationId;
use uuid::Uuid;

use crate::bulk::{self, Statement};
use crate::{Error, Result, Store, Tx};

/// What happened to a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It was saved or scored: its text, emotions, tier or quality may differ.
    Upsert,
    /// It is no more.
    Remove,
}

impl ChangeKind {
    const fn name(self) -> &'static str {
        match self {
            Self::Upsert => "upsert",
            Self::Remove => "remove",
        }
    }
}

/// One change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// Grows from change to change, with gaps; never used twice.
    pub seq: i64,
    /// Of which conversation.
    pub id: ConversationId,
    /// What happened.
    pub kind: ChangeKind,
}

const NOTE: Statement =
    Statement { before: "INSERT INTO changes (conversation_id, kind) VALUES ", after: "", columns: 2 };

impl Tx {
    /// Notes that something happened to conversations; done by everything that changes one.
    pub(crate) async fn note(&mut self, ids: &[ConversationId], kind: ChangeKind) -> Result<()> {
        bulk::run(self.connection(), &NOTE, ids, |values, id| {
            values.add(id.0).add(kind.name());
            Ok(())
        })
        .await?;
        Ok(())
    }
}

impl Store {
    /// Changes after `seq`, oldest first, at most `limit`. Begin with 0.
    pub async fn changes_since(&self, seq: i64, limit: u32) -> Result<Vec<Change>> {
        let rows: Vec<(i64, Uuid, String)> = sqlx::query_as(
            "SELECT seq, conversation_id, kind FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2",
        )
        .bind(seq)
        .bind(i64::from(limit))
        .fetch_all(&self.reads)
        .await?;
        rows.into_iter().map(|(seq, id, kind)| change(seq, id, &kind)).collect()
    }

    /// The latest change; 0 when there was none.
    pub async fn last_change(&self) -> Result<i64> {
        Ok(sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM changes").fetch_one(&self.reads).await?)
    }
}

fn change(seq: i64, id: Uuid, kind: &str) -> Result<Change> {
    let kind = [ChangeKind::Upsert, ChangeKind::Remove]
        .into_iter()
        .find(|known| known.name() == kind)
        .ok_or_else(|| Error::corrupt(format!("change {seq}"), format!("unknown kind {kind}")))?;
    Ok(Change { seq, id: ConversationId(id), kind })
}
