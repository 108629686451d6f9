//! `ESConv`: chats that their seekers rated as good against chats that failed. Failed supporters write less, so chats of about
//! equal length are compared; and seekers say at the end how it went, so their last three turns, and what answers them, are
//! hidden. The rows of `MultiESC` betray themselves by their spaced punctuation and are left out.

use pe_model::{Axis, Conversation, Role};

use super::{Sets, by_axis, finished};
use crate::judge::{self, Judge, Scores, of};
use crate::table::{Figure, Target};
use crate::{Row, bootstrap, trivial};

/// Client turns that are hidden.
const HIDDEN: usize = 3;
/// Two chats match when the longer one has at most so many times the helper's words of the other.
const MATCH: f64 = 1.10;

/// A scored chat.
struct Chat {
    good: bool,
    scores: Scores,
    seen: Conversation,
}

pub(super) fn row(judge: &Judge, sets: &Sets) -> Row {
    let mut chats = Vec::new();
    for (good, conversations) in [(false, &sets.failed), (true, &sets.rated)] {
        let scored = judge::each(conversations, |one| {
            let seen = without_end(one);
            judge.scores(&seen).map(|scores| Chat { good, scores, seen })
        });
        chats.extend(scored.into_iter().flatten());
    }
    let matches = Matches::new(&chats);
    let area = |value: &dyn Fn(&Chat) -> f64| {
        let values: Vec<f64> = chats.iter().map(value).collect();
        matches.area(&values, &vec![1; values.len()])
    };
    let rule = |value: &dyn Fn(&Chat) -> f64| area(value).map(|area| area.max(1.0 - area));
    let overall: Vec<f64> = chats.iter().map(|chat| of(&chat.scores, Axis::OverallQuality)).collect();
    let interval = bootstrap::interval(chats.len(), |drawn| {
        let mut times = vec![0u32; chats.len()];
        for at in drawn {
            times[*at] += 1;
        }
        matches.area(&overall, &times)
    });
    let figure = Figure::new(
        "Good and failed support chats are told apart",
        "ESConv",
        "rated against failed, length-matched pairs",
        "AUC of overall_quality",
    )
    .measured(chats.len(), matches.area(&overall, &vec![1; chats.len()]), interval)
    .trivial("length only", rule(&|chat| trivial::words_of(&chat.seen, Role::Assistant)))
    .trivial("number of messages", rule(&|chat| chat.seen.messages.len() as f64))
    .trivial("punctuation only", rule(&|chat| trivial::punctuation_of(&chat.seen, Role::Assistant)))
    .trivial("one regex (\\?)", rule(&|chat| trivial::questions(&chat.seen)))
    .trivial(
        "source flag (who speaks first)",
        rule(&|chat| f64::from(u8::from(starts_with_helper(&chat.seen)))),
    )
    .target(Target::Above(0.10));
    let note = format!(
        "{} pairs within {:.0} % of the helper's words; the client's last three turns and what answers them hidden; MultiESC \
         left out. By score: {}.",
        matches.0.len(),
        (MATCH - 1.0) * 100.0,
        by_axis(|axis| area(&|chat| of(&chat.scores, axis)))
    );
    finished(figure, note)
}

/// The chat up to the client's last three turns.
fn without_end(conversation: &Conversation) -> Conversation {
    let mut seen = conversation.clone();
    for _ in 0..HIDDEN {
        let Some(last) = seen.messages.iter().rposition(|message| message.role == Role::User) else { break };
        let before = seen.messages[..last].iter().rposition(|message| message.role != Role::User);
        seen.messages.truncate(before.map_or(0, |at| at + 1));
    }
    seen
}

fn starts_with_helper(conversation: &Conversation) -> bool {
    conversation.messages.first().is_some_and(|message| message.role == Role::Assistant)
}

/// Pairs of a good and a failed chat of about equal length.
struct Matches(Vec<(usize, usize)>);

impl Matches {
    fn new(chats: &[Chat]) -> Self {
        let words: Vec<f64> =
            chats.iter().map(|chat| trivial::words_of(&chat.seen, Role::Assistant).max(1.0)).collect();
        let close = |a: f64, b: f64| a.max(b) <= MATCH * a.min(b);
        let mut pairs = Vec::new();
        for good in (0..chats.len()).filter(|at| chats[*at].good) {
            let failed = (0..chats.len()).filter(|at| !chats[*at].good && close(words[good], words[*at]));
            pairs.extend(failed.map(|failed| (good, failed)));
        }
        Self(pairs)
    }

    /// The share of pairs in which the good one has the higher value, ties counting one half; each chat counts so many times.
    fn area(&self, values: &[f64], times: &[u32]) -> Option<f64> {
        let (mut above, mut all) = (0.0, 0.0);
        for &(good, failed) in &self.0 {
            let weight = f64::from(times[good] * times[failed]);
            all += weight;
            above += weight
                * match values[good].total_cmp(&values[failed]) {
                    std::cmp::Ordering::Greater => 1.0,
                    std::cmp::Ordering::Equal => 0.5,
                    std::cmp::Ordering::Less => 0.0,
                };
        }
        (all > 0.0).then(|| above / all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pe_model::Message;

    #[test]
    fn the_end_is_hidden_with_what_answers_it() {
        let roles = [
            Role::Assistant,
            Role::User,
            Role::Assistant,
            Role::User,
            Role::User,
            Role::Assistant,
            Role::User,
        ];
        let messages = roles.iter().map(|role| Message::new(*role, "x")).collect();
        let seen = without_end(&Conversation { messages, ..Conversation::default() });
        // Three turns of the client in all, so that nothing but the greeting is left.
        assert_eq!(seen.messages.len(), 1);
    }

    #[test]
    fn areas_over_pairs() {
        let matches = Matches(vec![(0, 1), (0, 2)]);
        assert_eq!(matches.area(&[1.0, 0.5, 1.0], &[1, 1, 1]), Some(0.75));
        assert_eq!(matches.area(&[1.0, 0.5, 1.0], &[1, 3, 1]), Some(0.875));
        assert_eq!(matches.area(&[1.0, 0.5, 1.0], &[0, 1, 1]), None);
    }
}
