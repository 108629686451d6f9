//! Replies in and out of their places: whether `conversation_coherence` knows where in a conversation a reply belongs. No labels
//! are needed, because the conversation itself says which reply follows which turn; all other replies in it are of the same topic, by
//! the same helper, in the same style.

use std::collections::BTreeSet;
use std::path::Path;

use pe_model::{Axis, Conversation, Message, Role};

use super::{Sets, distractors, shuffle};
use crate::corpus::load;
use crate::judge::{Judge, of};
use crate::{Error, Row, trivial};

/// So many dialogues are taken from a large set, evenly from its beginning to its end.
const SAMPLE: usize = 400;

/// A conversation volley by volley: all that a speaker says before the other speaks is one text.
#[derive(Clone)]
pub(super) struct Talk(pub(super) Vec<(Role, String)>);

impl Talk {
    pub(super) fn of(conversation: &Conversation) -> Self {
        let mut volleys: Vec<(Role, String)> = Vec::new();
        let said = conversation
            .messages
            .iter()
            .filter(|message| matches!(message.role, Role::User | Role::Assistant));
        for message in said {
            match volleys.last_mut() {
                Some((role, text)) if *role == message.role => {
                    text.push('\n');
                    text.push_str(&message.content);
                }
                _ => volleys.push((message.role, message.content.clone())),
            }
        }
        Self(volleys)
    }

    /// The replies that may be moved: neither the first of the helper's (the greeting) nor the last (the closing).
    pub(super) fn movable(&self) -> Vec<usize> {
        let helper = |at: &usize| self.0[*at].0 == Role::Assistant;
        let mut replies: Vec<usize> = (0..self.0.len()).filter(helper).collect();
        replies.pop();
        if !replies.is_empty() {
            replies.remove(0);
        }
        replies
    }

    pub(super) fn coherence(&self, judge: &Judge) -> Option<f64> {
        let messages = self.0.iter().map(|(role, text)| Message::new(*role, text.clone())).collect();
        let conversation = Conversation { messages, ..Conversation::default() };
        judge.scores(&conversation).map(|scores| of(&scores, Axis::ConversationCoherence))
    }

    /// The mean of a rule over each reply and the turn it follows.
    pub(super) fn mean(&self, rule: Rule) -> f64 {
        let pairs = self.0.windows(2).filter(|pair| pair[1].0 == Role::Assistant);
        crate::metrics::mean(pairs.map(|pair| rule(&pair[0].1, &pair[1].1))).unwrap_or(0.0)
    }
}

/// A rule that knows nothing, on a turn and the reply to it.
pub(super) type Rule = fn(&str, &str) -> f64;

/// Beside every figure.
pub(super) const RULES: [(&str, Rule); 3] =
    [("length only", like_in_length), ("word overlap", overlap), ("overlap of long words", overlap_of_long)];

/// How alike in length they are.
fn like_in_length(turn: &str, reply: &str) -> f64 {
    let length = |text| (1.0 + trivial::words(text) as f64).ln();
    -(length(turn) - length(reply)).abs()
}

/// Which share of the reply's different words the turn has.
fn overlap(turn: &str, reply: &str) -> f64 {
    shared(turn, reply, 1)
}

/// The same of words of at least five letters, which are rarely grammar.
fn overlap_of_long(turn: &str, reply: &str) -> f64 {
    shared(turn, reply, 5)
}

fn shared(turn: &str, reply: &str, letters: usize) -> f64 {
    let words = |text| -> BTreeSet<String> {
        trivial::tokens(text).filter(|word| word.chars().count() >= letters).collect()
    };
    let (turn, reply) = (words(turn), words(reply));
    reply.intersection(&turn).count() as f64 / reply.len().max(1) as f64
}

/// What is measured on each set, and on which.
pub(super) fn rows(judge: &Judge, sets: &Sets, data: &Path) -> Result<Vec<Row>, Error> {
    let esconv = [sets.rated.as_slice(), &sets.failed].concat();
    let daily = load(data, "dailydialog/data.zip")?;
    let named = [
        ("AnnoMI", sets.annomi.as_slice()),
        ("ESConv", &esconv),
        ("DailyDialog", &daily),
        ("own examples", &sets.examples),
    ];
    Ok(named.into_iter().flat_map(|(name, set)| of_set(judge, name, set)).collect())
}

fn of_set(judge: &Judge, name: &str, set: &[Conversation]) -> Vec<Row> {
    let talks: Vec<Talk> = set.iter().map(Talk::of).collect();
    let long_enough = |fewest: usize| -> Vec<&Talk> {
        let fit: Vec<&Talk> = talks.iter().filter(|talk| talk.movable().len() >= fewest).collect();
        let step = fit.len().div_ceil(SAMPLE).max(1);
        fit.into_iter().step_by(step).collect()
    };
    vec![
        shuffle::row(judge, name, &long_enough(shuffle::FEWEST)),
        distractors::row(judge, name, &long_enough(distractors::FEWEST)),
    ]
}

/// The same for a file that is no set of ours: to see what a change of the rules does, on what rules may be shaped on.
pub(crate) fn of_file(path: &Path) -> Result<Vec<Row>, Error> {
    let name = path.to_string_lossy();
    Ok(of_set(&Judge::new()?, &name, &load(Path::new(""), &name)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greeting_and_closing_stay() {
        let said = |role, text: &str| Message::new(role, text.to_owned());
        let messages = vec![
            said(Role::Assistant, "hello"),
            said(Role::User, "hi"),
            said(Role::Assistant, "one"),
            said(Role::Assistant, "more"),
            said(Role::User, "so"),
            said(Role::Assistant, "two"),
            said(Role::User, "bye"),
            said(Role::Assistant, "bye bye"),
        ];
        let talk = Talk::of(&Conversation { messages, ..Conversation::default() });
        assert_eq!(talk.0[2].1, "one\nmore");
        assert_eq!(talk.movable(), [2, 4]);
    }

    #[test]
    fn rules_by_hand() {
        assert!((overlap("the cat sat there", "the cat ran") - 2.0 / 3.0).abs() < 1e-12);
        assert!(overlap_of_long("nothing there", "there you go").total_cmp(&1.0).is_eq());
        assert!(like_in_length("a b", "c d") > like_in_length("a b", "c d e"));
    }
}
