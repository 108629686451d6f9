//! `pixelated list`: conversations with their scores, a page at a time.

use pe_app::{Corpus, Filter, Order as ListOrder, Summary};
use serde_json::json;

use super::filter;
use super::report::{points_cell, short_id, tier_cell};
use crate::cli::{ListArgs, Order};
use crate::layout::{Align, Table, thousands};
use crate::screen::Ink;
use crate::{Done, Outcome, Session};

pub(super) async fn run(session: &mut Session, args: ListArgs) -> Outcome {
    let filter = filter::for_store(&args.filter)?;
    let order = match args.sort {
        Order::Created => ListOrder::Dataset,
        Order::Best => ListOrder::Best,
        Order::Worst => ListOrder::Worst,
    };
    let corpus = Corpus::read(&session.config, super::clock()).await?;
    let page = page(&corpus, &filter, order, &args).await;
    corpus.close().await;
    let (lines, total) = page?;
    if session.json {
        let items: Vec<_> = lines.iter().map(summary_json).collect();
        let next =
            lines.last().filter(|_| lines.len() == args.limit as usize).map(|last| last.id.to_string());
        session.screen.json(&json!({"conversations": items, "total": total, "next": next}))?;
        return Ok(Done::Whole);
    }
    let mut table = Table::new(&[
        ("id", Align::Left),
        ("dataset", Align::Left),
        ("source id", Align::Fill),
        ("tier", Align::Left),
        ("quality", Align::Right),
        ("messages", Align::Right),
        ("lang", Align::Left),
    ]);
    for line in &lines {
        table.inked_row(vec![
            (Ink::Plain, short_id(line.id)),
            (Ink::Plain, line.dataset.clone()),
            (Ink::Plain, line.source_id.clone()),
            tier_cell(line.tier),
            (Ink::Plain, points_cell(line.quality)),
            (Ink::Plain, line.message_count.to_string()),
            (Ink::Plain, line.language.clone()),
        ]);
    }
    table.write(&mut session.screen)?;
    let screen = &mut session.screen;
    screen.inked(Ink::Faint, format!("{} of {} conversations", lines.len(), thousands(total)))?;
    if let Some(last) = lines.last().filter(|_| lines.len() == args.limit as usize) {
        screen.inked(Ink::Faint, format!("next page: --after {}", short_id(last.id)))?;
    }
    Ok(Done::Whole)
}

async fn page(
    corpus: &Corpus,
    filter: &Filter,
    order: ListOrder,
    args: &ListArgs,
) -> Result<(Vec<Summary>, u64), pe_app::Error> {
    for dataset in &filter.datasets {
        corpus.dataset(dataset).await?;
    }
    corpus.list(filter, order, args.after.as_deref(), args.limit).await
}

/// A line of a list on the wire.
pub(super) fn summary_json(line: &Summary) -> serde_json::Value {
    json!({
        "id": line.id.to_string(),
        "dataset": line.dataset,
        "source_id": line.source_id,
        "tier": line.tier.map(pe_model::Tier::name),
        "quality_score": line.quality.map(pe_model::Points::fraction),
        "message_count": line.message_count,
        "word_count": line.word_count,
        "language": line.language,
        "created_at": super::timestamp(line.created_at),
        "updated_at": super::timestamp(line.updated_at),
    })
}
