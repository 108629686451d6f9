//! What holds for a reading of any conversation whatever.

use std::sync::LazyLock;
use std::time::Instant;

use pe_language::{Reader, Stage, Stopwatch};
use pe_model::{Role, Turn};
use proptest::prelude::*;

#[allow(clippy::unwrap_used)] // A reader that cannot be made fails every test, as it should.
static READER: LazyLock<Reader> = LazyLock::new(|| Reader::new().unwrap());

/// Words that many rules begin with, so that random text finds its way into them.
const WORDS: &[&str] = &[
    "you", "should", "i", "feel", "so", "sad", "what", "do", "not", "don’t", "your", "mother", "it",
    "sounds", "like", "if", "and", "but", "never", "?", ".", ",", "!", "\"", "“", "”", "\n", "…", "sorry",
    "to", "hear", "that", "um", "mm-hm", "é", "日本", "👍", "[laughs]", "**", "why", "can't", "U", "ER",
];

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        prop::collection::vec(prop::sample::select(WORDS), 0..40).prop_map(|words| words.join(" ")),
        prop::collection::vec(prop::sample::select(WORDS), 0..40).prop_map(|words| words.concat()),
    ]
}

fn any_role() -> impl Strategy<Value = Role> {
    prop::sample::select(&Role::ALL[..])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Every span lies on characters of its message, every message is read, and reading again gives the same.
    #[test]
    fn spans_fit_their_messages(messages in prop::collection::vec((any_role(), any_text()), 0..8)) {
        let reader = &*READER;
        let turns: Vec<Turn<'_>> = messages.iter().map(|(role, text)| Turn { role: *role, text }).collect();
        let reading = reader.read(&turns);
        prop_assert_eq!(reading.messages.len(), turns.len());
        for signal in &reading.signals {
            for span in std::iter::once(signal.span).chain(signal.about) {
                let text = turns[span.message as usize].text;
                prop_assert!(!span.is_empty() && span.of(text).is_some(), "{:?} in {:?}", signal, text);
            }
            prop_assert!(signal.strength > 0.0);
        }
        prop_assert_eq!(&reading, &reader.read(&turns));
    }

    /// Volleys cover the messages of the two who talk, in order, and alternate.
    #[test]
    fn volleys_alternate(roles in prop::collection::vec(any_role(), 0..30)) {
        let turns: Vec<Turn<'_>> = roles.iter().map(|role| Turn { role: *role, text: "so it goes" }).collect();
        let volleys = READER.read(&turns).volleys;
        for pair in volleys.windows(2) {
            prop_assert!(pair[0].role != pair[1].role && pair[0].last < pair[1].first);
        }
        let said = roles.iter().filter(|role| matches!(role, Role::User | Role::Assistant)).count();
        prop_assert_eq!(volleys.iter().map(|volley| volley.words as usize).sum::<usize>(), said * 3);
    }
}

/// The stages in the order in which they were done.
#[derive(Default)]
struct Done(Vec<Stage>);

impl Stopwatch for Done {
    fn lap(&mut self, stage: Stage) {
        self.0.push(stage);
    }
}

#[test]
fn a_stopwatch_sees_every_stage_and_changes_no_reading() {
    let turns =
        [(Role::User, "I feel so alone since she left."), (Role::Assistant, "You miss her. Why now?")]
            .map(|(role, text)| Turn { role, text });
    let mut done = Done::default();
    let timed = READER.read_timed(&turns, &mut done);
    assert_eq!(timed, READER.read(&turns));
    assert_eq!((done.0.first(), done.0.last()), (Some(&Stage::Words), Some(&Stage::Emotion)));
    assert!(Stage::ALL.iter().all(|stage| done.0.contains(stage)), "{:?}", done.0);
}

