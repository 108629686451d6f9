//! Resolving, finding, listing and exporting.

use std::collections::BTreeSet;

use pe_model::{ConversationId, Pair, Points, Preference, Role, Tier};
use pe_store::{
    Cursor, Error, Export, Filter, Known, Order, Page, SourceKey, Store, StoredConversation, Summary,
};

use crate::fixture::{START, conversation, id, message, save, saved};

pub(crate) async fn records_are_known_by_id_and_by_content(store: Store) {
    let plain = conversation(7);
    let made = SourceKey::new(None, plain.digest(), 0);
    let mut nameless = saved(7, "d", 0.5);
    nameless.source_id.clone_from(&made.source_id);
    nameless.conversation.source_id = None;
    save(&store, &[saved(1, "d", 0.5), nameless]).await;
    let found = store.get(id(7)).await.expect("is there");
    assert_eq!(found.conversation.source_id, None, "a made id is not the source's own");
    let same = SourceKey::new(Some("s-1"), conversation(1).digest(), 0);
    let changed = SourceKey::new(Some("s-1"), conversation(2).digest(), 0);
    let second_equal = SourceKey::new(None, plain.digest(), 1);
    let keys = [
        same.clone(),
        made,
        second_equal.clone(),
        SourceKey::new(Some("s-9"), plain.digest(), 0),
        second_equal,
    ];
    let mut tx = store.begin().await.expect("begins");
    assert_eq!(
        tx.resolve("d", &keys).await.expect("resolves"),
        [Known::Same(id(1)), Known::Same(id(7)), Known::New, Known::New, Known::Repeated(2)]
    );
    assert_eq!(tx.resolve("d", &[changed]).await.expect("resolves"), [Known::Changed(id(1))]);
    assert_eq!(tx.resolve("other", &[same]).await.expect("resolves"), [Known::New]);
    let many: Vec<_> =
        (0..40_000).map(|number| SourceKey::new(Some(&format!("s-{number}")), plain.digest(), 0)).collect();
    let known = tx.resolve("d", &many).await.expect("resolves more than one statement may bind");
    assert_eq!(known.iter().filter(|known| **known != Known::New).count(), 1);
    tx.save_batch(&[saved(9, "d", 0.5)]).await.expect("saves");
    let own = SourceKey::new(Some("s-9"), conversation(9).digest(), 0);
    assert_eq!(tx.resolve("d", &[own]).await.expect("resolves"), [Known::Same(id(9))], "sees its own writes");
}

pub(crate) async fn prefixes_and_source_ids_are_found(store: Store) {
    save(&store, &(0..30).map(|number| saved(number, "d", 0.5)).collect::<Vec<_>>()).await;
    let whole = id(3).to_string();
    assert_eq!(store.find_by_prefix(&whole).await.expect("found"), id(3));
    assert_eq!(store.find_by_prefix(&whole.to_uppercase()[..20]).await.expect("found"), id(3));
    assert_eq!(store.find_by_prefix("s-12").await.expect("found"), id(12));
    for given in ["", "zzz", "s-99", "0191"] {
        assert!(matches!(store.find_by_prefix(given).await, Err(Error::NotFound(_))), "{given}");
    }
    let error = store.find_by_prefix("0190").await.expect_err("many");
    assert!(
        error.to_string().contains(&id(0).to_string()) && error.to_string().contains("and more"),
        "{error}"
    );
    let mut twin = saved(31, "e", 0.5);
    twin.source_id = "s-3".into();
    save(&store, &[twin]).await;
    let error = store.find_by_prefix("s-3").await.expect_err("in two datasets");
    assert!(
        matches!(error, Error::Ambiguous { candidates, more: false, .. } if candidates == [id(3), id(31)])
    );
}

pub(crate) async fn summaries_are_in_the_order_asked_for(store: Store) {
    save(&store, &(0..90).map(|number| saved(number, "d", 0.5)).collect::<Vec<_>>()).await;
    let asked: Vec<_> = [70, 200, 3].into_iter().chain(4..80).map(id).collect();
    let found = store.summaries(&asked).await.expect("reads more than one statement asks for");
    let wanted: Vec<_> = [70, 3].into_iter().chain((4..80).filter(|number| *number != 70)).map(id).collect();
    assert_eq!(found.iter().map(|line| line.id).collect::<Vec<_>>(), wanted);
    assert_eq!(found[1], store.get(id(3)).await.expect("is there").summary);
    assert!(store.summaries(&[]).await.expect("reads").is_empty());
}

