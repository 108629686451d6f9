//! Rows gathered into conversations. Rows of one conversation usually stand together, but not always, so conversations
//! are held in a window of bounded size and given out, oldest first, when it is full or the table ends. Rows that come
//! back while their conversation is still in the window join it; rows that come back later are an error, because half
//! of the conversation is gone.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{Hash, Hasher};

use super::table_cell;
use crate::record::{Place, Reject};

/// One row of a table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Row {
    /// Where it begins.
    pub(super) place: Place,
    /// As many cells as the table has columns.
    pub(super) cells: Vec<String>,
}

impl Row {
    /// Its first bytes, for a reject.
    pub(super) fn excerpt(&self) -> String {
        table_cell::excerpt(&self.cells.join(" "), Reject::EXCERPT)
    }
}

/// The rows of one conversation.
#[derive(Debug, Default)]
pub(super) struct Group {
    /// What the rows share, if the table has a column for it.
    pub(super) key: Option<String>,
    /// In the order of the file.
    pub(super) rows: Vec<Row>,
    /// Why they can't be kept, if so; `rows` then holds only the first.
    pub(super) refused: Option<String>,
    bytes: usize,
}

/// How much may be held.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// Bytes of all conversations in the window.
    pub(super) window: usize,
    /// Bytes of one conversation.
    pub(super) group: usize,
    /// Rows of one conversation.
    pub(super) rows: usize,
    /// Conversations whose keys are remembered after they left the window, at some ten bytes each.
    pub(super) keys: usize,
}

/// The conversations that may still grow.
pub(super) struct Window {
    bounds: Bounds,
    groups: BTreeMap<u64, Group>,
    numbers: HashMap<String, u64>,
    next: u64,
    /// The conversation of the last row, which likely goes on.
    current: u64,
    bytes: usize,
    gone: HashSet<u64>,
}

impl Window {
    /// An empty window.
    pub(super) fn new(bounds: Bounds) -> Self {
        let (groups, numbers, gone) = (BTreeMap::new(), HashMap::new(), HashSet::new());
        Self { bounds, groups, numbers, next: 0, current: 0, bytes: 0, gone }
    }

    /// Adds a row to the conversation of `key`.
    ///
    /// # Errors
    /// What is wrong and what to do, when the conversation has left already.
    pub(super) fn add(&mut self, key: &str, row: Row) -> Result<(), String> {
        let number = match self.numbers.get(key) {
            Some(number) => *number,
            None => self.open(key, row.place)?,
        };
        self.current = number;
        if let Some(group) = self.groups.get_mut(&number) {
            let before = group.bytes;
            group.add(row, self.bounds);
            self.bytes = self.bytes + group.bytes - before;
        }
        Ok(())
    }

    /// The oldest conversation but the current one, while the window is full.
    pub(super) fn overflow(&mut self) -> Option<Group> {
        if self.bytes <= self.bounds.window || self.groups.len() < 2 {
            return None;
        }
        let number = self.groups.keys().copied().find(|number| *number != self.current)?;
        let group = self.remove(number)?;
        if let Some(key) = &group.key {
            self.gone.insert(hash(key));
        }
        Some(group)
    }

    /// The oldest conversation, once the table has ended.
    pub(super) fn leave(&mut self) -> Option<Group> {
        let number = self.groups.keys().copied().next()?;
        self.remove(number)
    }

    fn remove(&mut self, number: u64) -> Option<Group> {
        let group = self.groups.remove(&number)?;
        self.bytes -= group.bytes;
        if let Some(key) = &group.key {
            self.numbers.remove(key);
        }
        Some(group)
    }

    /// Whether nothing is held.
    pub(super) fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    fn open(&mut self, key: &str, place: Place) -> Result<u64, String> {
        if self.gone.contains(&hash(key)) {
            return Err(format!(
                "conversation `{key}` comes back on line {} after more than {} MiB of others; sort the rows by \
                 conversation and read the file again",
                place.line,
                self.bounds.window >> 20,
            ));
        }
        if self.gone.len() >= self.bounds.keys {
            return Err(format!("more than {} conversations; split the file", self.bounds.keys));
        }
        let number = self.next;
        self.next += 1;
        self.numbers.insert(key.to_owned(), number);
        self.groups.insert(number, Group { key: Some(key.to_owned()), ..Group::default() });
        Ok(number)
    }
}

impl Group {
    /// The rows of a table without a column for the conversation.
    pub(super) fn single(row: Row) -> Self {
        Self { rows: vec![row], ..Self::default() }
    }

    /// Adds a row; over a bound, the conversation is refused and its rows are let go.
    pub(super) fn add(&mut self, row: Row, bounds: Bounds) {
        if self.refused.is_some() {
            return;
        }
        // A cell costs its text and the 24 bytes of its string.
        self.bytes += row.cells.iter().map(|cell| cell.len() + 24).sum::<usize>() + 48;
        self.rows.push(row);
        if self.bytes > bounds.group {
            self.refuse(format!("the conversation is longer than {} bytes; split it", bounds.group));
        } else if self.rows.len() > bounds.rows {
            self.refuse(format!("the conversation has more than {} rows; split it", bounds.rows));
        }
    }

    fn refuse(&mut self, why: String) {
        self.refused = Some(why);
        self.rows.truncate(1);
        self.bytes = 0;
    }
}

fn hash(key: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    key.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds { window: 1000, group: 100_000, rows: 10, keys: 100 };

    fn row(line: u64) -> Row {
        Row { place: Place { line, offset: 0 }, cells: vec!["x".repeat(200)] }
    }

    #[test]
    fn rows_that_come_back_join_while_the_window_holds_them() {
        let mut window = Window::new(BOUNDS);
        for (line, key) in ["a", "b", "a"].into_iter().enumerate() {
            window.add(key, row(line as u64)).unwrap();
            assert!(window.overflow().is_none());
        }
        assert_eq!(window.leave().unwrap().rows.len(), 2);
        assert_eq!(window.leave().unwrap().key.as_deref(), Some("b"));
        assert!(window.leave().is_none());
    }

    #[test]
    fn a_full_window_gives_out_the_oldest_which_must_not_come_back() {
        let mut window = Window::new(BOUNDS);
        let mut out = Vec::new();
        for line in 0..6 {
            window.add(&format!("{}", line / 2), row(line)).unwrap();
            out.extend(window.overflow());
        }
        assert_eq!(out.len(), 2);
        assert_eq!(out[0].rows.len(), 2);
        let error = window.add("0", row(7)).unwrap_err();
        assert!(error.contains("line 7") && error.contains("sort"), "{error}");
    }

    #[test]
    fn a_conversation_over_a_bound_is_refused_and_frees_its_rows() {
        let mut window = Window::new(BOUNDS);
        for line in 0..20 {
            window.add("a", row(line)).unwrap();
        }
        let group = window.leave().unwrap();
        assert!(group.refused.unwrap().contains("10 rows"));
        assert_eq!(group.rows.len(), 1);
    }
}
