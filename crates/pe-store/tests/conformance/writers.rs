//! Several writers and their readers.

use std::collections::BTreeSet;

use pe_model::ConversationId;
use pe_store::{Change, Filter, Store};

use crate::fixture::{id, saved};

/// Conversations of each of two writers.
const EACH: u64 = 60;

/// Whatever is read of the sequence while two write, nothing comes later with a lower number.
pub(crate) async fn a_reader_of_changes_misses_none(store: Store) {
    let writers: Vec<_> = [("a", 0), ("b", 1000)]
        .into_iter()
        .map(|(dataset, first)| {
            let store = store.clone();
            tokio::spawn(async move {
                for number in (0..EACH).step_by(3) {
                    let mut tx = store.begin().await.expect("begins");
                    for one in number..number + 3 {
                        tx.save_batch(&[saved(first + one, dataset, 0.5)]).await.expect("saves");
                        tokio::task::yield_now().await;
                    }
                    tx.commit().await.expect("commits");
                }
            })
        })
        .collect();
    let mut seen: Vec<Change> = Vec::new();
    loop {
        let done = writers.iter().all(tokio::task::JoinHandle::is_finished);
        let after = seen.last().map_or(0, |last| last.seq);
        seen.extend(store.changes_since(after, 7).await.expect("reads"));
        if done && store.last_change().await.expect("reads") == seen.last().map_or(0, |last| last.seq) {
            break;
        }
        tokio::task::yield_now().await;
    }
    for writer in writers {
        writer.await.expect("no writer fails");
    }
    let found: BTreeSet<ConversationId> = seen.iter().map(|change| change.id).collect();
    assert_eq!((seen.len() as u64, found.len() as u64), (2 * EACH, 2 * EACH));
    assert_eq!(store.changes_since(0, 1000).await.expect("reads"), seen);
    assert_eq!(store.check().await.expect("reads"), []);
}

/// Two that import the same records one after the other: the second finds what the first has written.
pub(crate) async fn writers_of_one_dataset_take_turns(store: Store) {
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut new = 0;
                for number in 0..20 {
                    let mut one = saved(number, "d", 0.5);
                    let key = pe_store::SourceKey::new(Some(&one.source_id), one.conversation.digest(), 0);
                    let mut tx = store.begin().await.expect("begins");
                    if tx.resolve("d", &[key]).await.expect("resolves") == [pe_store::Known::New] {
                        new += 1;
                        one.id = id(number);
                        tx.save_batch(&[one]).await.expect("saves");
                    }
                    tx.commit().await.expect("commits");
                }
                new
            })
        })
        .collect();
    let mut new = 0;
    for writer in writers {
        new += writer.await.expect("no writer fails");
    }
    assert_eq!(new, 20);
    assert_eq!(store.count(&Filter::default()).await.expect("counts"), 20);
    assert_eq!(store.dataset("d").await.expect("is there").total_conversations, 20);
    assert_eq!(store.check().await.expect("reads"), []);
}
