//! What the readers make of short exchanges: for each, the signals that must be there and those that must not.

use pe_model::{Role, Signal, SignalKind as K, Turn};

use crate::Reader;

/// Messages in turn, `c:` the client's and `h:` the helper's.
fn read(lines: &[&str]) -> Vec<Signal> {
    let turns: Vec<Turn<'_>> = lines
        .iter()
        .map(|line| match line.split_once(": ") {
            Some(("c", text)) => Turn { role: Role::User, text },
            Some(("h", text)) => Turn { role: Role::Assistant, text },
            _ => panic!("a line begins with `c: ` or `h: `: {line}"),
        })
        .collect();
    Reader::new().unwrap().read(&turns).signals
}

fn kinds(lines: &[&str]) -> Vec<K> {
    read(lines).iter().map(|signal| signal.kind).collect()
}

/// Fails with everything that was found where a kind is missing or one too many.
fn check(cases: &[(&[&str], &[K], &[K])]) {
    let mut failures = Vec::new();
    for (lines, wanted, unwanted) in cases {
        let found = kinds(lines);
        for kind in wanted.iter().filter(|kind| !found.contains(kind)) {
            failures.push(format!("no {} in {lines:?}: {found:?}", kind.name()));
        }
        for kind in unwanted.iter().filter(|kind| found.contains(kind)) {
            failures.push(format!("{} in {lines:?}: {found:?}", kind.name()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn questions_are_open_or_closed_with_and_without_their_mark() {
    let c = "c: i moved here in march and it's been odd";
    check(&[
        (&[c, "h: what was that like"], &[K::OpenQuestion], &[K::ClosedQuestion]),
        (&[c, "h: How did you come to pick this town?"], &[K::OpenQuestion], &[K::ClosedQuestion]),
        (&[c, "h: so tell me about the flat"], &[K::OpenQuestion], &[K::ClosedQuestion]),
        (&[c, "h: i wonder what made it odd"], &[K::OpenQuestion], &[]),
        (&[c, "h: and um what do you miss most"], &[K::OpenQuestion], &[]),
        (&[c, "h: do you know anyone here"], &[K::ClosedQuestion], &[K::OpenQuestion]),
        (&[c, "h: How long have you lived here?"], &[K::ClosedQuestion], &[K::OpenQuestion]),
        (&[c, "h: You came alone?"], &[K::ClosedQuestion], &[K::OpenQuestion]),
        (&[c, "h: Don't you think you should have waited?"], &[K::LeadingQuestion], &[]),
        (&[c, "h: What changed? Who helped? When was it?"], &[K::StackedQuestion], &[]),
        (&[c, "h: What changed? Who helped?"], &[], &[K::StackedQuestion]),
        (&[c, "h: i see what you mean"], &[], &[K::OpenQuestion, K::ClosedQuestion]),
        (&[c, "h: when you are ready we go on"], &[], &[K::OpenQuestion, K::ClosedQuestion]),
        (&[c, "h: That landed hard, right?"], &[], &[K::OpenQuestion]),
        (&[c, "h: Would it be okay if we stayed with March?"], &[K::SeekCollaboration], &[K::ClosedQuestion]),
    ]);
}

#[test]
fn reflections_take_up_what_was_said() {
    check(&[
        (
            &["c: my boss keeps moving the deadline", "h: Your boss keeps moving the deadline."],
            &[K::SimpleReflection],
            &[K::ComplexReflection],
        ),
        (&["c: i can't face the kitchen since he died", "h: the kitchen"], &[K::SimpleReflection], &[]),
        (
            &["c: she never calls anymore", "h: You're lonely without those calls."],
            &[K::ComplexReflection],
            &[K::SimpleReflection],
        ),
        (
            &[
                "c: i want the job but the move scares me",
                "h: Part of you wants the job, and part of you dreads the move.",
            ],
            &[K::ComplexReflection],
            &[],
        ),
        (
            &[
                "c: i just sit in the car for an hour",
                "h: It sounds like the car is the only quiet place you have.",
            ],
            &[K::ComplexReflection],
            &[],
        ),
        (
            &["c: i just sit in the car for an hour", "h: You should take a walk in the park."],
            &[K::AdviseWithoutPermission],
            &[K::SimpleReflection, K::ComplexReflection],
        ),
        (
            &["c: i just sit in the car for an hour", "h: You are welcome."],
            &[],
            &[K::SimpleReflection, K::ComplexReflection],
        ),
        (
            &["c: i never trusted my brother", "h: So you trusted your brother."],
            &[K::InaccurateReflection],
            &[K::SimpleReflection, K::ComplexReflection],
        ),
        (
            &["c: i never trusted my brother", "h: So you didn't trust your brother."],
            &[K::SimpleReflection],
            &[K::InaccurateReflection],
        ),
    ]);
}

#[test]
fn reflections_go_on_with_what_the_client_tells() {
    let c = "c: i ran the shop for mum all winter and she never once rang";
    let reflects: &[K] = &[K::ComplexReflection];
    let none: &[K] = &[K::SimpleReflection, K::ComplexReflection];
    check(&[
        (&[c, "h: You kept the lights on for her."], reflects, &[]),
        (&[c, "h: nothing coming back the other way"], reflects, &[]),
        (&[c, "h: She left you holding the keys."], reflects, &[]),
        (&[c, "h: It's a bit of grief."], &[K::ComplexReflection, K::FeelingNamed], &[]),
        (
            &["c: thirty nine and a half, the scale said to me", "h: Thirty nine and a half."],
            &[K::SimpleReflection],
            &[],
        ),
        (&[c, "h: Still waiting on a bell."], reflects, &[]),
        (&[c, "h: You should close in January."], &[], none),
        (&[c, "h: Your order has left the depot."], &[], none),
        (&[c, "h: You're overreacting."], &[], none),
        (&[c, "h: I had a kiosk in Hove once."], &[], none),
        (&[c, "h: Treat yourself to a spa."], &[], none),
        (&["c: i rang. how long is the queue", "h: You are ninth."], &[], none),
        (&["c: the weather is mild", "h: You left the window open."], &[], none),
    ]);
}

#[test]
fn advice_depends_on_who_asked() {
    let advice = "h: You could leave the phone downstairs at night.";
    check(&[
        (&["c: i keep scrolling in bed", advice], &[K::AdviseWithoutPermission], &[K::AdviseWithPermission]),
        (
            &["c: i keep scrolling in bed. what should i do", advice],
            &[K::AdviseWithPermission],
            &[K::AdviseWithoutPermission],
        ),
        (
            &["c: i keep scrolling in bed", "h: Would it be okay if I shared an idea?", "c: sure", advice],
            &[K::AdviseWithPermission],
            &[K::AdviseWithoutPermission],
        ),
        (
            &[
                "c: i keep scrolling in bed",
                "h: Would it be okay if I shared an idea?",
                "c: not really",
                advice,
            ],
            &[K::AdviseWithoutPermission],
            &[K::AdviseWithPermission],
        ),
        (
            &[
                "c: i keep scrolling in bed",
                "h: Some people find you could leave it downstairs. Just a thought. You could try that.",
            ],
            &[K::AdviseWithPermission],
            &[],
        ),
    ]);
}

#[test]
fn feelings_are_named_missed_or_passed_over() {
    check(&[
        (
            &["c: i'm so ashamed of the letters", "h: That shame sits on every letter."],
            &[K::FeelingNamed],
            &[K::FeelingMismatch, K::FeelingIgnored],
        ),
        (
            &["c: i feel hopeless about it all", "h: You must be so happy."],
            &[K::FeelingMismatch],
            &[K::FeelingNamed],
        ),
        (
            &["c: i feel hopeless about it all", "h: You'd like to be happy again."],
            &[],
            &[K::FeelingMismatch],
        ),
        (
            &["c: i\'m terrified of the scan", "h: Which insurance pays for that one? Get the blue form."],
            &[K::FeelingIgnored],
            &[],
        ),
        (
            &["c: i'm terrified of the scan", "h: That scan is a big thing to sit with."],
            &[],
            &[K::FeelingIgnored],
        ),
        (&["c: i'm not angry", "h: Which insurance is it? Get the blue form."], &[], &[K::FeelingIgnored]),
        (
            &["c: my boss is furious with us", "h: Which insurance is it? Get the blue form."],
            &[],
            &[K::FeelingIgnored],
        ),
        (
            &["c: i sat down at nine", "h: Which insurance is it? Get the blue form."],
            &[],
            &[K::FeelingIgnored],
        ),
        (&["c: he makes me so angry", "h: You're angry with him."], &[K::FeelingNamed], &[]),
        (&["c: he makes me so angry", "h: I'm angry about the traffic."], &[], &[K::FeelingNamed]),
    ]);
}

#[test]
fn questions_of_the_client_are_answered_or_not() {
    check(&[
        (
            &[
                "c: Do you think the tablets cause the dreams?",
                "h: The garden centre has roses on offer until Sunday.",
            ],
            &[K::UnansweredQuestion],
            &[K::Answer],
        ),
        (
            &[
                "c: Do you think the tablets cause the dreams?",
                "h: They can, in the first weeks the tablets often do that.",
            ],
            &[K::Answer],
            &[K::UnansweredQuestion],
        ),
        (
            &["c: Do you think the tablets cause the dreams?", "h: I don't know, your pharmacist would."],
            &[K::Answer],
            &[K::UnansweredQuestion],
        ),
        (
            &["c: Do you think the tablets cause the dreams?", "h: What makes you link the dreams to them?"],
            &[],
            &[K::UnansweredQuestion],
        ),
        (
            &["c: what's the point of the garden anyway?", "h: The clinic opens at nine on Mondays."],
            &[],
            &[K::UnansweredQuestion],
        ),
        (&["c: Should i call the school tomorrow?", "h: mm-hm"], &[], &[K::UnansweredQuestion]),
    ]);
}

#[test]
fn links_between_the_sides() {
    check(&[
        (
            &["c: the landlord shut off the heating again", "h: No heating, in January."],
            &[K::PickUp],
            &[K::OffTopic],
        ),
        (
            &[
                "c: the landlord shut off the heating and the baby coughs all night",
                "h: Pizza was invented in Naples, and basil grows best near sunny windows.",
            ],
            &[K::OffTopic],
            &[K::PickUp],
        ),
        (
            &[
                "c: the landlord shut off the heating and the baby coughs all night",
                "h: That would keep anybody awake, wrapped in coats, listening until morning.",
            ],
            &[],
            &[K::OffTopic],
        ),
    ]);
}

#[test]
fn what_is_said_or_asked_twice() {
    let answer = "c: since the accident in may";
    check(&[
        (
            &[
                "c: hi",
                "h: Sleep restores the mind and body.",
                "c: ok i guess",
                "h: As I say, sleep restores the mind and body.",
            ],
            &[K::SelfRepetition],
            &[K::Contradiction],
        ),
        (
            &["c: hi", "h: When did the headaches start?", answer, "h: When did the headaches start?"],
            &[K::ReAsking],
            &[K::SelfRepetition],
        ),
        (
            &[
                "c: hi",
                "h: When did the headaches start?",
                "c: what do you mean?",
                "h: When did the headaches start?",
            ],
            &[],
            &[K::ReAsking],
        ),
        (
            &[
                "c: hi",
                "h: The blue tablets mix well with coffee.",
                "c: ok good",
                "h: The blue tablets don't mix well with coffee.",
            ],
            &[K::Contradiction],
            &[K::SelfRepetition],
        ),
        (&["c: hi", "h: Mm-hm.", "c: so i left", "h: Mm-hm."], &[], &[K::SelfRepetition]),
    ]);
}

#[test]
fn questions_explore() {
    let explored = |lines: &[&str]| {
        read(lines).into_iter().find(|signal| signal.kind == K::Exploration).map(|signal| signal.strength)
    };
    assert_eq!(
        explored(&["c: the interviews wear me out", "h: What is it about the interviews?"]),
        Some(2.0)
    );
    assert_eq!(explored(&["c: the interviews wear me out", "h: What happened?"]), Some(1.0));
    assert_eq!(explored(&["c: the interviews wear me out", "h: Is it raining?"]), None);
    assert_eq!(explored(&["c: i'm so scared", "h: Are you afraid right now?"]), Some(2.0));
}

#[test]
fn evidence_of_a_pair_cites_both_sides() {
    let signals = read(&["c: i'm so ashamed of the letters. it rained", "h: Go on. That shame is loud."]);
    let named = signals.iter().find(|signal| signal.kind == K::FeelingNamed).unwrap();
    assert_eq!(named.span.of("Go on. That shame is loud."), Some("shame"));
    assert_eq!(
        named.about.and_then(|about| about.of("i'm so ashamed of the letters. it rained")),
        Some("so ashamed")
    );
}

/// Four turns of one client's, each with something of its own.
const TALK: [&str; 7] = [
    "c: the landlord shut off the heating again",
    "h: mm-hm",
    "c: and my sister keeps borrowing money from the savings",
    "h: mm-hm",
    "c: the garden is the one place where roses still bloom",
    "h: mm-hm",
    "c: on thursdays i swim before work at the pool",
];

/// What is found in a reply to the last of them.
fn after_talk(reply: &str) -> Vec<Signal> {
    let lines = [TALK.as_slice(), &[reply, "c: yes, that is about it really"]].concat();
    read(&lines).into_iter().filter(|signal| signal.span.message == 7).collect()
}

#[test]
fn a_reply_is_ranked_against_the_other_turns() {
    let kinds = |reply: &str| -> Vec<K> { after_talk(reply).iter().map(|signal| signal.kind).collect() };
    let fits = after_talk("h: So the pool comes before everything on a thursday.");
    let contingent = fits.iter().find(|signal| signal.kind == K::Contingent).unwrap();
    assert!(contingent.strength > 0.99, "it fits none of the others: {}", contingent.strength);
    assert_eq!(contingent.about.map(|span| span.message), Some(6));
    let back = after_talk("h: And the heating is still off, with that landlord.");
    let away = back.iter().find(|signal| signal.kind == K::OutOfPlace).unwrap();
    assert_eq!(away.about.map(|span| span.message), Some(0));
    // Staying with the last turn first makes going back good practice.
    assert!(
        !kinds("h: The pool, then. And the heating is still off, with that landlord.")
            .contains(&K::OutOfPlace)
    );
    // What was said just before may be gone on with.
    assert!(!kinds("h: Those roses.").contains(&K::OutOfPlace));
    assert!(!kinds("h: Tell me more.").iter().any(|kind| matches!(kind, K::Contingent | K::OutOfPlace)));
}

#[test]
fn with_few_turns_nothing_is_ranked() {
    let lines = [
        "c: the landlord shut off the heating",
        "h: mm-hm",
        "c: and my sister took the money",
        "h: The heating.",
    ];
    assert!(!kinds(&lines).iter().any(|kind| matches!(kind, K::Contingent | K::OutOfPlace)));
}

#[test]
fn a_statement_may_answer_in_words_of_its_own() {
    check(&[
        (
            &["c: What is naloxone?", "h: A drug against the effects of heroin."],
            &[],
            &[K::UnansweredQuestion],
        ),
        (
            &["c: Can i mix the two tablets?", "h: Most pharmacists would say so."],
            &[],
            &[K::UnansweredQuestion],
        ),
        (
            &["c: should i just cancel the flight?", "h: Another thing is the aisle seat."],
            &[K::UnansweredQuestion],
            &[],
        ),
        (
            &["c: May i ask whether the tablets cause it?", "h: We shall fill in the form now."],
            &[K::UnansweredQuestion],
            &[],
        ),
    ]);
}

#[test]
fn going_on_needs_a_story_to_go_on_with() {
    let reflects = [K::ComplexReflection, K::SimpleReflection];
    check(&[
        (
            &["c: i set the table for two again last night", "h: Nobody came to sit there."],
            &reflects[..1],
            &[],
        ),
        (&["c: i lost the file, okay", "h: It says here you've had a scan."], &[], &reflects),
        (
            &["c: i gave you the papers this morning", "h: Your chart is missing. Did you get a scan?"],
            &[],
            &reflects,
        ),
        (&["c: i told you what i know about it", "h: You're not making sense."], &[], &reflects),
        (&["c: okay then", "h: You had a good run."], &[], &reflects),
    ]);
}

#[test]
fn a_claim_to_feelings_says_whether_software_was_named() {
    let rule = |lines: &[&str]| {
        let found = read(lines).into_iter().find(|signal| signal.kind == K::ClaimedFeeling);
        found.map(|signal| signal.rule.ends_with(Signal::IF_SOFTWARE))
    };
    assert_eq!(rule(&["c: she left", "h: I feel so sad for you."]), Some(true));
    assert_eq!(rule(&["h: I'm an AI.", "c: she left", "h: I feel so sad for you."]), Some(false));
}
