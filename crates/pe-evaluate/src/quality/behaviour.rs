//! `AnnoMI`: what therapists do, volley by volley, in the four classes that its coders named: question, reflection, therapist
//! input, other. Back-channels (three words and fewer) are dropped: they alone make "other" easy.

use pe_model::{Conversation, Role, SignalKind, Volley};

use super::{Sets, finished};
use crate::corpus::layer;
use crate::judge::{self, Judge};
use crate::metrics::{binary_f1, macro_f1, mean};
use crate::table::{Figure, Target};
use crate::{Error, Row, bootstrap, trivial};

const CLASSES: [&str; 4] = ["reflection", "question", "therapist_input", "other"];
const OTHER: usize = 3;
/// The layers that say whether a thing is there, in the order of the first three classes.
const FLAGS: [&str; 3] = ["reflection_exists", "question_exists", "therapist_input_exists"];
/// A volley of so many words is a back-channel.
const BACK_CHANNEL: u32 = 3;

/// What is true, read and trivially guessed of one volley.
struct Case {
    truth: usize,
    guess: usize,
    pattern: usize,
    true_flags: [bool; 3],
    read_flags: [bool; 3],
    words: f64,
    marks: f64,
}

pub(super) fn rows(judge: &Judge, sets: &Sets) -> Result<[Row; 2], Error> {
    let sessions = judge::each(&sets.annomi, |session| cases(judge, session));
    let all: Vec<&Case> = sessions.iter().flatten().collect();
    if all.is_empty() {
        return Err(Error::unexpected("annomi", "no labelled volley was found"));
    }
    Ok([classes(&sessions, &all), flags(&sessions, &all)])
}

fn classes(sessions: &[Vec<Case>], all: &[&Case]) -> Row {
    let f1 = |cases: &mut dyn Iterator<Item = &Case>| {
        let (truth, guess): (Vec<_>, Vec<_>) = cases.map(|case| (case.truth, case.guess)).unzip();
        macro_f1(&truth, &guess, CLASSES.len())
    };
    let interval =
        bootstrap::interval(sessions.len(), |drawn| f1(&mut drawn.iter().flat_map(|at| &sessions[*at])));
    let truth: Vec<usize> = all.iter().map(|case| case.truth).collect();
    let pattern: Vec<usize> = all.iter().map(|case| case.pattern).collect();
    let tenths = |value: fn(&Case) -> f64| {
        let values: Vec<f64> = all.iter().map(|case| value(case)).collect();
        trivial::tenths_f1(&values, &truth, CLASSES.len())
    };
    let figure =
        Figure::new("What therapists do is read", "AnnoMI", "all sessions, by volley", "macro-F1, 4 classes")
            .measured(all.len(), f1(&mut all.iter().copied()), interval)
            .trivial("majority", trivial::majority_f1(&truth, CLASSES.len()))
            .trivial("length only", tenths(|case| case.words))
            .trivial("punctuation only", tenths(|case| case.marks))
            .trivial("one pattern (\"?\", early \"you\", length)", macro_f1(&truth, &pattern, CLASSES.len()))
            .target(Target::AtLeast(0.72));
    let of = |class: usize| {
        let f1 = binary_f1(all.iter().map(|case| (case.truth == class, case.guess == class)));
        format!("{} {:.3}", CLASSES[class], f1.unwrap_or(f64::NAN))
    };
    let by_class: Vec<String> = (0..CLASSES.len()).map(of).collect();
    let note = format!(
        "Volleys of three words and fewer dropped. A reflection outranks a question, a question outranks input. Coders agree \
         at kappa 0.74. By class: {}.",
        by_class.join(", ")
    );
    finished(figure, note)
}

fn flags(sessions: &[Vec<Case>], all: &[&Case]) -> Row {
    let f1 = |cases: &[&Case], flags: &dyn Fn(&Case) -> [bool; 3]| {
        let of = |at: usize| binary_f1(cases.iter().map(|case| (case.true_flags[at], flags(case)[at])));
        mean((0..FLAGS.len()).filter_map(of))
    };
    let interval = bootstrap::interval(sessions.len(), |drawn| {
        let cases: Vec<&Case> = drawn.iter().flat_map(|at| &sessions[*at]).collect();
        f1(&cases, &|case| case.read_flags)
    });
    let figure = Figure::new(
        "Reflections, questions and input are read where several are in one volley",
        "AnnoMI",
        "all sessions, by volley",
        "mean F1 of 3 labels",
    )
    .measured(all.len(), f1(all, &|case| case.read_flags), interval)
    .trivial("always all three", f1(all, &|_| [true; 3]))
    .trivial("one pattern", f1(all, &|case| [0, 1, 2].map(|class| case.pattern == class)));
    finished(figure, "Volleys of three words and fewer dropped.")
}