/// What is kept of words that were met before changes no probability, whoever met them first.
// P-073: a pool of threads reads as one does.
#[test]
fn readings_do_not_depend_on_what_was_read_before_or_by_which_thread() {
    let texts: Vec<String> = (0..400)
        .map(|at| format!("Word{at} and other{at}, I’m SO happy{at}! don't word{}", at % 7))
        .collect();
    let alone = |text: &String| Reader::new().expect("a reader").read(&[Turn { role: Role::User, text }]);
    let shared = Reader::new().expect("a reader");
    let all = |texts: &[String]| -> Vec<_> {
        texts.iter().map(|text| shared.read(&[Turn { role: Role::User, text }])).collect()
    };
    let backwards: Vec<String> = texts.iter().rev().cloned().collect();
    let (one, other) = std::thread::scope(|scope| {
        let (one, other) = (scope.spawn(|| all(&texts)), scope.spawn(|| all(&backwards)));
        (one.join().expect("read"), other.join().expect("read"))
    });
    assert!(one.iter().eq(other.iter().rev()));
    assert!(texts.iter().zip(&one).step_by(100).all(|(text, reading)| alone(text) == *reading));
}

#[test]
fn other_languages_are_named_and_not_judged() {
    let reader = &*READER;
    let turns = [
        Turn { role: Role::User, text: "我最近总是睡不着觉，心里很难受。" },
        Turn { role: Role::Assistant, text: "听起来这段时间你真的很辛苦。you should sleep" },
    ];
    let reading = reader.read(&turns);
    assert_eq!(reading.language.code, "zh");
    assert!(reading.signals.is_empty());
    let turns = [
        Turn { role: Role::User, text: "Ich kann seit Wochen nicht mehr schlafen und bin müde" },
        Turn { role: Role::Assistant, text: "Das klingt sehr anstrengend für Sie" },
    ];
    assert_eq!(reader.read(&turns).language.code, "de");
}

#[test]
fn short_messages_are_in_the_language_of_their_conversation() {
    let turns = [
        Turn { role: Role::User, text: "I don't know what to do about my sister and the house" },
        Turn { role: Role::Assistant, text: "Mm-hm." },
        Turn { role: Role::System, text: "Be kind." },
    ];
    let reading = READER.read(&turns);
    let languages: Vec<&str> = reading.messages.iter().map(|message| message.language.as_str()).collect();
    assert_eq!(languages, ["en", "en", ""]);
    assert!((reading.language.share - 1.0).abs() < 1e-6);
}

/// Markdown and curly quotes are no words: they move nothing but the places.
#[test]
fn decoration_changes_no_signal() {
    let reader = &*READER;
    let read = |reply: &str| -> Vec<_> {
        let turns = [
            Turn { role: Role::User, text: "i'm so ashamed of the letters i never opened" },
            Turn { role: Role::Assistant, text: reply },
        ];
        reader.read(&turns).signals.into_iter().map(|signal| (signal.kind, signal.rule)).collect()
    };
    let plain = read("You're ashamed of the letters. You should open one. What's stopping you?");
    assert!(plain.len() > 3);
    assert_eq!(
        plain,
        read("**You’re** ashamed of the *letters*. You should _open_ one. What’s stopping you?")
    );
}

/// A volley of 100,000 messages, and as many volleys, are read in linear time: ten times the messages take less than thirty
/// times as long.
#[test]
fn long_conversations_take_linear_time() {
    let reader = &*READER;
    let texts = [
        "i feel so stuck with the rent and my boss",
        "You feel stuck. What would you say to your boss?",
        "idk, what should i do",
    ];
    let time = |count: usize, alternate: bool| {
        let turns: Vec<Turn<'_>> = (0..count)
            .map(|at| Turn {
                role: if alternate && at % 2 == 1 { Role::Assistant } else { Role::User },
                text: texts[at % 3],
            })
            .collect();
        let start = Instant::now();
        let reading = reader.read(&turns);
        assert_eq!(reading.messages.len(), count);
        start.elapsed().as_secs_f64()
    };
    for alternate in [true, false] {
        let (short, long) = (time(10_000, alternate), time(100_000, alternate));
        assert!(long < short * 30.0 + 0.5, "10,000 messages: {short:.3} s, 100,000: {long:.3} s");
    }
}

/// One message of a million words without a mark.
#[test]
fn endless_messages_are_bounded() {
    let text = "you should have known that i feel so so sad and then you never called ".repeat(60_000);
    let turns = [
        Turn { role: Role::User, text: "hello there my friend" },
        Turn { role: Role::Assistant, text: &text },
    ];
    let reading = READER.read(&turns);
    assert!(reading.signals.len() <= 128, "{}", reading.signals.len());
}
