//! Rows of either database.

use serde::de::DeserializeOwned;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, ValueRef as _};
use uuid::Uuid;

use super::value::unescaped;
use super::{Kind, Value};
use crate::{Error, Result};

/// A row.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl From<SqliteRow> for Row {
    fn from(row: SqliteRow) -> Self {
        Self::Sqlite(row)
    }
}

impl From<PgRow> for Row {
    fn from(row: PgRow) -> Self {
        Self::Postgres(row)
    }
}

/// What a column can be read as.
pub(crate) trait Column: Sized {
    fn of(row: &Row, column: usize) -> Result<Option<Self>>;
}

impl Row {
    /// The value of a column, counted from 0.
    pub(crate) fn get<T: Column>(&self, column: usize) -> Result<T> {
        self.maybe(column)?.ok_or_else(|| Error::corrupt(format!("column {column} of a row"), "it is empty"))
    }

    /// The value of a column that may be empty.
    pub(crate) fn maybe<T: Column>(&self, column: usize) -> Result<Option<T>> {
        T::of(self, column)
    }

    /// What is stored as JSON in a column that may be empty.
    pub(crate) fn json<T: DeserializeOwned>(&self, column: usize) -> Result<Option<T>> {
        let parse = |text: String| {
            serde_json::from_str(&text).map_err(|error| Error::corrupt(format!("JSON {text:.40}"), error))
        };
        json_text(self, column)?.map(parse).transpose()
    }

    /// The value of a column of that kind.
    pub(crate) fn value(&self, column: usize, kind: Kind) -> Result<Value<'static>> {
        let value = match kind {
            Kind::Int => self.maybe(column)?.map(Value::Int),
            Kind::Float => self.maybe(column)?.map(Value::Float),
            Kind::Bool => self.maybe(column)?.map(Value::Bool),
            Kind::Text => self.maybe::<String>(column)?.map(|text| Value::Text(text.into())),
            Kind::Json => json_text(self, column)?.map(|text| Value::Json(text.into())),
            Kind::Blob => self.maybe::<Vec<u8>>(column)?.map(|bytes| Value::Blob(bytes.into())),
            Kind::Uuid => self.maybe(column)?.map(Value::Uuid),
        };
        Ok(value.unwrap_or(Value::Absent(kind)))
    }
}

macro_rules! columns {
    ($($type:ty),*) => {
        $(impl Column for $type {
            fn of(row: &Row, column: usize) -> Result<Option<Self>> {
                Ok(match row {
                    Row::Sqlite(row) => row.try_get(column)?,
                    Row::Postgres(row) => row.try_get(column)?,
                })
            }
        })*
    };
}

columns!(i64, f64, bool, Vec<u8>, Uuid);

impl Column for String {
    fn of(row: &Row, column: usize) -> Result<Option<Self>> {
        Ok(match row {
            Row::Sqlite(row) => row.try_get(column)?,
            Row::Postgres(row) => row.try_get::<Option<Self>, _>(column)?.map(unescaped),
        })
    }
}

impl Column for u32 {
    fn of(row: &Row, column: usize) -> Result<Option<Self>> {
        let narrow = |value: i64| {
            Self::try_from(value)
                .map_err(|error| Error::corrupt(format!("column {column} of a row, {value}"), error))
        };
        i64::of(row, column)?.map(narrow).transpose()
    }
}

/// PostgreSQL sends JSON as its text. It is taken as it comes: the driver reads JSON only as a value, and not as what was written.
fn json_text(row: &Row, column: usize) -> Result<Option<String>> {
    let row = match row {
        Row::Sqlite(row) => return Ok(row.try_get(column)?),
        Row::Postgres(row) => row,
    };
    let value = row.try_get_raw(column)?;
    if value.is_null() {
        return Ok(None);
    }
    let text = value.as_str().map_err(|error| Error::corrupt(format!("JSON of column {column}"), error))?;
    Ok(Some(text.to_owned()))
}
