//! What holds for every reading whatsoever.

use crate::readings::{any_reading, reading, scorer, turns};
use pe_model::{Assessment, EvidenceKind, Outcome, Points, Reading, Role, Signal, SignalKind, Span, Tier};
use pe_quality::{HelperProfile, Profile, QualityConfig, TierBy, Validator};
use proptest::prelude::*;

fn assessment(validator: &dyn Validator, messages: usize, reading: &Reading) -> Assessment {
    match validator.validate(&turns(messages), reading).outcome {
        Outcome::Scored(assessment) => assessment,
        Outcome::NotScorable(reason) => panic!("{reason}"),
    }
}

fn every_validator() -> Vec<Box<dyn Validator>> {
    let mi =
        QualityConfig { profile: Profile::Mi, helper_profile: HelperProfile::Ai, ..QualityConfig::default() };
    let five = QualityConfig { validators: vec!["five-metric".into()], ..QualityConfig::default() };
    vec![scorer(&QualityConfig::default()), scorer(&mi), scorer(&five)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    // P-082 P-083 P-084 P-085 P-086 P-087 P-182
    #[test]
    fn scores_lie_between_0_and_1_and_evidence_adds_up_exactly((messages, reading) in any_reading()) {
        for validator in every_validator() {
            let assessment = assessment(validator.as_ref(), messages, &reading);
            for score in &assessment.scores {
                prop_assert!((Points::ZERO..=Points::ONE).contains(&score.value), "{score:?}");
                prop_assert_eq!(score.sum(), score.value, "{:?}", score);
                prop_assert!(score.low <= score.value && score.value <= score.high, "{score:?}");
                prop_assert!(score.evidence.len() <= 33 + 24, "{}", score.evidence.len());
            }
            let names: Vec<_> = validator.metrics().iter().map(|metric| metric.name.as_str()).collect();
            let scored: Vec<_> = assessment.scores.iter().map(|score| score.metric.as_str()).collect();
            prop_assert_eq!(names, scored);
        }
    }

    #[test]
    fn a_score_without_a_cited_signal_differs_by_its_contribution((messages, whole) in any_reading(), pick in any::<prop::sample::Index>()) {
        prop_assume!(!whole.signals.is_empty());
        let gone = pick.index(whole.signals.len());
        let mut without = whole.clone();
        let signal = without.signals.remove(gone);
        // A back-channel decides what a reply is; it is part of the frame and never cited.
        prop_assume!(signal.kind != SignalKind::Facilitate);
        let same = |other: &&Signal| other.span == signal.span && other.kind == signal.kind && other.rule == signal.rule;
        prop_assume!(whole.signals.iter().filter(same).count() == 1);
        for validator in every_validator() {
            let before = assessment(validator.as_ref(), messages, &whole);
            let after = assessment(validator.as_ref(), messages, &without);
            for (before, after) in before.scores.iter().zip(&after.scores) {
                let stated = before.evidence.iter().find(|line| matches!(
                    &line.source,
                    EvidenceKind::Signal { signal: kind, span, rule, .. }
                        if *kind == signal.kind && *span == signal.span && *rule == signal.rule
                ));
                if let Some(line) = stated {
                    prop_assert_eq!(before.value - after.value, line.contribution, "{}", before.metric);
                } else if before.evidence.len() < 33 {
                    prop_assert_eq!(before.value, after.value, "{} cites nothing of {:?}", before.metric, signal);
                }
            }
        }
    }

    #[test]
    fn the_stated_movement_of_a_span_is_what_happens((messages, whole) in any_reading(), pick in any::<prop::sample::Index>()) {
        prop_assume!(!whole.signals.is_empty());
        let span = whole.signals[pick.index(whole.signals.len())].span;
        let inside = |of: Span| of.message == span.message && of.start >= span.start && of.end <= span.end;
        let mut without = whole.clone();
        without.signals.retain(|signal| !inside(signal.span) || signal.kind == SignalKind::Facilitate);
        let validator = scorer(&QualityConfig::default());
        let before = assessment(validator.as_ref(), messages, &whole);
        let after = assessment(validator.as_ref(), messages, &without);
        let movements = validator.movement(&turns(messages), &whole, span);
        for ((before, after), movement) in before.scores.iter().zip(&after.scores).zip(movements) {
            prop_assert_eq!(&before.metric, &movement.metric);
            prop_assert_eq!(before.value - after.value, movement.by);
        }
    }

    #[test]
    fn warmth_cannot_raise_a_capped_score((messages, mut cold) in any_reading(), many in 0_usize..60) {
        cold.signals.retain(|signal| signal.kind != SignalKind::Conduct);
        cold.signals.push(Signal::new(SignalKind::Conduct, Span::new(1, 0, 9), "conduct/sexual"));
        let warm = [SignalKind::ComplexReflection, SignalKind::Affirm, SignalKind::FeelingNamed, SignalKind::PickUp];
        let mut warmer = cold.clone();
        for at in 0..many {
            let message = (at * 2 + 1) % (messages / 2 * 2);
            warmer.signals.push(Signal::new(warm[at % 4], Span::new(message as u32, 0, 4), "warm/rule"));
        }
        warmer.signals.sort_by_key(|signal| (signal.span, signal.kind));
        for config in [QualityConfig::default(), QualityConfig { profile: Profile::Mi, ..QualityConfig::default() }] {
            let after = assessment(scorer(&config).as_ref(), messages, &warmer);
            prop_assert!(after.overall() <= Points::from_fraction(0.61));
            prop_assert_eq!(after.tier, Tier::Unrated);
            let compliance = after.score("clinical_compliance").map(|score| score.value);
            prop_assert!(compliance <= Some(Points::from_fraction(0.35)));
            prop_assert!((after.tier_probability() - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn the_chances_of_all_tiers_add_up_to_one((messages, reading) in any_reading()) {
        let assessment = assessment(scorer(&QualityConfig::default()).as_ref(), messages, &reading);
        let sum: f64 = assessment.chances.iter().map(|chance| chance.probability).sum();
        prop_assert!((sum - 1.0).abs() < 1e-9);
        prop_assert!(assessment.chances.iter().all(|chance| (0.0..=1.0).contains(&chance.probability)));
        prop_assert_eq!(assessment.chances.iter().map(|chance| chance.tier).collect::<Vec<_>>(), Tier::ALL.to_vec());
    }

    /// Under six replies a tier may be lower than the score's band, never higher; by the lower end of the interval it is what the
    /// interval supports.
    #[test]
    fn a_tier_is_never_above_what_the_score_reaches((messages, reading) in any_reading()) {
        let of = |tier_by| assessment(scorer(&QualityConfig { tier_by, ..QualityConfig::default() }).as_ref(), messages, &reading);
        let (by_score, by_lower) = (of(TierBy::Score), of(TierBy::Lower));
        let band = Tier::of(by_score.overall());
        prop_assert!(by_score.tier <= band && by_lower.tier <= by_score.tier);
        if messages / 2 >= 6 {
            prop_assert_eq!(by_score.tier, band);
        }
        let overall = by_lower.score("overall_quality").expect("the overall score is there");
        prop_assert_eq!(by_lower.tier, Tier::of(overall.low));
        prop_assert_eq!(by_score.overall(), by_lower.overall());
    }

    #[test]
    fn advice_is_bounded_and_points_into_the_conversation((messages, reading) in any_reading()) {
        let assessment = assessment(scorer(&QualityConfig::default()).as_ref(), messages, &reading);
        prop_assert!(assessment.recommendations.len() <= 8);
        for advice in &assessment.recommendations {
            prop_assert!((advice.span.message as usize) < messages);
            prop_assert!(!advice.instead.is_empty());
            prop_assert!(assessment.score(&advice.metric).is_some());
        }
    }
}

#[test]
fn wild_readings_are_survived() {
    let validator = scorer(&QualityConfig::default());
    let mut wild = reading(4, Vec::new());
    for (message, strength) in [(9, 1.0), (u32::MAX, 1.0), (1, f32::NAN), (1, f32::INFINITY), (3, -4.0)] {
        let signal = Signal::new(SignalKind::ComplexReflection, Span::new(message, u32::MAX, 0), "wild");
        wild.signals.push(Signal { strength, ..signal });
    }
    for (first, last) in [(u32::MAX - 1, u32::MAX), (3, 1), (0, u32::MAX)] {
        wild.volleys.push(pe_model::Volley { role: Role::Assistant, first, last, words: u32::MAX });
    }
    let outcome = validator.validate(&turns(4), &wild).outcome;
    let scored = outcome.assessment().expect("it is scored");
    assert!(scored.scores.iter().all(|score| score.sum() == score.value));
}
