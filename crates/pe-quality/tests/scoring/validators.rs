//! Validators by configuration: the second built-in one, users' own, and what is said of wrong ones.

use std::path::PathBuf;

use crate::readings::{reading, scorer};
use pe_model::{Assessment, Role, Signal, SignalKind, Span, Turn};
use pe_quality::{QualityConfig, validators};

fn with_file(path: PathBuf) -> QualityConfig {
    QualityConfig { custom: vec![path], ..QualityConfig::default() }
}

fn write(name: &str, text: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("pe-quality-{}-{name}.toml", std::process::id()));
    std::fs::write(&path, text).expect("the temporary folder is writable");
    path
}

#[test]
fn five_metrics_with_their_weights() {
    // P-176 P-177 P-178 P-179 P-180 P-181 P-182 P-184
    let config = QualityConfig { validators: vec!["five-metric".into()], ..QualityConfig::default() };
    let validator = scorer(&config);
    let client =
        Turn { role: Role::User, text: "i don't know what to do about my sister and all that any more" };
    let helper = |text| Turn { role: Role::Assistant, text };
    let turns = [
        client,
        helper("That must be hard. Can you tell me more? It's normal to feel torn. What would help?"),
        client,
        helper("The weather is going to change at the weekend, they say."),
    ];
    let report = validator.validate(&turns, &reading(4, Vec::new()));
    let assessment = report.outcome.assessment().expect("it is scored");
    let names: Vec<_> = assessment.scores.iter().map(|score| score.metric.as_str()).collect();
    assert_eq!(
        names,
        [
            "empathy_score",
            "therapeutic_language",
            "response_appropriateness",
            "conversation_flow",
            "safety_compliance",
            "overall_quality",
        ]
    );
    // All four families in one of two replies, none in the other.
    let language = &assessment.scores[1];
    assert_eq!(language.value.micros(), 500_000);
    assert_eq!(language.sum(), language.value);
    let of = |at: usize| assessment.scores[at].value.fraction();
    let weighted = 0.25 * of(0) + 0.25 * of(1) + 0.20 * of(2) + 0.15 * of(3) + 0.15 * of(4);
    assert!((weighted - of(5)).abs() < 3e-6, "{weighted} {}", of(5));
}

#[test]
fn the_movement_of_a_matched_phrase_is_stated() {
    let config = QualityConfig { validators: vec!["five-metric".into()], ..QualityConfig::default() };
    let validator = scorer(&config);
    let long = "so i went and told her all of it and she said nothing for a long long time";
    let with = [
        Turn { role: Role::User, text: long },
        Turn { role: Role::Assistant, text: "what would help you now" },
    ];
    let without = [with[0], Turn { role: Role::Assistant, text: " you now" }];
    let reading = reading(2, Vec::new());
    let value = |turns: &[Turn<'_>]| {
        validator.validate(turns, &reading).outcome.assessment().map(Assessment::overall)
    };
    let (before, after) = (value(&with).expect("scored"), value(&without).expect("scored"));
    let stated = validator.movement(&with, &reading, Span::new(1, 0, 15));
    assert_eq!(stated.last().map(|movement| movement.by), Some(before - after));
    assert!(before > after);
}

#[test]
fn users_add_their_own() {
    let file = pe_testkit::repository().join("examples/validators/brief-support.toml");
    let all = validators(&with_file(file)).expect("the example is good");
    assert_eq!(
        all.iter().map(|validator| validator.name()).collect::<Vec<_>>(),
        ["canonical", "brief-support"]
    );
    let client = Turn {
        role: Role::User,
        text: "i am so tired of it all and there is nobody at home who would listen",
    };
    let turns = [client, Turn { role: Role::Assistant, text: "Is there a friend you trust, or your GP?" }];
    let advice = Signal::new(SignalKind::AdviseWithoutPermission, Span::new(1, 0, 8), "advice/you-should");
    let report = all[1].validate(&turns, &reading(2, vec![advice]));
    let assessment = report.outcome.assessment().expect("it is scored");
    assert_eq!(assessment.score("sign-posting").map(|score| score.value.micros()), Some(1_000_000));
    assert!(assessment.score("listening").is_some_and(|score| score.value.fraction() < 0.3));
    assert!(assessment.scores.iter().all(|score| score.sum() == score.value));
}

#[test]
fn weights_are_chosen_by_configuration() {
    let weights = [("clinical_compliance", 1.0)];
    let mut config = QualityConfig::default();
    for metric in ["therapeutic_accuracy", "conversation_coherence", "emotional_authenticity", "safety_score"]
    {
        config.weights.insert(metric.into(), 0.0);
    }
    config.weights.extend(weights.map(|(metric, weight)| (metric.to_owned(), weight)));
    let report = scorer(&config).validate(&crate::readings::turns(6), &reading(6, Vec::new()));
    let assessment = report.outcome.assessment().expect("it is scored");
    assert_eq!(assessment.overall().micros(), 1_000_000);
}

#[test]
fn mistakes_are_named_with_place_and_remedy() {
    let metric =
        "[[metric]]\nname = 'm'\nsubtitle = 's'\ndescription = 'd'\nweight = 1\nbase = 0.5\nspread = 0.1\n";
    let overall = "[overall]\nname = 'o'\nsubtitle = 's'\ndescription = 'd'\nspread = 0.1\n";
    let term = |rest: &str| {
        format!("name = 'x'\n{metric}[[metric.term]]\nname = 't'\nweight = 0.1\nfull = 1\n{rest}\n{overall}")
    };
    let cases = [
        ("syntax", "name = ".to_owned(), "line 1"),
        ("unknown-key", format!("nmae = 'x'\n{metric}{overall}"), "nmae"),
        ("unknown-signal", term("signals = { opne_question = 1.0 }"), "m: t: no signal \"opne_question\""),
        ("nothing", term(""), "m: t: counts nothing"),
        ("pattern", term("patterns = [{ id = 'p', kind = 'affirm', find = '(' }]"), "pattern \"p\""),
        ("factor", term("signals = { affirm = 7.0 }"), "give a number from 0 to 1"),
        ("taken", format!("name = 'canonical'\n{metric}{overall}"), "two validators are named \"canonical\""),
        ("twice", format!("name = 'x'\n{metric}{metric}{overall}"), "two metrics are named \"m\""),
    ];
    for (name, text, wanted) in cases {
        let path = write(name, &text);
        let error =
            validators(&with_file(path.clone())).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains(wanted), "{name}: {error}");
        std::fs::remove_file(path).expect("the file was just written");
    }
    let missing = validators(&with_file("no/such/file.toml".into())).err().map(|error| error.to_string());
    assert!(missing.is_some_and(|error| error.contains("no/such/file.toml")));
    let unknown = QualityConfig { validators: vec!["canonica".into()], ..QualityConfig::default() };
    assert!(validators(&unknown).err().is_some_and(|error| error.to_string().contains("use canonical")));
    let empty = QualityConfig { validators: Vec::new(), ..QualityConfig::default() };
    assert!(validators(&empty).is_err());
    let mut weights = QualityConfig::default();
    weights.weights.insert("warmth".into(), 1.0);
    assert!(validators(&weights).err().is_some_and(|error| error.to_string().contains("safety_score")));
}
