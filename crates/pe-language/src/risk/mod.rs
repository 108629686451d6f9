//! Risk language and how it is replied to.
//!
//! The rules of `rules/risk.toml` find words. Here it is decided what they mean: whose experience they tell of ([`person`]),
//! whether they are denied ([`denial`]), past, imminent, fiction or a figure of speech ([`cues`]). What the helper says within
//! two volleys of a live cue is a response to it, and the lack of one is an omission ([`response`]).
//!
//! A cue is a reason for a person to read, nothing more: no cue found never means that there is no risk.

mod cues;
mod denial;
mod person;
mod response;

pub(crate) use response::Watch;

use pe_model::{Role, SignalKind};

use crate::exchange::Side;
use crate::readers::Exchange;
use crate::signals::Signals;

/// Whether a rule of that kind is judged here, and not where plain rules become signals.
pub(crate) const fn judges(kind: SignalKind) -> bool {
    kind.is_risk_cue()
        || matches!(
            kind,
            SignalKind::RiskDetects
                | SignalKind::RiskProbes
                | SignalKind::RiskResources
                | SignalKind::RiskCollaborates
                | SignalKind::RiskBoundaries
                | SignalKind::Conduct
        )
}

/// Judges a volley: cues in the client's words, responses in the helper's.
pub(crate) fn read(
    exchange: &Exchange<'_>,
    side: &Side,
    role: Role,
    watch: &mut Watch,
    signals: &mut Signals,
) {
    if role == Role::User {
        cues::read(exchange, side, watch, signals);
    } else {
        response::read(exchange, side, watch, signals);
    }
}
