//! What is PostgreSQL's alone: how it is reached, and how its tables are partitioned.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pe_model::ConversationId;
use pe_store::{Error, Filter, OpenMode, Store};
use sqlx::{AssertSqlSafe, PgConnection};
use uuid::Uuid;

use crate::fixture::{id, save, saved};
use crate::server::connect;
use pe_testkit::{Database, database};

async fn open(database: &Database, mode: OpenMode) -> Result<Store, Error> {
    Store::open(&database.url, mode).await
}

async fn text(connection: &mut PgConnection, query: &str) -> String {
    let query = AssertSqlSafe(query.to_owned());
    sqlx::query_scalar(query).fetch_one(connection).await.expect("reads")
}

#[tokio::test]
async fn what_is_not_there_is_told_without_the_password() {
    let Some(server) = database("errors of a server") else { return };
    let base = server.url.rsplit_once('/').expect("a URL").0.to_owned();
    let host = server.url.rsplit_once('@').expect("a user").1;
    let wrong_user = format!("postgres://nobody_of_that_name:secret@{host}");
    let nothing_listens = "postgres://me:secret@127.0.0.1:1/x".to_owned();
    let cases = [
        (nothing_listens, "cannot reach the server of postgres://127.0.0.1:1/x"),
        (format!("{base}/there_is_none"), "there_is_none does not exist on its server"),
        (wrong_user, "refuses the connection"),
    ];
    for (url, wanted) in cases {
        for mode in [OpenMode::Read, OpenMode::Write] {
            let error = Store::open(&url, mode).await.err().expect("refused");
            assert!(error.to_string().contains(wanted), "{error}");
            assert!(!format!("{error} {error:?}").contains("secret"), "{error:?}");
        }
    }
    let empty = open(&server, OpenMode::Read).await.err().expect("nothing there").to_string();
    assert!(
        empty.starts_with("no data in postgres://") && empty.ends_with("import something first"),
        "{empty}"
    );
}

#[tokio::test]
async fn a_schema_is_brought_up_to_date_once_and_a_newer_one_is_refused() {
    let Some(server) = database("migration of a server") else { return };
    let several: Vec<_> = (0..4).map(|_| tokio::spawn(migrate(server.url.clone()))).collect();
    for one in several {
        one.await.expect("no panic").expect("migrates");
    }
    let mut connection = connect(&server).await;
    let versions = text(&mut connection, "SELECT COUNT(*)::text FROM schema_version").await;
    assert_eq!(versions, "1");
    open(&server, OpenMode::Read).await.expect("opens").close().await;
    sqlx::query("INSERT INTO schema_version (version, applied_at) VALUES (99, 0)")
        .execute(&mut connection)
        .await
        .expect("writes");
    for mode in [OpenMode::Read, OpenMode::Write] {
        let error = open(&server, mode).await.err().expect("is newer");
        assert!(matches!(error, Error::NewerSchema { found: 99, .. }), "{error}");
    }
}

async fn migrate(url: String) -> Result<(), Error> {
    Store::migrate(&url).await
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let Some(server) = database("readers of a server") else { return };
    let writer = open(&server, OpenMode::Write).await.expect("opens");
    save(&writer, &[saved(1, "d", 0.5)]).await;
    let reader = open(&server, OpenMode::Read).await.expect("opens");
    assert_eq!(reader.count(&Filter::default()).await.expect("counts"), 1);
    assert!(matches!(reader.begin().await, Err(Error::ReadOnly)));
    let backup = writer.backup(std::path::Path::new("x.db")).await.expect_err("is none").to_string();
    assert!(backup.contains("pg_dump") && !backup.contains('@'), "{backup}");
}

/// The id of a conversation at so many milliseconds since 1970.
fn at(millis: u64) -> ConversationId {
    ConversationId(Uuid::from_u64_pair(millis << 16 | 0x7000, (0b10 << 62) | 7))
}

#[tokio::test]
async fn months_have_partitions_and_ids_of_any_time_fit() {
    let Some(server) = database("partitions") else { return };
    let store = open(&server, OpenMode::Write).await.expect("opens");
    let times =
        [0, 1_709_164_800_000, 1_735_689_599_999, 1_735_689_600_000, 4_102_444_800_000, (1 << 48) - 1];
    let batch: Vec<_> = times
        .iter()
        .zip(1..)
        .map(|(millis, number)| {
            let mut one = saved(number, "d", 0.5);
            one.id = at(*millis);
            one
        })
        .collect();
    save(&store, &batch).await;
    for one in &batch {
        assert_eq!(store.get(one.id).await.expect("is there").conversation, one.conversation);
    }
    let mut connection = connect(&server).await;
    let list =
        "SELECT string_agg(DISTINCT tableoid::regclass::text, ' ' ORDER BY tableoid::regclass::text) FROM ";
    for table in ["conversations", "messages", "annotations", "quality_metrics", "readings"] {
        let wanted = ["1970_01", "2024_02", "2024_12", "2025_01", "2100_01", "9999_12"];
        let wanted: Vec<_> = wanted.iter().map(|month| format!("{table}_{month}")).collect();
        assert_eq!(text(&mut connection, &format!("{list}{table}")).await, wanted.join(" "));
    }
    let plan = format!("EXPLAIN SELECT 1 FROM messages WHERE conversation_id = '{}'", at(times[1]).0);
    let steps: Vec<String> =
        sqlx::query_scalar(AssertSqlSafe(plan)).fetch_all(&mut connection).await.expect("plans");
    let steps = steps.join("; ");
    assert!(
        steps.contains("messages_2024_02") && !steps.contains("messages_2024_12"),
        "one month is read: {steps}"
    );
    let keys = "SELECT COUNT(*)::text FROM pg_constraint WHERE contype = 'f' AND conrelid = 'messages_2024_02'::regclass";
    assert_eq!(text(&mut connection, keys).await, "1", "references hold in every partition");
    let mut tx = store.begin().await.expect("begins");
    assert_eq!(tx.remove_dataset("d").await.expect("removes"), 6);
    tx.commit().await.expect("commits");
    assert_eq!(
        text(&mut connection, "SELECT COUNT(*)::text FROM messages").await,
        "0",
        "children go with their parents"
    );
    assert_eq!(store.check().await.expect("reads"), []);
}

