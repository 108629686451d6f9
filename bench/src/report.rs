//! Figures for the eye: Markdown tables, which are printed and written to `docs/benchmarks.md` as they are.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::figures::Figures;
use crate::glance::{self, Aim, Goals};
use crate::queries::Kind;
use crate::search::{Latencies, percentile};
use crate::station::Size;

const MB: f64 = 1e6;
const MIB: f64 = 1024.0 * 1024.0;

/// The whole report.
pub(crate) fn markdown(figures: &Figures, goals: &Goals) -> String {
    let sections = [
        format!("{}\n", figures.machine.line()),
        at_a_glance(figures, goals),
        imports(figures),
        stages(figures),
        reading(figures),
        exports(figures),
        searches(figures),
        restarts(figures),
        memory(figures),
        peers(figures),
        missing(figures),
    ];
    sections.into_iter().filter(|section| !section.is_empty()).collect::<Vec<_>>().join("\n")
}

/// A heading and a table, whose columns are as wide as their widest cell; numbers to the right.
fn table(title: &str, head: &[&str], rows: &[Vec<String>]) -> String {
    let cells = |row: &[String], at: usize| row.get(at).map_or(0, |cell| cell.chars().count());
    let widths: Vec<usize> = (0..head.len())
        .map(|at| {
            rows.iter().map(|row| cells(row, at)).chain([head[at].chars().count(), 3]).max().unwrap_or(3)
        })
        .collect();
    let mut out = format!("## {title}\n\n|");
    for (name, width) in head.iter().zip(&widths) {
        let _ = write!(out, " {name:<width$} |");
    }
    out.push_str("\n|");
    for (at, width) in widths.iter().enumerate() {
        let _ = write!(out, " {}{} |", "-".repeat(width - 1), if at == 0 { '-' } else { ':' });
    }
    for row in rows {
        out.push_str("\n|");
        for (at, width) in widths.iter().enumerate() {
            let cell = row.get(at).map_or("", String::as_str);
            let _ = if at == 0 { write!(out, " {cell:<width$} |") } else { write!(out, " {cell:>width$} |") };
        }
    }
    out.push('\n');
    out
}

fn at_a_glance(figures: &Figures, goals: &Goals) -> String {
    let Some(size) = figures.sizes.last() else { return String::new() };
    let row = |aim: &Aim| {
        let sign = if aim.at_least { "≥" } else { "≤" };
        let reached = if aim.is_reached() { "yes" } else { "no" };
        let digits = usize::from(aim.measured < 100.0);
        let measured = format!("{:.digits$}", aim.measured);
        vec![aim.what.clone(), measured, format!("{sign} {:.0}", aim.goal), reached.to_owned()]
    };
    let rows: Vec<_> = glance::aims(figures, goals).iter().map(row).collect();
    let title = format!("At a glance: {} conversations", count(size.conversations));
    table(&title, &["", "measured", "aimed at", "reached"], &rows)
}

fn imports(figures: &Figures) -> String {
    let row = |size: &Size| {
        let wall = size.import.wall.max(1e-6);
        vec![
            count(size.conversations),
            count(size.messages),
            format!("{:.0}", size.input as f64 / MB),
            format!("{:.1}", size.import.wall),
            count((size.conversations as f64 / wall) as u64),
            format!("{:.1}", size.input as f64 / MB / wall),
            format!("{:.0}", size.import.cpu * 1e6 / size.conversations.max(1) as f64),
            format!("{:.0}", size.database as f64 / MB),
            format!("{:.0}", size.index as f64 / MB),
            format!("{:.0}", size.input as f64 / MB / size.synth.wall.max(1e-6)),
        ]
    };
    let head = [
        "conversations",
        "messages",
        "JSONL MB",
        "seconds",
        "conversations/s",
        "MB/s",
        "CPU µs each",
        "database MB",
        "index MB",
        "made up at MB/s",
    ];
    let rows: Vec<_> = figures.sizes.iter().map(row).collect();
    let mut out = table("Import: read, score, store, index", &head, &rows);
    out.push_str("\nNothing is cached between runs, and nothing of an import is found in a cache: there is no hit rate.\n");
    for growth in figures.growth() {
        let (from, to) = (count(growth.from), count(growth.to));
        let _ =
            writeln!(out, "From {from} to {to}: {:.1} times as long for ten times the data.", growth.for_ten);
    }
    out
}

