//! One statement: its text and its values, whatever database it is run on.

use std::fmt::Display;
use std::future::poll_fn;

use sqlx::AssertSqlSafe;

use super::{Cell, Connection, Driver, Engine, Row, Value};
use crate::{Error, Result};

/// A statement that is being put together. Placeholders are written `$1` in a text, or by [`Query::push_bind`].
pub(crate) struct Query<'v> {
    engine: Engine,
    text: String,
    values: Vec<Value<'v>>,
    keep: bool,
}

/// Runs an expression with the driver's own query, on either driver.
macro_rules! on_driver {
    ($self:ident, $connection:ident, |$query:ident, $driver:ident| $run:expr) => {{
        let (text, values) = (std::mem::take(&mut $self.text), std::mem::take(&mut $self.values));
        match $connection.driver() {
            Driver::Sqlite($driver) => {
                let bound = bound(values, Value::bind_sqlite)?;
                let $query =
                    sqlx::query_with::<sqlx::Sqlite, _>(AssertSqlSafe(text), bound).persistent($self.keep);
                $run
            }
            Driver::Postgres($driver) => {
                let bound = bound(values, Value::bind_postgres)?;
                let $query =
                    sqlx::query_with::<sqlx::Postgres, _>(AssertSqlSafe(text), bound).persistent($self.keep);
                $run
            }
        }
    }};
}

impl<'v> Query<'v> {
    pub(crate) fn new(engine: Engine, text: impl Into<String>) -> Self {
        Self { engine, text: text.into(), values: Vec::new(), keep: true }
    }

    /// With a text that has a placeholder for each value already.
    pub(crate) const fn with_values(engine: Engine, text: String, values: Vec<Value<'v>>) -> Self {
        Self { engine, text, values, keep: true }
    }

    /// Appends to the text.
    pub(crate) fn push(&mut self, text: impl Display) -> &mut Self {
        use std::fmt::Write as _;
        // Writing to a string does not fail.
        let _ = write!(self.text, "{text}");
        self
    }

    /// The value of the next placeholder that the text has.
    pub(crate) fn bind(&mut self, value: impl Cell<'v>) -> &mut Self {
        self.values.push(value.value());
        self
    }

    /// Appends a placeholder, and binds its value.
    pub(crate) fn push_bind(&mut self, value: impl Cell<'v>) -> &mut Self {
        self.bind(value);
        push_placeholder(&mut self.text, self.engine, self.values.len());
        self
    }

    /// Appends `(placeholder, ...)`, and binds the values.
    pub(crate) fn push_list<T: Cell<'v>>(&mut self, values: impl Iterator<Item = T>) -> &mut Self {
        self.push("(");
        for (place, value) in values.enumerate() {
            self.push(if place == 0 { "" } else { ", " }).push_bind(value);
        }
        self.push(")")
    }

    /// Does not keep the statement prepared: its text will not come again.
    pub(crate) const fn once(&mut self) -> &mut Self {
        self.keep = false;
        self
    }

    /// How many rows it wrote.
    pub(crate) async fn execute(&mut self, connection: &mut Connection) -> Result<u64> {
        Ok(on_driver!(self, connection, |query, driver| query.execute(driver).await?.rows_affected()))
    }

    /// Its rows.
    pub(crate) async fn fetch_all(&mut self, connection: &mut Connection) -> Result<Vec<Row>> {
        Ok(on_driver!(self, connection, |query, driver| {
            query.fetch_all(driver).await?.into_iter().map(Row::from).collect()
        }))
    }

    /// Its first row.
    pub(crate) async fn fetch_optional(&mut self, connection: &mut Connection) -> Result<Option<Row>> {
        Ok(on_driver!(self, connection, |query, driver| query.fetch_optional(driver).await?.map(Row::from)))
    }

    /// Its only row.
    pub(crate) async fn fetch_one(&mut self, connection: &mut Connection) -> Result<Row> {
        Ok(self.fetch_optional(connection).await?.ok_or(sqlx::Error::RowNotFound)?)
    }

    /// Gives its rows to `take`, one after the other, and never holds many.
    pub(crate) async fn for_each(
        &mut self,
        connection: &mut Connection,
        mut take: impl FnMut(&Row) -> Result<()>,
    ) -> Result<()> {
        on_driver!(self, connection, |query, driver| {
            let mut rows = query.fetch(driver);
            while let Some(row) = poll_fn(|context| rows.as_mut().poll_next(context)).await {
                take(&Row::from(row?))?;
            }
        });
        Ok(())
    }
}

/// Appends the placeholder of value `number`, counted from 1. SQLite looks a numbered placeholder up by its name, one after the
/// other, which is quadratic in a large statement.
pub(crate) fn push_placeholder(text: &mut String, engine: Engine, number: usize) {
    match engine {
        Engine::Sqlite => text.push('?'),
        Engine::Postgres => {
            use std::fmt::Write as _;
            // Writing to a string does not fail.
            let _ = write!(text, "${number}");
        }
    }
}

fn bound<'v, A: Default + sqlx::Arguments>(
    values: Vec<Value<'v>>,
    bind: impl Fn(Value<'v>, &mut A) -> Result<(), sqlx::error::BoxDynError>,
) -> Result<A> {
    let mut bound = A::default();
    bound.reserve(values.len(), 0);
    for value in values {
        bind(value, &mut bound).map_err(|error| Error::invalid("value", error.to_string()))?;
    }
    Ok(bound)
}