// P-077, P-102
pub(crate) async fn filters_narrow(store: Store) {
    let mut plain = saved(5, "e", 0.9);
    plain.conversation.pair = None;
    plain.conversation.messages = vec![message(Role::User, "hola")];
    plain.reading = crate::fixture::reading(&plain.conversation);
    plain.reading.language.code = "es".into();
    let mut unscored = saved(6, "e", 0.5);
    unscored.reports.clear();
    save(&store, &[saved(1, "d", 0.3), saved(2, "d", 0.65), saved(3, "d", 0.75), saved(4, "d", 0.81)]).await;
    save(&store, &[plain, unscored]).await;
    let second = store.get(id(5)).await.expect("is there").summary.created_at;
    let all = Filter::default;
    let checks: [(Filter, &[u64]); 14] = [
        (all(), &[1, 2, 3, 4, 5, 6]),
        (Filter::dataset("e"), &[5, 6]),
        (Filter { datasets: vec!["d".into(), "x".into()], ..all() }, &[1, 2, 3, 4]),
        (Filter { tiers: vec![Tier::Unrated, Tier::Professional], ..all() }, &[1, 3]),
        (Filter { min_quality: Some(Points::from_fraction(0.75)), ..all() }, &[3, 4, 5]),
        (Filter { max_quality: Some(Points::from_fraction(0.65)), ..all() }, &[1, 2]),
        (Filter { role: Some(Role::Assistant), ..all() }, &[1, 2, 3, 4, 6]),
        (Filter { language: Some("es".into()), ..all() }, &[5]),
        (Filter { from: Some(second), ..all() }, &[5, 6]),
        (Filter { to: Some(second), ..all() }, &[1, 2, 3, 4]),
        (Filter { scored: Some(true), ..all() }, &[1, 2, 3, 4, 5]),
        (Filter { paired: Some(false), ..all() }, &[5]),
        (Filter { ids: vec![id(4), id(1)], ..all() }, &[1, 4]),
        (Filter { language: Some("en".into()), scored: Some(false), to: Some(START), ..all() }, &[]),
    ];
    for (filter, wanted) in checks {
        let found = store.list(&filter, &Page::first(Order::Dataset, 100)).await.expect("lists");
        let wanted: Vec<_> = wanted.iter().map(|number| id(*number)).collect();
        assert_eq!(found.iter().map(|line| line.id).collect::<Vec<_>>(), wanted, "{filter:?}");
        assert_eq!(store.count(&filter).await.expect("counts"), wanted.len() as u64);
    }
}

pub(crate) async fn pages_neither_skip_nor_repeat(store: Store) {
    let quality = |number: u64| (number % 5) as f64 / 5.0;
    let dataset = |number: u64| if number.is_multiple_of(3) { "b" } else { "a" };
    let mut batch: Vec<_> = (0..40).map(|number| saved(number, dataset(number), quality(number))).collect();
    batch[7].reports.clear();
    batch[8].conversation.pair = None;
    save(&store, &batch).await;
    let orders =
        [(Order::Dataset, 40), (Order::Newest, 40), (Order::Best, 39), (Order::Worst, 39), (Order::Pair, 39)];
    for (order, wanted) in orders {
        let mut lines = Vec::new();
        let mut page = Page::first(order, 7);
        loop {
            let found = store.list(&Filter::default(), &page).await.expect("lists");
            let Some(last) = found.last() else { break };
            page.after = Some(Cursor::after(last));
            lines.extend(found);
        }
        assert_eq!(lines.iter().map(|line| line.id).collect::<BTreeSet<_>>().len(), wanted, "{order:?}");
        let sorted = lines.windows(2).all(|pair| match order {
            Order::Dataset => (&pair[0].dataset, pair[0].id) < (&pair[1].dataset, pair[1].id),
            Order::Newest => pair[0].id > pair[1].id,
            Order::Best => pair[0].quality >= pair[1].quality,
            Order::Worst => pair[0].quality <= pair[1].quality,
            Order::Pair => by_pair(&pair[0]) < by_pair(&pair[1]),
        });
        assert!(sorted, "{order:?}");
    }
}

