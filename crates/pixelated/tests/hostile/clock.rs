//! A clock that jumps: ids stay unique and in order within a run, files of one second do not overwrite each other, and what was
//! imported is all found again.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use pe_app::{Config, Corpus, Filter, ImportRequest, OnConflict, Order, Silent};
use pe_model::Clock;
use time::{Duration, OffsetDateTime};

use crate::person::Person;
use crate::watch::{chat, chats};

/// Goes back an hour at every third look, forward a second at the others, and stands at times.
struct Jumping(AtomicI64);

impl Clock for Jumping {
    fn now(&self) -> OffsetDateTime {
        let looks = self.0.fetch_add(1, Ordering::Relaxed);
        let start = OffsetDateTime::UNIX_EPOCH + Duration::days(20_000);
        match looks % 4 {
            0 => start + Duration::seconds(looks),
            1 | 2 => start,
            _ => start - Duration::hours(looks),
        }
    }
}

fn request(paths: Vec<String>) -> ImportRequest {
    ImportRequest {
        paths,
        dataset: "d".into(),
        terms: pe_app::DatasetTerms::default(),
        read: pe_app::ReadFlags::default().options(&config_of("")).unwrap(),
        strict: false,
        on_conflict: OnConflict::Update,
        rejects: None,
    }
}

fn config_of(folder: &str) -> Config {
    let variables =
        [("PIXELATED__IMPORT__BATCH", "7"), ("PIXELATED__DATA_DIR", folder), ("HOME", "/nowhere")];
    Config::load(None, variables.map(|(name, value)| (name.to_owned(), value.to_owned()))).unwrap()
}

#[tokio::test]
async fn ids_stay_unique_and_in_order_when_the_clock_goes_back() {
    let person = Person::new();
    let config = config_of(&person.path("data").to_string_lossy());
    let clock = Arc::new(Jumping(AtomicI64::new(0)));
    let files = [person.file("a.jsonl", chats(100)), person.file("b.jsonl", chats(150) + &chat("last"))];
    for file in &files {
        let corpus = Corpus::write(&config, clock.clone()).await.unwrap();
        corpus.import(&request(vec![file.clone()]), &Silent).await.unwrap();
        corpus.close().await;
    }
    let corpus = Corpus::read(&config, clock).await.unwrap();
    let (listed, _) = corpus.list(&Filter::default(), Order::Dataset, None, 1_000).await.unwrap();
    let ids: BTreeSet<_> = listed.iter().map(|summary| summary.id).collect();
    assert_eq!((listed.len(), ids.len()), (151, 151));
    // Within a run, later records have later ids; the first run's 100 records came in their order.
    let place = |id: &str| listed.iter().position(|summary| summary.source_id == id);
    let places: Vec<_> = (0..100).map(|number| place(&format!("c-{number}")).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}");
    corpus.close().await;
    person.is_sound(151);
}

#[test]
fn rejects_of_one_second_are_kept_apart() {
    let person = Person::new();
    let mut seen = BTreeSet::new();
    for number in 0..4 {
        let file =
            person.file("bad.jsonl", chat("a") + &format!("{{\"id\":\"{number}\",\"messages\":\"no\"}}\n"));
        let run = person.import(&file);
        assert_eq!(run.rejects().len(), 1);
        seen.insert(run.json()["rejects"].to_string());
    }
    assert_eq!(seen.len(), 4, "each import has a file of its own: {seen:?}");
}
