//! From the text of a pattern to a tree.

use crate::lexicons::Lexicons;
use crate::vocabulary::{Vocabulary, WordId};
use crate::words::is_hum;

/// What a pattern is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// One word out of these.
    Words(Vec<WordId>),
    /// Any one word.
    Any,
    /// At most so many words, as few as possible.
    Gap(u8),
    /// Only openers before it in the sentence.
    SentenceStart,
    /// Only openers before it in the clause.
    ClauseStart,
    /// The end of the sentence.
    End,
    /// One after the other.
    Sequence(Vec<Node>),
    /// One of them; the earlier is preferred.
    Choice(Vec<Node>),
    /// It, or nothing.
    Maybe(Box<Node>),
    /// Not followed by it.
    Not(Box<Node>),
}

/// How deep lexicons and brackets may nest.
const DEEPEST: u8 = 12;

/// Words that are also written as an ending: `is` finds "it's" as well.
const ENDINGS: &[(&str, &str)] = &[("is", "'s"), ("has", "'s"), ("us", "'s"), ("would", "'d"), ("had", "'d")];

/// Parses a pattern; the error says what is wrong.
pub(crate) fn parse(pattern: &str, lexicons: &Lexicons, vocabulary: &mut Vocabulary) -> Result<Node, String> {
    parse_nested(pattern, lexicons, vocabulary, 0)
}

fn parse_nested(
    pattern: &str,
    lexicons: &Lexicons,
    vocabulary: &mut Vocabulary,
    depth: u8,
) -> Result<Node, String> {
    let mut parser = Parser { rest: pattern, lexicons, vocabulary, depth };
    let node = parser.choice()?;
    match parser.rest.trim_start() {
        "" => Ok(node),
        rest => Err(format!("`{rest}` is left over; is there a bracket too many?")),
    }
}

struct Parser<'p, 'l, 'v> {
    rest: &'p str,
    lexicons: &'l Lexicons,
    vocabulary: &'v mut Vocabulary,
    depth: u8,
}

impl Parser<'_, '_, '_> {
    fn choice(&mut self) -> Result<Node, String> {
        let mut branches = vec![self.sequence()?];
        while self.eat("|") {
            branches.push(self.sequence()?);
        }
        Ok(choice_of(branches))
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut nodes = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.is_empty() || self.rest.starts_with(['|', ')']) {
                break;
            }
            let node = self.item()?;
            nodes.push(if self.eat("?") { Node::Maybe(Box::new(node)) } else { node });
        }
        match nodes.len() {
            0 => Err("an empty alternative; write `(a b)?` for something that may be absent".into()),
            1 => Ok(nodes.remove(0)),
            _ => Ok(Node::Sequence(nodes)),
        }
    }

    fn item(&mut self) -> Result<Node, String> {
        if self.eat("(") {
            return self.bracket();
        }
        if self.eat("{") {
            return self.lexicon();
        }
        if self.eat("!") {
            return Ok(Node::Not(Box::new(self.item()?)));
        }
        if self.eat("..") {
            return self.gap();
        }
        for (sign, node) in
            [("_", Node::Any), ("^", Node::SentenceStart), (",", Node::ClauseStart), ("$", Node::End)]
        {
            if self.eat(sign) {
                return Ok(node);
            }
        }
        self.word()
    }

    fn bracket(&mut self) -> Result<Node, String> {
        if self.depth >= DEEPEST {
            return Err("nested too deep".into());
        }
        self.depth += 1;
        let node = self.choice()?;
        self.depth -= 1;
        if self.eat(")") { Ok(node) } else { Err("a bracket is not closed".into()) }
    }

    fn lexicon(&mut self) -> Result<Node, String> {
        let (name, rest) = self.rest.split_once('}').ok_or("a `{` is not closed")?;
        self.rest = rest;
        if self.depth >= DEEPEST {
            return Err(format!("`{{{name}}}` nests too deep; does it name itself?"));
        }
        let entries = self.lexicons.get(name).ok_or_else(|| format!("no lexicon named `{name}`"))?;
        let branches = entries
            .iter()
            .map(|entry| parse_nested(entry, self.lexicons, self.vocabulary, self.depth + 1))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(choice_of(branches))
    }

    /// `..4`, or `...` for three.
    fn gap(&mut self) -> Result<Node, String> {
        if self.eat(".") {
            return Ok(Node::Gap(3));
        }
        let digits = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = self.rest.split_at(digits);
        self.rest = rest;
        match number.parse() {
            Ok(most @ 1..=12) => Ok(Node::Gap(most)),
            _ => Err("a gap is `...` or `..4`, of 1 to 12 words".into()),
        }
    }

    fn word(&mut self) -> Result<Node, String> {
        let length = self
            .rest
            .find(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-'))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(length);
        if word.is_empty() {
            return Err(format!("`{}` is not understood here", self.rest));
        }
        if word.chars().any(char::is_uppercase) {
            return Err(format!("`{word}`: write words in lower case"));
        }
        self.rest = rest;
        // Texts are cut at hyphens, but for "mm-hm" and its kin.
        let halves = if is_hum(word) { vec![word] } else { word.split('-').collect() };
        let mut nodes = Vec::new();
        for half in halves {
            nodes.extend(self.word_nodes(half));
        }
        match nodes.len() {
            0 => Err(format!("`{word}` is a hesitation, which texts are read without")),
            1 => Ok(nodes.remove(0)),
            _ => Ok(Node::Sequence(nodes)),
        }
    }

    fn word_nodes(&mut self, word: &str) -> Vec<Node> {
        let parts = self.vocabulary.add(word);
        if let Some((_, ending)) = ENDINGS.iter().find(|(full, _)| *full == word) {
            let ending = self.vocabulary.id(ending);
            return vec![Node::Words(vec![parts.as_slice()[0], ending])];
        }
        parts.as_slice().iter().map(|id| Node::Words(vec![*id])).collect()
    }

    fn eat(&mut self, sign: &str) -> bool {
        // `?` belongs to what stands right before it; everything else may follow a space.
        let rest = if sign == "?" { self.rest } else { self.rest.trim_start() };
        match rest.strip_prefix(sign) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }
}

/// A choice; single words come first, as one set.
fn choice_of(branches: Vec<Node>) -> Node {
    let mut words = Vec::new();
    let mut others = Vec::new();
    for branch in branches {
        match branch {
            Node::Words(more) => words.extend(more),
            Node::Choice(nodes) => {
                for node in nodes {
                    match node {
                        Node::Words(more) => words.extend(more),
                        other => others.push(other),
                    }
                }
            }
            other => others.push(other),
        }
    }
    // Longer alternatives are tried before single words, so that the match covers "at all" and not just "at".
    if !words.is_empty() {
        others.push(Node::Words(words));
    }
    if others.len() == 1 { others.remove(0) } else { Node::Choice(others) }
}
