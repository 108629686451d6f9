//! Conduct: rules on what the helper says (`rules/conduct_*.toml`), by type. They stand as they match; only agreeing with a
//! delusion is conduct because of what the client said before, so it needs the client's words.

use pe_model::SignalKind;

use crate::exchange::Side;
use crate::readers::Exchange;
use crate::risk::Watch;
use crate::signals::Signals;

/// Agreement with a delusion; "they are watching you" may be plain truth where nobody spoke of one.
const COLLUDING: &str = "conduct/colluding-with-delusion/";

/// Judges the helper's volley.
pub(crate) fn read(exchange: &Exchange<'_>, side: &Side, watch: &Watch, signals: &mut Signals) {
    for &(sentence, found) in &side.found {
        let rule = exchange.knowledge.rules.get(found.rule);
        let holds = rule.kind == Some(SignalKind::Conduct)
            && (watch.has_delusion() || !rule.id.starts_with(COLLUDING));
        if holds {
            let span = exchange.scene.span(sentence, found.first, found.last, rule.cite);
            signals.add(SignalKind::Conduct, span, &rule.id).strength = rule.strength;
        }
    }
}
