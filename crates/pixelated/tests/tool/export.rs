//! Exporting: terms asked for once, nothing half-written, and back again.

use crate::person::{Person, examples};

const TERMS: [&str; 4] = ["--licence", "apache-2.0", "--consent-basis", "fictional"];

#[test]
fn terms_are_asked_for_once() {
    let person = Person::with_examples();
    let out = person.path("out.jsonl").to_string_lossy().into_owned();
    let complaint = person.fails(2, &["export", "--format", "jsonl", "--output", &out, "--dataset", "demo"]);
    assert!(complaint.contains("--licence"), "{complaint}");
    let mut args = vec!["export", "--format", "jsonl", "--output", &out, "--dataset", "demo"];
    args.extend(TERMS);
    let printed = person.ok(&args);
    assert!(printed.contains("personal data are not redacted"), "{printed}");
    person.ok(&["export", "--format", "jsonl", "--output", &out, "--dataset", "demo", "--overwrite"]);
    let manifest = std::fs::read_to_string(format!("{out}.manifest.json")).unwrap();
    assert!(manifest.contains("\"apache-2.0\"") && manifest.contains("\"sha256\""), "{manifest}");
}

#[test]
fn an_existing_file_is_not_replaced_unasked() {
    let person = Person::with_examples();
    let out = person.file("out.csv", "precious");
    let mut args = vec!["export", "--format", "csv", "--output", &out, "--dataset", "demo"];
    args.extend(TERMS);
    let complaint = person.fails(1, &args);
    assert!(complaint.contains("--overwrite"), "{complaint}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "precious");
}

#[test]
fn exported_and_imported_again_conversations_are_equal() {
    let person = Person::with_examples();
    let whole = |dataset: &str| {
        let mut ids = Vec::new();
        for id in person.json(&["list", "--dataset", dataset, "--limit", "1000"])["conversations"]
            .as_array()
            .unwrap()
        {
            let shown = person.json(&["show", id["id"].as_str().unwrap()]);
            ids.push((shown["conversation"].to_string(), shown["reports"][0]["outcome"].to_string()));
        }
        ids.sort();
        ids
    };
    let before = whole("demo");
    assert_eq!(before.len(), 132);
    for (format, name) in [("jsonl", "x.jsonl.gz"), ("csv", "x.csv"), ("parquet", "x.parquet")] {
        let out = person.path(name).to_string_lossy().into_owned();
        let mut args = vec!["export", "--format", format, "--output", &out, "--dataset", "demo", "--all"];
        args.extend(TERMS);
        person.ok(&args);
        person.ok(&["import", &out, "--dataset", format]);
        assert!(whole(format) == before, "{format} gives back what went in");
    }
}

#[test]
fn weights_mask_helper_turns_that_lower_the_score() {
    let person = Person::with_examples();
    let out = person.path("tune.jsonl").to_string_lossy().into_owned();
    let mut args =
        vec!["export", "--format", "openai", "--output", &out, "--dataset", "demo", "--all", "--weights"];
    args.extend(TERMS);
    person.ok(&args);
    let text = std::fs::read_to_string(&out).unwrap();
    let weights: Vec<_> = text
        .lines()
        .flat_map(|line| {
            let record: serde_json::Value = serde_json::from_str(line).unwrap();
            record["messages"].as_array().unwrap().clone()
        })
        .filter(|message| message["role"] == "assistant")
        .map(|message| message["weight"].as_u64())
        .collect();
    assert!(weights.contains(&Some(0)) && weights.contains(&Some(1)), "some are masked, some are not");
}

#[test]
fn a_breach_of_conduct_is_never_trained_on() {
    let person = Person::with_examples();
    let out = person.path("tune.jsonl").to_string_lossy().into_owned();
    let mut args =
        vec!["export", "--format", "openai", "--output", &out, "--dataset", "demo", "--all", "--weights"];
    args.extend(TERMS);
    person.ok(&args);
    let records = std::fs::read_to_string(&out).unwrap();
    let shown = person.json(&["show", "demo/a-025"]);
    let breaches: Vec<_> = shown["reading"]["signals"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|signal| signal["kind"] == "conduct")
        .map(|signal| signal["span"]["message"].as_u64().unwrap() as usize)
        .collect();
    assert!(!breaches.is_empty());
    for place in breaches {
        let text = shown["conversation"]["messages"][place]["content"].as_str().unwrap();
        let weights: Vec<_> = records
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
            .flat_map(|record| record["messages"].as_array().unwrap().clone())
            .filter(|message| message["content"] == text)
            .map(|message| message["weight"].as_u64())
            .collect();
        assert_eq!(weights, [Some(0)], "{text}");
    }
}

// Safe messaging: quality.md, section 4.
#[test]
fn graphic_messages_are_replaced_and_an_export_of_them_replaces_nothing() {
    let person = Person::new();
    let line = r#"{"id":"x","messages":[{"role":"user","content":"I have a plan and I know how I will end my life tonight"},{"role":"assistant","content":"Thank you for telling me. Are you safe right now? I'd like us to call 988 together."}]}"#;
    let file = person.file("one.jsonl", format!("{line}\n"));
    person.ok(&["import", &file, "--dataset", "d"]);
    assert!(!person.ok(&["show", "d/x"]).contains("end my life"), "folded");
    assert!(person.ok(&["show", "d/x", "--unfold"]).contains("end my life"));
    assert!(!person.ok(&["search", "plan"]).contains("end my life"), "no snippet");
    let out = person.path("out.jsonl").to_string_lossy().into_owned();
    let mut args = vec!["export", "--format", "jsonl", "--output", &out, "--dataset", "d", "--all"];
    args.extend(TERMS);
    assert!(person.ok(&args).contains("1 messages replaced"));
    assert!(!std::fs::read_to_string(&out).unwrap().contains("end my life"));
    let again = person.json(&["import", &out, "--dataset", "d"]);
    assert_eq!((&again["updated"], &again["skipped"]), (&0.into(), &1.into()));
    assert!(person.ok(&["show", "d/x", "--unfold"]).contains("end my life"), "the original is still there");
    args.extend(["--graphic", "--overwrite"]);
    person.ok(&args);
    assert!(std::fs::read_to_string(&out).unwrap().contains("end my life"));
}

/// KTO has a verdict in each record, and the two about one prompt may lie anywhere.
#[test]
fn halves_of_a_pair_are_found_however_far_apart() {
    let person = Person::new();
    let verdict = |number: u32, label: bool| {
        let reply = if label { "That sounds hard. What would help?" } else { "Just get over it." };
        serde_json::json!({
            "id": format!("{number}-{label}"),
            "prompt": format!("I lie awake, night {number} of it, and I am tired."),
            "completion": reply,
            "label": label,
        })
        .to_string()
    };
    let pairs = 300;
    let mut lines: Vec<_> = (0..pairs).map(|number| verdict(number, true)).collect();
    lines.push(verdict(pairs, true));
    lines.extend((0..pairs).rev().map(|number| verdict(number, false)));
    let file = person.file("kto.jsonl", lines.join("\n"));
    let imported = person.json(&["import", &file, "--dataset", "d"]);
    assert_eq!(imported["files"][0]["format"], "kto", "{imported}");
    let out = person.path("pairs.jsonl").to_string_lossy().into_owned();
    let mut args = vec!["export", "--format", "preference", "--output", &out, "--dataset", "d"];
    args.extend(TERMS);
    let manifest = person.json(&args);
    assert_eq!(manifest["adjustments"]["unmatched_halves_left_out"], 1, "{manifest}");
    let text = std::fs::read_to_string(&out).unwrap();
    let found: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(found.len(), pairs as usize);
    assert!(found.iter().all(|pair| pair["chosen"][0]["content"] == "That sounds hard. What would help?"));
    assert!(found.iter().all(|pair| pair["rejected"][0]["content"] == "Just get over it."));
    person.ok(&["export", "--format", "preference", "--output", &out, "--dataset", "d", "--overwrite"]);
    assert_eq!(std::fs::read_to_string(&out).unwrap(), text, "the order is stable");
}

#[test]
fn one_role_alone() {
    let person = Person::with_examples();
    let out = person.path("helpers.csv").to_string_lossy().into_owned();
    let mut args =
        vec!["export", "--format", "csv", "--output", &out, "--dataset", "demo", "--role", "assistant"];
    args.extend(TERMS);
    person.ok(&args);
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(text.contains(",assistant,") && !text.contains(",user,"));
}

// P-043, P-044
#[test]
fn lists_by_dataset_tier_and_quality() {
    let person = Person::with_examples();
    person.ok(&["import", &examples("a"), "--dataset", "other"]);
    let list = person.json(&[
        "list",
        "--dataset",
        "demo",
        "--min-quality",
        "0.62",
        "--sort",
        "best",
        "--limit",
        "5",
    ]);
    let lines = list["conversations"].as_array().unwrap();
    let scores: Vec<_> = lines.iter().map(|line| line["quality_score"].as_f64().unwrap()).collect();
    assert!(scores.windows(2).all(|pair| pair[0] >= pair[1]) && scores.iter().all(|score| *score >= 0.62));
    assert!(lines.iter().all(|line| line["dataset"] == "demo"));
    let next = person.json(&[
        "list",
        "--dataset",
        "demo",
        "--min-quality",
        "0.62",
        "--sort",
        "best",
        "--limit",
        "5",
        "--after",
        list["next"].as_str().unwrap(),
    ]);
    assert_ne!(next["conversations"][0]["id"], lines[0]["id"]);
    assert!(next["conversations"][0]["quality_score"].as_f64().unwrap() <= scores[4]);
}
