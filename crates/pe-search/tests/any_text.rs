//! Whatever is typed or imported: no panic, and marks that fit.

mod fixture;

use std::sync::LazyLock;

use fixture::{index_of, plain};
use pe_search::{Index, SNIPPET_CHARS, Search};
use proptest::prelude::*;

/// Pieces that queries and messages are made of: words, signs, scripts, and what breaks naive code.
const PIECES: [&str; 40] = [
    "sad",
    "the",
    "feel",
    "don't",
    "I’ll",
    "\"",
    "“",
    "”",
    "+",
    "-",
    "*",
    ":",
    ",",
    " ",
    " ",
    " ",
    "role:",
    "user",
    "emotion:joy",
    "tier:",
    "dataset:",
    "lang:en",
    "心",
    "难过",
    "悲しい",
    "힘들",
    "เศร้า",
    "👍🏽",
    "👩‍👩‍👧",
    "é",
    "e\u{301}",
    "İ",
    "\u{200d}",
    "\u{0}",
    "\u{fe0f}",
    "\n",
    "3.5",
    "ß",
    "x*",
    "(",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![4 => prop::sample::select(&PIECES[..]).prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

static INDEX: LazyLock<(tempfile::TempDir, Index)> = LazyLock::new(|| {
    index_of(vec![
        plain(1, &["I feel sad, don’t ask 难过 悲しい 힘들어요 เศร้า 👍🏽 3.5", "fine"]),
        plain(2, &["the x ß é user"]),
    ])
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_answered_or_refused(query in text()) {
        let _ = INDEX.1.search(&Search::of(query));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// A message is found by a phrase of its own beginning, and the marks of its snippet lie on the message.
    #[test]
    fn any_message_is_found_and_marked(messages in prop::collection::vec(text(), 1..8), word in prop::sample::select(&["sad", "难过", "\"the user\"", "เศร้า", "fe*", "👍"][..])) {
        let texts: Vec<&str> = messages.iter().map(String::as_str).collect();
        let (_folder, index) = index_of((0..).zip(&texts).map(|(number, text)| plain(number, &[text])).collect());
        let result = index.search(&Search::of(word)).expect("a good query");
        for hit in result.hits {
            let message = &messages[usize::try_from(hit.conversation_id.0.as_u128()).expect("a small number")];
            let snippet = hit.snippet;
            prop_assert_eq!(message.get(snippet.offset..snippet.offset + snippet.text.len()), Some(snippet.text.as_str()));
            prop_assert!(snippet.text.chars().count() <= SNIPPET_CHARS);
            prop_assert!(!snippet.marks.is_empty(), "what the engine finds is marked: {} in {:?}", word, message);
            let mut last = 0;
            for (start, end) in snippet.marks {
                prop_assert!(start >= last && end > start && snippet.text.get(start..end).is_some());
                last = end;
            }
        }
    }
}
