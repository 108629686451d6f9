//! One module for each command: flags to a request, a use case, and its answer to the screen.

mod backup;
mod compare;
mod config;
mod datasets;
mod evaluate;
mod export;
mod filter;
mod import;
mod list;
mod manual;
mod preview;
mod reindex;
mod report;
mod rescore;
mod search;
mod show;
mod stats;
mod synth;
mod upkeep;
mod validate;

use std::sync::Arc;

use pe_model::{Clock, SystemClock};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::cli::Command;
use crate::{Outcome, Session};

/// The clock of the machine.
fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

/// A time on the wire.
fn timestamp(time: OffsetDateTime) -> String {
    time.format(&Rfc3339).unwrap_or_default()
}

/// Runs a command.
pub(crate) async fn run(session: &mut Session, command: Command) -> Outcome {
    match command {
        Command::Import(args) if args.dry_run => preview::run(session, &args),
        Command::Import(args) => import::run(session, args).await,
        Command::Search(args) => search::run(session, args).await,
        Command::Export(args) => Box::pin(export::run(session, args)).await,
        Command::Datasets(args) => datasets::run(session, args).await,
        Command::List(args) => list::run(session, args).await,
        Command::Show(args) => show::run(session, args).await,
        Command::Stats(args) => stats::run(session, args).await,
        Command::Compare(args) => compare::run(session, args).await,
        Command::Validate(args) => validate::run(session, &args),
        Command::Rescore(args) => Box::pin(rescore::run(session, args)).await,
        Command::Reindex => reindex::run(session).await,
        Command::Evaluate(args) => evaluate::run(session, &args),
        Command::Backup(args) => backup::backup(session, args).await,
        Command::Restore(args) => backup::restore(session, &args).await,
        Command::Copy(args) => upkeep::copy(session, args).await,
        Command::Migrate(args) => upkeep::migrate(session, &args).await,
        Command::Doctor => upkeep::doctor(session).await,
        Command::Synth(args) => synth::run(session, &args),
        Command::Config(args) => config::run(session, &args),
        Command::Completions(args) => manual::completions(session, &args),
        Command::Man => manual::man(session),
    }
}
