//! What a search finds, and in which order.

mod fixture;

use fixture::{find, id, index_of, message, numbers, plain, scored};
use pe_model::{Emotion, Points, Role, Tier};
use pe_search::{Change, Filter, Index, Search, SearchError, Total, Writer, WriterOptions};
use time::macros::datetime;

#[test]
fn words_rank_and_stems_meet() {
    let (_folder, index) = index_of(vec![
        plain(1, &["I have been feeling anxious about work, so anxious"]),
        plain(2, &["Work is fine, nothing new there"]),
        plain(3, &["The weather is nice"]),
    ]);
    assert_eq!(numbers(&index, "feel anxious working"), [1, 2]);
    assert_eq!(numbers(&index, "ANXIOUS"), [1]);
    assert_eq!(numbers(&index, "+work -feeling"), [2]);
    assert_eq!(numbers(&index, "+work +new weather"), [2]);
}

#[test]
fn a_conversation_appears_once_by_its_best_message() {
    let (_folder, index) = index_of(vec![
        plain(1, &["sleep", "the sleep of sleep, all sleep", "I can not sleep at night in this loud place"]),
        plain(2, &["no sleep since the move to the other side of the town"]),
    ]);
    let result = find(&index, "sleep");
    assert_eq!(result.total, Total::Exact(2));
    assert_eq!(result.hits.len(), 2);
    assert_eq!((result.hits[0].conversation_id, result.hits[0].message), (id(1), 1));
}

#[test]
fn phrases_hold_across_stop_words_and_stems() {
    let (_folder, index) = index_of(vec![
        plain(1, &["It was the end of the world for me"]),
        plain(2, &["The world will end, of that I am sure"]),
        plain(3, &["Ends of the worlds"]),
    ]);
    assert_eq!(numbers(&index, "\"end of the world\""), [3, 1]);
    assert_eq!(numbers(&index, "“END of THE world” -me"), [3]);
    assert_eq!(numbers(&index, "\"of that i am\""), [2]);
    // Plain stop words say nothing, unless there is nothing else.
    assert_eq!(numbers(&index, "the will of sure"), [2]);
    assert_eq!(numbers(&index, "the of").len(), 3);
}

#[test]
fn prefixes_look_at_words_as_written() {
    let (_folder, index) =
        index_of(vec![plain(1, &["happiness"]), plain(2, &["happening"]), plain(3, &["unhappy"])]);
    assert_eq!(numbers(&index, "happin*"), [1]);
    assert_eq!(numbers(&index, "happ*"), [1, 2]);
    assert_eq!(numbers(&index, "happ* -happen*"), [1]);
}

#[test]
fn scripts_without_spaces_are_found_inside_sentences() {
    let (_folder, index) = index_of(vec![
        plain(1, &["最近我总是失眠，很难过。"]),
        plain(2, &["今日はとても悲しい気持ちです"]),
        plain(3, &["요즘 너무 힘들어요"]),
        plain(4, &["ฉันรู้สึกเศร้ามาก"]),
        plain(5, &["it's fine 👍🏽"]),
    ]);
    assert_eq!(numbers(&index, "失眠"), [1]);
    assert_eq!(numbers(&index, "过"), [1]);
    assert_eq!(numbers(&index, "\"失眠很\""), Vec::<u128>::new());
    assert_eq!(numbers(&index, "\"总是失眠 很难\""), [1]);
    assert_eq!(numbers(&index, "\"失眠 很\" -\"失眠 难\""), [1]);
    assert_eq!(numbers(&index, "悲しい"), [2]);
    assert_eq!(numbers(&index, "+悲 -失眠"), [2]);
    assert_eq!(numbers(&index, "힘들"), [3]);
    assert_eq!(numbers(&index, "เศร้า"), [4]);
    assert_eq!(numbers(&index, "👍"), [5]);
}

#[test]
fn contractions_and_accents_are_one_word() {
    let (_folder, index) = index_of(vec![plain(1, &["I don’t go to that café"]), plain(2, &["I’ll go"])]);
    assert_eq!(numbers(&index, "dont"), [1]);
    assert_eq!(numbers(&index, "don't"), [1]);
    assert_eq!(numbers(&index, "cafe"), [1]);
    assert_eq!(numbers(&index, "ill"), Vec::<u128>::new());
}

