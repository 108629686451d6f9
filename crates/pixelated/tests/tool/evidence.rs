//! Scores as a user sees them: they add up, they are current, and metadata have no say.

use serde_json::Value;

use crate::person::{Person, examples};

// P-081..P-088
// P-072
#[test]
fn evidence_adds_up_to_every_score() {
    let person = Person::new();
    let reports = person.json(&["validate", &examples("a")]);
    let mut scores = 0;
    for report in reports.as_array().unwrap().iter().flat_map(|line| line["reports"].as_array().unwrap()) {
        for score in report["outcome"]["scores"].as_array().into_iter().flatten() {
            let sum: i64 = score["evidence"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| line["contribution"].as_i64().unwrap())
                .sum();
            assert_eq!(Some(sum), score["value"].as_i64(), "{}", score["metric"]);
            assert!((0..=1_000_000).contains(&sum));
            scores += 1;
        }
    }
    assert!(scores > 300, "{scores} scores were looked at");
}

#[test]
fn metadata_full_of_noise_changes_nothing() {
    let person = Person::new();
    let plain = std::fs::read_to_string(examples("a")).unwrap();
    let mut noisy = String::new();
    for line in plain.lines() {
        let mut record: Value = serde_json::from_str(line).unwrap();
        let noise = serde_json::json!({"quality": "kill yourself", "rating": 5, "title": "You should feel terrible, what happened?"});
        record["metadata"] = noise.clone();
        record["annotations"] = serde_json::json!([{"layer": "mi_quality", "value": "high"}]);
        for message in record["messages"].as_array_mut().unwrap() {
            message["metadata"] = noise.clone();
            message["timestamp"] = "2001-01-01T00:00:00Z".into();
        }
        noisy += &(record.to_string() + "\n");
    }
    let noisy = person.file("noisy.jsonl", noisy);
    assert_eq!(person.json(&["validate", &noisy]), person.json(&["validate", &examples("a")]));
}

// P-195
#[test]
fn validate_writes_reports_to_a_file() {
    let person = Person::new();
    let out = person.path("scores.jsonl").to_string_lossy().into_owned();
    person.ok(&["validate", &examples("b"), "--output", &out]);
    assert_eq!(std::fs::read_to_string(&out).unwrap().lines().count(), 66);
    assert!(person.fails(1, &["validate", &examples("b"), "--output", &out]).contains("--overwrite"));
    assert!(!person.path("data").exists(), "validate keeps nothing");
}

// P-176..P-183
#[test]
fn another_validator_by_configuration_and_rescore_brings_scores_up_to_date() {
    let person = Person::with_examples();
    assert!(person.ok(&["rescore"]).contains("every score is current"));
    let config = person.file("five.toml", "[quality]\nvalidators = [\"canonical\", \"five-metric\"]\n");
    let done = person.json(&["--config", &config, "rescore"]);
    assert_eq!(done["rescored"], 132);
    assert_eq!(done["tier_changed"], 0, "the first validator is the same");
    assert!(person.ok(&["--config", &config, "rescore"]).contains("every score is current"));
    let shown = person.json(&["--config", &config, "show", "demo/a-001"]);
    let metrics: Vec<_> = shown["reports"][1]["outcome"]["scores"]
        .as_array()
        .unwrap()
        .iter()
        .map(|score| score["metric"].as_str().unwrap())
        .collect();
    assert_eq!(
        metrics,
        [
            "empathy_score",
            "therapeutic_language",
            "response_appropriateness",
            "conversation_flow",
            "safety_compliance",
            "overall_quality"
        ]
    );
}

#[test]
fn what_cannot_be_scored_says_why() {
    let person = Person::with_examples();
    let reason = |id: &str| {
        let shown = person.json(&["show", id]);
        shown["reports"][0]["outcome"]["reason"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(reason("demo/a-033"), "no_helper_turn");
    assert_eq!(reason("demo/b-056"), "unreadable_language");
}
