//! Many rows with one statement.

use pe_model::ConversationId;
use sqlx::{Arguments as _, AssertSqlSafe, Encode, Type};

use crate::engine::{Arguments, Connection, Db, MAX_BOUND};
use crate::{Error, Result};

/// Rows of one statement at most. More cost memory, for the prepared statement and for what it reads, and gain no time (measured).
pub(crate) const MAX_ROWS: usize = 64;

/// A statement around rows of values.
pub(crate) struct Statement {
    /// What stands before the rows: `INSERT INTO table (columns) VALUES `.
    pub before: &'static str,
    /// What stands after the rows.
    pub after: &'static str,
    /// How many columns.
    pub columns: usize,
}

/// The values of rows, in the order of the columns, and the text that stands for them: `(?,?),(?,?)`. SQLite looks a numbered
/// placeholder up by its name, one after the other, which is quadratic in a large statement; so the driver writes its own kind.
pub(crate) struct Values {
    bound: Arguments,
    columns: usize,
    text: String,
    problem: Option<Error>,
}

impl Values {
    /// Rows of so many columns, written after `before`.
    fn new(before: &str, columns: usize, rows: usize) -> Self {
        let mut text = String::with_capacity(before.len() + rows * (2 * columns + 2) + 128);
        text.push_str(before);
        Self { bound: Arguments::default(), columns, text, problem: None }
    }

    /// The next value. A failure is kept, and comes out of [`Values::finish`].
    pub(crate) fn add<'v, T: Encode<'v, Db> + Type<Db>>(&mut self, value: T) -> &mut Self {
        let place = self.bound.len();
        self.text.push_str(match (place, place % self.columns) {
            (0, _) => "(",
            (_, 0) => "),(",
            _ => ",",
        });
        let written = self.bound.add(value).map_err(|error| error.to_string());
        let written = written
            .and_then(|()| self.bound.format_placeholder(&mut self.text).map_err(|error| error.to_string()));
        if let Err(problem) = written {
            self.problem.get_or_insert_with(|| Error::invalid("value", problem));
        }
        self
    }

    /// The next value, a text. Copies it once; adding a `&str` copies it and then wraps it anew.
    pub(crate) fn text(&mut self, value: &str) -> &mut Self {
        self.add(std::sync::Arc::<str>::from(value))
    }

    /// The statement and its values.
    fn finish(mut self, after: &str) -> Result<(AssertSqlSafe<String>, Arguments)> {
        self.text.push(')');
        self.text.push_str(after);
        self.problem.map_or(Ok((AssertSqlSafe(self.text), self.bound)), Err)
    }
}

/// Runs a statement over rows, as many at a time as it may bind, and returns how many rows it wrote. It is run with a power of
/// two rows each time, so that there are few different texts and each is prepared once.
pub(crate) async fn run<T>(
    connection: &mut Connection,
    statement: &Statement,
    rows: &[T],
    bind: impl Fn(&mut Values, &T) -> Result<()>,
) -> Result<u64> {
    let mut written = 0;
    for chunk in powers_of_two(rows, (MAX_BOUND / statement.columns).min(MAX_ROWS)) {
        let mut values = Values::new(statement.before, statement.columns, chunk.len());
        for row in chunk {
            bind(&mut values, row)?;
        }
        let (sql, bound) = values.finish(statement.after)?;
        written += sqlx::query_with(sql, bound).execute(&mut *connection).await?.rows_affected();
    }
    Ok(written)
}

/// Runs `before (id, ...)` over ids: `DELETE FROM messages WHERE conversation_id IN`.
pub(crate) async fn run_with_ids(
    connection: &mut Connection,
    before: &'static str,
    ids: &[ConversationId],
) -> Result<()> {
    for chunk in powers_of_two(ids, MAX_ROWS) {
        let (sql, values) = with_ids(before, chunk, "")?;
        sqlx::query_with(sql, values).execute(&mut *connection).await?;
    }
    Ok(())
}

/// The statement `before (id, ...) after` and its values.
pub(crate) fn with_ids(
    before: &'static str,
    ids: &[ConversationId],
    after: &'static str,
) -> Result<(AssertSqlSafe<String>, Arguments)> {
    let mut values = Values::new(before, ids.len().max(1), 1);
    for id in ids {
        values.add(id.0);
    }
    values.finish(after)
}

/// Slices of at most `most` items, each a power of two long.
pub(crate) fn powers_of_two<T>(mut items: &[T], most: usize) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let length = items.len().min(most).checked_ilog2().map(|log| 1 << log)?;
        let (chunk, rest) = items.split_at(length);
        items = rest;
        Some(chunk)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_rows() {
        let mut values = Values::new("VALUES ", 2, 2);
        values.add(1_i64).add("a").add(2_i64).add("b");
        let (AssertSqlSafe(sql), bound) = values.finish(" END").expect("binds");
        assert_eq!((sql.as_str(), bound.len()), ("VALUES (?,?),(?,?) END", 4));
    }

    #[test]
    fn slices_cover_everything_in_order() {
        for count in 0..100_usize {
            let items: Vec<_> = (0..count).collect();
            let chunks: Vec<_> = powers_of_two(&items, 20).collect();
            assert!(chunks.iter().all(|chunk| chunk.len().is_power_of_two() && chunk.len() <= 16));
            assert_eq!(chunks.concat(), items);
        }
    }
}
