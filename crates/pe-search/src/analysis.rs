//! A query's words in both forms in which messages are indexed, with the place of each.

use crate::form;
use crate::pieces::{Kind, Piece, Pieces};

/// A piece of a query in both its forms.
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
