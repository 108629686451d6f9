//! What happens when stores are opened side by side, and when a writer dies.

#[path = "conformance/fixture.rs"]
#[allow(dead_code)] // Shared with the conformance suite, which uses more of it.
mod fixture;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pe_store::{Error, Filter, Location, OpenMode, Store};

use fixture::{id, save, saved};

/// Names the folder to the process that is going to be killed.
const FOLDER: &str = "PIXELATED_TEST_FOLDER";

async fn open(folder: &Path, mode: OpenMode) -> Result<Store, Error> {
    Store::open(folder.to_str().expect("UTF-8"), mode).await
}

#[tokio::test]
async fn reading_what_is_not_there_says_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = open(folder.path(), OpenMode::Read).await.err().expect("nothing there").to_string();
    assert!(error.starts_with("no data in") && error.ends_with("import something first"), "{error}");
    assert_eq!(std::fs::read_dir(folder.path()).expect("lists").count(), 0, "reading makes nothing");
}

#[tokio::test]
async fn readers_work_beside_the_one_writer() {
    let folder = tempfile::tempdir().expect("a folder");
    let deep = folder.path().join("a/b");
    let writer = open(&deep, OpenMode::Write).await.expect("makes its folder");
    let refused = open(&deep, OpenMode::Write).await.err().expect("one writer").to_string();
    assert!(refused.contains(&format!("process {}", std::process::id())), "{refused}");
    let reader = open(&deep, OpenMode::Read).await.expect("opens");
    let other = open(&deep, OpenMode::Read).await.expect("opens");
    let mut tx = writer.begin().await.expect("begins");
    tx.save_batch(&[saved(1, "d", 0.5)]).await.expect("saves");
    assert_eq!(reader.count(&Filter::default()).await.expect("reads meanwhile"), 0);
    tx.commit().await.expect("commits");
    assert_eq!(reader.count(&Filter::default()).await.expect("reads"), 1);
    assert_eq!(other.count(&Filter::default()).await.expect("reads"), 1);
    assert!(matches!(reader.begin().await, Err(Error::ReadOnly)));
    writer.close().await;
    drop(writer);
    open(&deep, OpenMode::Write).await.expect("the right to write is free again");
}

#[tokio::test]
async fn writers_of_one_process_take_turns() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path(), OpenMode::Write).await.expect("opens");
    let tasks: Vec<_> = (0..20)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move { save(&store, &[saved(number, "d", 0.5)]).await })
        })
        .collect();
    for task in tasks {
        task.await.expect("no task fails");
    }
    assert_eq!(store.dataset("d").await.expect("is there").total_conversations, 20);
}

#[tokio::test]
async fn a_backup_is_put_back() {
    let folder = tempfile::tempdir().expect("a folder");
    let (data, backup) = (folder.path().join("data"), folder.path().join("backup.db"));
    let store = open(&data, OpenMode::Write).await.expect("opens");
    save(&store, &[saved(1, "d", 0.5)]).await;
    store.backup(&backup).await.expect("copies");
    save(&store, &[saved(2, "d", 0.5)]).await;
    let location = store.location().clone();
    let refused = Store::restore(&backup, &location).await.expect_err("a writer is there");
    assert!(matches!(refused, Error::Locked { .. }), "{refused}");
    store.close().await;
    drop(store);
    std::fs::write(folder.path().join("broken.db"), "no database".repeat(100)).expect("writes");
    for wrong in ["broken.db", "missing.db"] {
        assert!(Store::restore(&folder.path().join(wrong), &location).await.is_err(), "{wrong}");
    }
    assert_eq!(
        open(&data, OpenMode::Read).await.expect("opens").count(&Filter::default()).await.expect("counts"),
        2
    );
    Store::restore(&backup, &location).await.expect("puts back");
    let back = open(&data, OpenMode::Write).await.expect("opens");
    assert_eq!(back.count(&Filter::default()).await.expect("counts"), 1);
    assert_eq!(back.check().await.expect("reads"), []);
    let elsewhere = Location::in_folder(&folder.path().join("new"));
    Store::restore(&backup, &elsewhere).await.expect("puts where nothing was");
    assert!(backup.exists(), "a backup can be put back again");
}

#[cfg(unix)]
// P-100
#[tokio::test]
async fn the_data_folder_is_its_owner_s() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("data");
    let _store = open(&data, OpenMode::Write).await.expect("opens");
    assert_eq!(std::fs::metadata(&data).expect("is there").permissions().mode() & 0o077, 0);
}

#[tokio::test]
async fn a_newer_schema_and_a_damaged_file_are_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = open(folder.path(), OpenMode::Write).await.expect("opens");
    save(&store, &[saved(1, "d", 0.5)]).await;
    store.close().await;
    drop(store);
    let database = folder.path().join(pe_store::DATABASE_FILE);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(&database);
    let mut connection = sqlx::ConnectOptions::connect(&options).await.expect("connects");
    sqlx::query("INSERT INTO schema_version (version, applied_at) VALUES (99, 0)")
        .execute(&mut connection)
        .await
        .expect("writes");
    sqlx::Connection::close(connection).await.expect("closes");
    for mode in [OpenMode::Read, OpenMode::Write] {
        let error = open(folder.path(), mode).await.err().expect("is newer");
        assert!(matches!(error, Error::NewerSchema { found: 99, .. }), "{error}");
    }
    std::fs::write(&database, "this is no database, and longer than the header of one ".repeat(40))
        .expect("writes");
    for mode in [OpenMode::Read, OpenMode::Write] {
        let error = open(folder.path(), mode).await.err().expect("is damaged");
        assert!(matches!(error, Error::Damaged { .. }), "{error}");
    }
}

/// Not a test: what the killed process of the next test does.
#[tokio::test]
#[ignore = "runs only in a process of its own"]
async fn write_until_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let store = open(Path::new(&folder), OpenMode::Write).await.expect("opens");
    for round in 0..100_000 {
        let batch: Vec<_> = (0..100).map(|number| saved(round * 100 + number, "d", 0.5)).collect();
        save(&store, &batch).await;
    }
}

#[tokio::test]
async fn a_killed_writer_leaves_whole_batches_and_no_lock() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--ignored", "--exact", "write_until_killed"])
        .env(FOLDER, folder.path())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts");
    let patience = Instant::now();
    let mut seen = 0;
    while seen < 500 {
        assert!(patience.elapsed() < Duration::from_mins(1), "the writer writes nothing");
        if let Ok(reader) = open(folder.path(), OpenMode::Read).await {
            seen = reader.count(&Filter::default()).await.unwrap_or(0);
        }
        tokio::task::yield_now().await;
    }
    assert!(matches!(open(folder.path(), OpenMode::Write).await, Err(Error::Locked { .. })));
    child.kill().expect("kills");
    child.wait().expect("ends");
    let store = open(folder.path(), OpenMode::Write).await.expect("no lock is left");
    assert_eq!(store.check().await.expect("reads"), []);
    let count = store.count(&Filter::default()).await.expect("counts");
    assert!(count >= seen && count % 100 == 0, "whole batches only, found {count}");
    let dataset = store.dataset("d").await.expect("is there");
    assert_eq!((dataset.total_conversations, dataset.total_messages), (count, count * 4));
    assert_eq!(store.last_change().await.expect("reads"), count.cast_signed());
    assert_eq!(store.get(id(0)).await.expect("is there").messages.len(), 4);
}
