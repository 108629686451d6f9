//! `pixelated export`: training data, and what must be known of it.

use pe_app::{Corpus, DatasetTerms, Error, ExportFormat, ExportRequest, Exported, SplitRatios};

use super::{datasets, filter};
use crate::bar::Bar;
use crate::cli::ExportArgs;
use crate::layout::{Align, Table, bytes, thousands, wrap};
use crate::screen::{Ink, Screen};
use crate::{Done, Outcome, Session};

pub(super) async fn run(session: &mut Session, args: ExportArgs) -> Outcome {
    let request = request(&args)?;
    state_terms(session, &args, &request).await?;
    let corpus = Corpus::read(&session.config, super::clock()).await?;
    let progress = Bar::new(session.quiet);
    let outcome = corpus.export(&request, &progress).await;
    progress.clear();
    corpus.close().await;
    let exported = outcome?;
    if session.json {
        session.screen.json(&exported.manifest)?;
    } else {
        print(&mut session.screen, &exported)?;
    }
    Ok(Done::Whole)
}

fn request(args: &ExportArgs) -> Result<ExportRequest, Error> {
    let format = ExportFormat::from_name(&args.format.to_lowercase()).ok_or_else(|| {
        let names: Vec<_> = ExportFormat::ALL.iter().map(|format| format.name()).collect();
        Error::invalid(format!("--format {}: no such format; there are {}", args.format, names.join(", ")))
    })?;
    Ok(ExportRequest {
        format,
        target: args.output.clone(),
        filter: filter::for_store(&args.filter)?,
        role: args.role.as_deref().map(filter::role).transpose()?,
        all: args.all,
        weights: args.weights,
        split: split(&args.split)?,
        graphic: args.graphic,
        overwrite: args.overwrite,
    })
}

fn split(shares: &[f64]) -> Result<Option<SplitRatios>, Error> {
    match *shares {
        [] => Ok(None),
        [train, validation, test] => Ok(Some(SplitRatios { train, validation, test })),
        _ => Err(Error::invalid("--split takes three shares, such as 0.9,0.05,0.05")),
    }
}

/// The terms of every dataset of the export: from the flags, from a person, or already known.
async fn state_terms(session: &Session, args: &ExportArgs, request: &ExportRequest) -> Result<(), Error> {
    let corpus = Corpus::read(&session.config, super::clock()).await?;
    let missing = corpus.missing_terms(&request.filter).await;
    corpus.close().await;
    let missing = missing?;
    let given = datasets::terms(&args.terms);
    if given != DatasetTerms::default() {
        let Some(dataset) = &args.filter.dataset else {
            return Err(Error::invalid(
                "--licence and --consent-basis are about one dataset: name it with --dataset",
            ));
        };
        return datasets::state(session, dataset, &given).await;
    }
    for missing in missing {
        let mut terms = DatasetTerms::default();
        let unasked = |error: std::io::Error| Error::unavailable(format!("cannot ask: {error}"));
        if missing.licence && terms.licence.is_none() {
            terms.licence = datasets::ask(&format!("Licence of {} (such as cc-by-4.0):", missing.dataset))
                .map_err(unasked)?;
        }
        if missing.consent_basis && terms.consent_basis.is_none() {
            let question = format!("On what consent or other basis may {} be used?", missing.dataset);
            terms.consent_basis = datasets::ask(&question).map_err(unasked)?;
        }
        if terms != DatasetTerms::default() {
            datasets::describe(session, &missing.dataset, &terms).await?;
        }
    }
    Ok(())
}

fn print(screen: &mut Screen, exported: &Exported) -> std::io::Result<()> {
    let manifest = &exported.manifest;
    let mut table = Table::new(&[
        ("file", Align::Fill),
        ("records", Align::Right),
        ("messages", Align::Right),
        ("size", Align::Right),
        ("sha256", Align::Left),
    ]);
    for file in &manifest.files {
        table.row([
            file.path.clone(),
            thousands(file.records),
            thousands(file.messages),
            bytes(file.bytes),
            file.sha256.chars().take(12).collect(),
        ]);
    }
    table.write(screen)?;
    for (what, count) in &manifest.adjustments {
        screen.inked(Ink::Warn, format!("{}: {}", what.replace('_', " "), thousands(*count)))?;
    }
    if exported.left_out > 0 {
        let count = thousands(exported.left_out);
        let why = if manifest.format == "preference" {
            "conversations left out: not half of a pair"
        } else {
            "unrated or not scorable conversations left out; --all takes them in"
        };
        screen.inked(Ink::Warn, format!("{count} {why}"))?;
    }
    if exported.graphic > 0 {
        let count = thousands(exported.graphic);
        screen.inked(
            Ink::Warn,
            format!(
                "{count} messages replaced by a mark: they may tell of a way of self-harm (--graphic keeps them)"
            ),
        )?;
    }
    for line in wrap(&format!("note: {}", manifest.notice), screen.width()) {
        screen.inked(Ink::Warn, line)?;
    }
    Ok(())
}
