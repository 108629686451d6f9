//! The sequence of changes, which the search index follows.
//!
//! A reader asks for what came after the last number it has seen, so no change may appear with a lower one. Numbers are therefore
//! given when a transaction commits, and on a server to one transaction at a time.

use pe_model::ConversationId;
use uuid::Uuid;

use crate::bulk::{self, Statement};
use crate::engine::Engine;
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

const NOTE: Statement<'_> =
    Statement { before: "INSERT INTO changes (conversation_id, kind) VALUES ", after: "", columns: 2 };

/// Nobody else gets numbers until the transaction ends (an arbitrary number, ours).
const LOCK: i64 = 0x7065_0002;

/// Changes that wait for the end of their transaction, at most; more are given numbers at once, and others wait the longer for theirs.
const WAITING: usize = 1 << 18;

impl Tx {
    /// Notes that something happened to conversations; done by everything that changes one.
    pub(crate) async fn note(&mut self, ids: &[ConversationId], kind: ChangeKind) -> Result<()> {
        self.changes.extend(ids.iter().map(|id| (*id, kind)));
        if self.changes.len() > WAITING { self.write_changes().await } else { Ok(()) }
    }

    /// Gives numbers to what was noted.
    pub(crate) async fn write_changes(&mut self) -> Result<()> {
        let changes = std::mem::take(&mut self.changes);
        let connection = self.connection();
        if connection.engine() == Engine::Postgres && !changes.is_empty() {
            connection.query("SELECT pg_advisory_xact_lock($1)").bind(LOCK).execute(connection).await?;
        }
        bulk::run(connection, &NOTE, &changes, |values, (id, kind)| {
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
        let mut connection = self.reads.acquire().await?;
        let rows = connection
            .query("SELECT seq, conversation_id, kind FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2")
            .bind(seq)
            .bind(i64::from(limit))
            .fetch_all(&mut connection)
            .await?;
        rows.iter().map(|row| change(row.get(0)?, row.get(1)?, &row.get::<String>(2)?)).collect()
    }

    /// The latest change; 0 when there was none.
    pub async fn last_change(&self) -> Result<i64> {
        let mut connection = self.reads.acquire().await?;
        connection.query("SELECT COALESCE(MAX(seq), 0) FROM changes").fetch_one(&mut connection).await?.get(0)
    }
}

fn change(seq: i64, id: Uuid, kind: &str) -> Result<Change> {
    let kind = [ChangeKind::Upsert, ChangeKind::Remove]
        .into_iter()
        .find(|known| known.name() == kind)
        .ok_or_else(|| Error::corrupt(format!("change {seq}"), format!("unknown kind {kind}")))?;
    Ok(Change { seq, id: ConversationId(id), kind })
}
