//! What is declared of a dataset (its modality, who helps) decides how its conversations are scored.

use serde_json::Value;

use crate::person::Person;

/// Software that says it is software, and claims a feeling.
const SOFTWARE: &str = r#"{"id":"x","messages":[
 {"role":"user","content":"Are you a bot? I had a row with my sister and I have been low all week since then."},
 {"role":"assistant","content":"I'm an AI. I feel so sad when I hear that. What did she say to you?"},
 {"role":"user","content":"She said that I never call our parents, and I felt guilty because it is partly true."},
 {"role":"assistant","content":"You feel guilty because some of it is true. What would you like to do about it?"}]}"#;

fn corpus(person: &Person, flags: &[&str]) -> String {
    let path = person.file("chats.jsonl", SOFTWARE.replace('\n', ""));
    let mut args = vec!["import", path.as_str(), "--dataset", "d"];
    args.extend(flags);
    person.ok(&args)
}

fn metric<'a>(shown: &'a Value, name: &str) -> &'a Value {
    let scores = shown["reports"][0]["outcome"]["scores"].as_array().expect("scored");
    scores.iter().find(|score| score["metric"] == name).expect("has the metric")
}

/// Whether the evidence of a metric cites a kind of signal.
fn cites(shown: &Value, name: &str, kind: &str) -> bool {
    let evidence = metric(shown, name)["evidence"].as_array().expect("evidence");
    evidence.iter().any(|line| line["signal"] == kind)
}

/// The version that is stored with the scores of the one conversation.
fn stored_version(person: &Person) -> String {
    let out = person.path("out.jsonl").to_string_lossy().into_owned();
    person.ok(&[
        "export",
        "--format",
        "jsonl",
        "--output",
        &out,
        "--dataset",
        "d",
        "--all",
        "--overwrite",
        "--licence",
        "CC0-1.0",
        "--consent-basis",
        "fictional",
    ]);
    let record: Value = serde_json::from_str(&std::fs::read_to_string(&out).expect("written")).expect("JSON");
    record["quality"]["validation_version"].as_str().expect("scored").to_owned()
}

#[test]
fn who_helps_decides_whether_a_claimed_feeling_counts() {
    let person = Person::new();
    corpus(&person, &["--helper", "licensed"]);
    let clinician = person.json(&["show", "d/x"]);
    assert!(!cites(&clinician, "emotional_authenticity", "claimed_feeling"));
    person.ok(&["datasets", "d", "--helper", "ai"]);
    let software = person.json(&["show", "d/x"]);
    assert!(cites(&software, "emotional_authenticity", "claimed_feeling"), "the evidence is new at once");
    let value = |shown: &Value| metric(shown, "emotional_authenticity")["value"].as_i64().expect("points");
    assert!(value(&software) < value(&clinician));
}

#[test]
fn the_modality_decides_the_profile() {
    let person = Person::new();
    corpus(&person, &["--modality", "Motivational Interviewing"]);
    let description = |shown: &Value| metric(shown, "therapeutic_accuracy")["evidence"].to_string();
    let mi = person.json(&["show", "d/x"]);
    assert!(mi["outdated"].is_null(), "import scored with what it declared");
    person.ok(&["datasets", "d", "--modality", "cbt"]);
    let common = person.json(&["show", "d/x"]);
    assert_ne!(description(&mi), description(&common));
    let base = |shown: &Value| metric(shown, "therapeutic_accuracy")["evidence"][0]["contribution"].clone();
    assert_eq!(base(&common), 250_000, "the base of common factors");
    assert_ne!(base(&mi), base(&common));
}

