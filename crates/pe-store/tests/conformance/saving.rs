//! Saving, replacing and removing.

use pe_model::{Emotion, Message, Points, Role, Tier};
use pe_store::{Error, Filter, Known, SourceKey, Store, message_id};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use time::OffsetDateTime;

use crate::fixture::{conversation, id, message, save, saved};

// P-076, P-078, P-098
pub(crate) async fn a_conversation_comes_out_as_it_went_in(store: Store) {
    save(&store, &[saved(1, "d", 0.7)]).await;
    let found = store.get(id(1)).await.expect("is there");
    assert_eq!(found.conversation, conversation(1));
    assert_eq!(
        found.conversation.digest(),
        conversation(1).digest(),
        "offsets and nanoseconds of times are kept"
    );
    let summary = &found.summary;
    assert_eq!((summary.dataset.as_str(), summary.source_id.as_str()), ("d", "s-1"));
    assert_eq!((summary.tier, summary.quality), (Some(Tier::Standard), Some(Points::from_fraction(0.7))));
    assert_eq!((summary.message_count, summary.word_count, summary.language.as_str()), (4, 10, "en"));
    assert_eq!(summary.created_at, summary.updated_at);
    assert_eq!(found.messages.len(), 4);
    assert_eq!(found.messages[2].id, message_id(id(1), 2));
    assert_eq!(found.messages[0].emotion, Some(Emotion::Sadness));
}

/// Texts, numbers and times that a database might bend.
fn messages() -> impl Strategy<Value = Vec<Message>> {
    let content = prop_oneof![any::<String>(), Just("nul \0 inside".to_owned()), "[a-z ]{0,40}"];
    let nanos = prop::option::of(-2_000_000_000_000_000_000_i64..4_000_000_000_000_000_000);
    let one = (0..4_usize, content, nanos, any::<f64>(), any::<i64>(), any::<String>(), any::<bool>());
    let one = one.prop_map(|(role, content, nanos, float, int, text, speaks)| {
        let mut one = message(Role::ALL[role], &content);
        one.timestamp = nanos.and_then(|nanos| OffsetDateTime::from_unix_timestamp_nanos(nanos.into()).ok());
        one.speaker = speaks.then(|| text.clone());
        if float.is_finite() {
            one.metadata.insert(text.clone(), float.into());
            one.metadata.insert(format!("{text}!"), serde_json::json!([int, text, null]));
        }
        one
    });
    prop::collection::vec(one, 0..6)
}

pub(crate) async fn any_conversation_comes_out_as_it_went_in(store: Store) {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(1));
    let mut batch = Vec::new();
    for number in 0..300 {
        let mut one = saved(number, "d", 0.5);
        let tree = messages().new_tree(&mut runner).expect("a value");
        one.conversation.messages = tree.current();
        one.conversation.metadata =
            one.conversation.messages.first().map(|first| first.metadata.clone()).unwrap_or_default();
        one.reading = crate::fixture::reading(&one.conversation);
        batch.push(one);
    }
    save(&store, &batch).await;
    for one in &batch {
        let found = store.get(one.id).await.expect("is there");
        assert_eq!(found.conversation, one.conversation);
        assert_eq!(found.conversation.digest(), one.conversation.digest());
    }
}

pub(crate) async fn saving_again_replaces_everything(store: Store) {
    save(&store, &[saved(1, "d", 0.7), saved(2, "d", 0.7)]).await;
    let before = store.get(id(1)).await.expect("is there");
    let mut again = saved(1, "d", 0.9);
    again.conversation.messages.truncate(1);
    again.conversation.annotations.clear();
    again.conversation.pair = None;
    again.reading = crate::fixture::reading(&again.conversation);
    save(&store, &[again.clone()]).await;
    let after = store.get(id(1)).await.expect("is there");
    assert_eq!(after.conversation, again.conversation);
    assert_eq!(after.summary.tier, Some(Tier::Research));
    assert_eq!(after.summary.created_at, before.summary.created_at);
    assert!(after.summary.updated_at > before.summary.updated_at);
    assert_eq!(after.messages[0].id, before.messages[0].id, "a message keeps its id");
    assert_eq!(store.count(&Filter::default()).await.expect("counts"), 2);
    let key = SourceKey::new(Some("s-1"), again.conversation.digest(), 0);
    let mut tx = store.begin().await.expect("begins");
    assert_eq!(tx.resolve("d", &[key]).await.expect("resolves"), [Known::Same(id(1))]);
}

