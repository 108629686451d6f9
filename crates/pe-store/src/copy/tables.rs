//! The tables of the store as a copy sees them: all their columns, the key first, and what a conversation has in them.

use pe_model::ConversationId;

use crate::Result;
use crate::bulk::{Statement, Values, run, with_ids};
use crate::engine::Kind::{self, Blob, Bool, Float, Int, Json, Text, Uuid};
use crate::engine::{Connection, Query, Row, Value};

/// A row, in the order of the columns of its table.
pub(crate) type Cells = Vec<Value<'static>>;

/// A table.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// The first so many columns are its key.
    pub(crate) key: usize,
    pub(crate) columns: &'static [(&'static str, Kind)],
    /// What stands between the columns and the ids of conversations, in tables that have rows of conversations.
    from: &'static str,
}

/// What is small, or belongs to nobody's conversation; what is referred to comes first.
pub(crate) const WHOLE: [Table; 5] = [
    Table {
        name: "users",
        key: 1,
        columns: &[
            ("id", Uuid),
            ("email", Text),
            ("organization", Text),
            ("tier", Text),
            ("rate_limit_per_hour", Int),
            ("created_at", Int),
            ("is_active", Bool),
        ],
        from: "",
    },
    Table {
        name: "api_keys",
        key: 1,
        columns: &[
            ("id", Uuid),
            ("user_id", Uuid),
            ("key_hash", Text),
            ("name", Text),
            ("last_used", Int),
            ("created_at", Int),
            ("expires_at", Int),
            ("is_active", Bool),
        ],
        from: "",
    },
    Table {
        name: "processing_jobs",
        key: 1,
        columns: &[
            ("id", Uuid),
            ("user_id", Uuid),
            ("job_type", Text),
            ("status", Text),
            ("progress", Int),
            ("parameters", Json),
            ("results", Json),
            ("error_message", Text),
            ("created_at", Int),
            ("started_at", Int),
            ("completed_at", Int),
        ],
        from: "",
    },
    Table {
        name: "datasets",
        key: 1,
        columns: &[
            ("name", Text),
            ("description", Text),
            ("licence", Text),
            ("consent_basis", Text),
            ("source_kind", Text),
            ("modality", Text),
            ("helper_profile", Text),
            ("created_at", Int),
            ("updated_at", Int),
        ],
        from: "",
    },
    STATISTICS,
];

/// Follows from the conversations, and is counted while they are written.
pub(crate) const STATISTICS: Table = Table {
    name: "dataset_statistics",
    key: 2,
    columns: &[
        ("dataset_name", Text),
        ("tier", Text),
        ("conversations", Int),
        ("messages", Int),
        ("words", Int),
        ("quality_sum", Int),
    ],
    from: "",
};

/// What a conversation has; the first is itself.
pub(crate) const OF_CONVERSATIONS: [Table; 7] = [
    Table {
        name: "conversations",
        key: 1,
        columns: &[
            ("id", Uuid),
            ("dataset_name", Text),
            ("source_id", Text),
            ("user_id", Uuid),
            ("tier", Text),
            ("quality_score", Int),
            ("message_count", Int),
            ("word_count", Int),
            ("language", Text),
            ("content_digest", Blob),
            ("text_digest", Blob),
            ("pair_id", Text),
            ("preference", Text),
            ("created_at", Int),
            ("updated_at", Int),
            ("metadata", Json),
        ],
        from: "FROM conversations t WHERE t.id IN",
    },
    Table {
        name: "source_ids",
        key: 2,
        columns: &[
            ("dataset_name", Text),
            ("source_id", Text),
            ("conversation_id", Uuid),
            ("content_digest", Blob),
        ],
        from: "FROM conversations c JOIN source_ids t ON t.dataset_name = c.dataset_name AND t.source_id = c.source_id \
               WHERE c.id IN",
    },
    Table {
        name: "messages",
        key: 2,
        columns: &[
            ("conversation_id", Uuid),
            ("sequence_number", Int),
            ("id", Uuid),
            ("role", Text),
            ("speaker", Text),
            ("content", Text),
            ("timestamp", Int),
            ("timestamp_exact", Text),
            ("metadata", Json),
            ("emotion", Text),
            ("language", Text),
        ],
        from: "FROM messages t WHERE t.conversation_id IN",
    },
    Table {
        name: "annotations",
        key: 2,
        columns: &[
            ("conversation_id", Uuid),
            ("position", Int),
            ("layer", Text),
            ("annotator", Text),
            ("sequence_number", Int),
            ("span_start", Int),
            ("span_end", Int),
            ("value", Text),
        ],
        from: "FROM annotations t WHERE t.conversation_id IN",
    },
    Table {
        name: "quality_metrics",
        key: 1,
        columns: &[
            ("conversation_id", Uuid),
            ("validator", Text),
            ("therapeutic_accuracy", Int),
            ("conversation_coherence", Int),
            ("emotional_authenticity", Int),
            ("clinical_compliance", Int),
            ("safety_score", Int),
            ("overall_quality", Int),
            ("overall_low", Int),
            ("overall_high", Int),
            ("tier", Text),
            ("tier_probability", Float),
            ("not_scorable", Json),
            ("validation_timestamp", Int),
            ("validation_version", Text),
        ],
        from: "FROM quality_metrics t WHERE t.conversation_id IN",
    },
    Table {
        name: "validator_scores",
        key: 3,
        columns: &[
            ("conversation_id", Uuid),
            ("validator", Text),
            ("metric", Text),
            ("value", Int),
            ("not_scorable", Json),
            ("version", Text),
        ],
        from: "FROM validator_scores t WHERE t.conversation_id IN",
    },
    Table {
        name: "readings",
        key: 1,
        columns: &[("conversation_id", Uuid), ("version", Text), ("body", Blob)],
        from: "FROM readings t WHERE t.conversation_id IN",
    },
];