fn three_scored() -> (tempfile::TempDir, Index) {
    index_of(vec![
        scored(1, Tier::Basic, 0.63, Emotion::Sadness, "a long day"),
        scored(2, Tier::Clinical, 0.81, Emotion::Joy, "a good day"),
        plain(3, &["a short day"]),
    ])
}

#[test]
fn filters_narrow_by_every_field() {
    let (_folder, index) = three_scored();
    assert_eq!(numbers(&index, "day tier:basic,research"), [1]);
    assert_eq!(numbers(&index, "day -tier:basic"), [2, 3]);
    assert_eq!(numbers(&index, "day emotion:joy"), [2]);
    assert_eq!(numbers(&index, "day role:assistant"), Vec::<u128>::new());
    assert_eq!(numbers(&index, "role:assistant"), [1, 2]);
    assert_eq!(numbers(&index, "day dataset:\"Set 2\",plain"), [2, 3]);
    assert_eq!(numbers(&index, "day lang:de"), Vec::<u128>::new());
    // A filter never touches the score.
    assert_eq!(
        find(&index, "day").hits[0].score.to_bits(),
        find(&index, "day role:user").hits[0].score.to_bits()
    );
}

#[test]
fn the_filter_of_the_caller_comes_on_top() {
    let (_folder, index) = three_scored();
    let found = |filter: Filter| {
        let search = Search { query: "day".into(), filter, ..Search::default() };
        let result = index.search(&search).expect("a good search");
        result.hits.iter().map(|hit| hit.conversation_id.0.as_u128()).collect::<Vec<_>>()
    };
    let quality = |quality| Some(Points::from_fraction(quality));
    assert_eq!(found(Filter { min_quality: quality(0.63), ..Filter::default() }), [1, 2]);
    assert_eq!(found(Filter { max_quality: quality(0.7), ..Filter::default() }), [1]);
    let since = Some(datetime!(2026-01-02 00:00 UTC));
    assert_eq!(found(Filter { from: since, ..Filter::default() }), [1, 2]);
    assert_eq!(found(Filter { to: since, ..Filter::default() }), [3]);
    assert_eq!(
        found(Filter { tiers: vec![Tier::Clinical], roles: vec![Role::User], ..Filter::default() }),
        [2]
    );
}

#[test]
fn totals_are_exact_and_pages_do_not_overlap() {
    let (_folder, index) =
        index_of((0..250).map(|number| plain(number, &["the same words", "the same words"])).collect());
    let mut seen = Vec::new();
    for offset in (0..250).step_by(100) {
        let search = Search { query: "words".into(), limit: 100, offset, ..Search::default() };
        let result = index.search(&search).expect("a page");
        assert_eq!(result.total, Total::Exact(250));
        seen.extend(result.hits.iter().map(|hit| hit.conversation_id.0.as_u128()));
    }
    assert_eq!(seen, (0..250).collect::<Vec<_>>());
}

#[test]
fn beyond_ten_thousand_the_total_is_a_bound() {
    let (_folder, index) = index_of(
        (0..10_001).map(|number| plain(number, &["x", if number == 0 { "rare" } else { "x" }])).collect(),
    );
    assert_eq!(find(&index, "x").total, Total::AtLeast(10_000));
    assert_eq!(find(&index, "x -rare").total, Total::AtLeast(10_000));
    assert_eq!(find(&index, "rare").total, Total::Exact(1));
}

#[test]
fn changes_are_visible_at_once_after_a_commit() {
    let (_folder, index) = index_of(vec![plain(1, &["apples"]), plain(2, &["apples"])]);
    let mut writer = Writer::open(&index, WriterOptions::default()).expect("a writer");
    writer.apply([Change::Remove(id(2)), Change::Upsert(plain(1, &["pears"]).prepare())]).expect("applied");
    assert_eq!(numbers(&index, "apples"), [1, 2]);
    writer.commit(7).expect("committed");
    assert_eq!(numbers(&index, "apples"), Vec::<u128>::new());
    assert_eq!(numbers(&index, "pears"), [1]);
    assert_eq!(index.committed_seq().expect("a sequence"), 7);
    assert!(Writer::open(&index, WriterOptions::default()).is_err(), "there is one writer at a time");
}

