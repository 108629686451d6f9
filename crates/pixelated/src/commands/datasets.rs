//! `pixelated datasets`: what there is, and under which terms it may be used.

use std::io::{self, BufRead, IsTerminal, Write};

use pe_app::{Corpus, Dataset, DatasetTerm, DatasetTerms, Error};
use serde_json::json;

use super::report::points_cell;
use crate::cli::{DatasetsArgs, DeclarationArgs, TermsArgs};
use crate::layout::{Align, Table, thousands};
use crate::screen::{Ink, Screen};
use crate::{Done, Outcome, Session};

pub(super) async fn run(session: &mut Session, args: DatasetsArgs) -> Outcome {
    match &args.name {
        Some(name) if args.remove => remove(session, name, args.yes).await,
        Some(name) => one(session, name, &args).await,
        None => all(session).await,
    }
}

async fn all(session: &mut Session) -> Outcome {
    let corpus = Corpus::read(&session.config, super::clock()).await?;
    let datasets = corpus.datasets().await;
    corpus.close().await;
    let datasets = datasets?;
    if session.json {
        let items: Vec<_> = datasets.iter().map(as_json).collect();
        session.screen.json(&json!({"datasets": items, "total": items.len()}))?;
        return Ok(Done::Whole);
    }
    let mut table = Table::new(&[
        ("dataset", Align::Left),
        ("conversations", Align::Right),
        ("messages", Align::Right),
        ("quality", Align::Right),
        ("licence", Align::Left),
        ("consent basis", Align::Left),
        ("description", Align::Fill),
    ]);
    let stated = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".into());
    for dataset in &datasets {
        table.row([
            dataset.name.clone(),
            thousands(dataset.total_conversations),
            thousands(dataset.total_messages),
            points_cell(dataset.average_quality),
            stated(&dataset.terms.licence),
            stated(&dataset.terms.consent_basis),
            stated(&dataset.terms.description),
        ]);
    }
    table.write(&mut session.screen)?;
    Ok(Done::Whole)
}

async fn one(session: &mut Session, name: &str, args: &DatasetsArgs) -> Outcome {
    let terms = DatasetTerms {
        description: args.describe.clone(),
        source_kind: args.source_kind.clone(),
        licence: args.terms.licence.clone(),
        consent_basis: args.terms.consent_basis.clone(),
        ..declared(&args.declaration)
    };
    if !args.clear.is_empty() {
        clear(session, name, &args.clear).await?;
    }
    if terms != DatasetTerms::default() {
        describe(session, name, &terms).await?;
    }
    let declares = declared(&args.declaration) != DatasetTerms::default() || !args.clear.is_empty();
    let corpus = Corpus::read(&session.config, super::clock()).await?;
    let dataset = corpus.dataset(name).await;
    let stale = match &dataset {
        Ok(_) if declares => corpus.is_stale(name).await,
        _ => Ok(false),
    };
    corpus.close().await;
    let (dataset, stale) = (dataset?, stale?);
    if session.json {
        let mut described = as_json(&dataset);
        if stale {
            described["stale"] = true.into();
        }
        session.screen.json(&described)?;
    } else {
        print(&mut session.screen, &dataset)?;
        if stale {
            stale_hint(&mut session.screen, name)?;
        }
    }
    Ok(Done::Whole)
}

/// Takes back what is stated, before anything else is.
async fn clear(session: &Session, name: &str, what: &[String]) -> Result<(), Error> {
    let term = |what: &String| match what.as_str() {
        "description" => DatasetTerm::Description,
        "source-kind" => DatasetTerm::SourceKind,
        "modality" => DatasetTerm::Modality,
        "helper" => DatasetTerm::HelperProfile,
        "licence" => DatasetTerm::Licence,
        _ => DatasetTerm::ConsentBasis,
    };
    let terms: Vec<_> = what.iter().map(term).collect();
    let corpus = Corpus::write(&session.config, super::clock()).await?;
    let outcome = corpus.clear_terms(name, &terms).await;
    corpus.close().await;
    outcome
}

/// Writes terms down.
pub(super) async fn describe(session: &Session, name: &str, terms: &DatasetTerms) -> Result<(), Error> {
    let corpus = Corpus::write(&session.config, super::clock()).await?;
    let outcome = corpus.describe_dataset(name, terms).await;
    corpus.close().await;
    outcome
}

/// Writes terms down where they say something new, so that an export beside a writer need not wait for it.
pub(super) async fn state(session: &Session, name: &str, terms: &DatasetTerms) -> Result<(), Error> {
    let corpus = Corpus::read(&session.config, super::clock()).await?;
    let dataset = corpus.dataset(name).await;
    corpus.close().await;
    let known = dataset?.terms;
    let says_nothing_new = |new: &Option<String>, old: &Option<String>| new.is_none() || new == old;
    if says_nothing_new(&terms.licence, &known.licence)
        && says_nothing_new(&terms.consent_basis, &known.consent_basis)
    {
        return Ok(());
    }
    describe(session, name, terms).await
}

