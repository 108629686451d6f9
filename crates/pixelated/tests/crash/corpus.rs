//! What a data folder holds, told without what differs from run to run: ids that are made, and times.

use pe_store::{Filter, OpenMode, Order, Store, StoredConversation};
use serde_json::Value;

use crate::noise::Noise;
use crate::station::Station;

/// Conversations that are imported.
pub(crate) const CONVERSATIONS: usize = 1_200;

/// What a search is asked for: words of the examples, of every conversation, and of none.
const QUERIES: [&str; 6] = ["sleep", "\"I don't\"", "feel*", "number", "role:assistant worried", "zebra"];

/// Writes the examples over and over, each time a little different, as `many.jsonl`.
pub(crate) fn write_conversations(station: &Station) {
    let examples = pe_testkit::repository().join("examples");
    let read = |name: &str| std::fs::read_to_string(examples.join(name)).expect("the examples");
    let text = read("conversations-a.jsonl") + &read("conversations-b.jsonl");
    let examples: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let mut lines = String::new();
    for (number, example) in (0..CONVERSATIONS).zip(examples.iter().cycle()) {
        let mut one = example.clone();
        one["id"] = format!("c-{number}").into();
        let first = one["messages"][0]["content"].as_str().expect("a text");
        one["messages"][0]["content"] = format!("{first} That makes number {number}.").into();
        lines += &one.to_string();
        lines.push('\n');
    }
    std::fs::write(station.path("many.jsonl"), lines).expect("a file");
}

/// What a data folder holds.
pub(crate) struct Corpus {
    /// Every conversation with its reading and its scores, by source id.
    pub(crate) rows: Vec<String>,
    /// What is counted along with every change.
    statistics: Value,
    /// How many conversations each query finds.
    pub(crate) totals: Vec<Value>,
}

impl Corpus {
    /// Of the data folder of a station.
    pub(crate) fn of(station: &Station) -> Self {
        let mut statistics: Value = serde_json::from_str(&station.ok(&["stats", "--json"])).expect("JSON");
        if let Some(statistics) = statistics.as_object_mut() {
            statistics.retain(|name, _| !name.ends_with("_at"));
        }
        Self { rows: rows(station), statistics, totals: totals(station) }
    }

    /// Asserts that another one holds the same.
    pub(crate) fn assert_equals(&self, other: &Self, noise: &Noise) {
        assert_eq!(self.rows.len(), other.rows.len(), "{noise}");
        for (one, other) in self.rows.iter().zip(&other.rows) {
            assert_eq!(one, other, "{noise}");
        }
        assert_eq!(self.statistics, other.statistics, "{noise}");
        assert_eq!(self.totals, other.totals, "{noise}");
    }
}

/// How many conversations each query finds.
pub(crate) fn totals(station: &Station) -> Vec<Value> {
    let total = |query: &&str| {
        let answer: Value = serde_json::from_str(&station.ok(&["search", query, "--json"])).expect("JSON");
        answer["total_matches"].clone()
    };
    QUERIES.iter().map(total).collect()
}

fn rows(station: &Station) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let mut rows = runtime.block_on(async {
        let store = Store::open(&station.store(), OpenMode::Read).await.expect("a store");
        let mut export = store.export(&Filter::default(), Order::Dataset).await.expect("an export");
        let mut rows = Vec::new();
        loop {
            let batch = export.next_batch().await.expect("a batch");
            if batch.is_empty() {
                break;
            }
            rows.extend(batch.iter().map(row));
        }
        drop(export);
        store.close().await;
        rows
    });
    rows.sort();
    rows
}

fn row(stored: &StoredConversation) -> String {
    let summary = &stored.summary;
    let metrics = stored.metrics.as_ref().map(|metrics| {
        let scores = (&metrics.axes, &metrics.overall, &metrics.tier, &metrics.tier_probability);
        (&metrics.validator, scores, &metrics.not_scorable, &metrics.version)
    });
    let messages: Vec<_> =
        stored.messages.iter().map(|message| (&message.emotion, &message.language)).collect();
    format!(
        "{} {} {:?}",
        summary.dataset,
        summary.source_id,
        (
            (&summary.tier, &summary.quality, summary.message_count, summary.word_count, &summary.language),
            &stored.conversation,
            messages,
            &stored.reading,
            metrics,
            &stored.custom,
        )
    )
}
