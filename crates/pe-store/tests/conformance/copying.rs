//! Copies from one store to another of either kind.

use pe_model::{NotScorable, Points};
use pe_store::{CopyProgress, DatasetTerms, Error, Filter, Location, Order, Rescored, Store};

use crate::fixture::{id, message, refusal, report, save, saved};
use pe_testkit::{Database, database};

/// A store that has something in every table, and in every column that can be empty both.
async fn fill(store: &Store) {
    let mut batch: Vec<_> = (0..700).map(|number| saved(number, "d", number as f64 / 700.0)).collect();
    batch[3].conversation.pair = None;
    batch[3].reports = vec![refusal(NotScorable::TooShort { words: 3 })];
    let mut second = report(0.25);
    second.validator = "five".into();
    if let pe_model::Outcome::Scored(found) = &mut second.outcome {
        found.scores.truncate(1);
    }
    batch[4].reports.push(second);
    batch[5].reports.clear();
    batch[6].dataset = "e".into();
    batch[6].conversation.messages =
        vec![message(pe_model::Role::User, "nul \0 one \u{1} two \u{2} \u{1}\u{1} 眠れない"); 5000];
    batch[6].conversation.metadata.insert("nul \0".into(), serde_json::json!(["\0", 1.0, 1e300, 0.1, -0.0]));
    batch[6].reading = crate::fixture::reading(&batch[6].conversation);
    batch[7].source_id = "a \0 source \u{1}".into();
    batch[7].conversation.source_id = Some(batch[7].source_id.clone());
    save(store, &batch).await;
    let mut tx = store.begin().await.expect("begins");
    tx.set_dataset_terms("d", &DatasetTerms { licence: Some("CC0-1.0".into()), ..DatasetTerms::default() })
        .await
        .expect("sets");
    tx.save_batch(&[saved(900, "gone", 0.5)]).await.expect("saves");
    tx.remove(&[id(900), id(10)]).await.expect("removes");
    tx.commit().await.expect("commits");
}

async fn exported(store: &Store) -> Vec<pe_store::StoredConversation> {
    let mut export = store.export(&Filter::default(), Order::Dataset).await.expect("begins");
    let mut all = Vec::new();
    loop {
        let batch = export.next_batch().await.expect("exports");
        if batch.is_empty() {
            return all;
        }
        all.extend(batch);
    }
}

/// Copies there and into a third one, and compares all of them.
async fn round_trip(source: &Store, between: &Store, back: &Store) {
    fill(source).await;
    let mut seen = Vec::new();
    let there = source.copy_to(between, |state| seen.push(state)).await.expect("copies");
    let total = 699;
    let last = CopyProgress { total, done: total, written: total, verified: total };
    assert_eq!((there.written, seen.last()), (total, Some(&last)));
    let names: Vec<_> = there.tables.iter().map(|table| (table.name, table.rows > 0)).collect();
    assert_eq!(names.len(), 12, "{names:?}");
    assert!(
        names.iter().all(|(name, filled)| *filled || ["users", "api_keys", "processing_jobs"].contains(name)),
        "{names:?}"
    );
    let returned = between.copy_to(back, |_| ()).await.expect("copies");
    assert_eq!(there.tables, returned.tables, "nothing was bent on the way");
    assert_eq!(exported(source).await, exported(back).await);
    assert_eq!(source.datasets().await.expect("reads"), back.datasets().await.expect("reads"));
    for store in [between, back] {
        assert_eq!(store.check().await.expect("reads"), []);
        assert_eq!(store.changes_since(0, 1000).await.expect("reads").len() as u64, total);
    }
}

fn file(folder: &tempfile::TempDir, name: &str) -> Location {
    Location::in_folder(&folder.path().join(name))
}

fn on_server(database: &Database) -> Location {
    Location::parse(&database.url).expect("a server")
}

#[tokio::test]
async fn a_copy_of_a_file_is_equal() {
    let folder = tempfile::tempdir().expect("a folder");
    let [one, two, three] = ["a", "b", "c"].map(|name| file(&folder, name));
    round_trip(&crate::open(one).await, &crate::open(two).await, &crate::open(three).await).await;
}

#[tokio::test]
async fn a_copy_to_a_server_and_back_is_equal() {
    let Some(server) = database("a copy to PostgreSQL and back") else { return };
    let folder = tempfile::tempdir().expect("a folder");
    let (one, three) = (file(&folder, "a"), file(&folder, "c"));
    round_trip(&crate::open(one).await, &crate::open(on_server(&server)).await, &crate::open(three).await)
        .await;
}

#[tokio::test]
async fn a_copy_goes_on_and_follows_what_changed() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = database("a copy from PostgreSQL that is run again");
    let source = server.as_ref().map_or_else(|| file(&folder, "a"), on_server);
    let (source, target) = (crate::open(source).await, crate::open(file(&folder, "b")).await);
    save(&source, &(0..600).map(|number| saved(number, "d", 0.5)).collect::<Vec<_>>()).await;
    assert_eq!(source.copy_to(&target, |_| ()).await.expect("copies").written, 600);
    assert_eq!(source.copy_to(&target, |_| ()).await.expect("has nothing to do").written, 0);
    let mut tx = source.begin().await.expect("begins");
    tx.save_scores(&[Rescored { id: id(300), reading: None, reports: vec![report(0.9)] }])
        .await
        .expect("saves");
    tx.save_batch(&(600..700).map(|number| saved(number, "d", 0.5)).collect::<Vec<_>>())
        .await
        .expect("saves");
    tx.commit().await.expect("commits");
    let again = source.copy_to(&target, |_| ()).await.expect("copies");
    assert!((101..700).contains(&again.written), "{} conversations, and not all of them", again.written);
    let found = target.get(id(300)).await.expect("is there").summary.quality;
    assert_eq!(found, Some(Points::from_fraction(0.9)));
    assert_eq!(target.check().await.expect("reads"), []);
    assert_eq!(source.datasets().await.expect("reads"), target.datasets().await.expect("reads"));
    assert!(matches!(source.copy_to(&source, |_| ()).await, Err(Error::Invalid { .. })));
}

#[tokio::test]
async fn what_only_the_target_has_is_told_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let (source, target) = (crate::open(file(&folder, "a")).await, crate::open(file(&folder, "b")).await);
    save(&source, &[saved(1, "d", 0.5), saved(3, "d", 0.5)]).await;
    for foreign in [2, 9] {
        save(&target, &[saved(foreign, "other", 0.5)]).await;
        let refused = source.copy_to(&target, |_| ()).await.expect_err("is not ours").to_string();
        assert!(refused.contains(&id(foreign).to_string()), "{refused}");
        assert_eq!(target.get(id(foreign)).await.expect("is there").summary.dataset, "other");
        let mut tx = target.begin().await.expect("begins");
        tx.remove_dataset("other").await.expect("removes");
        tx.commit().await.expect("commits");
    }
    source.copy_to(&target, |_| ()).await.expect("copies");
}
