//! What the canonical axes make of readings that were made by hand.

use crate::readings::{reading, scorer, turns};
use pe_model::{
    Assessment, EvidenceKind, NotScorable, Outcome, Points, Reading, Signal, SignalKind, Span, Tier,
};
use pe_quality::{HelperProfile, Profile, QualityConfig};

const MESSAGES: usize = 16;

fn signal(kind: SignalKind, message: u32) -> Signal {
    Signal::new(kind, Span::new(message, 0, 20), "some/rule")
}

fn conduct(id: &str) -> Signal {
    Signal::new(SignalKind::Conduct, Span::new(3, 0, 20), format!("conduct/{id}"))
}

fn every_reply(kinds: &[SignalKind]) -> Vec<Signal> {
    let replies = (1..MESSAGES as u32).step_by(2);
    replies
        .flat_map(|message| {
            kinds.iter().zip(0_u32..).map(move |(kind, at)| {
                Signal::new(*kind, Span::new(message, at * 10, at * 10 + 8), "some/rule")
            })
        })
        .collect()
}

fn assess_as(config: &QualityConfig, reading: &Reading) -> Assessment {
    let outcome = scorer(config).validate(&turns(reading.messages.len()), reading).outcome;
    outcome.assessment().cloned().expect("it is scored")
}

fn assess(signals: Vec<Signal>) -> Assessment {
    assess_as(&QualityConfig::default(), &reading(MESSAGES, signals))
}

fn value(assessment: &Assessment, metric: &str) -> f64 {
    assessment.score(metric).map_or(f64::NAN, |score| score.value.fraction())
}

fn note(assessment: &Assessment, metric: &str) -> String {
    assessment.score(metric).and_then(|score| score.note.clone()).unwrap_or_default()
}

const GOOD: [SignalKind; 6] = [
    SignalKind::ComplexReflection,
    SignalKind::PickUp,
    SignalKind::FeelingNamed,
    SignalKind::OpenQuestion,
    SignalKind::Affirm,
    SignalKind::SeekCollaboration,
];

#[test]
fn skill_raises_and_harm_lowers() {
    let nothing = assess(Vec::new());
    let good = assess(every_reply(&GOOD));
    let bad = assess(every_reply(&[SignalKind::Confront, SignalKind::OffTopic, SignalKind::StockPhrase]));
    assert!(good.overall() > nothing.overall() && nothing.overall() > bad.overall());
    assert_eq!(good.tier, Tier::Research);
    assert_eq!(nothing.tier, Tier::Unrated);
}

#[test]
fn saying_it_three_times_in_a_reply_earns_no_more_than_once() {
    let once = assess(vec![signal(SignalKind::Affirm, 1)]);
    let thrice = (0..3)
        .map(|at| Signal::new(SignalKind::Affirm, Span::new(1, at * 9, at * 9 + 8), "some/rule"))
        .collect();
    let accuracy = |assessment: &Assessment| value(assessment, "therapeutic_accuracy");
    assert!((accuracy(&once) - accuracy(&assess(thrice))).abs() < 1e-9);
}

#[test]
fn motivational_interviewing_reads_its_anchors() {
    let mi = QualityConfig { profile: Profile::Mi, ..QualityConfig::default() };
    let of = |kinds: &[SignalKind]| {
        value(&assess_as(&mi, &reading(MESSAGES, every_reply(kinds))), "therapeutic_accuracy")
    };
    let asks = of(&[SignalKind::ClosedQuestion]);
    let simple = of(&[SignalKind::ClosedQuestion, SignalKind::SimpleReflection]);
    let complex = of(&[SignalKind::ComplexReflection]);
    assert!(asks < simple && simple < complex, "{asks} {simple} {complex}");
    let auto = QualityConfig::default();
    assert_eq!(auto.for_modality(Some("Motivational Interviewing")).profile, Profile::Mi);
    assert_eq!(auto.for_modality(Some("CBT")).profile, Profile::CommonFactors);
    assert_eq!(mi.for_modality(None).profile, Profile::Mi);
}

