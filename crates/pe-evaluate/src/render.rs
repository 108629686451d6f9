//! A table as text for a terminal, as Markdown for a page, as JSON for a program.

use std::fmt::Write as _;

use serde_json::Value;

use crate::layout::{columns, number, thousands, wrap};
use crate::{Row, Table, Verdict};

/// From this many columns on, a figure is a line of a table; below, it is a block of lines.
const WIDE: usize = 170;
const NARROWEST: usize = 40;
/// What a verdict takes, with the space after it.
const INDENT: usize = 11;

impl Table {
    /// Text in lines of at most `width` columns (at least 40), without colour.
    pub fn to_text(&self, width: usize) -> String {
        let width = width.max(NARROWEST);
        let mut lines = vec![self.title.clone(), "=".repeat(self.title.chars().count().min(width))];
        if width >= WIDE {
            lines.extend(wide(&self.rows, width));
        } else {
            self.rows.iter().for_each(|row| lines.extend(block(row, width)));
        }
        for note in &self.notes {
            lines.push(String::new());
            lines.extend(wrap(note, width));
        }
        lines.push(String::new());
        lines.extend(wrap(&self.tally(), width));
        lines.join("\n") + "\n"
    }

    /// A Markdown table of claim, data, n, figure with interval, best trivial rule, published figure and verdict; the notes
    /// of the figures stay in the text and in the JSON.
    pub fn to_markdown(&self) -> String {
        let head = "| claim | data | n | figure [90 %] | best trivial rule | published | verdict |\n|---|---|---|---|---|---|---|\n";
        let mut text = format!("**{}**\n\n{head}", escaped(&self.title));
        for row in &self.rows {
            let target = row.target.as_ref().map(|target| format!(" (set: {target})")).unwrap_or_default();
            let cells = [
                row.claim.clone(),
                format!("{}, {}", row.data, row.split),
                thousands(row.n),
                format!("{} {}{target}", row.metric, measured(row)),
                best_trivial(row),
                published(row),
                row.verdict.name().to_owned(),
            ];
            // Writing to a string does not fail.
            let _ = writeln!(text, "| {} |", cells.map(|cell| escaped(&cell)).join(" | "));
        }
        for note in &self.notes {
            let _ = writeln!(text, "\n{}", escaped(note));
        }
        text
    }

    /// Everything, the details that are not printed among it.
    pub fn to_json(&self) -> Value {
        // Plain data; figures that are not numbers become null.
        serde_json::to_value(self).unwrap_or_default()
    }

    /// How many figures have which verdict.
    fn tally(&self) -> String {
        let count = |verdict| self.rows.iter().filter(|row| row.verdict == verdict).count();
        let of = |verdict: Verdict| format!("{} {}", count(verdict), verdict.name());
        let all = [Verdict::Shown, Verdict::NotShown, Verdict::Missed].map(of);
        format!("{} figures: {}", self.rows.len(), all.join(", "))
    }
}

/// The figure with its interval.
fn measured(row: &Row) -> String {
    let (low, high) = row.interval;
    if low.is_finite() && high.is_finite() {
        return format!("{} [{}, {}]", number(row.ours), number(low), number(high));
    }
    number(row.ours)
}

fn best_trivial(row: &Row) -> String {
    row.best_trivial().map(|(name, value)| format!("{name} {}", number(*value))).unwrap_or_default()
}

fn published(row: &Row) -> String {
    row.published.as_ref().map(|(value, source)| format!("{} ({source})", number(*value))).unwrap_or_default()
}

fn trivial(row: &Row) -> String {
    let rules = row.trivial.iter().map(|(name, value)| format!("{name} {}", number(*value)));
    rules.collect::<Vec<_>>().join(", ")
}

