//! `pixelated evaluate`: every figure the product claims, beside trivial rules.

use pe_app::Error;

use crate::bar::Bar;
use crate::cli::EvaluateArgs;
use crate::{Done, Outcome, Session};

pub(super) fn run(session: &mut Session, args: &EvaluateArgs) -> Outcome {
    let suites = pe_evaluate::suites();
    let chosen: Vec<_> =
        suites.iter().filter(|suite| args.suite.as_deref().is_none_or(|name| suite.name == name)).collect();
    if chosen.is_empty() {
        let names: Vec<_> = suites.iter().map(|suite| suite.name).collect();
        let asked = args.suite.as_deref().unwrap_or_default();
        return Err(Error::invalid(format!("{asked}: no such suite; there are {}", names.join(", "))).into());
    }
    let mut tables = Vec::new();
    for suite in chosen {
        let bar = Bar::new(session.quiet);
        let table = pe_evaluate::run(suite.name, &args.data, &|text| bar.tell(text));
        bar.clear();
        let table = table.map_err(|error| Error::not_found(error.to_string()))?;
        if session.json {
            tables.push(table.to_json());
            continue;
        }
        let text = if args.markdown { table.to_markdown() } else { table.to_text(session.screen.width()) };
        session.screen.bytes(text.as_bytes())?;
        session.screen.blank()?;
        session.screen.flush()?;
    }
    if session.json {
        session.screen.json(&tables)?;
    }
    Ok(Done::Whole)
}
