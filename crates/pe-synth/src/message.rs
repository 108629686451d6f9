//! Messages: sentences until a length is reached, in the manner of a register.

use pe_model::Role;

use crate::dice::Dice;
use crate::frame::Frame;
use crate::lexicon::lexicon;
use crate::pen::Pen;
use crate::plan::Plan;
use crate::talk::{Register, Talk};

/// So many messages in a thousand are a word or two.
const SHORT_PER_MILLE: u64 = 8;

/// A frame of this weight is hardly ever filled twice with the same words, among millions.
const UNLIKE_OTHERS: u32 = 4;

/// The text of one message.
pub(crate) fn text(pen: &mut Pen<'_>, talk: &Talk, plan: &Plan, role: Role) -> String {
    if pen.dice.chance(SHORT_PER_MILLE) {
        return pen.dice.pick(&talk.short[usize::from(role == Role::Assistant)]).to_owned();
    }
    let (frames, register) = match role {
        Role::Assistant => (pen.topic.helper(plan.style), Register::Plain),
        _ => (pen.topic.user(plan.register), plan.register),
    };
    let words = length(pen.dice);
    let mut text = String::with_capacity(words * 8 + 64);
    let mut written = 0;
    while written < words {
        let begin = text.len();
        // The first sentence makes the message its own; any may follow.
        let weight = if written == 0 { UNLIKE_OTHERS } else { 0 };
        let Some(frame) = frame(pen.dice, frames, weight) else { break };
        sentence(pen, frame, register, &mut text);
        // One word more than spaces.
        written += 1 + text[begin..].matches(' ').count();
    }
    text
}

/// How many words at least; a sentence is never cut, so messages come out some words longer. Lengths are as likely to be in one
/// octave as in another from 2 to 40: the mean of what is written is 20 (tests/promises.rs).
fn length(dice: &mut Dice) -> usize {
    let octave = dice.below(5);
    let least = 1 << octave;
    (1 + least + dice.below(least + least / 2)) as usize
}

/// One of `frames` of at least that weight, or what comes next to it in sixteen tries.
fn frame<'a>(dice: &mut Dice, frames: &'a [Frame], weight: u32) -> Option<&'a Frame> {
    let mut best = frames.get(dice.below(frames.len() as u64) as usize)?;
    for _ in 0..16 {
        if best.weight() >= weight {
            break;
        }
        let other = frames.get(dice.below(frames.len() as u64) as usize)?;
        if other.weight() > best.weight() {
            best = other;
        }
    }
    Some(best)
}

/// Appends a sentence, behind a space where something is there.
fn sentence(pen: &mut Pen<'_>, frame: &Frame, register: Register, text: &mut String) {
    if !text.is_empty() {
        text.push_str(if register == Register::Casual && !text.ends_with(['.', '?', '!']) {
            ", "
        } else {
            " "
        });
    }
    let casual = register == Register::Casual;
    if casual && pen.dice.chance(200) {
        text.push_str(pen.dice.pick(&lexicon().fillers));
    }
    let begin = text.len();
    pen.write(frame, text);
    if casual && pen.dice.chance(600) {
        if text.ends_with('.') {
            text.pop();
        }
    } else {
        capitalise(text, begin);
    }
}

/// Appends a sentence with personal data.
pub(crate) fn plant(pen: &mut Pen<'_>, frames: &[Frame], text: &mut String) {
    if !text.ends_with(['.', '?', '!']) {
        text.push('.');
    }
    let Some(frame) = frame(pen.dice, frames, 0) else { return };
    sentence(pen, frame, Register::Plain, text);
}

fn capitalise(text: &mut str, begin: usize) {
    if let Some(first) = text.get_mut(begin..=begin) {
        first.make_ascii_uppercase();
    }
}
