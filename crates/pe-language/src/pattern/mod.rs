//! Patterns over words: the small language in which rules are written (`rules/README.md` explains it with examples).
//!
//! A pattern is parsed ([`syntax`]) and compiled to a few instructions ([`program`]). At a word of a text only those patterns
//! are tried that can begin with it and go on with the next one, and that can't do without no word that the sentence lacks
//! ([`needs`]); which these are is looked up in tables ([`sets`]), 64 patterns at a time.

mod needs;
mod program;
mod sets;
mod syntax;

use crate::lexicons::Lexicons;
use crate::vocabulary::{UNKNOWN, Vocabulary, WordId};
use crate::words::Token;
use needs::Rarity;
use program::Program;
use sets::{Index, Numbers, Table};

/// The number of a pattern, in the order of addition.
pub(crate) type PatternId = u32;

/// Compiled patterns that are searched together.
#[derive(Debug, Default)]
pub(crate) struct Patterns {
    program: Program,
    starts: Vec<u32>,
    /// The sets that the program asks for.
    sets: Table,
    /// For each word the patterns that may begin with it.
    begins: Index,
    /// For each word the patterns that may have it as their second, or may end before it.
    follows: Table,
    /// For each word the patterns whose need it meets.
    meets: Index,
    /// For each set of marks ([`marked`]) the patterns that may begin at a token with them, 64 to a block.
    marked: [Vec<u64>; 4],
    pending: Pending,
}

/// What is known while patterns are added.
#[derive(Debug, Default)]
struct Pending {
    sets: Numbers,
    first: Vec<Option<Vec<WordId>>>,
    second: Vec<Option<Vec<WordId>>>,
    needed: Vec<Option<Vec<WordId>>>,
    marks: Vec<u8>,
    rarity: Option<Rarity>,
}

/// The number of a token's marks that patterns ask for at their beginning.
const fn marked(marks: u8) -> usize {
    (marks & Token::SENTENCE != 0) as usize + 2 * (marks & Token::CLAUSE != 0) as usize
}

impl Patterns {
    /// Compiles a pattern; the error says what is wrong with it.
    pub(crate) fn add(
        &mut self,
        pattern: &str,
        lexicons: &Lexicons,
        vocabulary: &mut Vocabulary,
    ) -> Result<PatternId, String> {
        let node = syntax::parse(pattern, lexicons, vocabulary)?;
        let start = self.program.compile(&node, &mut self.pending.sets);
        let (first, second) = self
            .program
            .beginning(start, &self.pending.sets)
            .ok_or("begins with a gap or matches nothing; begin with a word")?;
        let rarity = self.pending.rarity.get_or_insert_with(|| Rarity::new(lexicons, vocabulary));
        let needed = rarity.need(&node).unwrap_or_else(|| first.clone());
        let id = self.starts.len() as PatternId;
        self.starts.push(start);
        self.pending.first.push(Some(first));
        self.pending.second.push(second);
        self.pending.needed.push(Some(needed));
        self.pending.marks.push(needs::marks(&node));
        Ok(id)
    }

    /// Builds the tables; to be called once, after the last [`Patterns::add`].
    pub(crate) fn finish(&mut self, vocabulary: &Vocabulary) {
        let pending = std::mem::take(&mut self.pending);
        self.sets = Table::of(pending.sets.lists(), vocabulary.len());
        self.begins = Index::of(&pending.first, vocabulary.len());
        self.follows = Table::of(&pending.second, vocabulary.len());
        self.meets = Index::of(&pending.needed, vocabulary.len());
        for marks in [0, Token::SENTENCE, Token::CLAUSE, Token::SENTENCE | Token::CLAUSE] {
            let mut blocks = vec![0; pending.marks.len().div_ceil(64)];
            for (pattern, _) in pending.marks.iter().enumerate().filter(|(_, asked)| *asked & !marks == 0) {
                blocks[pattern / 64] |= 1 << (pattern % 64);
            }
            self.marked[marked(marks)] = blocks;
        }
    }

    /// Calls `found` with every pattern that matches in the sentence, its first token and one past its last one, in the order
    /// of first tokens and patterns. `met` is room for what the search has to keep in mind.
    pub(crate) fn search(
        &self,
        sentence: &[Token],
        met: &mut Vec<u64>,
        mut found: impl FnMut(PatternId, usize, usize),
    ) {
        self.note_met(sentence, met);
        for (at, token) in sentence.iter().enumerate() {
            let next = sentence.get(at + 1).map_or(UNKNOWN, |next| next.word);
            let (follows, marked) = (self.follows.row(next), &self.marked[marked(token.marks)]);
            for &(block, begins) in self.begins.row(token.word) {
                let at_block = block as usize;
                let mut left = begins & met[at_block] & follows[at_block] & marked[at_block];
                while left != 0 {
                    let pattern = block * 64 + left.trailing_zeros();
                    left &= left - 1;
                    if let Some(end) = self.matches_at(pattern, sentence, at) {
                        found(pattern, at, end);
                    }
                }
            }
        }
    }

    /// Notes the patterns whose need is met, 64 to a block.
    fn note_met(&self, sentence: &[Token], met: &mut Vec<u64>) {
        met.clear();
        met.resize(self.marked[0].len(), 0);
        for token in sentence {
            for (block, patterns) in self.meets.row(token.word) {
                met[*block as usize] |= patterns;
            }
        }
    }

    /// One past the last token, if the pattern matches at `at`.
    fn matches_at(&self, pattern: PatternId, sentence: &[Token], at: usize) -> Option<usize> {
        self.program.run(self.starts[pattern as usize], sentence, at, &self.sets)
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
        patterns.search(&tokens, &mut Vec::new(), |_, at, end| {
            found = found.or(Some(&text[tokens[at].start as usize..tokens[end - 1].end as usize]));
        });
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