/// Rows that are read at once from a whole table.
const PAGE: i64 = 1000;

impl Table {
    fn list(&self, count: usize, before: &str) -> String {
        let names: Vec<_> = self.columns[..count].iter().map(|(name, _)| format!("{before}{name}")).collect();
        names.join(", ")
    }

    fn columns(&self) -> String {
        self.list(self.columns.len(), "")
    }

    fn row(&self, row: &Row) -> Result<Cells> {
        self.columns.iter().enumerate().map(|(place, (_, kind))| row.value(place, *kind)).collect()
    }

    /// What these conversations have in it, by key. Their number is bounded by who asks.
    pub(crate) async fn rows_of(
        &self,
        connection: &mut Connection,
        ids: &[ConversationId],
    ) -> Result<Vec<Cells>> {
        let before = format!("SELECT {} {}", self.list(self.columns.len(), "t."), self.from);
        let after = format!(" ORDER BY {}", self.list(self.key, "t."));
        let rows = with_ids(connection.engine(), &before, ids, &after).fetch_all(connection).await?;
        rows.iter().map(|row| self.row(row)).collect()
    }

    /// The rows after a key, or the first ones, by key.
    pub(crate) async fn page(
        &self,
        connection: &mut Connection,
        after: Option<&Cells>,
    ) -> Result<Vec<Cells>> {
        let mut query: Query<'_> =
            connection.query(format!("SELECT {} FROM {} WHERE TRUE", self.columns(), self.name));
        if self.name == STATISTICS.name {
            // A line that has gone down to nothing says the same as none.
            query.push(" AND conversations <> 0");
        }
        let key = self.list(self.key, "");
        if let Some(row) = after {
            let values = row[..self.key].iter().map(Value::reborrow);
            query.push(format_args!(" AND ({key}) > ")).push_list(values);
        }
        query.push(format_args!(" ORDER BY {key} LIMIT ")).push_bind(PAGE);
        query.fetch_all(connection).await?.iter().map(|row| self.row(row)).collect()
    }

    /// Writes rows whose keys are not there.
    pub(crate) async fn insert(&self, connection: &mut Connection, rows: &[Cells]) -> Result<()> {
        self.write(connection, rows, "").await
    }

    /// Writes rows, over those that have their keys.
    pub(crate) async fn put(&self, connection: &mut Connection, rows: &[Cells]) -> Result<()> {
        let others: Vec<_> =
            self.columns[self.key..].iter().map(|(name, _)| format!("{name} = excluded.{name}")).collect();
        let after = format!(" ON CONFLICT ({}) DO UPDATE SET {}", self.list(self.key, ""), others.join(", "));
        self.write(connection, rows, &after).await
    }

    async fn write(&self, connection: &mut Connection, rows: &[Cells], after: &str) -> Result<()> {
        let before = format!("INSERT INTO {} ({}) VALUES ", self.name, self.columns());
        let statement = Statement { before: &before, after, columns: self.columns.len() };
        run(connection, &statement, rows, |values: &mut Values<'_>, row| {
            for value in row {
                values.add(value.reborrow());
            }
            Ok(())
        })
        .await?;
        Ok(())
    }

    /// A key in words.
    pub(crate) fn key_of(&self, row: &Cells) -> String {
        let words: Vec<_> = row[..self.key].iter().map(ToString::to_string).collect();
        words.join(", ")
    }
}
