//! Scores and readings.

use pe_model::{Axis, Emotion, NotScorable, Outcome, Points, Tier};
use pe_store::{Error, Filter, Rescored, Store};

use crate::fixture::{conversation, id, reading, refusal, report, save, saved};

// P-082 to P-088, P-099
pub(crate) async fn metrics_are_stored_by_axis(store: Store) {
    save(&store, &[saved(1, "d", 0.812_345)]).await;
    let metrics = store.get(id(1)).await.expect("is there").metrics.expect("scored");
    let wanted = [0.1, 0.2, 0.3, 0.4, 0.5, 0.812_345].map(|value| Some(Points::from_fraction(value)));
    assert_eq!(metrics.axes, wanted, "in the order of {:?}, to the millionth", Axis::ALL);
    assert_eq!(metrics.overall, Some((Points::from_fraction(0.782_345), Points::from_fraction(0.842_345))));
    assert_eq!((metrics.tier, metrics.tier_probability), (Some(Tier::Clinical), Some(0.75)));
    assert_eq!((metrics.validator.as_str(), metrics.version.as_str()), ("six-axes", "v1"));
    assert!(metrics.validated_at > crate::fixture::START);
    assert_eq!(metrics.not_scorable, None);
}

pub(crate) async fn conversations_that_cannot_be_scored_say_why(store: Store) {
    let mut one = saved(1, "d", 0.5);
    one.reports = vec![refusal(NotScorable::TooShort { words: 3 })];
    let mut two = saved(2, "d", 0.5);
    two.reports.clear();
    save(&store, &[one, two]).await;
    let found = store.get(id(1)).await.expect("is there");
    assert_eq!((found.summary.tier, found.summary.quality), (None, None));
    let metrics = found.metrics.expect("was tried");
    assert_eq!(metrics.not_scorable, Some(NotScorable::TooShort { words: 3 }));
    assert_eq!((metrics.axes, metrics.tier, metrics.overall), ([None; 6], None, None));
    assert_eq!(store.get(id(2)).await.expect("is there").metrics, None);
}

// P-176
pub(crate) async fn further_validators_are_kept_apart(store: Store) {
    let mut one = saved(1, "d", 0.8);
    let mut five = report(0.3);
    five.validator = "five".into();
    if let Outcome::Scored(found) = &mut five.outcome {
        found.scores.truncate(2);
        found.scores[0].metric = "empathy_score".into();
    }
    let mut unable = refusal(NotScorable::NoHelperTurn);
    unable.validator = "third".into();
    one.reports.extend([five, unable]);
    if let Outcome::Scored(found) = &mut one.reports[0].outcome {
        let mut extra = found.scores[0].clone();
        extra.metric = "extra".into();
        found.scores.insert(0, extra);
    }
    save(&store, &[one]).await;
    let found = store.get(id(1)).await.expect("is there");
    assert_eq!(found.summary.tier, Some(Tier::Clinical), "the first report decides");
    let custom: Vec<_> = found
        .custom
        .iter()
        .map(|row| (row.validator.as_str(), row.metric.as_str(), row.value.map(Points::micros)))
        .collect();
    let wanted = [
        ("five", "conversation_coherence", Some(200_000)),
        ("five", "empathy_score", Some(100_000)),
        ("six-axes", "extra", Some(100_000)),
        ("third", "", None),
    ];
    assert_eq!(custom, wanted);
    assert_eq!(found.custom[3].not_scorable, Some(NotScorable::NoHelperTurn));
}

