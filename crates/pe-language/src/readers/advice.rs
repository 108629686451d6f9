//! Whether advice was asked for, or offered with a way to decline.

use super::Exchange;
use crate::exchange::Side;

/// Whether the advice in that sentence of the helper's volley comes with permission: the client asked for it, or the helper
/// asked before (in this volley, or in the one before and the client did not refuse), or the sentence itself leaves a way out.
pub(super) fn is_permitted(exchange: &Exchange<'_>, helper: &Side, sentence: usize) -> bool {
    let cues = &exchange.knowledge.cues;
    let asked_here = (helper.sentences.start..=sentence).any(|at| helper.holds(cues.asks_permission, at));
    asked_here
}
