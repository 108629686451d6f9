//! From a stream of rows to a stream of conversations; where the rows come from, text or Parquet, does not matter here.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use super::table_columns::{self, Columns, Kind};
use super::table_conversation::Plan;
use super::table_rows::RowOrReject;
use super::table_survey;
use super::table_window::{Bounds, Group, Row, Window};
use super::transcript_message;
use crate::record::{Item, Records, Reject};
use crate::roles::RoleMap;
use crate::{Error, ReadOptions};

/// Rows, rejected rows, and what ends the file.
pub(super) type RowStream = Box<dyn Iterator<Item = Result<RowOrReject, Error>> + Send>;

/// How many rows are looked at before the first conversation is given out, and how many bytes of them.
const SURVEY: (usize, usize) = (2_000, 8 << 20);
/// Bytes of conversations held back for rows that may come later.
const WINDOW: usize = 64 << 20;
/// Conversations whose ids are remembered, some 150 MB at most.
const KEYS: usize = 14_000_000;

/// The conversations in `rows` of a table with columns called `names`.
///
/// # Errors
/// The columns tell of no conversation, or the field map does not fit them.
pub(super) fn records(
    names: Vec<String>,
    mut rows: RowStream,
    options: &ReadOptions,
    path: &Path,
) -> Result<Records, Error> {
    let head = survey(&mut rows)?;
    let good: Vec<Row> = head.iter().filter_map(|row| row.as_ref().ok().cloned()).collect();
    let mut roles = options.roles.clone();
    let columns = match &options.map {
        Some(map) => {
            roles.add(&map.roles);
            table_columns::mapped(&names, map)?
        }
        None => columns(&names, &good, &roles)
            .ok_or_else(|| Error::UnknownFormat { path: path.to_path_buf(), why: why_not(&names) })?,
    };
    let extras = table_survey::extras(&names, &columns, &good);
    let extras = match &options.map {
        Some(map) => table_survey::obey(extras, map),
        None => extras,
    };
    let bounds = Bounds {
        window: WINDOW,
        group: options.max_record_bytes,
        // Several annotators repeat a message.
        rows: options.max_messages.saturating_mul(16),
        keys: KEYS,
    };
    let plan = Plan { names, columns, extras, roles, max_messages: options.max_messages };
    let path = path.to_path_buf();
    Ok(Box::new(Stream {
        head: head.into(),
        rows,
        plan,
        window: Window::new(bounds),
        path,
        state: State::Rows,
    }))
}

/// What the columns stand for, if the names tell and the first rows do not say otherwise.
pub(super) fn columns(names: &[String], rows: &[Row], roles: &RoleMap) -> Option<Columns> {
    let is_transcript = |column: usize| {
        let cells = rows.iter().map(|row| row.cells[column].as_str()).filter(|cell| !cell.trim().is_empty());
        let read: Vec<bool> =
            cells.take(20).map(|cell| transcript_message::is_transcript(cell, roles)).collect();
        !read.is_empty() && read.iter().filter(|read| **read).count() * 5 >= read.len() * 4
    };
    table_columns::of(names, &is_transcript)
        .filter(|columns| columns.own || table_survey::is_plausible(columns, rows))
}

/// What such a table lacks, for an error message.
pub(super) fn why_not(names: &[String]) -> String {
    let listed: Vec<&str> = names.iter().take(12).map(|name| name.trim()).collect();
    let more = if names.len() > listed.len() { ", ..." } else { "" };
    format!(
        "a table with the columns {}{more}, but without a speaker and a text, a prompt and a reply, or a whole transcript \
         in each row",
        listed.join(", ")
    )
}

fn survey(rows: &mut RowStream) -> Result<Vec<RowOrReject>, Error> {
    let (mut head, mut bytes) = (Vec::new(), 0usize);
    while head.len() < SURVEY.0 && bytes < SURVEY.1 {
        let Some(row) = rows.next().transpose()? else { break };
        bytes += row.as_ref().map_or(0, |row| row.cells.iter().map(String::len).sum());
        head.push(row);
    }
    Ok(head)
}

enum State {
    /// Rows are still coming.
    Rows,
    /// The table has ended; the window is emptied.
    Draining,
    Ended,
}

struct Stream {
    head: VecDeque<RowOrReject>,
    rows: RowStream,
    plan: Plan,
    window: Window,
    path: PathBuf,
    state: State,
}

impl Stream {
    fn step(&mut self) -> Option<Result<Item, Error>> {
        loop {
            match self.state {
                State::Ended => return None,
                State::Draining => return self.window.leave().map(|group| Ok(self.plan.item(&group))),
                State::Rows => {}
            }
            if let Some(group) = self.window.overflow() {
                return Some(Ok(self.plan.item(&group)));
            }
            let next = self.head.pop_front().map(Ok).or_else(|| self.rows.next());
            match next {
                None => self.state = State::Draining,
                Some(Err(error)) => return self.fail(error),
                Some(Ok(Err(reject))) => return Some(Ok(Item::Reject(reject))),
                Some(Ok(Ok(row))) => {
                    let taken = self.take(row).transpose();
                    if let Some(item) = taken {
                        let damaged = |what| Error::Damaged { path: self.path.clone(), what };
                        return match item.map_err(damaged) {
                            Ok(item) => Some(Ok(item)),
                            Err(error) => self.fail(error),
                        };
                    }
                }
            }
        }
    }

    /// What was read before an error is given out first, so that nothing is lost with it.
    fn fail(&mut self, error: Error) -> Option<Result<Item, Error>> {
        let Some(group) = self.window.leave() else {
            self.state = State::Ended;
            return Some(Err(error));
        };
        self.rows = Box::new(std::iter::once(Err(error)));
        self.head.clear();
        // The conversation that the error cuts is likely the last one; it is not given out half.
        if self.window.is_empty() {
            return self.step();
        }
        Some(Ok(self.plan.item(&group)))
    }

    fn take(&mut self, row: Row) -> Result<Option<Item>, String> {
        let columns = &self.plan.columns;
        let Some(group) = columns.group else {
            if matches!(columns.kind, Kind::Utterance { .. }) {
                self.window.add("", row)?;
                return Ok(None);
            }
            return Ok(Some(self.plan.item(&Group::single(row))));
        };
        if row.cells[group].trim().is_empty() {
            let reason = format!("column `{}` names no conversation", self.plan.names[group]);
            return Ok(Some(Item::Reject(Reject { place: row.place, reason, excerpt: row.excerpt() })));
        }
        let key = row.cells[group].clone();
        self.window.add(&key, row)?;
        Ok(None)
    }
}

impl Iterator for Stream {
    type Item = Result<Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step()
    }
}
