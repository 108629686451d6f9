//! Totals of datasets, and statistics.

use pe_model::{NotScorable, Points, Role, Tier};
use pe_store::{
    Dataset, DatasetTerm, DatasetTerms, DuplicateCount, Error, Filter, Moments, Opener, Rescored, Store,
};

use crate::fixture::{id, message, reading, refusal, report, save, saved};

/// The totals that are kept must be those that a count of everything gives.
async fn compare_with_a_count(store: &Store, dataset: &Dataset) {
    let counted = store.statistics(&Filter::dataset(dataset.name.as_str())).await.expect("counts");
    assert_eq!(dataset.total_conversations, counted.conversations);
    assert_eq!(dataset.total_messages, counted.messages);
    assert_eq!(dataset.tier_distribution, counted.tiers);
    assert_eq!(dataset.scored_conversations, counted.conversations - counted.not_scored);
}

// P-090, P-099, P-070
pub(crate) async fn totals_follow_every_change(store: Store) {
    let mut unscored = saved(4, "d", 0.5);
    unscored.reports = vec![refusal(NotScorable::NoHelperTurn)];
    save(&store, &[saved(1, "d", 0.5), saved(2, "d", 0.7), saved(3, "d", 0.81), unscored]).await;
    let dataset = store.dataset("d").await.expect("is there");
    assert_eq!((dataset.total_conversations, dataset.total_messages, dataset.total_words), (4, 16, 40));
    assert_eq!(
        (dataset.scored_conversations, dataset.average_quality),
        (3, Some(Points::from_fraction(0.67)))
    );
    let tiers = [(Tier::Unrated, 1), (Tier::Standard, 1), (Tier::Clinical, 1)];
    assert_eq!(dataset.tier_distribution, tiers.into_iter().collect());
    compare_with_a_count(&store, &dataset).await;

    let mut tx = store.begin().await.expect("begins");
    tx.remove(&[id(3)]).await.expect("removes");
    let mut changed = saved(2, "d", 0.9);
    changed.conversation.messages.truncate(2);
    changed.reading = reading(&changed.conversation);
    tx.save_batch(&[changed, saved(5, "e", 0.2)]).await.expect("saves");
    tx.save_scores(&[Rescored { id: id(4), reading: None, reports: vec![report(0.7)] }])
        .await
        .expect("saves");
    tx.commit().await.expect("commits");
    let datasets = store.datasets().await.expect("reads");
    assert_eq!(datasets.iter().map(|dataset| dataset.name.as_str()).collect::<Vec<_>>(), ["d", "e"]);
    assert_eq!((datasets[0].total_conversations, datasets[0].total_messages), (3, 10));
    assert_eq!(datasets[0].average_quality, Some(Points::from_fraction(0.7)));
    for dataset in &datasets {
        compare_with_a_count(&store, dataset).await;
    }
    assert!(datasets[0].updated_at > datasets[0].created_at);
}

pub(crate) async fn statistics_count(store: Store) {
    let mut batch: Vec<_> = (0..30).map(|number| saved(number, "d", number as f64 / 30.0)).collect();
    for one in &mut batch[..10] {
        one.conversation.messages =
            vec![message(Role::User, "hi"), message(Role::Assistant, "Oh no! Why? Tell me")];
        one.reading = reading(&one.conversation);
    }
    batch[29].reports.clear();
    batch[29].reading.language.code.clear();
    save(&store, &batch).await;
    let found = store.statistics(&Filter::default()).await.expect("counts");
    assert_eq!((found.conversations, found.messages, found.not_scored), (30, 10 * 2 + 20 * 4, 1));
    assert_eq!(found.quality.iter().sum::<u64>(), 29);
    assert_eq!(found.quality[0], 2, "0 and 0.033");
    assert_eq!((found.message_counts.min, found.message_counts.median, found.message_counts.max), (2, 4, 4));
    assert_eq!(found.languages, [("en".to_owned(), 29), (String::new(), 1)]);
    assert_eq!(found.emotions, [("sadness".to_owned(), 100)]);
    assert!(found.roles.contains(&("assistant".to_owned(), 30)));
    let openers = [
        Opener { words: "that sounds hard".into(), count: 20 },
        Opener { words: "oh no why".into(), count: 10 },
    ];
    assert_eq!(
        (found.openers.top.as_slice(), found.openers.messages, found.openers.error),
        (&openers[..], 30, 0)
    );
    assert_eq!(found.duplicates, DuplicateCount { texts: 1, surplus: 9 });
    let none = store.statistics(&Filter::dataset("none")).await.expect("counts");
    assert_eq!(none, pe_store::Statistics::default());
}