#[test]
fn equal_messages_keep_their_place_however_they_were_written() {
    let order: Vec<u128> = (0..60).map(|number| (number * 37) % 60).collect();
    let (_folder, index) = index_of(Vec::new());
    let mut writer = Writer::open(&index, WriterOptions::default()).expect("a writer");
    for (seq, batch) in (2..).zip(order.chunks(7)) {
        let changes: Vec<_> = batch
            .iter()
            .map(|&number| Change::Upsert(plain(number, &["sad and tired of it all"]).prepare()))
            .collect();
        writer.apply(changes).expect("applied");
        writer.commit(seq).expect("committed");
    }
    let search = Search { query: "tired sad all it".into(), limit: 60, ..Search::default() };
    let hits = index.search(&search).expect("a search").hits;
    assert!(hits.windows(2).all(|pair| pair[0].conversation_id < pair[1].conversation_id));
    assert_eq!(hits.len(), 60);
}

/// Words drawn so that a few are common and many are rare, the same at each run.
fn babble(state: &mut u64, words: usize) -> String {
    let mut word = || {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let fraction = (*state >> 33) as f64 / f64::from(1_u32 << 31);
        format!("w{}", 300_f64.powf(fraction) as u32)
    };
    (0..words).map(|_| word()).collect::<Vec<_>>().join(" ")
}

#[test]
fn skipping_what_cannot_win_changes_nothing() {
    let (_folder, index) = index_of(Vec::new());
    let mut writer = Writer::open(&index, WriterOptions::default()).expect("a writer");
    let mut state = 1;
    for (seq, start) in (2..).zip((0..6_000).step_by(1_500)) {
        let conversation = |number: u128| {
            let texts = [babble(&mut state, 1 + (number % 23) as usize), babble(&mut state, 9)];
            Change::Upsert(plain(number, &[&texts[0], &texts[1]]).prepare())
        };
        // Every conversation is written twice, so that there are entries that no longer count.
        let changes: Vec<_> = (start..start + 1_500).chain(start..start + 1_500).map(conversation).collect();
        writer.apply(changes).expect("applied");
        writer.commit(seq).expect("committed");
    }
    for words in [1, 2, 3, 5, 8] {
        let query = babble(&mut state, words);
        // A filter that all messages pass keeps the engine from skipping.
        let (pruned, whole) = (find(&index, &query), find(&index, &format!("{query} role:user")));
        assert_eq!(pruned.total, whole.total, "{query}");
        let hits = |result: &pe_search::SearchResult| {
            result.hits.iter().map(|hit| (hit.conversation_id, hit.message)).collect::<Vec<_>>()
        };
        assert_eq!(hits(&pruned), hits(&whole), "{query}");
        assert_eq!(pruned.hits.len(), 20);
    }
}

#[test]
fn what_is_asked_for_is_bounded() {
    let (_folder, index) = index_of(vec![plain(1, &["word"])]);
    let search = Search { limit: 1_001, ..Search::of("word") };
    assert!(matches!(index.search(&search), Err(SearchError::TooMany { name: "limit", .. })));
    let search = Search { offset: 10_001, ..Search::of("word") };
    assert!(matches!(index.search(&search), Err(SearchError::TooMany { name: "offset", .. })));
    for nothing in ["", "  ", "?!", "*"] {
        assert!(matches!(index.search(&Search::of(nothing)), Err(SearchError::Query(_))), "{nothing:?}");
    }
    let mut long = plain(2, &[]);
    long.messages.push(message(0, Role::User, &"blob".repeat(100_000)));
    let mut writer = Writer::open(&index, WriterOptions::default()).expect("a writer");
    writer.apply([Change::Upsert(long.prepare())]).expect("applied");
    writer.commit(2).expect("committed");
    assert_eq!(index.messages(), 2);
}
