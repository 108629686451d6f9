//! `pixelated config`: the settings in force.

use crate::cli::ConfigArgs;
use crate::{Done, Outcome, Session};

pub(super) fn run(session: &mut Session, args: &ConfigArgs) -> Outcome {
    if args.defaults {
        session.screen.bytes(pe_app::DEFAULTS.as_bytes())?;
    } else if session.json {
        let config = session.config.clone();
        session.screen.json(&config)?;
    } else {
        let text = session.config.to_toml()?;
        session.screen.bytes(text.as_bytes())?;
    }
    Ok(Done::Whole)
}
