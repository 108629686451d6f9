//! The terms of a message, cut once: its stems, for ranking and phrases, and its surface forms, for prefixes. Each form is one
//! text with a separator between terms, which the index takes apart again without knowing anything of writing.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::form;
use crate::pieces::{Kind, Piece, Pieces};

/// Stands between two terms. It is a gap to every kind of writing, so no term holds one.
const SEPARATOR: char = '\n';

/// The terms of a message, in order; the position of a term is its place among them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Terms {
    /// Words reduced to their stem.
    pub(crate) stems: String,
    /// Words as written, but for case and accents.
    pub(crate) surfaces: String,
}

impl Terms {
    /// Cuts `text`.
    pub(crate) fn of(text: &str) -> Self {
        let mut stems = String::with_capacity(text.len() + 1);
        let mut surfaces = String::with_capacity(text.len() + 1);
        let (mut surface, mut stem) = (String::new(), String::new());
        for Piece { kind, range } in Pieces::of(text) {
            form::surface(kind, &text[range], &mut surface);
            if surface.is_empty() {
                continue;
            }
            surfaces.push_str(&surface);
            surfaces.push(SEPARATOR);
            if kind == Kind::Word {
                stem.clone_from(&surface);
                form::stem(&mut stem);
                stems.push_str(&stem);
            } else {
                stems.push_str(&surface);
            }
            stems.push(SEPARATOR);
        }
        Self { stems, surfaces }
    }
}

/// Takes the terms apart again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Separated;

impl Tokenizer for Separated {
    type TokenStream<'a> = SeparatedTerms<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> SeparatedTerms<'a> {
        SeparatedTerms { rest: text, token: Token::default() }
    }
}

/// The terms that are still to come.
pub(crate) struct SeparatedTerms<'a> {
    rest: &'a str,
    token: Token,
}

impl TokenStream for SeparatedTerms<'_> {
    fn advance(&mut self) -> bool {
        let Some((term, rest)) = self.rest.split_once(SEPARATOR) else { return false };
        self.rest = rest;
        self.token.text.clear();
        self.token.text.push_str(term);
        self.token.position = self.token.position.wrapping_add(1);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::analyse;

    fn terms(text: &str) -> Vec<(usize, String)> {
        let mut separated = Separated;
        let mut stream = separated.token_stream(text);
        let mut terms = Vec::new();
        stream.process(&mut |token| terms.push((token.position, token.text.clone())));
        terms
    }

    #[test]
    fn both_forms_and_the_analysis_of_queries_agree_on_positions() {
        let text = "She’s feeling 心が痛い and\r\n 👍🏽 don't-know Café's 3.5";
        let list: Vec<_> = analyse(text).collect();
        let stems: Vec<_> = list.iter().map(|one| one.stem.clone()).enumerate().collect();
        let surfaces: Vec<_> = list.iter().map(|one| one.surface.clone()).enumerate().collect();
        let both = Terms::of(text);
        assert_eq!((terms(&both.stems), terms(&both.surfaces)), (stems.clone(), surfaces.clone()));
        assert!(stems.iter().any(|(_, stem)| stem == "feel"));
        assert!(surfaces.iter().any(|(_, surface)| surface == "feeling"));
    }

    #[test]
    fn a_text_without_words_has_no_terms() {
        assert_eq!(terms(&Terms::of(" ...\n\n!").stems), []);
    }
}
