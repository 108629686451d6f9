//! Text in columns: widths as a terminal counts them, wrapping, cutting, tables and bars.

use std::io;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::screen::{Ink, Screen};

/// Columns that `text` takes on a terminal.
pub(crate) fn width(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// `text` on one line of at most `columns`, with an ellipsis where it was cut; control characters become spaces.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    let flat: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    if width(&flat) <= columns {
        return flat;
    }
    let mut kept = String::new();
    let mut used = 1; // the ellipsis
    for c in flat.chars() {
        used += c.width().unwrap_or(0);
        if used > columns {
            break;
        }
        kept.push(c);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// `text` in lines of at most `columns`, broken at spaces, or inside a word that is longer than a line.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = Vec::new();
    for paragraph in text.split('\n') {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && width(&line) + 1 + width(word) > columns {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            for c in word.chars().filter(|c| !c.is_control()) {
                if width(&line) + c.width().unwrap_or(0) > columns {
                    lines.push(std::mem::take(&mut line));
                }
                line.push(c);
            }
        }
        lines.push(line);
    }
    while lines.len() > 1 && lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// `share` of `columns` as a bar of eighths.
pub(crate) fn bar(share: f64, columns: usize) -> String {
    const EIGHTHS: [char; 8] = [' ', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
    let eighths = (share.clamp(0.0, 1.0) * columns as f64 * 8.0).round() as usize;
    let mut bar = "█".repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push(EIGHTHS[eighths % 8]);
    }
    if bar.is_empty() && share > 0.0 {
        bar.push('▏');
    }
    bar
}

/// A whole number with a comma between each three digits.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Bytes with a unit.
pub(crate) fn bytes(number: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut amount = number as f64;
    let mut unit = 0;
    while amount >= 1000.0 && unit + 1 < UNITS.len() {
        amount /= 1000.0;
        unit += 1;
    }
    if unit == 0 { format!("{number} B") } else { format!("{amount:.1} {}", UNITS[unit]) }
}

/// How a column lines up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
    /// Words, and the one column that is cut when the table is too wide.
    Fill,
}

/// A table: a faint header, rows, two spaces between columns.
pub(crate) struct Table {
    columns: Vec<(&'static str, Align)>,
    rows: Vec<Vec<(Ink, String)>>,
}

impl Table {
    /// A table with these columns.
    pub(crate) fn new(columns: &[(&'static str, Align)]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row of plain cells.
    pub(crate) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.inked_row(cells.into_iter().map(|cell| (Ink::Plain, cell)).collect());
    }

    /// Adds a row of coloured cells.
    pub(crate) fn inked_row(&mut self, cells: Vec<(Ink, String)>) {
        debug_assert_eq!(cells.len(), self.columns.len());
        self.rows.push(cells);
    }

    /// Writes it, indented by two.
    pub(crate) fn write(&self, screen: &mut Screen) -> io::Result<()> {
        let widths = self.widths(screen.width());
        let header = self.columns.iter().map(|(name, _)| (Ink::Faint, (*name).to_owned())).collect();
        for row in std::iter::once(&header).chain(&self.rows) {
            let line = self.line(screen, row, &widths);
            screen.line(line.trim_end())?;
        }
        Ok(())
    }

    fn line(&self, screen: &Screen, row: &[(Ink, String)], widths: &[usize]) -> String {
        let mut line = String::new();
        for (((ink, cell), (_, align)), &columns) in row.iter().zip(&self.columns).zip(widths) {
            let cell = cut(cell, columns);
            let gap = " ".repeat(columns - width(&cell));
            let painted = screen.paint(*ink, &cell);
            line.push_str("  ");
            line.push_str(&if *align == Align::Right { gap + &painted } else { painted + &gap });
        }
        line
    }

    fn widths(&self, available: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = (0..self.columns.len())
            .map(|column| {
                let cells = self.rows.iter().map(|row| width(&cut(&row[column].1, available)));
                cells.chain([width(self.columns[column].0)]).max().unwrap_or(0)
            })
            .collect();
        let total: usize = widths.iter().map(|width| width + 2).sum();
        if let Some(fill) = self.columns.iter().position(|(_, align)| *align == Align::Fill) {
            widths[fill] = widths[fill].saturating_sub(total.saturating_sub(available)).max(10);
        }
        widths
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_characters_count_as_two_columns() {
        assert_eq!(width("日本"), 4);
        assert_eq!(cut("日本語です", 6), "日本…");
        assert_eq!(cut("line\nbreak", 20), "line break");
    }

    #[test]
    fn wrapping_keeps_every_word_and_never_overflows() {
        let text = "one two three four\nsupercalifragilisticexpialidocious end";
        let lines = wrap(text, 10);
        assert!(lines.iter().all(|line| width(line) <= 10), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), text.replace([' ', '\n'], ""));
    }

    #[test]
    fn numbers_are_grouped_and_sized() {
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(thousands(12), "12");
        assert_eq!(bytes(1_500_000), "1.5 MB");
        assert_eq!(bytes(999), "999 B");
    }

    #[test]
    fn a_bar_shows_even_a_small_share() {
        assert_eq!(bar(0.5, 4), "██");
        assert_eq!(bar(0.001, 10), "▏");
        assert_eq!(bar(0.0, 10), "");
    }
}