pub(crate) async fn new_scores_replace_old_ones(store: Store) {
    save(&store, &[saved(1, "d", 0.7), saved(2, "d", 0.7)]).await;
    let mut read = reading(&conversation(2));
    read.version = "reader-2".into();
    read.language.code = "de".into();
    read.messages[1].selected = vec![Emotion::Joy];
    read.volleys[0].words = 100;
    let mut newer = report(0.95);
    newer.version = "v2".into();
    let unread = Rescored { id: id(1), reading: None, reports: vec![newer.clone()] };
    let read_again = Rescored { id: id(2), reading: Some(read.clone()), reports: vec![newer] };
    let mut tx = store.begin().await.expect("begins");
    tx.save_scores(&[unread, read_again]).await.expect("saves");
    let missing = Rescored { id: id(9), reading: None, reports: vec![] };
    assert!(matches!(tx.save_scores(&[missing]).await, Err(Error::NotFound(_))));
    tx.commit().await.expect("commits");
    let (one, two) = (store.get(id(1)).await.expect("is there"), store.get(id(2)).await.expect("is there"));
    for found in [&one, &two] {
        assert_eq!(found.summary.tier, Some(Tier::Research));
        assert_eq!(found.metrics.as_ref().expect("scored").version, "v2");
    }
    assert_eq!(one.conversation, conversation(1));
    assert_eq!(two.conversation, conversation(2));
    assert_eq!((one.summary.language.as_str(), two.summary.language.as_str()), ("en", "de"));
    assert_eq!((one.summary.word_count, two.summary.word_count), (10, 105));
    assert_eq!(
        (one.messages[1].emotion, two.messages[1].emotion),
        (Some(Emotion::Sadness), Some(Emotion::Joy))
    );
    assert_eq!(store.reading(id(2)).await.expect("reads"), Some(read));
    let dataset = store.dataset("d").await.expect("is there");
    assert_eq!((dataset.total_words, dataset.average_quality), (115, Some(Points::from_fraction(0.95))));
}

// P-068
pub(crate) async fn stale_shrinks_as_scores_come_in(store: Store) {
    let mut unscored = saved(4, "d", 0.5);
    unscored.reports.clear();
    save(&store, &[saved(1, "d", 0.5), saved(2, "d", 0.5), saved(3, "d", 0.5), unscored, saved(5, "e", 0.5)])
        .await;
    let current = [("six-axes", "v1")];
    assert_eq!(store.stale("d", &current, None, 10).await.expect("reads"), [id(4)]);
    assert_eq!(store.count_stale("d", &current).await.expect("counts"), 1);
    let newer = [("six-axes", "v2")];
    assert_eq!(store.stale("e", &newer, None, 10).await.expect("reads"), [id(5)]);
    assert_eq!(store.count_stale("d", &newer).await.expect("counts"), 4);
    assert_eq!(store.stale("d", &newer, None, 2).await.expect("reads"), [id(1), id(2)]);
    assert_eq!(store.stale("d", &newer, Some(id(2)), 10).await.expect("reads"), [id(3), id(4)]);
    let with_another = [("six-axes", "v1"), ("five", "w1")];
    assert_eq!(store.stale("d", &with_another, None, 10).await.expect("reads").len(), 4);
    let mut reports = vec![report(0.5), report(0.5)];
    (reports[1].validator, reports[1].version) = ("five".into(), "w1".into());
    let mut tx = store.begin().await.expect("begins");
    tx.save_scores(&[Rescored { id: id(2), reading: None, reports }]).await.expect("saves");
    tx.commit().await.expect("commits");
    assert_eq!(store.stale("d", &with_another, None, 10).await.expect("reads"), [id(1), id(3), id(4)]);
    assert_eq!(store.count(&Filter { scored: Some(false), ..Filter::default() }).await.expect("counts"), 1);
}

pub(crate) async fn readings_come_back(store: Store) {
    save(&store, &[saved(1, "d", 0.5)]).await;
    assert_eq!(store.reading(id(1)).await.expect("reads"), Some(reading(&conversation(1))));
    assert_eq!(store.reading(id(2)).await.expect("reads"), None);
    save(&store, &(2..90).map(|number| saved(number, "d", 0.5)).collect::<Vec<_>>()).await;
    let asked: Vec<_> = [200, 89, 3].into_iter().chain(4..80).map(id).collect();
    let found = store.readings(&asked).await.expect("reads more than one statement asks for");
    assert_eq!(found.len(), asked.len() - 1, "one is not there");
    assert_eq!(found[&id(89)], reading(&conversation(89)));
    assert_eq!(store.get(id(89)).await.expect("is there").reading, Some(reading(&conversation(89))));
}
