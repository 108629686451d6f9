//! Writes frames: fills their slots from the lexicon and the topic, and sees to articles and capitals.

use std::fmt::Write as _;

use crate::dice::Dice;
use crate::frame::{Frame, Piece, Slot};
use crate::lexicon::{Lexicon, lexicon};
use crate::talk::{Topic, talk};
use crate::words::Words;

/// One writer of one conversation.
#[derive(Debug)]
pub(crate) struct Pen<'a> {
    pub(crate) dice: &'a mut Dice,
    pub(crate) topic: &'a Topic,
    lexicon: &'static Lexicon,
}

impl<'a> Pen<'a> {
    pub(crate) fn new(dice: &'a mut Dice, topic: &'a Topic) -> Self {
        Self { dice, topic, lexicon: lexicon() }
    }

    /// Appends `frame` with every slot filled.
    pub(crate) fn write(&mut self, frame: &Frame, out: &mut String) {
        for piece in &frame.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Slot(slot) => {
                    let begin = out.len();
                    self.fill(*slot, out);
                    article(out, begin);
                }
            }
        }
    }

    fn fill(&mut self, slot: Slot, out: &mut String) {
        let Self { dice, topic, lexicon } = self;
        let word = match slot {
            Slot::Topic => dice.pick(&topic.nouns),
            Slot::Person => dice.pick(&topic.people),
            Slot::Noun => usual(dice, &lexicon.nouns),
            Slot::Plural => usual(dice, &lexicon.plurals),
            Slot::Compound => lexicon.compounds.get(dice.rare(lexicon.compounds.len())),
            Slot::Verb(form) => {
                let verbs = lexicon.verbs(form);
                verbs.get(dice.zipf(verbs.len()))
            }
            Slot::Adjective => usual(dice, &lexicon.adjectives),
            Slot::Adverb => lexicon.adverbs.get(dice.zipf(lexicon.adverbs.len())),
            Slot::Feeling => dice.pick(&lexicon.feelings),
            Slot::Place => lexicon.places.get(dice.rare(lexicon.places.len())),
            Slot::Relation => dice.pick(&lexicon.relations),
            Slot::Span => dice.pick(&lexicon.spans),
            Slot::Day => dice.pick(&lexicon.days),
            Slot::Month => dice.pick(&lexicon.months),
            Slot::Daypart => dice.pick(&lexicon.dayparts),
            _ => return self.compose(slot, out),
        };
        out.push_str(word);
    }

    /// Slots that are more than one word of a list.
    fn compose(&mut self, slot: Slot, out: &mut String) {
        match slot {
            Slot::Number => self.number(out),
            Slot::Clause => {
                let clauses = &talk().clauses;
                if let Some(frame) = clauses.get(self.dice.below(clauses.len() as u64) as usize) {
                    self.write(frame, out);
                }
            }
            Slot::FullName => {
                out.push_str(self.dice.pick(&self.lexicon.given));
                out.push(' ');
                out.push_str(self.surname());
            }
            Slot::Firm => {
                out.push_str(self.surname());
                out.push_str(self.dice.pick(&["s", " and Sons", " Works", " Stores"]));
            }
            _ => self.digits(slot, out),
        }
    }

    /// Slots with figures in them. `write!` to a string cannot fail.
    fn digits(&mut self, slot: Slot, out: &mut String) {
        let dice = &mut *self.dice;
        let _ = match slot {
            Slot::Time => write!(out, "{}:{:02}", dice.below(24), dice.below(12) * 5),
            Slot::Amount => write!(out, "£{}", (dice.rare(400) + 1) * 5),
            Slot::Email => self.email(out),
            // Reserved for fiction: 555-0100 to 555-0199 in every area, +44 7700 900000 to 900999.
            Slot::Phone if dice.chance(500) => {
                write!(out, "{}-555-01{:02}", 201 + dice.below(700), dice.below(100))
            }
            Slot::Phone => write!(out, "+44 7700 900{:03}", dice.below(1000)),
            Slot::Address => {
                let number = 1 + dice.below(180);
                let street = self.lexicon.places.get(dice.zipf(self.lexicon.places.len()));
                let road = dice.pick(&self.lexicon.roads);
                let town = self.lexicon.places.get(dice.zipf(self.lexicon.places.len()));
                write!(out, "{number} {street} {road}, {town}")
            }
            Slot::Birth => {
                let month = dice.pick(&self.lexicon.months);
                write!(out, "{} {month} {}", 1 + dice.below(28), 1940 + dice.below(66))
            }
            _ => Ok(()),
        };
    }

    fn email(&mut self, out: &mut String) -> std::fmt::Result {
        let given = self.dice.pick(&self.lexicon.given).to_lowercase();
        let surname = self.surname().to_lowercase();
        write!(out, "{given}.{surname}@example.org")
    }

    fn surname(&mut self) -> &'static str {
        self.lexicon.surnames.get(self.dice.zipf(self.lexicon.surnames.len()))
    }

    /// From two to nine hundred and ninety-nine, written out, small ones more often.
    fn number(&mut self, out: &mut String) {
        let number = self.dice.zipf(998) + 2;
        let (hundreds, rest) = (number / 100, number % 100);
        let word = |list: &[&'static str], n: usize| list.get(n).copied().unwrap_or_default();
        let Lexicon { ones, tens, .. } = self.lexicon;
        if hundreds > 0 {
            out.push_str(word(ones, hundreds - 1));
            out.push_str(" hundred");
            if rest > 0 {
                out.push_str(" and ");
            }
        }
        match rest {
            0 => {}
            1..20 => out.push_str(word(ones, rest - 1)),
            _ => {
                out.push_str(word(tens, rest / 10 - 2));
                if rest % 10 > 0 {
                    out.push('-');
                    out.push_str(word(ones, rest % 10 - 1));
                }
            }
        }
    }
}