/// Two need a month that is not there, at the same moment, while a third reads.
#[tokio::test]
async fn partitions_are_made_beside_readers_and_writers() {
    let Some(server) = database("partitions made by two") else { return };
    let store = open(&server, OpenMode::Write).await.expect("opens");
    save(&store, &[saved(1, "d", 0.5)]).await;
    let mut export = store.export(&Filter::default(), pe_store::Order::Dataset).await.expect("begins");
    assert_eq!(export.next_batch().await.expect("reads").len(), 1, "a reader holds its tables");
    let writers: Vec<_> = ["a", "b", "c"]
        .into_iter()
        .zip(1..)
        .map(|(dataset, first)| {
            let store = store.clone();
            tokio::spawn(async move {
                for month in 0..6_u64 {
                    let mut one = saved(first * 100 + month, dataset, 0.5);
                    let millis = (month * 31 + 3650) * 86_400_000;
                    one.id = ConversationId(Uuid::from_u64_pair(millis << 16 | 0x7000, (0b10 << 62) | first));
                    save(&store, &[one]).await;
                }
            })
        })
        .collect();
    for writer in writers {
        tokio::time::timeout(Duration::from_secs(30), writer)
            .await
            .expect("nobody waits")
            .expect("nobody fails");
    }
    drop(export);
    assert_eq!(store.count(&Filter::default()).await.expect("counts"), 19);
    assert_eq!(store.check().await.expect("reads"), []);
}

/// Where two transactions wait for each other, one is told to try again, and the other goes on.
#[tokio::test]
async fn writers_that_wait_for_each_other_are_told() {
    let Some(server) = database("writers in each other's way") else { return };
    let store = open(&server, OpenMode::Write).await.expect("opens");
    let (mut one, mut two) = (store.begin().await.expect("begins"), store.begin().await.expect("begins"));
    one.save_batch(&[saved(1, "a", 0.5)]).await.expect("saves");
    two.save_batch(&[saved(2, "b", 0.5)]).await.expect("saves");
    let (next, other) = ([saved(3, "b", 0.5)], [saved(4, "a", 0.5)]);
    let (first, second) = tokio::join!(
        async move {
            let saved = one.save_batch(&next).await;
            if saved.is_ok() { one.commit().await } else { saved }
        },
        async move {
            let saved = two.save_batch(&other).await;
            if saved.is_ok() { two.commit().await } else { saved }
        }
    );
    let failed = match (first, second) {
        (Err(error), Ok(())) | (Ok(()), Err(error)) => error,
        other => panic!("one of two gives way: {other:?}"),
    };
    assert!(matches!(failed, Error::Busy(_)), "{failed}");
    assert_eq!(store.count(&Filter::default()).await.expect("counts"), 2);
    assert!(
        store.get(id(1)).await.is_ok() != store.get(id(2)).await.is_ok(),
        "all of one, nothing of the other"
    );
    assert_eq!(store.check().await.expect("reads"), []);
}

/// Names the database to the process that is going to be killed.
const DATABASE: &str = "PIXELATED_TEST_DATABASE";

/// Not a test: what the killed process of the next test does.
#[tokio::test]
#[ignore = "runs only in a process of its own"]
async fn write_until_killed() {
    let Ok(url) = std::env::var(DATABASE) else { return };
    let store = Store::open(&url, OpenMode::Write).await.expect("opens");
    for round in 0..100_000 {
        let batch: Vec<_> = (0..100).map(|number| saved(round * 100 + number, "d", 0.5)).collect();
        save(&store, &batch).await;
    }
}

#[tokio::test]
async fn a_killed_writer_of_a_server_leaves_whole_batches() {
    let Some(server) = database("a killed writer of a server") else { return };
    let store = open(&server, OpenMode::Write).await.expect("opens");
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--ignored", "--exact", "servers::write_until_killed"])
        .env(DATABASE, &server.url)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let patience = Instant::now();
    while store.count(&Filter::default()).await.expect("counts") < 500 {
        assert!(patience.elapsed() < Duration::from_mins(1), "the writer writes nothing");
        tokio::task::yield_now().await;
    }
    child.kill().expect("kills");
    child.wait().expect("ends");
    // What the killed one held is free, and what it had not finished is gone.
    save(&store, &[saved(50, "d", 0.9), saved(10_000_000, "d", 0.5)]).await;
    let count = store.count(&Filter::default()).await.expect("counts") - 1;
    assert!(count >= 500 && count % 100 == 0, "whole batches only, found {count}");
    assert_eq!(store.changes_since(0, u32::MAX).await.expect("reads").len() as u64, count + 2);
    assert_eq!(store.check().await.expect("reads"), []);
}
