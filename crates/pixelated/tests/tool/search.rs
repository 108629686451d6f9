//! Searching: at once after an import, filtered, and with a damaged index.

use crate::person::Person;

// P-075: the full text; ranking by meaning is not there yet.
#[test]
fn words_phrases_exclusions_prefixes_and_filters() {
    let person = Person::with_examples();
    let total = |query: &str| person.json(&["search", query])["total_matches"].as_u64().unwrap();
    let sleep = total("sleep");
    assert!(sleep > 0);
    assert!(total("sleep -role:user") < sleep, "a filter narrows");
    assert!(total("slee*") >= sleep);
    assert!(total("sleep emotion:sadness,fear,nervousness") < total("sleep") + 1);
    assert_eq!(total("dataset:nowhere"), 0);
    let answer = person.json(&["search", "sleep", "--min-quality", "0.7"]);
    for hit in answer["results"].as_array().unwrap() {
        assert!(hit["quality_score"].as_f64().unwrap() >= 0.7);
        let marks = hit["snippet"]["marks"].as_array().unwrap();
        assert!(!marks.is_empty());
    }
}

#[test]
fn a_query_that_cannot_be_read_says_where() {
    let person = Person::with_examples();
    let complaint = person.fails(2, &["search", "good \"open phrase"]);
    assert!(complaint.contains("character 6"), "{complaint}");
    let complaint = person.fails(2, &["search", "colour:red"]);
    assert!(complaint.contains("role, emotion, tier, dataset, lang"), "{complaint}");
}

#[test]
fn a_damaged_or_missing_index_is_noticed_and_made_anew() {
    let person = Person::with_examples();
    let before = person.json(&["search", "sleep"])["total_matches"].clone();
    let index = person.path("data/index");
    for entry in std::fs::read_dir(&index).unwrap().flatten() {
        if entry.path().extension().is_some_and(|extension| extension == "term" || extension == "store") {
            std::fs::write(entry.path(), b"not an index").unwrap();
        }
    }
    let answer = person.json(&["search", "sleep"]);
    assert_eq!(answer["total_matches"], before);
    assert!(answer["notice"].as_str().unwrap().contains("rebuilt"), "{answer}");
    std::fs::remove_dir_all(&index).unwrap();
    assert_eq!(person.json(&["search", "sleep"])["total_matches"], before);
    assert!(person.ok(&["reindex"]).contains("messages indexed"));
}
