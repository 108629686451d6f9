//! Text in lines of a given width. All texts of a table are the program's own, so a character is a column.

use std::fmt::Write as _;

/// `text` in lines of at most `columns`, broken at spaces, and inside of a word that is longer than a line.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let used = line.chars().count();
        if used > 0 && used + 1 + word.chars().count() > columns {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        for (at, letter) in word.chars().enumerate() {
            if at > 0 && at % columns.max(1) == 0 {
                lines.push(std::mem::take(&mut line));
            }
            line.push(letter);
        }
    }
    lines.push(line);
    lines
}

/// Rows of cells as lines; a cell that is too long for its column goes on below. No line ends in spaces.
pub(crate) fn columns(rows: &[Vec<String>], widths: &[usize]) -> Vec<String> {
    let mut lines = Vec::new();
    for row in rows {
        let cells: Vec<Vec<String>> =
            row.iter().zip(widths).map(|(cell, width)| wrap(cell, *width)).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        for at in 0..height {
            let mut line = String::new();
            for (cell, width) in cells.iter().zip(widths) {
                let text = cell.get(at).map_or("", String::as_str);
                // Writing to a string does not fail.
                let _ = write!(line, "{text:<width$}  ");
            }
            lines.push(line.trim_end().to_owned());
        }
    }
    lines
}

/// A whole number with its thousands apart.
pub(crate) fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let first = digits.len() % 3;
    let mut text = digits[..first].to_owned();
    for group in digits.as_bytes()[first..].chunks(3) {
        if !text.is_empty() {
            text.push(',');
        }
        text.extend(group.iter().map(|digit| char::from(*digit)));
    }
    text
}

/// A figure with three decimals, fewer where it is large; a dash where there is none.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        size if !size.is_finite() => "-".to_owned(),
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_numbers_and_columns() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("", 7), [""]);
        assert_eq!(wrap("a longest word", 4), ["a", "long", "est", "word"]);
        assert_eq!([thousands(7), thousands(1_234), thousands(1_234_567)], ["7", "1,234", "1,234,567"]);
        assert_eq!([number(0.12345), number(12.345), number(f64::NAN)], ["0.123", "12.3", "-"]);
        let row = ["a b".to_owned(), "c".to_owned()].to_vec();
        assert_eq!(columns(&[row], &[1, 3]), ["a  c", "b"]);
    }
}
