//! The two ways in which a text becomes terms: stems, for ranking and phrases, and surface forms, for prefixes.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use crate::form;
use crate::pieces::{Kind, Piece, Pieces};

/// Which form of each piece becomes the term.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Analysis {
    /// Words reduced to their stem.
    Stems,
    /// Words as written, but for case and accents.
    Surfaces,
}

impl Tokenizer for Analysis {
    type TokenStream<'a> = Terms<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms<'a> {
        Terms { analysis: *self, text, pieces: Pieces::of(text), token: Token::default() }
    }
}

/// The terms of one text, in order.
pub(crate) struct Terms<'a> {
    analysis: Analysis,
    text: &'a str,
    pieces: Pieces<'a>,
    token: Token,
}

impl TokenStream for Terms<'_> {
    fn advance(&mut self) -> bool {
        for Piece { kind, range } in self.pieces.by_ref() {
            form::surface(kind, &self.text[range.clone()], &mut self.token.text);
            if self.token.text.is_empty() {
                continue;
            }
            if self.analysis == Analysis::Stems && kind == Kind::Word {
                form::stem(&mut self.token.text);
            }
            self.token.offset_from = range.start;
            self.token.offset_to = range.end;
            self.token.position = self.token.position.wrapping_add(1);
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// A piece of a query or a message in both its forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Analysed {
    /// What it is, and where.
    pub(crate) piece: Piece,
    /// The form that prefixes are compared with.
    pub(crate) surface: String,
    /// The form that words and phrases are compared with.
    pub(crate) stem: String,
}

/// Both forms of every piece of `text`. The position of a term in the index is its position in this list.
pub(crate) fn analyse(text: &str) -> impl Iterator<Item = Analysed> + '_ {
    Pieces::of(text).filter_map(|piece| {
        let mut surface = String::new();
        form::surface(piece.kind, &text[piece.range.clone()], &mut surface);
        if surface.is_empty() {
            return None;
        }
        let mut stem = surface.clone();
        if piece.kind == Kind::Word {
            form::stem(&mut stem);
        }
        Some(Analysed { piece, surface, stem })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(analysis: Analysis, text: &str) -> Vec<(usize, String)> {
        let mut analysis = analysis;
        let mut stream = analysis.token_stream(text);
        let mut terms = Vec::new();
        stream.process(&mut |token| terms.push((token.position, token.text.clone())));
        terms
    }

    #[test]
    fn both_analyses_and_the_list_agree_on_positions() {
        let text = "She’s feeling 心が痛い and 👍🏽 don't-know Café's 3.5";
        let list: Vec<_> = analyse(text).collect();
        let stems: Vec<_> = list.iter().map(|one| one.stem.clone()).enumerate().collect();
        let surfaces: Vec<_> = list.iter().map(|one| one.surface.clone()).enumerate().collect();
        assert_eq!(terms(Analysis::Stems, text), stems);
        assert_eq!(terms(Analysis::Surfaces, text), surfaces);
        assert!(stems.iter().any(|(_, stem)| stem == "feel"));
        assert!(surfaces.iter().any(|(_, surface)| surface == "feeling"));
    }
}