pub(crate) async fn moments_of_axes_are_exact(store: Store) {
    let mut unscored = saved(100, "d", 0.5);
    unscored.reports = vec![refusal(NotScorable::NoHelperTurn)];
    let scores: Vec<f64> = (0..80).map(|number| 0.999_999 - f64::from(number % 3) * 1e-6).collect();
    let mut batch: Vec<_> = (0..80).map(|number| saved(number, "d", scores[number as usize])).collect();
    batch.extend([unscored, saved(101, "e", 0.1)]);
    save(&store, &batch).await;
    let found = store.axis_moments(&Filter::dataset("d")).await.expect("reads");
    let mean = scores.iter().sum::<f64>() / 80.0;
    let squares: f64 = scores.iter().map(|score| (score - mean) * (score - mean)).sum();
    assert_eq!(found.map(|axis| axis.count), [80; 6]);
    assert!((found[0].mean - 0.1).abs() < 1e-12 && found[0].squares == 0.0, "{:?}", found[0]);
    assert!((found[5].mean - mean).abs() < 1e-12, "{:?}", found[5]);
    assert!((found[5].squares / squares - 1.0).abs() < 1e-6, "{:?} is not {squares}", found[5]);
    let none = store.axis_moments(&Filter::dataset("none")).await.expect("reads");
    assert_eq!(none, [Moments::default(); 6]);
}

pub(crate) async fn terms_of_a_dataset_are_kept(store: Store) {
    save(&store, &[saved(1, "d", 0.5)]).await;
    assert_eq!(store.dataset("d").await.expect("is there").terms, DatasetTerms::default());
    let licence = DatasetTerms { licence: Some("CC-BY-4.0".into()), ..DatasetTerms::default() };
    let consent = DatasetTerms { consent_basis: Some("fictional".into()), ..DatasetTerms::default() };
    let mut tx = store.begin().await.expect("begins");
    tx.set_dataset_terms("d", &licence).await.expect("sets");
    tx.set_dataset_terms("d", &consent).await.expect("sets");
    let helped = DatasetTerms { modality: Some("mi".into()), helper_profile: Some("peer".into()), ..consent };
    tx.set_dataset_terms("d", &helped).await.expect("sets");
    let software = DatasetTerms { helper_profile: Some("ai".into()), ..DatasetTerms::default() };
    tx.set_dataset_terms("d", &software).await.expect("sets");
    let nobody = DatasetTerms { helper_profile: Some("robot".into()), ..DatasetTerms::default() };
    let nameless = DatasetTerms { modality: Some(String::new()), ..DatasetTerms::default() };
    for wrong in [nobody, nameless] {
        assert!(matches!(tx.set_dataset_terms("d", &wrong).await, Err(Error::Invalid { .. })));
    }
    assert!(matches!(tx.set_dataset_terms("x", &licence).await, Err(Error::NoDataset(_))));
    tx.commit().await.expect("commits");
    save(&store, &[saved(2, "d", 0.5)]).await;
    let terms = store.dataset("d").await.expect("is there").terms;
    assert_eq!(
        (terms.licence.as_deref(), terms.consent_basis.as_deref()),
        (Some("CC-BY-4.0"), Some("fictional"))
    );
    assert_eq!((terms.modality.as_deref(), terms.helper_profile.as_deref()), (Some("mi"), Some("ai")));
    assert!(matches!(store.dataset("x").await, Err(Error::NoDataset(_))));
    let mut tx = store.begin().await.expect("begins");
    tx.clear_dataset_terms("d", &[DatasetTerm::Modality, DatasetTerm::Licence]).await.expect("clears");
    assert!(matches!(tx.clear_dataset_terms("x", &[DatasetTerm::Modality]).await, Err(Error::NoDataset(_))));
    tx.commit().await.expect("commits");
    let terms = store.dataset("d").await.expect("is there").terms;
    assert_eq!((terms.licence, terms.modality), (None, None));
    assert_eq!(terms.consent_basis.as_deref(), Some("fictional"));
}
