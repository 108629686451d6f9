//! Conduct: rules on what the helper says (`rules/conduct_*.toml`), by type. They stand as they match; only agreeing with a
//! delusion and answering who asked for a way to die are conduct because of what the client said before, so they need the
//! client's words. It is read before the other skills: what breaks a rule is no reflection and no affirmation as well.

use pe_model::SignalKind;

use crate::exchange::Side;
use crate::readers::Exchange;
use crate::risk::Watch;
use crate::signals::Signals;

/// Agreement with a delusion; "they are watching you" may be plain truth where nobody spoke of one.
const COLLUDING: &str = "conduct/colluding-with-delusion/";

/// An answer to somebody who asked for a way to die; "the quickest way is the bus" anywhere else.
const ANSWERS: &str = "conduct/method-information/answers";

/// Judges the helper's volley.
pub(crate) fn read(exchange: &Exchange<'_>, side: &mut Side, watch: &Watch, signals: &mut Signals) {
    for at in 0..side.found.len() {
        let (sentence, found) = side.found[at];
        let rule = exchange.knowledge.rules.get(found.rule);
        let holds = rule.kind == Some(SignalKind::Conduct)
            && (watch.has_delusion() || !rule.id.starts_with(COLLUDING))
            && (watch.has_asked_for_a_way() || &*rule.id != ANSWERS);
        if holds {
            let span = exchange.scene.span(sentence, found.first, found.last, rule.cite);
            signals.add(SignalKind::Conduct, span, &rule.id).strength = rule.strength;
            side.label(sentence, SignalKind::Conduct);
        }
    }
}
