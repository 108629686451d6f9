//! `pixelated compare`: two datasets axis by axis, or two conversations side by side.

use std::io;

use pe_app::{Comparison, Corpus, DatasetComparison, Shown};
use pe_model::Points;
use serde_json::json;

use super::report;
use crate::cli::CompareArgs;
use crate::layout::{Align, Table, thousands};
use crate::screen::{Ink, Screen};
use crate::{Done, Outcome, Session};

pub(super) async fn run(session: &mut Session, args: CompareArgs) -> Outcome {
    let corpus = Corpus::read(&session.config, super::clock()).await?;
    let comparison = corpus.compare(&args.a, &args.b).await;
    corpus.close().await;
    let comparison = comparison?;
    let screen = &mut session.screen;
    match comparison {
        Comparison::Datasets(datasets) if session.json => screen.json(&datasets)?,
        Comparison::Datasets(datasets) => print_datasets(screen, &args, &datasets)?,
        Comparison::Conversations(both) if session.json => {
            screen.json(
                &both.each_ref().map(
                    |shown| json!({"id": shown.stored.summary.id.to_string(), "reports": shown.reports}),
                ),
            )?;
        }
        Comparison::Conversations(both) => print_conversations(screen, &both)?,
    }
    Ok(Done::Whole)
}

fn print_datasets(screen: &mut Screen, args: &CompareArgs, found: &DatasetComparison) -> io::Result<()> {
    screen.line(format!("a = {} ({} with scores)", args.a, thousands(found.scored[0])))?;
    screen.line(format!("b = {} ({} with scores)", args.b, thousands(found.scored[1])))?;
    screen.blank()?;
    let mut table = Table::new(&[
        ("axis", Align::Left),
        ("a", Align::Right),
        ("b", Align::Right),
        ("b - a", Align::Right),
        ("90 % interval", Align::Left),
        ("", Align::Left),
    ]);
    for line in &found.axes {
        let (low, high) = (line.difference - line.margin, line.difference + line.margin);
        let interval =
            if line.margin.is_finite() { format!("[{low:+.3}, {high:+.3}]") } else { "too few".into() };
        let ink = report::sign_ink(Points::from_fraction(line.difference));
        let (ink, verdict) = if line.is_shown() { (ink, "differs") } else { (Ink::Faint, "not shown") };
        table.inked_row(vec![
            (Ink::Plain, line.axis.name().to_owned()),
            (Ink::Plain, mean(found.scored[0], line.a)),
            (Ink::Plain, mean(found.scored[1], line.b)),
            (ink, format!("{:+.3}", line.difference)),
            (Ink::Plain, interval),
            (ink, verdict.to_owned()),
        ]);
    }
    table.write(screen)
}

/// A dash where nothing has a score.
fn mean(scored: u64, value: f64) -> String {
    if scored == 0 { "–".to_owned() } else { format!("{value:.3}") }
}

fn print_conversations(screen: &mut Screen, both: &[Shown; 2]) -> io::Result<()> {
    for (letter, shown) in ["a", "b"].into_iter().zip(both) {
        let summary = &shown.stored.summary;
        screen.line(format!(
            "{letter} = {}/{} ({} messages)",
            summary.dataset, summary.source_id, summary.message_count
        ))?;
    }
    screen.blank()?;
    let [a, b] =
        both.each_ref().map(|shown| shown.reports.first().and_then(|report| report.outcome.assessment()));
    let (Some(first), Some(second)) = (a, b) else {
        return screen.line("at least one of them is not scorable: nothing to compare");
    };
    let rows: Vec<_> = first
        .scores
        .iter()
        .filter_map(|score| Some((score.metric.clone(), score.value, second.score(&score.metric)?.value)))
        .collect();
    report::side_by_side(screen, &rows)?;
    for (letter, shown, assessment) in [("a", &both[0], first), ("b", &both[1], second)] {
        screen.title(&format!("{letter}: strongest evidence of overall_quality"))?;
        let mut lines: Vec<_> =
            assessment.scores.last().map(|score| score.evidence.iter().collect()).unwrap_or_default();
        lines.sort_by_key(|line| (report::rank(line), std::cmp::Reverse(line.contribution.abs())));
        for line in lines.into_iter().take(5) {
            let amount =
                screen.paint(report::sign_ink(line.contribution), &format!("{:>+7}", line.contribution));
            let room = screen.width().saturating_sub(12);
            let text = crate::layout::cut(&report::describe(line, &report::Quotes::new(shown, false)), room);
            screen.line(format!("  {amount}  {text}"))?;
        }
    }
    Ok(())
}