/// The terms that flags state.
pub(super) fn terms(args: &TermsArgs) -> DatasetTerms {
    DatasetTerms {
        licence: args.licence.clone(),
        consent_basis: args.consent_basis.clone(),
        ..DatasetTerms::default()
    }
}

/// What flags declare for scoring.
pub(super) fn declared(args: &DeclarationArgs) -> DatasetTerms {
    DatasetTerms {
        modality: args.modality.clone(),
        helper_profile: args.helper.clone(),
        ..DatasetTerms::default()
    }
}

/// Says how scores come to follow another declaration.
pub(super) fn stale_hint(screen: &mut Screen, dataset: &str) -> io::Result<()> {
    screen.inked(
        Ink::Warn,
        format!(
            "some scores do not follow this declaration yet: run `pixelated rescore --dataset {dataset}`"
        ),
    )
}

/// Asks a person at a terminal; `None` where there is nobody to ask, or no answer.
#[allow(clippy::print_stderr)] // A question to the person at the terminal is no output of the command.
pub(super) fn ask(question: &str) -> io::Result<Option<String>> {
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Ok(None);
    }
    eprint!("{question} ");
    io::stderr().flush()?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    let answer = answer.trim();
    Ok((!answer.is_empty()).then(|| answer.to_owned()))
}

async fn remove(session: &mut Session, name: &str, yes: bool) -> Outcome {
    let corpus = Corpus::read(&session.config, super::clock()).await?;
    let dataset = corpus.dataset(name).await;
    corpus.close().await;
    let count = thousands(dataset?.total_conversations);
    if !yes {
        let answer =
            ask(&format!("Remove dataset {name} with {count} conversations for good? Type its name:"))?;
        if answer.as_deref() != Some(name) {
            return Err(Error::invalid(format!(
                "{name} was not removed; confirm with its name, or give --yes"
            ))
            .into());
        }
    }
    let corpus = Corpus::write(&session.config, super::clock()).await?;
    let removed = corpus.remove_dataset(name).await;
    corpus.close().await;
    let removed = removed?;
    if session.json {
        session.screen.json(&json!({"dataset": name, "removed": removed}))?;
    } else {
        session.screen.line(format!("removed {name}: {} conversations", thousands(removed)))?;
    }
    Ok(Done::Whole)
}

fn print(screen: &mut Screen, dataset: &Dataset) -> io::Result<()> {
    screen.inked(Ink::Title, &dataset.name)?;
    let stated = |text: &Option<String>| text.clone().unwrap_or_else(|| "not stated".into());
    let facts = [
        ("description", stated(&dataset.terms.description)),
        ("source kind", stated(&dataset.terms.source_kind)),
        ("modality", stated(&dataset.terms.modality)),
        ("helper", stated(&dataset.terms.helper_profile)),
        ("licence", stated(&dataset.terms.licence)),
        ("consent basis", stated(&dataset.terms.consent_basis)),
        ("conversations", thousands(dataset.total_conversations)),
        ("with scores", thousands(dataset.scored_conversations)),
        ("messages", thousands(dataset.total_messages)),
        ("words", thousands(dataset.total_words)),
        ("average quality", points_cell(dataset.average_quality)),
        ("last change", super::timestamp(dataset.updated_at)),
    ];
    for (name, value) in facts {
        screen.line(format!("  {name:<16} {value}"))?;
    }
    let tiers: Vec<_> = dataset
        .tier_distribution
        .iter()
        .rev()
        .map(|(tier, count)| format!("{} {count}", tier.name()))
        .collect();
    // Three fit beside each other on a narrow screen.
    for (place, some) in tiers.chunks(3).enumerate() {
        screen.line(format!("  {:<16} {}", if place == 0 { "tiers" } else { "" }, some.join(", ")))?;
    }
    Ok(())
}

fn as_json(dataset: &Dataset) -> serde_json::Value {
    let tiers: serde_json::Map<_, _> = dataset
        .tier_distribution
        .iter()
        .map(|(tier, count)| (tier.name().to_owned(), serde_json::Value::from(*count)))
        .collect();
    json!({
        "name": dataset.name,
        "description": dataset.terms.description,
        "source_kind": dataset.terms.source_kind,
        "modality": dataset.terms.modality,
        "helper_profile": dataset.terms.helper_profile,
        "licence": dataset.terms.licence,
        "consent_basis": dataset.terms.consent_basis,
        "total_conversations": dataset.total_conversations,
        "scored_conversations": dataset.scored_conversations,
        "total_messages": dataset.total_messages,
        "total_words": dataset.total_words,
        "average_quality": dataset.average_quality.map(pe_model::Points::fraction),
        "tier_distribution": tiers,
        "created_at": super::timestamp(dataset.created_at),
        "last_updated": super::timestamp(dataset.updated_at),
    })
}
