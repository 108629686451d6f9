//! The schema that the documents ask for, as the database itself describes it, and what it refuses.

#[path = "conformance/fixture.rs"]
#[allow(dead_code)] // Shared with the conformance suite, which uses more of it.
mod fixture;

use pe_store::{OpenMode, Store};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};
use tempfile::TempDir;

use fixture::{save, saved};

/// A store with one conversation, and a connection past it.
async fn opened() -> (TempDir, Store, SqliteConnection) {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path().to_str().expect("UTF-8"), OpenMode::Write).await.expect("opens");
    save(&store, &[saved(1, "d", 0.8)]).await;
    let options = SqliteConnectOptions::new()
        .filename(store.location().database_file().expect("a file"))
        .foreign_keys(true);
    let connection = options.connect().await.expect("connects");
    (folder, store, connection)
}

// P-076, P-078, P-081 to P-088, P-090 to P-093. P-095: the second conversation model is a conversation of a user with two
// messages; its confidence is metadata of the reply.
#[tokio::test]
async fn every_table_has_the_columns_of_the_documents() {
    let (_folder, _store, mut connection) = opened().await;
    let wanted = [
        (
            "conversations",
            "id dataset_name tier quality_score message_count created_at updated_at metadata user_id",
        ),
        ("messages", "id conversation_id role content sequence_number timestamp metadata"),
        (
            "quality_metrics",
            "conversation_id therapeutic_accuracy conversation_coherence emotional_authenticity",
        ),
        (
            "quality_metrics",
            "clinical_compliance safety_score overall_quality validation_timestamp validation_version",
        ),
        ("datasets", "name description created_at updated_at modality helper_profile"),
        ("dataset_statistics", "dataset_name tier conversations quality_sum"),
        ("users", "id email organization tier rate_limit_per_hour created_at is_active"),
        ("api_keys", "id user_id key_hash name last_used created_at expires_at is_active"),
        ("processing_jobs", "id user_id job_type status progress parameters results error_message"),
        ("processing_jobs", "created_at started_at completed_at"),
    ];
    for (table, columns) in wanted {
        let found: Vec<String> = sqlx::query_scalar("SELECT name FROM pragma_table_info($1)")
            .bind(table)
            .fetch_all(&mut connection)
            .await
            .expect("reads");
        for column in columns.split(' ') {
            assert!(found.iter().any(|name| name == column), "{table}.{column}");
        }
    }
}

// P-077, P-080 (by message), P-089, P-094, P-102
#[tokio::test]
async fn every_index_of_the_documents_is_there() {
    let (_folder, _store, mut connection) = opened().await;
    let wanted = [
        ("idx_conversations_dataset", "(dataset_name"),
        ("idx_conversations_tier", "(tier"),
        ("idx_conversations_quality", "(quality_score"),
        ("idx_conversations_created", "(created_at)"),
        ("idx_conversations_quality_tier", "(tier, quality_score DESC) WHERE quality_score >= 700000"),
        ("idx_messages_conversation", "(conversation_id, sequence_number)"),
        ("idx_quality_therapeutic", "(therapeutic_accuracy)"),
        ("idx_quality_overall", "(overall_quality)"),
        ("idx_jobs_user", "(user_id)"),
        ("idx_jobs_status", "(status)"),
        ("idx_jobs_created", "(created_at)"),
    ];
    for (index, part) in wanted {
        let text: String =
            sqlx::query_scalar("SELECT sql FROM sqlite_master WHERE type = 'index' AND name = $1")
                .bind(index)
                .fetch_one(&mut connection)
                .await
                .expect(index);
        assert!(text.contains(part), "{text}");
    }
    let (_, _, _, plan): (i64, i64, i64, String) = sqlx::query_as(
        "EXPLAIN QUERY PLAN SELECT id FROM conversations WHERE tier = 'clinical' AND quality_score >= 800000 \
         AND quality_score >= 700000 ORDER BY quality_score DESC",
    )
    .fetch_one(&mut connection)
    .await
    .expect("plans");
    assert!(plan.contains("idx_conversations_quality_tier"), "{plan}");
}

// P-079, P-088, P-091, P-092
#[tokio::test]
async fn the_schema_refuses_what_the_program_would_not_write() {
    let (_folder, _store, mut connection) = opened().await;
    for statement in [
        "UPDATE messages SET role = 'narrator'",
        "UPDATE quality_metrics SET validation_version = NULL",
        "UPDATE quality_metrics SET conversation_id = x'00'",
        "UPDATE conversations SET quality_score = 1000001",
        "UPDATE conversations SET dataset_name = 'another'",
        "UPDATE conversations SET preference = 'both'",
        "UPDATE messages SET sequence_number = 0",
        "INSERT INTO api_keys (id, user_id, key_hash, name, created_at) VALUES (x'01', x'02', 'h', 'n', 0)",
        "DELETE FROM datasets",
    ] {
        assert!(sqlx::query(statement).execute(&mut connection).await.is_err(), "{statement}");
    }
    sqlx::query("INSERT INTO users (id, email, created_at) VALUES (x'01', 'a@example.org', 0)")
        .execute(&mut connection)
        .await
        .expect("adds");
    let defaults: (String, i64, bool) =
        sqlx::query_as("SELECT tier, rate_limit_per_hour, is_active FROM users")
            .fetch_one(&mut connection)
            .await
            .expect("reads");
    assert_eq!(defaults, ("basic".to_owned(), 100, true));
}

// P-078, P-081, P-092
#[tokio::test]
async fn children_go_with_their_parents() {
    let (_folder, _store, mut connection) = opened().await;
    for statement in [
        "INSERT INTO users (id, email, created_at) VALUES (x'01', 'a@example.org', 0)",
        "INSERT INTO api_keys (id, user_id, key_hash, name, created_at) VALUES (x'02', x'01', 'h', 'n', 0)",
        "DELETE FROM users",
        "DELETE FROM conversations",
    ] {
        sqlx::query(statement).execute(&mut connection).await.expect(statement);
    }
    for table in ["api_keys", "messages", "annotations", "quality_metrics", "validator_scores", "readings"] {
        let left: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}")))
            .fetch_one(&mut connection)
            .await
            .expect("counts");
        assert_eq!(left, 0, "{table}");
    }
}
