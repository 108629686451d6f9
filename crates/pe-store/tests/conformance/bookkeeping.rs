//! Changes, checks and backups.

use pe_store::{Change, ChangeKind, Error, Filter, OpenMode, Order, Rescored, Store};

use crate::fixture::{id, report, save, saved};

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

pub(crate) async fn a_sound_store_checks_out(store: Store) {
    assert_eq!(store.check().await.expect("reads"), [], "an empty one is sound");
    save(&store, &(0..200).map(|number| saved(number, "d", 0.5)).collect::<Vec<_>>()).await;
    assert_eq!(store.check().await.expect("reads"), [], "a filled one is sound");
}

pub(crate) async fn a_backup_is_a_store(store: Store) {
    save(&store, &[saved(1, "d", 0.5)]).await;
    let folder = tempfile::tempdir().expect("a folder");
    let to = folder.path().join(pe_store::DATABASE_FILE);
    let reader = store.export(&Filter::default(), Order::Dataset).await.expect("a reader beside the backup");
    store.backup(&to).await.expect("copies");
    drop(reader);
    assert!(matches!(store.backup(&to).await, Err(Error::AlreadyExists(_))));
    save(&store, &[saved(2, "d", 0.5)]).await;
    let copy = Store::open(folder.path().to_str().expect("UTF-8"), OpenMode::Read).await.expect("opens");
    assert_eq!(copy.check().await.expect("reads"), []);
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