fn cases(judge: &Judge, session: &Conversation) -> Vec<Case> {
    let reading = judge.read(session);
    let helper = reading.volleys.iter().filter(|volley| volley.role == Role::Assistant);
    let case = |volley: &Volley| {
        let messages = volley.first..=volley.last;
        let words = |message: &u32| trivial::words(&session.messages[*message as usize].content);
        let longest = messages.clone().max_by_key(words)?;
        let kinds: Vec<SignalKind> = reading
            .signals
            .iter()
            .filter(|signal| messages.contains(&signal.span.message) && !signal.kind.is_omission())
            .map(|signal| signal.kind)
            .collect();
        let read_flags = [0, 1, 2].map(|class| kinds.iter().any(|kind| class_of(*kind) == Some(class)));
        let text: Vec<&str> =
            messages.clone().map(|at| session.messages[at as usize].content.as_str()).collect();
        let text = text.join(" ");
        Some(Case {
            truth: main_behaviour(session, longest)?,
            guess: read_flags.iter().position(|there| *there).unwrap_or(OTHER),
            pattern: pattern(&text),
            true_flags: FLAGS.map(|flag| messages.clone().any(|message| is_coded(session, message, flag))),
            read_flags,
            words: f64::from(volley.words),
            marks: trivial::marks(&text) as f64 / f64::from(volley.words.max(1)),
        })
    };
    helper.filter(|volley| volley.words > BACK_CHANNEL).filter_map(case).collect()
}

/// What most coders named; the first of equals in the order of [`CLASSES`].
fn main_behaviour(session: &Conversation, message: u32) -> Option<usize> {
    let mut counts = [0; CLASSES.len()];
    for annotation in layer(session, "main_therapist_behaviour").filter(|a| a.message == Some(message)) {
        let class = CLASSES.iter().position(|class| *class == annotation.value)?;
        counts[class] += 1;
    }
    let most = counts.iter().copied().max().filter(|most| *most > 0)?;
    counts.iter().position(|count| *count == most)
}

/// Whether at least half of the coders say that it is there.
fn is_coded(session: &Conversation, message: u32, flag: &'static str) -> bool {
    let (mut yes, mut all) = (0, 0);
    for annotation in layer(session, flag).filter(|annotation| annotation.message == Some(message)) {
        all += 1;
        yes += usize::from(annotation.value.eq_ignore_ascii_case("true"));
    }
    yes > 0 && yes * 2 >= all
}

/// Our labels in the coders' classes; what `AnnoMI` counts as input is information, advice, options, and setting goals.
const fn class_of(kind: SignalKind) -> Option<usize> {
    use SignalKind as K;
    match kind {
        K::SimpleReflection | K::ComplexReflection | K::InaccurateReflection => Some(0),
        K::OpenQuestion | K::ClosedQuestion | K::LeadingQuestion | K::StackedQuestion => Some(1),
        K::GiveInformation
        | K::AdviseWithPermission
        | K::AdviseWithoutPermission
        | K::SeekCollaboration
        | K::EmphasiseAutonomy
        | K::Confront
        | K::Direct
        | K::Warn => Some(2),
        _ => None,
    }
}

/// A rule of a question mark, an early "you" and two lengths; its three numbers are those that do best on these very volleys.
fn pattern(text: &str) -> usize {
    const YOU: [&str; 5] = ["you", "you're", "your", "you've", "you'd"];
    let words: Vec<String> = trivial::tokens(text).collect();
    let early = || words.iter().take(12).any(|word| YOU.contains(&word.as_str()));
    match words.len() {
        _ if text.contains('?') => 1,
        0..=6 => OTHER,
        7..=40 if early() => 0,
        _ => 2,
    }
}
