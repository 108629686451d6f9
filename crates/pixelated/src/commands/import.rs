//! `pixelated import`: what came in, how it scored, and what to do next.

use pe_app::{Corpus, DatasetTerms, ImportRequest, ImportSummary, ImportedFile, OnConflict};
use pe_model::Tier;

use crate::bar::Bar;
use crate::cli::{Conflict, ImportArgs};
use crate::layout::{Align, Table, bar, thousands};
use crate::screen::{Ink, Screen};
use crate::{Done, Outcome, Session};

pub(super) async fn run(session: &mut Session, args: ImportArgs) -> Outcome {
    let declared = super::datasets::declared(&args.declaration);
    let request = ImportRequest {
        read: args.read.flags().options(&session.config)?,
        paths: args.paths,
        // clap asks for it unless it is a dry run, which does not come here.
        dataset: args.dataset.unwrap_or_default(),
        terms: declared.clone(),
        strict: args.strict,
        on_conflict: args.on_conflict.map_or(session.config.import.on_conflict, |conflict| match conflict {
            Conflict::Update => OnConflict::Update,
            Conflict::Skip => OnConflict::Skip,
            Conflict::Fail => OnConflict::Fail,
        }),
        rejects: args.rejects,
    };
    let corpus = Corpus::write(&session.config, super::clock()).await?;
    let progress = Bar::new(session.quiet);
    let outcome = corpus.import(&request, &progress).await;
    progress.clear();
    let stale = match &outcome {
        // What was there before is still scored with what was declared before.
        Ok(_) if declared != DatasetTerms::default() => corpus.is_stale(&request.dataset).await,
        _ => Ok(false),
    };
    corpus.close().await;
    let (summary, stale) = (outcome?, stale?);
    if session.json {
        session.screen.json(&summary)?;
    } else {
        print(&mut session.screen, &request.dataset, &summary)?;
        if stale {
            super::datasets::stale_hint(&mut session.screen, &request.dataset)?;
        }
    }
    Ok(if summary.rejected > 0 || !summary.failed.is_empty() { Done::WithRejects } else { Done::Whole })
}

fn print(screen: &mut Screen, dataset: &str, summary: &ImportSummary) -> std::io::Result<()> {
    files(screen, summary)?;
    let changed = summary.new + summary.updated;
    let rate = changed as f64 / summary.seconds.max(1e-3);
    let counts = [
        ("new", summary.new),
        ("updated", summary.updated),
        ("unchanged", summary.unchanged),
        ("left as they were", summary.skipped),
    ];
    let counts: Vec<_> =
        counts.iter().filter(|(_, n)| *n > 0).map(|(name, n)| format!("{} {name}", thousands(*n))).collect();
    let counts = if counts.is_empty() { "nothing".to_owned() } else { counts.join(", ") };
    screen.line(format!(
        "dataset {dataset}: {counts} ({} messages in {:.1} s, {} conversations/s)",
        thousands(summary.messages),
        summary.seconds,
        thousands(rate.round() as u64)
    ))?;
    if summary.annotations > 0 {
        screen.line(format!("{} annotations kept as layers", thousands(summary.annotations)))?;
    }
    if changed > 0 {
        tiers(screen, summary)?;
    }
    rejects(screen, summary)?;
    if changed > 0 {
        screen.blank()?;
        screen.inked(Ink::Faint, format!("next: pixelated list --dataset {dataset} --sort worst"))?;
    }
    Ok(())
}

/// What the files were taken for; many files of one kind in one line.
fn files(screen: &mut Screen, summary: &ImportSummary) -> std::io::Result<()> {
    let mut kinds: Vec<(&str, &str, Vec<&ImportedFile>)> = Vec::new();
    for file in &summary.files {
        match kinds.iter_mut().find(|(format, why, _)| *format == file.format && *why == file.why) {
            Some((_, _, files)) => files.push(file),
            None => kinds.push((file.format, &file.why, vec![file])),
        }
    }
    for (format, why, files) in kinds {
        let names = match files.as_slice() {
            [one] => one.path.display().to_string(),
            [first, ..] => format!("{} and {} more", first.path.display(), files.len() - 1),
            [] => continue,
        };
        screen.inked(Ink::Faint, format!("{names}: {format} ({why})"))?;
    }
    Ok(())
}

fn tiers(screen: &mut Screen, summary: &ImportSummary) -> std::io::Result<()> {
    let scored: u64 = summary.tiers.values().sum();
    let all = (scored + summary.not_scorable.values().sum::<u64>()).max(1);
    let mut table = Table::new(&[
        ("tier", Align::Left),
        ("conversations", Align::Right),
        ("share", Align::Right),
        ("", Align::Left),
    ]);
    let mut row = |ink, name: String, count: u64| {
        let share = count as f64 / all as f64;
        table.inked_row(vec![
            (ink, name),
            (Ink::Plain, thousands(count)),
            (Ink::Plain, format!("{:.1} %", share * 100.0)),
            (ink, bar(share, 24)),
        ]);
    };
    for tier in Tier::ALL.into_iter().rev() {
        row(
            super::report::tier_ink(tier),
            tier.name().into(),
            summary.tiers.get(&tier).copied().unwrap_or(0),
        );
    }
    for (reason, count) in &summary.not_scorable {
        row(Ink::Faint, format!("not scorable: {reason}"), *count);
    }
    screen.blank()?;
    table.write(screen)?;
    screen.inked(Ink::Faint, format!("  {}", super::report::TIER_NOTICE))
}

fn rejects(screen: &mut Screen, summary: &ImportSummary) -> std::io::Result<()> {
    for error in summary.failed.values() {
        screen.inked(Ink::Bad, format!("not read: {error}"))?;
    }
    if let (Some(path), 1..) = (&summary.rejects, summary.rejected) {
        let count = thousands(summary.rejected);
        screen.inked(
            Ink::Warn,
            format!("{count} records rejected; why, line and offset are in {}", path.display()),
        )?;
    }
    Ok(())
}
