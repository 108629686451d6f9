//! `pixelated search`: hits with the words that were found.

use pe_app::{Answer, Corpus, Found, SearchRequest, Total};
use serde_json::json;

use super::report::{points_cell, short_id, tier_cell};
use super::{filter, list};
use crate::cli::SearchArgs;
use crate::layout::{thousands, wrap};
use crate::screen::{Ink, MARK, Screen};
use crate::{Done, Outcome, Session};

pub(super) async fn run(session: &mut Session, args: SearchArgs) -> Outcome {
    let request = SearchRequest {
        filter: filter::for_search(&args.filter)?,
        query: args.query,
        limit: args.limit as usize,
        offset: args.offset as usize,
    };
    let corpus = Corpus::read(&session.config, super::clock()).await?;
    let answer = corpus.search(&request).await;
    corpus.close().await;
    let answer = answer?;
    if session.json {
        session.screen.json(&as_json(&request, &answer))?;
        return Ok(Done::Whole);
    }
    let screen = &mut session.screen;
    for found in &answer.found {
        print(screen, found)?;
    }
    let total = match answer.total {
        Total::Exact(0) => "nothing found".to_owned(),
        Total::Exact(1) => "1 conversation".to_owned(),
        Total::Exact(count) => format!("{} conversations", thousands(count as u64)),
        Total::AtLeast(count) => format!("at least {} conversations", thousands(count as u64)),
    };
    screen.inked(Ink::Faint, format!("{total} in {:.1} ms", answer.took.as_secs_f64() * 1e3))?;
    if let Some(notice) = &answer.notice {
        screen.inked(Ink::Warn, notice)?;
    }
    Ok(Done::Whole)
}

fn print(screen: &mut Screen, found: &Found) -> std::io::Result<()> {
    let summary = &found.summary;
    let (ink, tier) = tier_cell(summary.tier);
    let tier = screen.paint(ink, &tier);
    let name = screen.paint(Ink::Title, &format!("{}/{}", summary.dataset, summary.source_id));
    let id = screen.paint(Ink::Faint, &short_id(summary.id));
    screen.line(format!("{name} #{}  {} {tier}  {id}", found.message + 1, points_cell(summary.quality)))?;
    let lines = wrap(&snippet(found), screen.width() - 4);
    for line in screen.marked(&lines) {
        screen.line(format!("    {line}"))?;
    }
    Ok(())
}

fn snippet(found: &Found) -> String {
    let Some(snippet) = &found.snippet else { return super::report::FOLDED.to_owned() };
    let mut text = if snippet.offset > 0 { "… ".to_owned() } else { String::new() };
    let mut at = 0;
    for &(start, end) in &snippet.marks {
        text.push_str(&snippet.text[at..start]);
        text.push(MARK.0);
        text.push_str(&snippet.text[start..end]);
        text.push(MARK.1);
        at = end;
    }
    text.push_str(&snippet.text[at..]);
    if snippet.more {
        text.push_str(" …");
    }
    text
}

fn as_json(request: &SearchRequest, answer: &Answer) -> serde_json::Value {
    let results: Vec<_> = answer
        .found
        .iter()
        .map(|found| {
            let mut line = list::summary_json(&found.summary);
            line["conversation_id"] = line["id"].take();
            line["message"] = found.message.into();
            line["relevance_score"] = found.relevance.into();
            line["snippet"] = match &found.snippet {
                Some(snippet) => json!({"text": snippet.text, "marks": snippet.marks}),
                None => serde_json::Value::Null,
            };
            line
        })
        .collect();
    let (total, exact) = match answer.total {
        Total::Exact(count) => (count, true),
        Total::AtLeast(count) => (count, false),
    };
    json!({
        "query": request.query,
        "results": results,
        "total_matches": total,
        "total_is_exact": exact,
        "search_time_ms": answer.took.as_secs_f64() * 1e3,
        "notice": answer.notice,
    })
}