#[test]
fn another_declaration_leaves_scores_stale_until_they_are_rescored() {
    let person = Person::new();
    corpus(&person, &[]);
    let other = person.file("other.jsonl", SOFTWARE.replace('\n', ""));
    person.ok(&["import", &other, "--dataset", "e"]);
    let before = stored_version(&person);
    let told = person.ok(&["datasets", "d", "--modality", "mi", "--helper", "ai"]);
    assert!(told.contains("pixelated rescore --dataset d"), "{told}");
    assert!(told.contains("modality         mi") && told.contains("helper           ai"), "{told}");
    assert_eq!(stored_version(&person), before, "declaring scores nothing");
    let outdated = person.json(&["show", "d/x"])["outdated"].as_str().expect("is outdated").to_owned();
    assert!(outdated.contains("pixelated rescore --dataset d"), "{outdated}");
    assert_eq!(person.json(&["rescore", "--dataset", "e"])["rescored"], 0, "the other dataset is current");
    assert_eq!(person.json(&["rescore"])["rescored"], 1);
    assert_ne!(stored_version(&person), before);
    assert!(person.json(&["show", "d/x"])["outdated"].is_null());
    assert_eq!(person.json(&["rescore"])["rescored"], 0);
    assert_eq!(person.json(&["rescore", "--all"])["rescored"], 2);
    let described = person.json(&["datasets", "d", "--helper", "ai"]);
    assert!(described.get("stale").is_none(), "saying it again changes nothing: {described}");
    assert_eq!((&described["modality"], &described["helper_profile"]), (&"mi".into(), &"ai".into()));
    let cleared = person.json(&["datasets", "d", "--clear", "modality", "--clear", "helper"]);
    assert_eq!((&cleared["modality"], &cleared["helper_profile"]), (&Value::Null, &Value::Null));
    assert_eq!(cleared["stale"], true);
    let summary = person.json(&["rescore"]);
    assert_eq!(summary["rescored"], 1);
    assert!(summary["tiers"].is_object(), "{summary}");
}

#[test]
fn the_tier_may_be_taken_from_the_lower_end_of_the_interval() {
    let person = Person::new();
    corpus(&person, &[]);
    let by_score = person.json(&["show", "d/x"]);
    let config = person.file("lower.toml", "[quality]\ntier_by = \"lower\"\n");
    let by_lower = person.json(&["show", "d/x", "--config", &config]);
    let overall = |shown: &Value| shown["reports"][0]["outcome"]["scores"][5]["value"].clone();
    assert_eq!(overall(&by_score), overall(&by_lower), "the score is the same");
    assert!(by_lower["outdated"].is_string() && by_score["outdated"].is_null());
    assert_eq!(person.json(&["rescore", "--config", &config])["rescored"], 1);
    assert_eq!(person.json(&["stats", "--config", &config])["tier_by"], "lower");
    let deletions = by_score["deletions"][0].as_array().expect("each score has its strongest words");
    assert!(deletions.iter().any(|deletion| deletion["metric"] == "overall_quality"), "{deletions:?}");
}

#[test]
fn an_import_that_declares_anew_says_what_is_left_to_do() {
    let person = Person::new();
    assert!(!corpus(&person, &["--helper", "peer"]).contains("rescore"));
    assert!(!corpus(&person, &["--helper", "peer"]).contains("rescore"));
    let told = corpus(&person, &["--helper", "ai"]);
    assert!(told.contains("1 unchanged") && told.contains("pixelated rescore --dataset d"), "{told}");
}

#[test]
fn a_file_is_validated_as_what_it_is_declared() {
    let person = Person::new();
    let path = person.file("chats.jsonl", SOFTWARE.replace('\n', ""));
    let version = |flags: &[&str]| {
        let mut args = vec!["validate", path.as_str()];
        args.extend(flags);
        person.json(&args)[0]["reports"][0]["version"].as_str().expect("has a version").to_owned()
    };
    corpus(&person, &["--helper", "ai", "--modality", "mi"]);
    assert_eq!(version(&["--helper", "ai", "--modality", "mi"]), stored_version(&person));
    assert_ne!(version(&[]), stored_version(&person));
}

#[test]
fn declarations_that_say_nothing_are_refused() {
    let person = Person::new();
    let path = person.file("chats.jsonl", SOFTWARE.replace('\n', ""));
    let complaint = person.fails(2, &["import", &path, "--dataset", "d", "--helper", "robot"]);
    assert!(complaint.contains("licensed, trainee, peer, ai, unknown"), "{complaint}");
    person.fails(2, &["import", &path, "--dataset", "d", "--modality", ""]);
    person.fails(2, &["import", &path, "--dry-run", "--helper", "ai"]);
    person.fails(2, &["datasets", "--helper", "ai"]);
}
