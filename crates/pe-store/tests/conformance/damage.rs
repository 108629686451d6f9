//! What a check of the store finds, when somebody has been at its tables.

use pe_store::{Location, Store};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _};

use crate::fixture::{save, saved};
use crate::server::connect;
use pe_testkit::{Database, database};

/// Statements, and what they break.
const DAMAGE: [(&str, &[&str]); 9] = [
    ("DELETE FROM source_ids WHERE source_id = 's-1'", &["every conversation has its source id"]),
    (
        "UPDATE source_ids SET source_id = 'x' WHERE source_id = 's-1'",
        &["every source id belongs", "every conversation has its source id"],
    ),
    (
        "UPDATE conversations SET content_digest = text_digest WHERE source_id = 's-1'",
        &["every conversation has its source id"],
    ),
    ("DELETE FROM messages WHERE sequence_number = 1", &["a conversation has as many messages"]),
    (
        "DELETE FROM conversations WHERE source_id = 's-2'",
        &[
            "every source id belongs",
            "every message belongs",
            "every annotation",
            "every score",
            "every reading",
            "totals",
        ],
    ),
    ("UPDATE quality_metrics SET tier = 'research'", &["a conversation has the tier"]),
    ("DELETE FROM datasets", &["every conversation is of a dataset"]),
    ("DELETE FROM changes", &["every conversation came in by a change"]),
    ("UPDATE dataset_statistics SET words = words + 1", &["totals"]),
];

/// Runs a statement past the store, with references off.
async fn break_it(location: &Location, server: Option<&Database>, statement: &'static str) {
    let statement = sqlx::raw_sql(AssertSqlSafe(statement));
    if let Some(server) = server {
        let mut connection = connect(server).await;
        sqlx::raw_sql("SET session_replication_role = replica").execute(&mut connection).await.expect("sets");
        statement.execute(&mut connection).await.expect("runs");
    } else {
        let file = location.database_file().expect("a file");
        let options = SqliteConnectOptions::new().filename(file).foreign_keys(false);
        statement.execute(&mut options.connect().await.expect("connects")).await.expect("runs");
    }
}

async fn is_found(store: &Store, server: Option<&Database>, statement: &'static str, wanted: &[&str]) {
    save(store, &(1..4).map(|number| saved(number, "d", 0.5)).collect::<Vec<_>>()).await;
    assert_eq!(store.check().await.expect("reads"), []);
    break_it(store.location(), server, statement).await;
    let findings = store.check().await.expect("reads");
    for wanted in wanted {
        let finding = findings.iter().find(|finding| finding.rule.starts_with(wanted));
        assert!(finding.is_some_and(|finding| finding.count > 0), "{statement}: {wanted}: {findings:?}");
    }
}

#[tokio::test]
async fn damage_of_a_file_is_found() {
    for (statement, wanted) in DAMAGE {
        let folder = tempfile::tempdir().expect("a folder");
        let store = crate::open(Location::in_folder(folder.path())).await;
        is_found(&store, None, statement, wanted).await;
    }
}

#[tokio::test]
async fn damage_of_a_server_is_found() {
    for (statement, wanted) in DAMAGE {
        let Some(server) = database("damage of a server") else { return };
        let store = crate::open(Location::parse(&server.url).expect("a server")).await;
        is_found(&store, Some(&server), statement, wanted).await;
    }
}