pub(crate) async fn a_dropped_transaction_leaves_nothing(store: Store) {
    save(&store, &[saved(1, "d", 0.7)]).await;
    let last = store.last_change().await.expect("reads");
    let mut tx = store.begin().await.expect("begins");
    tx.save_batch(&[saved(1, "d", 0.1), saved(2, "e", 0.7)]).await.expect("saves");
    tx.remove(&[id(1)]).await.expect("removes");
    drop(tx);
    assert_eq!(store.count(&Filter::default()).await.expect("counts"), 1);
    assert_eq!(store.last_change().await.expect("reads"), last);
    assert_eq!(store.datasets().await.expect("reads").len(), 1);
    save(&store, &[saved(2, "d", 0.7)]).await;
    assert_eq!(store.get(id(1)).await.expect("is there").summary.tier, Some(Tier::Standard));
}

pub(crate) async fn what_is_refused_leaves_nothing(store: Store) {
    let mut no_name = saved(2, "", 0.5);
    no_name.source_id = "x".into();
    let mut no_source = saved(2, "d", 0.5);
    no_source.source_id.clear();
    let mut short_reading = saved(2, "d", 0.5);
    short_reading.reading.messages.pop();
    let batches = [
        vec![saved(1, "d", 0.5), no_name],
        vec![saved(1, "d", 0.5), no_source],
        vec![saved(1, "d", 0.5), short_reading],
        vec![saved(1, "d", 0.5), saved(1, "d", 0.5)],
        vec![saved(1, "d", 0.5), saved(2, "d", 1.5)],
        vec![saved(1, &"x".repeat(256), 0.5)],
    ];
    for batch in batches {
        let mut tx = store.begin().await.expect("begins");
        let refused = tx.save_batch(&batch).await.expect_err("is refused");
        assert!(matches!(refused, Error::Invalid { .. }), "{refused}");
        tx.commit().await.expect("commits");
        assert_eq!(store.count(&Filter::default()).await.expect("counts"), 0);
    }
}

pub(crate) async fn a_source_id_belongs_to_one_conversation(store: Store) {
    save(&store, &[saved(1, "d", 0.5)]).await;
    let mut other = saved(2, "d", 0.5);
    other.source_id = "s-1".into();
    let mut tx = store.begin().await.expect("begins");
    let refused = tx.save_batch(&[saved(3, "d", 0.5), other]).await.expect_err("is refused");
    assert!(matches!(&refused, Error::Conflict { source_id, .. } if source_id == "s-1"), "{refused}");
    drop(tx);
    let mut moved = saved(1, "e", 0.5);
    moved.source_id = "s-1".into();
    let mut tx = store.begin().await.expect("begins");
    assert!(matches!(tx.save_batch(&[moved]).await, Err(Error::Invalid { .. })));
    drop(tx);
    let mut elsewhere = saved(4, "e", 0.5);
    elsewhere.source_id = "s-1".into();
    save(&store, &[elsewhere]).await;
}

pub(crate) async fn removal_takes_everything_along(store: Store) {
    save(&store, &[saved(1, "d", 0.7), saved(2, "d", 0.5)]).await;
    let mut tx = store.begin().await.expect("begins");
    assert_eq!(tx.remove(&[id(1)]).await.expect("removes"), 1);
    let key = SourceKey::new(Some("s-1"), conversation(1).digest(), 0);
    assert_eq!(tx.resolve("d", &[key]).await.expect("resolves"), [Known::New]);
    tx.commit().await.expect("commits");
    assert!(matches!(store.get(id(1)).await, Err(Error::NotFound(_))));
    assert_eq!(store.reading(id(1)).await.expect("reads"), None);
    assert_eq!(store.get(id(2)).await.expect("is there").messages.len(), 4);
    assert_eq!(store.check().await.expect("reads"), []);
    save(&store, &[saved(1, "d", 0.7)]).await;
    assert_eq!(store.get(id(1)).await.expect("is there").conversation, conversation(1));
}

pub(crate) async fn removing_a_dataset_leaves_the_others(store: Store) {
    let batch: Vec<_> =
        (0..1200).map(|number| saved(number, if number < 1100 { "d" } else { "e" }, 0.5)).collect();
    save(&store, &batch).await;
    let mut tx = store.begin().await.expect("begins");
    assert_eq!(tx.remove_dataset("d").await.expect("removes"), 1100);
    assert!(matches!(tx.remove_dataset("d").await, Err(Error::NoDataset(_))));
    tx.commit().await.expect("commits");
    let left = store.datasets().await.expect("reads");
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].name.as_str(), left[0].total_conversations), ("e", 100));
    assert_eq!(store.check().await.expect("reads"), []);
}
