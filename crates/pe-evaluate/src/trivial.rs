//! Rules that know nothing of what is measured. A figure that they reach shows nothing.
//!
//! They get every advantage: a rule that orders things counts in whichever direction is better, and a rule that names classes
//! takes, in each tenth of its values, the class that is commonest there on the very data it is measured on.

use pe_model::{Conversation, Role};

use crate::corpus::said_by;
use crate::metrics::{auc, macro_f1};

/// Words, as parted by spaces.
pub(crate) fn words(text: &str) -> usize {
    text.split_whitespace().count()
}

/// Words of one side.
pub(crate) fn words_of(conversation: &Conversation, role: Role) -> f64 {
    said_by(conversation, role).map(words).sum::<usize>() as f64
}

/// Punctuation marks per word of one side.
pub(crate) fn punctuation_of(conversation: &Conversation, role: Role) -> f64 {
    let marks: usize = said_by(conversation, role).map(marks).sum();
    marks as f64 / words_of(conversation, role).max(1.0)
}

/// Punctuation marks.
pub(crate) fn marks(text: &str) -> usize {
    text.chars().filter(char::is_ascii_punctuation).count()
}

/// Question marks per message of the helper.
pub(crate) fn questions(conversation: &Conversation) -> f64 {
    let (mut marks, mut messages) = (0, 0);
    for text in said_by(conversation, Role::Assistant) {
        marks += text.matches('?').count();
        messages += 1;
    }
    marks as f64 / f64::from(messages.max(1))
}

/// The area of a rule, in whichever direction is better.
pub(crate) fn area(values: &[f64], labels: &[bool]) -> Option<f64> {
    auc(values, labels).map(|area| area.max(1.0 - area))
}

/// Lower-case words without the punctuation around them.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'' && c != '’')
        .filter(|word| !word.is_empty())
        .map(|word| word.to_lowercase().replace('’', "'"))
}

/// Macro-F1 of naming the commonest class everywhere.
pub(crate) fn majority_f1(labels: &[usize], classes: usize) -> Option<f64> {
    let commonest = commonest(labels.iter().copied(), classes);
    macro_f1(labels, &vec![commonest; labels.len()], classes)
}

/// Macro-F1 of naming, in each tenth of the values, the class that is commonest there.
pub(crate) fn tenths_f1(values: &[f64], labels: &[usize], classes: usize) -> Option<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut guess = vec![0; labels.len()];
    for tenth in order.chunks(order.len().div_ceil(10).max(1)) {
        let class = commonest(tenth.iter().map(|at| labels[*at]), classes);
        for at in tenth {
            guess[*at] = class;
        }
    }
    macro_f1(labels, &guess, classes)
}

fn commonest(labels: impl Iterator<Item = usize>, classes: usize) -> usize {
    let mut counts = vec![0usize; classes];
    for label in labels.filter(|label| *label < classes) {
        counts[label] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(0);
    counts.iter().position(|count| *count == most).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_by_hand() {
        assert_eq!(majority_f1(&[0, 0, 1], 2), Some(0.4));
        let values: Vec<f64> = (0..20).map(f64::from).collect();
        let labels: Vec<usize> = (0..20).map(|at| usize::from(at >= 10)).collect();
        assert_eq!(tenths_f1(&values, &labels, 2), Some(1.0));
        assert_eq!(area(&[2.0, 1.0], &[false, true]), Some(1.0));
        assert_eq!(marks("Well, no... (really?)"), 7);
        assert_eq!(tokens("I'm — not “sure”").collect::<Vec<_>>(), ["i'm", "not", "sure"]);
    }
}
