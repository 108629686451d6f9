//! Changes, the import log, checks and backups.

use pe_model::Digest;
use pe_store::{Change, ChangeKind, Error, Filter, ImportFile, ImportState, OpenMode, Rescored, Store};
use serde_json::json;

use crate::fixture::{START, id, report, save, saved};

// P-071
pub(crate) async fn changes_are_a_sequence(store: Store) {
    assert_eq!(store.last_change().await.expect("reads"), 0);
    save(&store, &[saved(1, "d", 0.5), saved(2, "d", 0.5)]).await;
    let seen = store.last_change().await.expect("reads");
    let mut tx = store.begin().await.expect("begins");
    tx.save_scores(&[Rescored { id: id(2), reading: None, reports: vec![report(0.9)] }])
        .await
        .expect("saves");
    tx.remove(&[id(1), id(7)]).await.expect("removes");
    tx.commit().await.expect("commits");
    let changes = store.changes_since(0, 100).await.expect("reads");
    let wanted = [
        (id(1), ChangeKind::Upsert),
        (id(2), ChangeKind::Upsert),
        (id(2), ChangeKind::Upsert),
        (id(1), ChangeKind::Remove),
    ];
    assert_eq!(changes.iter().map(|change| (change.id, change.kind)).collect::<Vec<_>>(), wanted);
    assert!(changes.windows(2).all(|pair| pair[0].seq < pair[1].seq));
    assert_eq!(store.changes_since(seen, 100).await.expect("reads"), changes[2..]);
    assert_eq!(store.changes_since(0, 1).await.expect("reads"), changes[..1]);
    let mut tx = store.begin().await.expect("begins");
    tx.remove_dataset("d").await.expect("removes");
    tx.commit().await.expect("commits");
    let last: Vec<Change> = store.changes_since(changes[3].seq, 9).await.expect("reads");
    assert_eq!((last.len(), last[0].id, last[0].kind), (1, id(2), ChangeKind::Remove));
}

// P-097
pub(crate) async fn imports_are_logged(store: Store) {
    let file = ImportFile {
        path: "a/b.jsonl".into(),
        size: Some(12),
        modified: Some(START),
        digest: Some(Digest::of_parts([b"x".as_slice()])),
    };
    let mut tx = store.begin().await.expect("begins");
    let first = tx.start_import("d", &file).await.expect("starts");
    let second = tx
        .start_import("e", &ImportFile { path: "-".into(), ..ImportFile::default() })
        .await
        .expect("starts");
    let counts = json!({"read": 3}).as_object().cloned().unwrap_or_default();
    tx.note_import(first, ImportState::Done, &counts).await.expect("notes");
    tx.commit().await.expect("commits");
    let all = store.imports(None, 10).await.expect("reads");
    assert_eq!(all.iter().map(|log| log.id).collect::<Vec<_>>(), [second, first]);
    assert_eq!((all[0].state, all[0].finished_at), (ImportState::Running, None));
    assert_eq!((all[1].state, &all[1].counts, &all[1].file), (ImportState::Done, &counts, &file));
    assert!(all[1].finished_at.is_some());
    assert_eq!(store.imports(Some("e"), 10).await.expect("reads").len(), 1);
}

pub(crate) async fn a_sound_store_checks_out(store: Store) {
    store.check().await.expect("an empty one is sound");
    save(&store, &(0..200).map(|number| saved(number, "d", 0.5)).collect::<Vec<_>>()).await;
    store.check().await.expect("a filled one is sound");
}

pub(crate) async fn a_backup_is_a_store(store: Store) {
    save(&store, &[saved(1, "d", 0.5)]).await;
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join(pe_store::DATABASE_FILE);
    let reader = store.export(&Filter::default()).await.expect("a reader beside the backup");
    store.backup(&to).await.expect("copies");
    drop(reader);
    assert!(matches!(store.backup(&to).await, Err(Error::AlreadyExists(_))));
    save(&store, &[saved(2, "d", 0.5)]).await;
    let copy = Store::open(folder.path().to_str().expect("UTF-8"), OpenMode::Read).await.expect("opens");
    copy.check().await.expect("sound");
    assert_eq!(copy.get(id(1)).await.expect("is there"), store.get(id(1)).await.expect("is there"));
    assert_eq!(copy.count(&Filter::default()).await.expect("counts"), 1);
    assert_eq!(
        std::fs::read_dir(folder.path())
            .expect("lists")
            .filter(|entry| {
                entry.as_ref().is_ok_and(|entry| entry.file_name().to_string_lossy().contains("partial"))
            })
            .count(),
        0
    );
}
