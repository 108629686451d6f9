//! Whether advice was asked for, or offered with a way to decline.

use super::Exchange;
use crate::exchange::Side;

/// Whether the advice in that sentence of the helper's volley comes with permission: the client asked for it, or the helper
/// asked before (in this volley, or in the one before and the client did not refuse), or the sentence, or the one after it,
/// leaves a way out.
pub(super) fn is_permitted(exchange: &Exchange<'_>, helper: &Side, sentence: usize) -> bool {
    let cues = &exchange.knowledge.cues;
    let asked_here = (helper.sentences.start..=sentence).any(|at| helper.holds(cues.asks_permission, at));
    let way_out = (sentence..helper.sentences.end.min(sentence + 2)).any(|at| helper.holds(cues.way_out, at));
    let Some(client) = exchange.client else { return asked_here || way_out };
    let asked_before =
        exchange.previous.is_some_and(|previous| previous.holds_anywhere(cues.asks_permission));
    let refused = client.holds_anywhere(cues.refuses);
    let wanted = client.holds_anywhere(cues.client_asks);
    asked_here || way_out || (asked_before && !refused) || wanted
}