#[test]
fn the_worst_tenth_weighs_in_coherence() {
    let mut signals = every_reply(&[SignalKind::PickUp]);
    let whole = value(&assess(signals.clone()), "conversation_coherence");
    signals.push(signal(SignalKind::OffTopic, 7));
    let broken = value(&assess(signals), "conversation_coherence");
    // One of eight replies falls by 0.35: 0.7 / 8 of that in the mean, 0.3 of it as the worst one.
    assert!((whole - broken - 0.35 * (0.7 / 8.0 + 0.3)).abs() < 1e-6, "{whole} {broken}");
}

#[test]
fn severity_follows_the_helper_profile_and_caps() {
    let clean = assess(every_reply(&GOOD));
    assert!((value(&clean, "clinical_compliance") - 1.0).abs() < 1e-9);
    assert_eq!(
        note(&clean, "clinical_compliance"),
        "none of 18 rules fired in 8 helper turns; not validated against people"
    );
    let with = |id: &str, helper_profile| {
        let mut signals = every_reply(&GOOD);
        signals.push(conduct(id));
        let config = QualityConfig { helper_profile, ..QualityConfig::default() };
        assess_as(&config, &reading(MESSAGES, signals))
    };
    let licensed = with("diagnosing/you-have", HelperProfile::Licensed);
    assert!(value(&licensed, "clinical_compliance") > 0.8);
    let software = with("diagnosing/you-have", HelperProfile::Ai);
    assert!((value(&software, "clinical_compliance") - 0.6).abs() < 1e-9);
    let critical = with("stopping-medication", HelperProfile::Peer);
    assert!((value(&critical, "clinical_compliance") - 0.35).abs() < 1e-9);
    assert!(critical.overall() <= Points::from_fraction(0.61));
    assert_eq!(critical.recommendations[0].found, "told to stop or change a medicine");
    assert!(note(&critical, "clinical_compliance").starts_with("1 of 18 rules fired"));
    let unknown = with("never-heard-of", HelperProfile::Unknown);
    assert!((value(&unknown, "clinical_compliance") - 0.6).abs() < 1e-9);
}

#[test]
fn two_breaches_leave_a_line_for_the_cap() {
    let mut signals = every_reply(&GOOD);
    signals.push(conduct("sexual"));
    signals.push(Signal::new(SignalKind::Conduct, Span::new(5, 0, 9), "conduct/coercion"));
    let assessment = assess(signals);
    let overall = assessment.scores.last().expect("there is an overall score");
    let cap = overall.evidence.iter().find(|line| matches!(line.source, EvidenceKind::Cap { .. }));
    assert!(cap.is_some_and(|line| line.contribution < Points::ZERO), "{:?}", overall.evidence);
    assert_eq!(overall.sum(), overall.value);
}

#[test]
fn response_to_risk_counts_only_where_there_is_a_cue() {
    let response = [SignalKind::RiskDetects, SignalKind::RiskProbes, SignalKind::RiskResources];
    let answers = |mut signals: Vec<Signal>| {
        signals.extend(response.iter().map(|kind| signal(*kind, 3)));
        assess(signals)
    };
    let none = answers(Vec::new());
    let safety = |assessment: &Assessment| assessment.score("safety_score").map(|score| score.value);
    assert_eq!(safety(&none), safety(&assess(Vec::new())));
    assert!(note(&none, "safety_score").starts_with("risk_opportunity: none"));
    let cue = signal(SignalKind::RiskIdeation, 2);
    let answered = answers(vec![cue.clone()]);
    assert!(safety(&answered) > safety(&none));
    let idiom = Signal { experiencer: pe_model::Experiencer::Idiom, ..cue.clone() };
    assert_eq!(safety(&answers(vec![idiom])), safety(&none));
    let denied = Signal { denied: true, ..cue };
    assert_eq!(safety(&answers(vec![denied])), safety(&none));
}

#[test]
fn a_grave_cue_that_no_reply_takes_up_makes_a_conversation_unrated() {
    let mut signals = every_reply(&GOOD);
    signals.push(Signal { strength: 4.0, ..signal(SignalKind::RiskIdeation, 4) });
    signals.push(Signal { strength: 4.0, ..signal(SignalKind::RiskUnanswered, 4) });
    let assessment = assess(signals);
    assert_eq!(assessment.tier, Tier::Unrated);
    let first = &assessment.recommendations[0];
    assert_eq!((first.span, first.metric.as_str()), (Span::new(4, 0, 20), "safety_score"));
}

