//! Whether advice was asked for, or offered with a way to decline.

use super::Exchange;
use crate::exchange::Side;

/// What permits advice in a helper's volley.
pub(super) struct Permission {
    /// The client asked, or the helper asked in the volley before and the client did not refuse.
    given: bool,
    /// The sentence in which the helper asks in this very volley.
    asked_at: Option<usize>,
}

impl Permission {
    /// What the exchange says of it.
    pub(super) fn of(exchange: &Exchange<'_>, helper: &Side) -> Self {
        let cues = &exchange.knowledge.cues;
        let given = exchange.client.is_some_and(|client| {
            let asked =
                exchange.previous.is_some_and(|previous| previous.holds_anywhere(cues.asks_permission));
            client.holds_anywhere(cues.client_asks) || (asked && !client.holds_anywhere(cues.refuses))
        });
        let asked = helper.found.iter().find(|(_, found)| found.rule == cues.asks_permission);
        Self { given, asked_at: asked.map(|(sentence, _)| *sentence) }
    }

    /// Whether advice in that sentence has it: also where the sentence, or the one after it, leaves a way out.
    pub(super) fn covers(&self, exchange: &Exchange<'_>, helper: &Side, sentence: usize) -> bool {
        let way_out = |at| helper.holds(exchange.knowledge.cues.way_out, at);
        self.given
            || self.asked_at.is_some_and(|asked| asked <= sentence)
            || (sentence..helper.sentences.end.min(sentence + 2)).any(way_out)
    }
}