fn by_pair(line: &Summary) -> (&str, Option<&str>, ConversationId) {
    (&line.dataset, line.pair.as_ref().map(|pair| pair.pair_id.as_str()), line.id)
}

pub(crate) async fn halves_of_a_pair_come_together(store: Store) {
    let count = 700;
    let half = |number: u64, dataset: &str, preference| {
        let mut half = saved(number, dataset, 0.5);
        let pair_id = format!("p-{}", number % count);
        half.conversation.pair = Some(Pair { pair_id, preference });
        half
    };
    let chosen = (0..count).map(|number| half(number, "a", Preference::Chosen));
    let others = (count..2 * count).map(|number| half(number, "b", Preference::Chosen));
    let rejected = (2 * count..3 * count).map(|number| half(number, "a", Preference::Rejected));
    save(&store, &chosen.chain(others).chain(rejected).collect::<Vec<_>>()).await;
    let found = all(store.export(&Filter::default(), Order::Pair).await.expect("begins")).await;
    let pair_id = |one: &StoredConversation| one.summary.pair.clone().expect("half of a pair").pair_id;
    assert_eq!(found.len() as u64, 3 * count);
    let (first, second) = found.split_at(2 * count as usize);
    assert!(first.chunks(2).all(|two| two[0].summary.dataset == "a" && pair_id(&two[0]) == pair_id(&two[1])));
    assert!(second.iter().all(|one| one.summary.dataset == "b"));
    let within = all(store.export(&Filter::dataset("a"), Order::Pair).await.expect("begins")).await;
    assert_eq!(within, first);
}

async fn all(mut export: Export) -> Vec<StoredConversation> {
    let mut found = Vec::new();
    loop {
        let batch = export.next_batch().await.expect("exports");
        if batch.is_empty() {
            return found;
        }
        assert!(batch.iter().map(|one| one.messages.len()).sum::<usize>() <= 4096 || batch.len() == 1);
        found.extend(batch);
    }
}

// P-069, P-074
pub(crate) async fn exports_are_whole_and_stable(store: Store) {
    let mut batch: Vec<_> =
        (0..1300).rev().map(|number| saved(number, if number < 900 { "b" } else { "a" }, 0.7)).collect();
    batch[650].conversation.messages = vec![message(Role::User, "again and again"); 5000];
    batch[650].reading = crate::fixture::reading(&batch[650].conversation);
    save(&store, &batch).await;
    let first = all(store.export(&Filter::default(), Order::Dataset).await.expect("begins")).await;
    let second = all(store.export(&Filter::default(), Order::Dataset).await.expect("begins")).await;
    assert_eq!(first, second);
    assert_eq!(first.len(), 1300);
    assert!(first.windows(2).all(|pair| {
        (&pair[0].summary.dataset, pair[0].summary.id) < (&pair[1].summary.dataset, pair[1].summary.id)
    }));
    for one in &batch {
        let found = first.iter().find(|found| found.summary.id == one.id).expect("is there");
        assert_eq!(found.conversation, one.conversation);
    }
    assert_eq!(all(store.export(&Filter::dataset("none"), Order::Dataset).await.expect("begins")).await, []);
}

pub(crate) async fn an_export_reads_one_state(store: Store) {
    save(&store, &(0..1200).map(|number| saved(number, "d", 0.7)).collect::<Vec<_>>()).await;
    let mut export = store.export(&Filter::default(), Order::Dataset).await.expect("begins");
    let first = export.next_batch().await.expect("exports").len();
    let mut tx = store.begin().await.expect("begins");
    tx.remove(&[id(1199)]).await.expect("removes");
    let mut changed = saved(1198, "d", 0.7);
    changed.reading.version = "reader-2".into();
    tx.save_batch(&[changed, saved(5000, "d", 0.7)]).await.expect("saves");
    tx.commit().await.expect("commits");
    let rest = all(export).await;
    assert!(rest.iter().all(|one| one.reading == Some(crate::fixture::reading(&one.conversation))));
    assert_eq!(first + rest.len(), 1200);
    assert_eq!(rest.last().expect("some").summary.id, id(1199));
}
