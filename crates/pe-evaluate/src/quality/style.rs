//! Dress must not count: helper texts without their Markdown and without softening words ("perhaps", "a little") have to get
//! the same scores.

use pe_model::{Axis, Role};
use rayon::prelude::*;

use super::wording::{most_moved, rewritten, shifts};
use super::{Sets, causes, finished};
use crate::judge::{self, Judge};
use crate::metrics::{mean, quantile};
use crate::table::{Figure, Target};
use crate::{Row, bootstrap};

const SOFTENERS: [&str; 14] = [
    "a little bit",
    "a little",
    "a bit",
    "kind of",
    "sort of",
    "i think",
    "i guess",
    "maybe",
    "perhaps",
    "possibly",
    "probably",
    "just",
    "really",
    "simply",
];

pub(super) fn row(judge: &Judge, sets: &Sets) -> Row {
    let all = [&sets.examples, &sets.preferences, &sets.mibot, &sets.chats];
    let plain = |role: Role, text: &str| {
        if role == Role::Assistant { without_softeners(&without_markdown(text)) } else { text.to_owned() }
    };
    let shifts = shifts(judge, all.into_par_iter().flatten(), |one| rewritten(one, plain));
    let (axis, moved) = most_moved(&shifts, tail);
    let interval = bootstrap::interval(moved.len(), |drawn| {
        Some(tail(&drawn.iter().map(|at| moved[*at]).collect::<Vec<_>>()))
    });
    let figure = Figure::new(
        "Markdown and softening words count nothing",
        "own examples, HH-RLHF, MIBot, chats",
        "those that change",
        "95th percentile of |shift|, worst score",
    )
    .measured(moved.len(), Some(tail(&moved)), interval)
    .target(Target::AtMost(0.03));
    let mean = mean(moved.iter().map(|shift| shift.abs())).unwrap_or(f64::NAN);
    let overall: Vec<f64> = shifts.iter().map(|shift| judge::of(shift, Axis::OverallQuality)).collect();
    let pairs: Vec<_> = all
        .into_par_iter()
        .flatten()
        .filter_map(|one| {
            let changed = rewritten(one, plain)?;
            Some((causes::sums(&judge.assess(one)?, axis), causes::sums(&judge.assess(&changed)?, axis)))
        })
        .collect();
    let note = format!(
        "Worst: {}, whose mean |shift| is {mean:.4}; 95th percentile of overall_quality {:.4}. Mean difference in the evidence: {}.",
        axis.name(),
        tail(&overall),
        causes::differing(&pairs)
    );
    finished(figure, note)
}

/// The 95th percentile of the amounts.
fn tail(shifts: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = shifts.iter().map(|shift| shift.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    quantile(&sizes, 0.95)
}

/// Headings, bullets, numbers of lists, emphasis and code marks taken away.
fn without_markdown(text: &str) -> String {
    let line = |line: &str| {
        let indented = line.trim_start();
        let digits = indented.trim_start_matches(|c: char| c.is_ascii_digit());
        let plain = match indented {
            heading if heading.starts_with('#') => heading.trim_start_matches('#').trim_start(),
            bullet if bullet.starts_with("- ") || bullet.starts_with("* ") => &bullet[2..],
            _ if digits.len() < indented.len() && digits.starts_with(". ") => &digits[2..],
            _ => line,
        };
        plain.replace("**", "").replace("__", "").replace('`', "")
    };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Softening words taken away, with the space after them.
fn without_softeners(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let begins = !plain.ends_with(|c: char| c.is_alphanumeric() || c == '\'');
        let softener = SOFTENERS.iter().find(|word| begins && starts_with(rest, word));
        if let Some(word) = softener {
            rest = rest[word.len()..].trim_start_matches([' ', ',']);
        } else {
            plain.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    plain
}

/// Whether `text` starts with the phrase, in any case, and a word ends there.
fn starts_with(text: &str, phrase: &str) -> bool {
    text.get(..phrase.len()).is_some_and(|start| start.eq_ignore_ascii_case(phrase))
        && !text[phrase.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_dress_is_taken_away() {
        assert_eq!(without_markdown("## Head\n- **one**\n12. two `x`\n3 - 4"), "Head\none\ntwo x\n3 - 4");
        assert_eq!(
            without_softeners("Perhaps you could, just a little, unjustly rest"),
            "you could, unjustly rest"
        );
        assert_eq!(without_softeners("That's it, kindly."), "That's it, kindly.");
    }
}