/// Pipes would end a cell.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// One figure in lines of its own: the verdict in the margin.
fn block(row: &Row, width: usize) -> Vec<String> {
    let inner = width - INDENT;
    let what = format!("{}; {}, {}; n {}", row.metric, row.data, row.split, thousands(row.n));
    let mut parts = vec![row.claim.clone(), format!("{}  {what}", measured(row))];
    if !row.trivial.is_empty() {
        parts.push(format!("trivial: {}", trivial(row)));
    }
    let target = row.target.as_ref().map(|target| format!("set: {target}"));
    let published = row.published.as_ref().map(|_| format!("published: {}", published(row)));
    let both: Vec<String> = target.into_iter().chain(published).collect();
    if !both.is_empty() {
        parts.push(both.join("; "));
    }
    if !row.note.is_empty() {
        parts.push(row.note.clone());
    }
    let mut lines = vec![String::new()];
    let texts = parts.iter().flat_map(|part| wrap(part, inner));
    for (at, text) in texts.enumerate() {
        let margin = if at == 0 { row.verdict.name() } else { "" };
        lines.push(format!("{margin:<INDENT$}{text}").trim_end().to_owned());
    }
    lines
}

/// All figures as the lines of one table. What is left of the width goes to the texts.
fn wide(rows: &[Row], width: usize) -> Vec<String> {
    let head = [
        "verdict",
        "claim",
        "data",
        "n",
        "metric",
        "figure [90 %]",
        "trivial rules",
        "set; published",
        "note",
    ];
    let fixed = [9, 0, 0, 7, 0, 20, 0, 0, 0];
    // Shares of what is left, for the columns of text.
    let shares = [0, 20, 15, 0, 18, 0, 20, 19, 27];
    let left = width - fixed.iter().sum::<usize>() - 2 * head.len();
    let sum: usize = shares.iter().sum();
    let widths: Vec<usize> =
        fixed.iter().zip(shares).map(|(fixed, share)| fixed + left * share / sum).collect();
    let mut lines = columns(&[head.map(str::to_owned).into()], &widths);
    lines.push("-".repeat(width));
    for row in rows {
        let goal = [row.target.clone().unwrap_or_default(), published(row)];
        let goal: Vec<String> = goal.into_iter().filter(|text| !text.is_empty()).collect();
        let cells = [
            row.verdict.name().to_owned(),
            row.claim.clone(),
            format!("{}, {}", row.data, row.split),
            thousands(row.n),
            row.metric.clone(),
            measured(row),
            trivial(row),
            goal.join("; "),
            row.note.clone(),
        ];
        lines.extend(columns(&[cells.into()], &widths));
        lines.push(String::new());
    }
    lines.pop();
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::{Figure, Target};

    fn table() -> Table {
        let row = Figure::new("Good | failed chats are told apart", "ESConv", "two thirds", "AUC")
            .measured(441, Some(0.7321), (0.69, 0.77))
            .trivial("length only", Some(0.51))
            .trivial("punctuation only", Some(0.55))
            .published(0.8, "a paper")
            .target(Target::Above(0.10))
            .note("Conversations of about equal length are compared, and the client's last three turns are hidden from both sides of the comparison.")
            .row();
        Table { title: "Quality".into(), rows: vec![row], ..Table::default() }
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in [40, 80, 120, 170, 200] {
            let text = table().to_text(width);
            assert!(text.lines().all(|line| line.chars().count() <= width), "{width}\n{text}");
            assert!(text.contains("shown") && text.contains("0.732"), "{text}");
        }
        assert!(table().to_text(80).ends_with("1 figures: 1 shown, 0 not shown, 0 missed\n"));
    }

    #[test]
    fn markdown_keeps_its_cells() {
        let text = table().to_markdown();
        let row = text.lines().last().unwrap();
        assert!(
            row.starts_with("| Good \\| failed chats are told apart | ESConv, two thirds | 441 |"),
            "{row}"
        );
        assert!(row.ends_with("| punctuation only 0.550 | 0.800 (a paper) | shown |"), "{row}");
    }

    #[test]
    fn json_has_every_field_and_null_for_no_number() {
        let mut table = table();
        table.rows[0].interval = (f64::NAN, f64::NAN);
        let json = table.to_json();
        assert_eq!(json["rows"][0]["verdict"], "shown");
        assert!(json["rows"][0]["interval"][0].is_null());
        assert_eq!(json["rows"][0]["trivial"][1][1], 0.55);
    }
}