#[test]
fn what_caps_comes_first_however_much_of_it_there_is() {
    let mut signals = every_reply(&[SignalKind::StockPhrase, SignalKind::AdviseWithoutPermission]);
    for (at, id) in [(1, "sexual"), (3, "coercion"), (5, "secrecy"), (7, "discrimination"), (9, "sexual")] {
        signals.push(Signal::new(SignalKind::Conduct, Span::new(at, 60, 70), format!("conduct/{id}")));
    }
    let assessment = assess(signals);
    let first: Vec<_> = assessment.recommendations.iter().take(5).map(|advice| advice.span.start).collect();
    assert_eq!(first, [60; 5], "{:?}", assessment.recommendations);
    assert_eq!(assessment.recommendations[0].metric, "clinical_compliance");
}

#[test]
fn what_is_missing_is_said_at_the_clients_words() {
    let assessment = assess(every_reply(&[SignalKind::ClosedQuestion]));
    let missing =
        assessment.recommendations.iter().find(|advice| advice.found == "no open question in 8 replies");
    assert_eq!(missing.map(|advice| advice.span.message % 2), Some(0));
}

#[test]
fn few_replies_are_said_to_be_too_few_and_widen_the_interval() {
    let width = |messages: usize| {
        let signals = vec![signal(SignalKind::Affirm, 1)];
        let assessment = assess_as(&QualityConfig::default(), &reading(messages, signals));
        let overall = assessment.scores.last().cloned().expect("there is an overall score");
        (overall.high - overall.low, overall.note)
    };
    let (short, said) = width(4);
    let said = said.expect("it is said");
    assert!(
        said.starts_with("too short for a steady reading: replies: 2, wanted: 6; the tier is taken from "),
        "{said}"
    );
    let (long, nothing) = width(40);
    assert_eq!(nothing, None);
    assert!(short.micros() > 3 * long.micros());
}

#[test]
fn the_claim_to_feelings_counts_against_software_only() {
    let of = |helper_profile| {
        let config = QualityConfig { helper_profile, ..QualityConfig::default() };
        let reading = reading(MESSAGES, every_reply(&[SignalKind::ClaimedFeeling]));
        value(&assess_as(&config, &reading), "emotional_authenticity")
    };
    assert!(of(HelperProfile::Ai) < of(HelperProfile::Peer));
}

#[test]
fn a_declared_program_needs_no_words_that_say_so() {
    let of = |helper_profile| {
        let config = QualityConfig { helper_profile, ..QualityConfig::default() };
        let mut signals = every_reply(&[SignalKind::ClaimedFeeling]);
        for signal in &mut signals {
            signal.rule = format!("claimed_feelings/x{}", pe_model::Signal::IF_SOFTWARE).into();
        }
        value(&assess_as(&config, &reading(MESSAGES, signals)), "emotional_authenticity")
    };
    assert!(of(HelperProfile::Ai) < of(HelperProfile::Unknown));
    assert!((of(HelperProfile::Unknown) - of(HelperProfile::Peer)).abs() < 1e-9);
}

#[test]
fn nobody_helping_is_a_reason() {
    // P-183
    let mut reading = reading(6, Vec::new());
    reading.volleys.retain(|volley| volley.role == pe_model::Role::User);
    for name in ["canonical", "five-metric"] {
        let config = QualityConfig { validators: vec![name.into()], ..QualityConfig::default() };
        let report = scorer(&config).validate(&turns(6), &reading);
        assert_eq!(report.outcome, Outcome::NotScorable(NotScorable::NoHelperTurn));
    }
}

#[test]
fn versions_fit_the_column_and_tell_profiles_apart() {
    // P-088
    let version =
        |config: &QualityConfig| scorer(config).validate(&turns(4), &reading(4, Vec::new())).version;
    let auto = version(&QualityConfig::default());
    let mi = version(&QualityConfig { profile: Profile::Mi, ..QualityConfig::default() });
    assert!(auto.len() <= 20 && auto != mi, "{auto} {mi}");
    assert_eq!(
        auto,
        pe_quality::validation_version("hand-made", scorer(&QualityConfig::default()).version())
    );
}
