//! `pixelated rescore`: stored scores brought up to date.

use pe_app::Corpus;

use crate::bar::Bar;
use crate::cli::RescoreArgs;
use crate::layout::thousands;
use crate::{Done, Outcome, Session};

pub(super) async fn run(session: &mut Session, args: RescoreArgs) -> Outcome {
    let corpus = Corpus::write(&session.config, super::clock()).await?;
    let progress = Bar::new(session.quiet);
    let outcome = corpus.rescore(args.dataset.as_deref(), args.all, &progress).await;
    progress.clear();
    corpus.close().await;
    let summary = outcome?;
    if session.json {
        session.screen.json(&summary)?;
    } else if summary.rescored == 0 {
        session.screen.line("every score is current")?;
    } else {
        session.screen.line(format!(
            "{} conversations scored again in {:.1} s; {} changed tier, the largest change of overall_quality is {:.3}",
            thousands(summary.rescored),
            summary.seconds,
            thousands(summary.tier_changed),
            summary.largest_change
        ))?;
        let moves = summary.tiers.iter().flat_map(|(before, after)| {
            after.iter().map(move |(after, count)| format!("  {before} -> {after}: {}", thousands(*count)))
        });
        for line in moves {
            session.screen.line(line)?;
        }
    }
    Ok(Done::Whole)
}
