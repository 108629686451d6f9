//! Many rows with one statement.
//!
//! PostgreSQL's COPY is not used. Measured on batches of 1,000 conversations: with all indexes and references it takes 4 % less
//! processor time than these statements, and the driver leaves Nagle's algorithm on, so that by TCP each COPY waits some 40 ms for
//! a delayed acknowledgement, and takes longer.

use pe_model::ConversationId;

use crate::Result;
use crate::engine::{Cell, Connection, Engine, Query, Value, push_placeholder};

/// A statement around rows of values.
pub(crate) struct Statement<'t> {
    /// What stands before the rows: `INSERT INTO table (columns) VALUES `.
    pub before: &'t str,
    /// What stands after the rows.
    pub after: &'t str,
    /// How many columns.
    pub columns: usize,
}

/// The values of rows, in the order of the columns.
pub(crate) struct Values<'v>(Vec<Value<'v>>);

impl<'v> Values<'v> {
    /// The next value.
    pub(crate) fn add(&mut self, value: impl Cell<'v>) -> &mut Self {
        self.0.push(value.value());
        self
    }
}

/// Runs a statement over rows, as many at a time as it may bind, and returns how many rows it wrote. It is run with a power of
/// two rows each time, so that there are few different texts and each is prepared once.
pub(crate) async fn run<'r, T>(
    connection: &mut Connection,
    statement: &Statement<'_>,
    rows: &'r [T],
    bind: impl Fn(&mut Values<'r>, &'r T) -> Result<()>,
) -> Result<u64> {
    let engine = connection.engine();
    let mut written = 0;
    for chunk in powers_of_two(rows, (engine.max_bound() / statement.columns).min(engine.max_rows())) {
        let mut values = Values(Vec::with_capacity(chunk.len() * statement.columns));
        for row in chunk {
            bind(&mut values, row)?;
        }
        let text = text(engine, statement.before, statement.columns, values.0.len(), statement.after);
        written += Query::with_values(engine, text, values.0).execute(connection).await?;
    }
    Ok(written)
}

/// `before (placeholder, ...), (...) after`, with so many columns and values.
fn text(engine: Engine, before: &str, columns: usize, values: usize, after: &str) -> String {
    let mut text = String::with_capacity(before.len() + after.len() + 7 * values + 2);
    text.push_str(before);
    for place in 0..values {
        text.push_str(match (place, place % columns) {
            (0, _) => "(",
            (_, 0) => "),(",
            _ => ",",
        });
        push_placeholder(&mut text, engine, place + 1);
    }
    text.push(')');
    text.push_str(after);
    text
}

/// Runs `before (id, ...)` over ids: `DELETE FROM messages WHERE conversation_id IN`.
pub(crate) async fn run_with_ids(
    connection: &mut Connection,
    before: &'static str,
    ids: &[ConversationId],
) -> Result<()> {
    let engine = connection.engine();
    for chunk in powers_of_two(ids, engine.max_rows()) {
        with_ids(engine, before, chunk, "").execute(connection).await?;
    }
    Ok(())
}

/// The statement `before (id, ...) after`; there has to be an id.
pub(crate) fn with_ids(engine: Engine, before: &str, ids: &[ConversationId], after: &str) -> Query<'static> {
    let values: Vec<_> = ids.iter().map(|id| Value::Uuid(id.0)).collect();
    Query::with_values(engine, text(engine, before, ids.len().max(1), ids.len(), after), values)
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
        assert_eq!(text(Engine::Sqlite, "VALUES ", 2, 4, " END"), "VALUES (?,?),(?,?) END");
        assert_eq!(text(Engine::Postgres, "VALUES ", 2, 4, " END"), "VALUES ($1,$2),($3,$4) END");
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
