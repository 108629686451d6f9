//! How a table in text is written: what parts its cells, and whether quotes hold cells together.

/// How to read a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    /// The byte between two cells.
    pub(super) delimiter: u8,
    /// Whether `"` opens a cell that may hold delimiters and line ends (RFC 4180).
    pub(super) quoting: bool,
}

/// How many records of the sample are looked at.
const RECORDS: usize = 200;

impl Dialect {
    /// The dialect in which most records of `sample` have as many cells as the first; at a tie, quotes first, then the
    /// one with more cells. `None` when no dialect gives two columns. `complete` says whether `sample` is the whole
    /// file, so that its last record counts.
    pub(super) fn of(sample: &str, complete: bool) -> Option<Self> {
        let candidates = b",;\t|"
            .iter()
            .flat_map(|delimiter| [true, false].map(|quoting| Self { delimiter: *delimiter, quoting }));
        let judged = candidates.filter_map(|dialect| Some((dialect.fit(sample, complete)?, dialect)));
        judged
            .max_by_key(|(fit, dialect)| (fit.even, dialect.quoting, fit.columns))
            .map(|(_, dialect)| dialect)
    }

    /// A reader of `source` in this dialect, headers and ragged rows left to the caller.
    pub(super) fn reader<R: std::io::Read>(self, source: R) -> csv::Reader<R> {
        csv::ReaderBuilder::new()
            .delimiter(self.delimiter)
            .quoting(self.quoting)
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(64 * 1024)
            .from_reader(source)
    }

    /// The records of a sample, without one that may be cut off.
    pub(super) fn records(self, sample: &str, complete: bool, most: usize) -> Vec<Vec<String>> {
        let mut reader = self.reader(sample.as_bytes());
        let mut records: Vec<Vec<String>> = reader
            .records()
            .take(most + 1)
            .map_while(Result::ok)
            .map(|record| record.iter().map(str::to_owned).collect())
            .collect();
        if records.len() > most || !complete {
            records.pop();
        }
        records
    }

    /// The delimiter in words.
    pub(super) const fn name(self) -> &'static str {
        match self.delimiter {
            b',' => "commas",
            b';' => "semicolons",
            b'\t' => "tabs",
            _ => "bars",
        }
    }

    fn fit(self, sample: &str, complete: bool) -> Option<Fit> {
        let records = self.records(sample, complete, RECORDS);
        let columns = records.first().map(Vec::len).filter(|columns| *columns > 1)?;
        let even = records.iter().filter(|record| record.len() == columns).count();
        // In per mille, so that a file of long quoted cells does not lose to one cut into many short lines.
        Some(Fit { even: even * 1000 / records.len(), columns })
    }
}

struct Fit {
    even: usize,
    columns: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(sample: &str) -> Option<(char, bool)> {
        Dialect::of(sample, true).map(|dialect| (char::from(dialect.delimiter), dialect.quoting))
    }

    #[test]
    fn delimiters_are_told_apart() {
        assert_eq!(dialect("a,b\n1,2\n"), Some((',', true)));
        assert_eq!(dialect("a;b\n1,5;2,5\n"), Some((';', true)));
        assert_eq!(dialect("a\tb\n1, 2\t3\n"), Some(('\t', true)));
        assert_eq!(dialect("a|b|c\n1|2|3\n"), Some(('|', true)));
        assert_eq!(dialect("one column\nonly"), None);
        assert_eq!(dialect(""), None);
    }

    #[test]
    fn quotes_hold_lines_together_or_are_plain_letters() {
        assert_eq!(dialect("a,b\n\"x\ny, z\",2\n"), Some((',', true)));
        assert_eq!(dialect("a\tb\n\"she said\t2\nx\t3\ny\t4\n"), Some(('\t', false)));
    }
}
