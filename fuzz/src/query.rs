//! The query language: any text is answered, or refused with a reason; and what is found is marked where it stands.

use std::sync::LazyLock;

use pe_model::{ConversationId, Emotion, Points, Role, Tier};
use pe_search::{Change, ConversationDoc, Index, MessageDoc, Search, SearchError, Writer, WriterOptions};
use time::macros::datetime;

use crate::place;

const TEXTS: [&str; 8] = [
    "I can't sleep since the move, and I feel so alone in this town",
    "What has the move been like for you?",
    "It's anxious-making: e-mail at 3 a.m., naïve café résumé 👍🏽",
    "两个月了，我一直睡不好",
    "眠れません。どうしたらいいですか",
    "นอนไม่หลับมาสองเดือนแล้ว",
    "",
    "ﬁne Straße ΑΣ \u{200b}\u{301} x",
];

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    let index = Index::create(&place::path("index")).expect("an index");
    let mut writer = Writer::open(&index, WriterOptions::default()).expect("a writer");
    let changes: Vec<_> = (0..TEXTS.len()).map(|first| Change::Upsert(conversation(first).prepare())).collect();
    writer.apply(changes).expect("applied");
    writer.commit(1).expect("committed");
    writer.finish().expect("finished");
    index
});

fn conversation(first: usize) -> ConversationDoc {
    let texts = TEXTS.iter().cycle().skip(first).take(3);
    let messages = (0..).zip(texts).map(|(ordinal, text)| MessageDoc {
        ordinal,
        role: Role::ALL[ordinal as usize % Role::ALL.len()],
        language: "en".into(),
        emotions: vec![Emotion::Joy],
        text: (*text).to_owned(),
    });
    ConversationDoc {
        id: ConversationId(uuid::Uuid::from_u128(first as u128)),
        dataset: "fuzz".into(),
        tier: Some(Tier::ALL[first % Tier::ALL.len()]),
        quality: Some(Points::from_fraction(0.7)),
        created_at: datetime!(2026-01-02 03:04:05 UTC),
        messages: messages.collect(),
    }
}

/// Searches for the text.
pub(crate) fn answered_or_refused(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let result = match INDEX.search(&Search::of(text)) {
        Ok(result) => result,
        Err(SearchError::Query(error)) => return assert!(!error.to_string().is_empty()),
        Err(error) => panic!("{text:?}: {error}"),
    };
    assert!(result.hits.len() <= TEXTS.len());
    for hit in result.hits {
        let snippet = hit.snippet;
        let mut end = 0;
        for (from, to) in snippet.marks {
            assert!(from < to && from >= end && snippet.text.get(from..to).is_some(), "{text:?}");
            end = to;
        }
    }
}
