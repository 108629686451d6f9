//! Patterns over words: the small language in which rules are written (`rules/README.md` explains it with examples).
//!
//! A pattern is parsed ([`syntax`]), compiled to a few instructions ([`program`]) and entered in an index under every word it
//! may begin with, so that at a word of a text only the patterns are tried that can begin there.

mod program;
mod syntax;

use rustc_hash::FxHashMap;

use crate::lexicons::{Lexicons, WordSet};
use crate::vocabulary::{Vocabulary, WordId};
use crate::words::Token;
use program::Program;

/// The number of a pattern, in the order of addition.
pub(crate) type PatternId = u32;

/// Compiled patterns that are searched together.
#[derive(Debug, Default)]
pub(crate) struct Patterns {
    program: Program,
    starts: Vec<u32>,
    /// For each word the patterns that may begin with it: `heads[offsets[word]..offsets[word + 1]]`.
    offsets: Vec<u32>,
    heads: Vec<Head>,
    followers: Vec<WordSet>,
    /// While patterns are added.
    pending: Vec<(WordId, Head)>,
    known_followers: FxHashMap<Vec<WordId>, u32>,
}

/// A pattern under a word it may begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    pattern: PatternId,
    /// The set that the next word is in; [`ANYTHING`] if there is none.
    follower: u32,
}

/// No bound on what follows.
const ANYTHING: u32 = u32::MAX;

impl Patterns {
    /// Compiles a pattern; the error says what is wrong with it.
    pub(crate) fn add(
        &mut self,
        pattern: &str,
        lexicons: &Lexicons,
        vocabulary: &mut Vocabulary,
    ) -> Result<PatternId, String> {
        let node = syntax::parse(pattern, lexicons, vocabulary)?;
        let start = self.program.compile(&node);
        let heads =
            self.program.heads(start).ok_or("begins with a gap or matches nothing; begin with a word")?;
        let id = self.starts.len() as PatternId;
        self.starts.push(start);
        for (word, followers) in heads {
            let follower = followers.map_or(ANYTHING, |words| self.follower(words));
            self.pending.push((word, Head { pattern: id, follower }));
        }
        Ok(id)
    }

    /// The number of a set of followers.
    fn follower(&mut self, words: Vec<WordId>) -> u32 {
        let next = self.followers.len() as u32;
        let sets = &mut self.followers;
        *self.known_followers.entry(words).or_insert_with_key(|words| {
            sets.push(WordSet::of(words));
            next
        })
    }

    /// Builds the index; to be called once, after the last [`Patterns::add`].
    pub(crate) fn finish(&mut self, vocabulary: &Vocabulary) {
        self.pending.sort_unstable();
        self.heads = self.pending.iter().map(|(_, head)| *head).collect();
        self.offsets = (0..=vocabulary.len() as WordId)
            .map(|word| self.pending.partition_point(|(other, _)| *other < word) as u32)
            .collect();
        self.pending = Vec::new();
        self.known_followers = FxHashMap::default();
    }

    /// Calls `found` with every pattern that matches at `at` and one past its last token.
    pub(crate) fn search(&self, sentence: &[Token], at: usize, mut found: impl FnMut(PatternId, usize)) {
        let heads = self.beginning_with(sentence[at].word);
        let next = sentence.get(at + 1).map(|token| token.word);
        for head in heads {
            let goes_on = head.follower == ANYTHING
                || next.is_some_and(|next| self.followers[head.follower as usize].contains(next));
            if goes_on && let Some(end) = self.matches_at(head.pattern, sentence, at) {
                found(head.pattern, end);
            }
        }
    }

    fn beginning_with(&self, word: WordId) -> &[Head] {
        match self.offsets.get(word as usize..word as usize + 2) {
            Some([from, to]) => &self.heads[*from as usize..*to as usize],
            _ => &[],
        }
    }

    /// One past the last token, if the pattern matches at `at`.
    pub(crate) fn matches_at(&self, pattern: PatternId, sentence: &[Token], at: usize) -> Option<usize> {
        self.program.run(self.starts[pattern as usize], sentence, at)
    }

    /// Whether the pattern matches anywhere in the sentence.
    pub(crate) fn occurs(&self, pattern: PatternId, sentence: &[Token]) -> bool {
        (0..sentence.len()).any(|at| self.matches_at(pattern, sentence, at).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Scanner, Sink};

    /// Keeps the tokens of one sentence.
    struct Tokens(Vec<Token>);

    impl Sink for Tokens {
        fn token(&mut self, mut token: Token) {
            token.marks |= if self.0.is_empty() { Token::SENTENCE | Token::CLAUSE } else { 0 };
            self.0.push(token);
        }
        fn sentence(&mut self, _: u32, _: crate::sentences::Mark) {}
    }

    /// The words that the pattern's first match covers.
    fn matched<'a>(pattern: &str, text: &'a str) -> Option<&'a str> {
        let lexicons = Lexicons::parse(&[("test", "kin = \"mother, father in law\"\n")]).unwrap();
        let mut vocabulary = Vocabulary::new([]);
        let mut patterns = Patterns::default();
        patterns.add(pattern, &lexicons, &mut vocabulary).unwrap();
        patterns.finish(&vocabulary);
        let mut tokens = Tokens(Vec::new());
        Scanner::new(&vocabulary).scan(text, &mut tokens);
        let tokens = tokens.0;
        let mut found = None;
        for at in 0..tokens.len() {
            patterns.search(&tokens, at, |_, end| {
                found = found.or(Some(&text[tokens[at].start as usize..tokens[end - 1].end as usize]));
            });
        }
        found
    }

    #[test]
    fn signs_mean_what_the_manual_says() {
        for (pattern, text, expected) in [
            ("you are (so)? tired", "well you’re so tired", Some("you’re so tired")),
            ("you are tired", "u r tired", Some("u r tired")),
            ("it is late", "its late", None),
            ("it is late", "It's, um, late", Some("It's, um, late")),
            ("my {kin}", "said my father-in-law", Some("my father-in-law")),
            ("take ... walk", "take a really long walk", Some("take a really long walk")),
            ("take ... walk", "take a really very long walk", None),
            ("take ..4 walk", "take a really very long walk", Some("take a really very long walk")),
            ("^ stop", "you stop", None),
            ("stop $", "just stop", Some("stop")),
            ("stop !it", "stop it", None),
            ("stop !it", "stop that", Some("stop")),
            ("(a | b) _ c", "b x c", Some("b x c")),
            ("do not go", "don't go", Some("don't go")),
            ("you should", "you, you should", Some("you should")),
        ] {
            assert_eq!(matched(pattern, text), expected, "{pattern} in {text}");
        }
    }

    #[test]
    fn bad_patterns_say_what_is_wrong() {
        for (pattern, reason) in [
            ("... walk", "begin with a word"),
            ("(a | b", "not closed"),
            ("a ) b", "left over"),
            ("{nobody} a", "no lexicon named `nobody`"),
            ("a ..99 b", "1 to 12"),
            ("A b", "lower case"),
            ("a | ", "empty alternative"),
            ("you um go", "hesitation"),
        ] {
            let error = Patterns::default()
                .add(pattern, &Lexicons::default(), &mut Vocabulary::new([]))
                .expect_err(pattern);
            assert!(error.contains(reason), "{pattern}: {error}");
        }
    }
}