fn stages(figures: &Figures) -> String {
    let Some(first) = figures.sizes.iter().find(|size| !size.stages.is_empty()) else { return String::new() };
    let names: Vec<&str> = first.stages.iter().map(|(name, _)| name.as_str()).collect();
    let head: Vec<&str> = ["conversations"].into_iter().chain(names).collect();
    let row = |size: &Size| {
        let each = |micros: f64| format!("{:.1}", micros / size.conversations.max(1) as f64);
        [count(size.conversations)]
            .into_iter()
            .chain(size.stages.iter().map(|(_, micros)| each(*micros)))
            .collect()
    };
    table(
        "Where an import's processor time goes: µs for each conversation",
        &head,
        &figures.sizes.iter().map(row).collect::<Vec<_>>(),
    )
}

fn reading(figures: &Figures) -> String {
    if figures.reading.is_empty() {
        return String::new();
    }
    let head: Vec<&str> =
        ["of one core"].into_iter().chain(figures.reading.iter().map(|part| part.stage.as_str())).collect();
    let sum: f64 = figures.reading.iter().map(|part| part.microseconds).sum();
    let cells = figures.reading.iter().map(|part| format!("{:.1}", part.microseconds));
    let row = [format!("{sum:.1} µs")].into_iter().chain(cells).collect();
    let mut out =
        table("Inside \"signals\": µs for each conversation, by the reader's own stopwatch", &head, &[row]);
    out.push_str("\n`words` is what others call tokenising: words, sentences, volleys, the language.\n");
    out
}

fn exports(figures: &Figures) -> String {
    let mut rows = Vec::new();
    for size in &figures.sizes {
        let Some(plain) = size.export("jsonl").map(|export| export.bytes) else { continue };
        for export in &size.exports {
            let wall = export.usage.wall.max(1e-6);
            rows.push(vec![
                format!("{} of {}", export.format, count(size.conversations)),
                format!("{:.1}", export.usage.wall),
                format!("{:.1}", plain as f64 / MB / wall),
                count((size.conversations as f64 / wall) as u64),
                format!("{:.0}", export.bytes as f64 / MB),
            ]);
        }
    }
    let head = ["format", "seconds", "MB/s of JSONL equivalent", "conversations/s", "written MB"];
    if rows.is_empty() { String::new() } else { table("Export", &head, &rows) }
}

fn searches(figures: &Figures) -> String {
    let mut out = String::new();
    for size in &figures.sizes {
        let search = &size.search;
        let row = |name: &str, kind| {
            let (warm, cold) = (Latencies::of(&search.warm, kind), Latencies::of(&search.cold, kind));
            let figure = |values: &[f64], share| format!("{:.2}", percentile(values, share));
            vec![
                name.to_owned(),
                warm.len().to_string(),
                figure(&warm, 0.5),
                figure(&warm, 0.99),
                figure(&cold, 0.5),
                figure(&cold, 0.99),
            ]
        };
        let mut rows: Vec<_> = Kind::ALL.into_iter().map(|kind| row(kind.name(), Some(kind))).collect();
        rows.push(row("all", None));
        let title = format!("Search in {} messages: milliseconds", count(size.messages));
        let head = ["query", "asked", "warm p50", "warm p99", "cold p50", "cold p99"];
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&table(&title, &head, &rows));
        let none = search.warm.iter().filter(|timed| !timed.found).count();
        let _ = writeln!(out, "\n{none} of {} queries find nothing.", search.warm.len());
    }
    out
}

fn restarts(figures: &Figures) -> String {
    let row = |size: &Size| {
        let figure = |of: &[f64], share| format!("{:.0}", percentile(of, share) * 1e3);
        let [warm, cold] = &size.restarts;
        vec![
            count(size.conversations),
            figure(warm, 0.5),
            figure(warm, 1.0),
            figure(cold, 0.5),
            figure(cold, 1.0),
        ]
    };
    let head = ["conversations", "p50", "slowest", "cold p50", "cold slowest"];
    let rows: Vec<_> = figures.sizes.iter().map(row).collect();
    table("From the start of a new process to its first answer, printed: milliseconds", &head, &rows)
}

