//! Many rows with one statement.

use pe_model::ConversationId;
use sqlx::PgConnection;
use sqlx::error::BoxDynError;

use crate::engine::{Cell, Connection, Driver, Engine, Query, Value, push_placeholder};
use crate::{Error, Result};

/// A statement around rows of values.
pub(crate) struct Statement<'t> {
    /// What stands before the rows: `INSERT INTO table (columns) VALUES `.
    pub before: &'t str,
    /// What stands after the rows.
    pub after: &'t str,
    /// How many columns.
    pub columns: usize,
}

impl<'t> Statement<'t> {
    /// The same as a COPY: `table (columns)`. `None` for what does more than insert new rows.
    fn copied(&self) -> Option<&'t str> {
        let target = self.before.strip_prefix("INSERT INTO ")?.strip_suffix(" VALUES ")?;
        self.after.is_empty().then_some(target)
    }
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
/// two rows each time, so that there are few different texts and each is prepared once. PostgreSQL takes new rows by COPY.
pub(crate) async fn run<'r, T>(
    connection: &mut Connection,
    statement: &Statement<'_>,
    rows: &'r [T],
    bind: impl Fn(&mut Values<'r>, &'r T) -> Result<()>,
) -> Result<u64> {
    if rows.len() >= COPY_FROM
        && let Some(target) = statement.copied()
        && let Driver::Postgres(driver) = connection.driver()
    {
        return copy_in(driver, target, statement.columns, rows, bind).await;
    }
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

/// Rows from which PostgreSQL's COPY, which is prepared anew each time, takes less time than an INSERT that is prepared (measured by
/// `examples/save_speed`).
const COPY_FROM: usize = 8;

/// Bytes after which rows of a COPY are sent.
const COPY_CHUNK: usize = 1 << 20;

/// What a binary COPY begins with: its signature, no flags, no extension
/// (<https://www.postgresql.org/docs/15/sql-copy.html>, "Binary Format").
const COPY_HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// What it ends with.
const COPY_TRAILER: [u8; 2] = [0xff, 0xff];

async fn copy_in<'r, T>(
    driver: &mut PgConnection,
    target: &str,
    columns: usize,
    rows: &'r [T],
    bind: impl Fn(&mut Values<'r>, &'r T) -> Result<()>,
) -> Result<u64> {
    let mut copy = driver.copy_in_raw(&format!("COPY {target} FROM STDIN (FORMAT binary)")).await?;
    let mut bytes = COPY_HEADER.to_vec();
    for row in rows {
        let mut values = Values(Vec::with_capacity(columns));
        let appended = bind(&mut values, row).and_then(|()| {
            append_row(&values.0, &mut bytes).map_err(|error| Error::invalid("value", error.to_string()))
        });
        if let Err(error) = appended {
            copy.abort("a row cannot be written").await?;
            return Err(error);
        }
        if bytes.len() >= COPY_CHUNK {
            copy.send(std::mem::take(&mut bytes)).await?;
        }
    }
    bytes.extend(COPY_TRAILER);
    copy.send(bytes).await?;
    Ok(copy.finish().await?)
}

fn append_row(values: &[Value<'_>], to: &mut Vec<u8>) -> Result<(), BoxDynError> {
    to.extend(u16::try_from(values.len())?.to_be_bytes());
    values.iter().try_for_each(|value| value.append_copy(to))
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
    fn only_what_inserts_new_rows_is_copied() {
        let insert = Statement { before: "INSERT INTO t (a, b) VALUES ", after: "", columns: 2 };
        assert_eq!(insert.copied(), Some("t (a, b)"));
        assert_eq!(Statement { after: " ON CONFLICT DO NOTHING", ..insert }.copied(), None);
        let update =
            Statement { before: "UPDATE t SET a = v.column2 FROM (VALUES ", after: ") AS v", columns: 2 };
        assert_eq!(update.copied(), None);
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
