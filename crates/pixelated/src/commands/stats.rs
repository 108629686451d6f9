//! `pixelated stats`: what a corpus is made of.

use std::io;

use pe_app::{Corpus, Statistics};
use pe_model::Tier;
use serde_json::json;

use super::filter;
use super::report::{TIER_NOTICE, tier_ink};
use crate::cli::StatsArgs;
use crate::layout::{Align, Table, bar, thousands};
use crate::screen::{Ink, Screen};
use crate::{Done, Outcome, Session};

pub(super) async fn run(session: &mut Session, args: StatsArgs) -> Outcome {
    let filter = filter::for_store(&args.filter)?;
    let corpus = Corpus::read(&session.config, super::clock()).await?;
    let statistics = corpus.statistics(&filter).await;
    corpus.close().await;
    let statistics = statistics?;
    let tier_by = session.config.quality.tier_by.name();
    if session.json {
        let mut found = as_json(&statistics);
        found["tier_by"] = tier_by.into();
        session.screen.json(&found)?;
        return Ok(Done::Whole);
    }
    print(&mut session.screen, &statistics, tier_by)?;
    Ok(Done::Whole)
}

fn print(screen: &mut Screen, found: &Statistics, tier_by: &str) -> io::Result<()> {
    screen.line(format!(
        "{} conversations, {} messages",
        thousands(found.conversations),
        thousands(found.messages)
    ))?;
    if found.conversations == 0 {
        return Ok(());
    }
    tiers(screen, found, tier_by)?;
    histogram(screen, &found.quality)?;
    lengths(screen, found)?;
    shares(screen, "languages (conversations)", &found.languages, found.conversations)?;
    shares(screen, "roles (messages)", &found.roles, found.messages)?;
    shares(screen, "primary emotions (messages)", &found.emotions, found.messages)?;
    let openers: Vec<_> = found.openers.top.iter().map(|one| (one.words.clone(), one.count)).collect();
    shares(screen, "how replies begin (replies)", &openers, found.openers.messages)?;
    screen.title("duplicates")?;
    screen.line(format!(
        "  {} texts occur more than once, in {} conversations beyond the first",
        thousands(found.duplicates.texts),
        thousands(found.duplicates.surplus)
    ))
}

fn tiers(screen: &mut Screen, found: &Statistics, tier_by: &str) -> io::Result<()> {
    screen.title("tiers")?;
    let mut table = Table::new(&[
        ("tier", Align::Left),
        ("conversations", Align::Right),
        ("share", Align::Right),
        ("", Align::Left),
    ]);
    let mut row = |ink, name: &str, count: u64| {
        let share = count as f64 / found.conversations as f64;
        table.inked_row(vec![
            (ink, name.to_owned()),
            (Ink::Plain, thousands(count)),
            (Ink::Plain, percent(share)),
            (ink, bar(share, 24)),
        ]);
    };
    for tier in Tier::ALL.into_iter().rev() {
        row(tier_ink(tier), tier.name(), found.tiers.get(&tier).copied().unwrap_or(0));
    }
    row(Ink::Faint, "not scorable", found.not_scored);
    table.write(screen)?;
    screen.inked(Ink::Faint, format!("  {TIER_NOTICE}"))?;
    screen.inked(Ink::Faint, format!("  tiers are taken from: {tier_by} (quality.tier_by)"))
}

/// Overall quality in twentieths, without the empty ends.
fn histogram(screen: &mut Screen, bins: &[u64]) -> io::Result<()> {
    let Some(first) = bins.iter().position(|&count| count > 0) else { return Ok(()) };
    let last = bins.iter().rposition(|&count| count > 0).unwrap_or(first);
    let most = bins.iter().copied().max().unwrap_or(1).max(1);
    screen.title("overall_quality")?;
    let room = screen.width().saturating_sub(24).min(60);
    for (place, &count) in bins.iter().enumerate().take(last + 1).skip(first) {
        let low = place as f64 / bins.len() as f64;
        let drawn = bar(count as f64 / most as f64, room);
        let ink = tier_ink(Tier::of(pe_model::Points::from_fraction(low + 0.5 / bins.len() as f64)));
        let drawn = screen.paint(ink, &drawn);
        screen.line(format!(
            "  {low:.2}-{:.2} {drawn} {}",
            low + 1.0 / bins.len() as f64,
            thousands(count)
        ))?;
    }
    Ok(())
}

fn lengths(screen: &mut Screen, found: &Statistics) -> io::Result<()> {
    screen.title("lengths")?;
    let mut table = Table::new(&[
        ("", Align::Left),
        ("least", Align::Right),
        ("10 %", Align::Right),
        ("median", Align::Right),
        ("90 %", Align::Right),
        ("most", Align::Right),
        ("mean", Align::Right),
    ]);
    for (name, spread) in [("messages", &found.message_counts), ("words", &found.word_counts)] {
        table.row([
            name.to_owned(),
            thousands(spread.min),
            thousands(spread.p10),
            thousands(spread.median),
            thousands(spread.p90),
            thousands(spread.max),
            format!("{:.1}", spread.mean),
        ]);
    }
    table.write(screen)
}

fn shares(screen: &mut Screen, title: &str, counts: &[(String, u64)], all: u64) -> io::Result<()> {
    const SHOWN: usize = 8;
    if counts.is_empty() {
        return Ok(());
    }
    screen.title(title)?;
    let mut table =
        Table::new(&[("", Align::Fill), ("count", Align::Right), ("share", Align::Right), ("", Align::Left)]);
    for (name, count) in counts.iter().take(SHOWN) {
        let share = *count as f64 / all.max(1) as f64;
        let name = if name.is_empty() { "(none)" } else { name };
        table.row([name.to_owned(), thousands(*count), percent(share), bar(share, 24)]);
    }
    table.write(screen)?;
    if counts.len() > SHOWN {
        screen.inked(Ink::Faint, format!("  and {} more (--json has all)", counts.len() - SHOWN))?;
    }
    Ok(())
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

fn as_json(found: &Statistics) -> serde_json::Value {
    let spread = |spread: &pe_app::Spread| json!({"min": spread.min, "p10": spread.p10, "median": spread.median, "p90": spread.p90, "max": spread.max, "mean": spread.mean});
    let counts = |counts: &[(String, u64)]| {
        counts.iter().map(|(name, count)| json!({"name": name, "count": count})).collect::<Vec<_>>()
    };
    json!({
        "conversations": found.conversations,
        "messages": found.messages,
        "tiers": found.tiers.iter().map(|(tier, count)| (tier.name(), count)).collect::<std::collections::BTreeMap<_, _>>(),
        "not_scorable": found.not_scored,
        "quality_histogram": found.quality,
        "message_counts": spread(&found.message_counts),
        "word_counts": spread(&found.word_counts),
        "languages": counts(&found.languages),
        "roles": counts(&found.roles),
        "emotions": counts(&found.emotions),
        "openers": found.openers.top.iter().map(|one| json!({"words": one.words, "count": one.count})).collect::<Vec<_>>(),
        "replies": found.openers.messages,
        "duplicates": {"texts": found.duplicates.texts, "surplus": found.duplicates.surplus},
    })
}