fn memory(figures: &Figures) -> String {
    let mut rows = Vec::new();
    for size in &figures.sizes {
        for run in size.all_runs() {
            let asked = run.memory.map(|memory| format!(" --memory {memory}")).unwrap_or_default();
            rows.push(vec![
                format!("{}{asked} of {}", run.what, count(size.conversations)),
                format!("{:.0}", run.usage.anonymous as f64 / MIB),
                format!("{:.0}", run.usage.mapped as f64 / MIB),
                format!("{:.1}", run.usage.wall),
                format!("{:.1}", run.usage.cpu),
            ]);
        }
    }
    let head = ["command", "own MiB (RssAnon)", "mapped files MiB", "seconds", "CPU seconds"];
    table("Memory at its highest", &head, &rows)
}

fn peers(figures: &Figures) -> String {
    let (Some(size), false) = (figures.beside_peers(), figures.peers.ran.is_empty()) else {
        return String::new();
    };
    let own = figures.asked_too(size);
    let latency = |values: &[f64], share| {
        if values.is_empty() { String::new() } else { format!("{:.2}", percentile(values, share)) }
    };
    let rate = |seconds: f64| count((size.conversations as f64 / seconds.max(1e-6)) as u64);
    let mut rows = vec![vec![
        "pixelated import (score, store, index)".to_owned(),
        rate(size.import.wall),
        latency(&own, 0.5),
        latency(&own, 0.99),
    ]];
    if let Some(export) = size.export("parquet") {
        rows.push(vec!["pixelated export parquet".to_owned(), rate(export.usage.wall)]);
    }
    for peer in &figures.peers.ran {
        let (p50, p99) = (latency(&peer.said.latencies, 0.5), latency(&peer.said.latencies, 0.99));
        rows.push(vec![peer.name().to_owned(), count(peer.rate() as u64), p50, p99]);
    }
    let title = format!(
        "Beside what a user would use instead, on the same {} conversations",
        count(size.conversations)
    );
    let mut out = table(&title, &["", "conversations/s", "search p50 ms", "search p99 ms"], &rows);
    out.push('\n');
    for ratio in figures.ratios() {
        let name = figures.peers.get(&ratio.peer).map_or("", |peer| peer.name());
        let _ = writeln!(out, "* {}: {:.2} times as fast as {name}", ratio.what, ratio.times);
    }
    for peer in figures.peers.ran.iter().filter(|peer| !peer.said.note.is_empty()) {
        let _ = writeln!(out, "* {}: {}", peer.name(), peer.said.note);
    }
    let asked = figures.peers.queries.len();
    let _ = writeln!(
        out,
        "* Engines were asked the same {asked} ranked OR queries for ten messages. DuckDB and Polars read JSON Lines and write its \
         columns; our export reads the database and writes scores with their evidence too."
    );
    out
}

fn missing(figures: &Figures) -> String {
    let of_sizes = figures.sizes.iter().flat_map(|size| &size.missing);
    // Once, although it is missing at every size.
    let all: BTreeSet<_> = figures.peers.skipped.iter().chain(&figures.missing).chain(of_sizes).collect();
    if all.is_empty() {
        return String::new();
    }
    let lines: Vec<_> = all.iter().map(|line| format!("* {line}\n")).collect();
    format!("## Not measured\n\n{}", lines.concat())
}

/// With separators.
fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::tests::figures;
    use crate::limits::Limits;

    #[test]
    fn the_report_holds_every_section_and_sound_tables() {
        let goals = Limits::kept().expect("the file that is kept").goals;
        let text = markdown(&figures(), &goals);
        for section in [
            "## Import",
            "## Where an import",
            "## Export",
            "## Search in 80,000",
            "## From the start",
            "## Memory",
            "## Beside",
            "## Not measured",
        ] {
            assert!(text.contains(section), "{section} in {text}");
        }
        assert!(
            text.contains("10,000")
                && text.contains("vader: not there")
                && text.contains("60.00 times as fast as FTS5")
        );
        for block in text.split("\n\n").filter(|block| block.starts_with('|')) {
            let bars: Vec<_> = block.lines().map(|line| line.matches('|').count()).collect();
            assert!(bars.windows(2).all(|pair| pair[0] == pair[1]), "{block}");
        }
    }
}