/// So many words in a thousand come from the far end of their list, as a speaker reaches for a word now and then.
const REACHED_FOR_PER_MILLE: u64 = 350;

/// A word of a list, an everyday one more often than not.
fn usual<'a>(dice: &mut Dice, words: &'a Words) -> &'a str {
    let rank =
        if dice.chance(REACHED_FOR_PER_MILLE) { dice.rare(words.len()) } else { dice.zipf(words.len()) };
    words.get(rank)
}

/// "a" before what was written from `begin` on becomes "an" where that begins with a vowel.
fn article(out: &mut String, begin: usize) {
    let bytes = out.as_bytes();
    let vowel = bytes.get(begin).is_some_and(|b| matches!(b, b'a' | b'e' | b'i' | b'o' | b'u'));
    let alone = matches!(&bytes[..begin], [.., b' ', b'a' | b'A', b' '] | [b'a' | b'A', b' ']);
    if vowel && alone {
        out.insert(begin - 1, 'n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(frame: &'static str, seed: u64) -> String {
        let topic = &talk().topics[0];
        let mut dice = Dice::of(seed, 0, 0);
        let mut out = String::new();
        Pen::new(&mut dice, topic).write(&Frame::parse(frame), &mut out);
        out
    }

    #[test]
    fn articles_fit_what_follows() {
        for seed in 0..300 {
            let text = written("It is a {a} {n} with a {c}", seed);
            for pair in text.split(' ').collect::<Vec<_>>().windows(2) {
                let vowel = pair[1].starts_with(['a', 'e', 'i', 'o', 'u']);
                assert!(pair[0] != "a" || !vowel, "{text}");
                assert!(pair[0] != "an" || vowel, "{text}");
            }
        }
    }

    #[test]
    fn numbers_are_written_out() {
        let words: Vec<String> = (0..500).map(|seed| written("{num}", seed)).collect();
        assert!(words.iter().any(|word| word == "two"));
        assert!(words.iter().any(|word| word.contains("ty-")));
        assert!(words.iter().any(|word| word.contains(" hundred and ")));
        assert!(words.iter().all(|word| !word.is_empty() && !word.starts_with(' ') && !word.ends_with(' ')));
    }

    #[test]
    fn figures_stay_in_the_ranges_reserved_for_fiction() {
        for seed in 0..200 {
            let phone = written("{phone}", seed);
            assert!(phone.contains("-555-01") || phone.starts_with("+44 7700 900"), "{phone}");
            assert!(written("{email}", seed).ends_with("@example.org"));
        }
    }
}
