//! What a pattern can't do without: the rarest set of words one of which stands in everything it matches. In most sentences
//! there is none of them, so that the pattern need not be tried anywhere.

use super::syntax::Node;
use crate::lexicons::Lexicons;
use crate::vocabulary::{Vocabulary, WordId};
use crate::words::Token;

/// How much likelier a frequent word is to be met than any other, roughly; only time depends on it.
const FREQUENT: usize = 20;

/// Tells sets that are met seldom from those that are met often.
#[derive(Debug)]
pub(super) struct Rarity {
    /// Sorted.
    frequent: Vec<WordId>,
}

impl Rarity {
    /// The words of the lexicon `frequent-english` are the frequent ones.
    pub(super) fn new(lexicons: &Lexicons, vocabulary: &Vocabulary) -> Self {
        let words = lexicons.get("frequent-english").unwrap_or_default();
        let mut frequent: Vec<WordId> = words.iter().map(|word| vocabulary.id(word)).collect();
        frequent.sort_unstable();
        Self { frequent }
    }

    fn weight(&self, words: &[WordId]) -> usize {
        let frequent = words.iter().filter(|word| self.frequent.binary_search(word).is_ok()).count();
        words.len() + frequent * FREQUENT
    }

    /// The rarest set; `None` for a pattern that matches without any certain word.
    pub(super) fn need(&self, node: &Node) -> Option<Vec<WordId>> {
        match node {
            Node::Words(words) => Some(words.clone()),
            Node::Sequence(nodes) => {
                nodes.iter().filter_map(|node| self.need(node)).min_by_key(|words| self.weight(words))
            }
            Node::Choice(nodes) => {
                let needs = nodes.iter().map(|node| self.need(node)).collect::<Option<Vec<_>>>()?;
                let mut words = needs.concat();
                words.sort_unstable();
                words.dedup();
                Some(words)
            }
            Node::Any
            | Node::Gap(_)
            | Node::SentenceStart
            | Node::ClauseStart
            | Node::End
            | Node::Maybe(_)
            | Node::Not(_) => None,
        }
    }
}

/// The marks that the first token of every match has.
pub(super) fn marks(node: &Node) -> u8 {
    match node {
        Node::SentenceStart => Token::SENTENCE,
        Node::ClauseStart => Token::CLAUSE,
        Node::Choice(nodes) => nodes.iter().map(marks).fold(u8::MAX, |all, one| all & one),
        Node::Sequence(nodes) => {
            let takes_nothing =
                |node: &&Node| matches!(node, Node::SentenceStart | Node::ClauseStart | Node::Not(_));
            let before = nodes.iter().take_while(takes_nothing).map(marks);
            let body = nodes.iter().find(|node| !takes_nothing(node)).map_or(0, marks);
            before.fold(body, |all, one| all | one)
        }
        _ => 0,
    }
}
