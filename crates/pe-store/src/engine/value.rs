//! Values that a statement binds, and what becomes of them on the way to either database.
//!
//! PostgreSQL's texts hold every character but U+0000. It and U+0001 are stored there as U+0001 followed by U+0001 or U+0002, which
//! keeps texts distinct and their order byte by byte; all other texts are stored as they are.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo};
use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments as _, Encode, Postgres, Type};
use uuid::Uuid;

/// The kinds of columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Float,
    Bool,
    Text,
    Json,
    Blob,
    Uuid,
}

/// A value of a column. An absent one has a kind, too: PostgreSQL wants to know.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'v> {
    Absent(Kind),
    Int(i64),
    Float(f64),
    Bool(bool),
    Text(Cow<'v, str>),
    Json(Cow<'v, str>),
    Blob(Cow<'v, [u8]>),
    Uuid(Uuid),
}

/// What can be bound.
pub(crate) trait Cell<'v> {
    /// Of which kind of column.
    const KIND: Kind;
    /// The value.
    fn value(self) -> Value<'v>;
}

/// What is stored as JSON.
pub(crate) struct Json<T>(pub(crate) T);

macro_rules! cells {
    ($($from:ty, $kind:ident, $value:ident => $into:expr;)*) => {
        $(impl<'v> Cell<'v> for $from {
            const KIND: Kind = Kind::$kind;
            fn value(self) -> Value<'v> {
                let $value = self;
                Value::$kind($into)
            }
        })*
    };
}

cells! {
    i64, Int, value => value;
    f64, Float, value => value;
    &'v str, Text, value => Cow::Borrowed(value);
    String, Text, value => Cow::Owned(value);
    &'v [u8], Blob, value => Cow::Borrowed(value);
    Vec<u8>, Blob, value => Cow::Owned(value);
    Uuid, Uuid, value => value;
}

impl<'v, T: Serialize> Cell<'v> for Json<T> {
    const KIND: Kind = Kind::Json;

    /// What cannot be written as JSON is nothing: maps of the program have texts for keys.
    fn value(self) -> Value<'v> {
        serde_json::to_string(&self.0).map_or(Value::Absent(Kind::Json), |text| Value::Json(Cow::Owned(text)))
    }
}

impl<'v, T: Cell<'v>> Cell<'v> for Option<T> {
    const KIND: Kind = T::KIND;

    fn value(self) -> Value<'v> {
        self.map_or(Value::Absent(T::KIND), T::value)
    }
}

impl<'v> Cell<'v> for Value<'v> {
    const KIND: Kind = Kind::Text;

    fn value(self) -> Value<'v> {
        self
    }
}

impl Value<'_> {
    /// The same value, of what this one holds.
    pub(crate) fn reborrow(&self) -> Value<'_> {
        match self {
            Self::Absent(kind) => Value::Absent(*kind),
            Self::Int(value) => Value::Int(*value),
            Self::Float(value) => Value::Float(*value),
            Self::Bool(value) => Value::Bool(*value),
            Self::Text(text) => Value::Text(Cow::Borrowed(text)),
            Self::Json(text) => Value::Json(Cow::Borrowed(text)),
            Self::Blob(bytes) => Value::Blob(Cow::Borrowed(bytes)),
            Self::Uuid(id) => Value::Uuid(*id),
        }
    }

    /// Binds it for SQLite. Texts are copied once; a `&str` would be copied and then wrapped anew.
    pub(super) fn bind_sqlite(self, to: &mut SqliteArguments) -> Result<(), BoxDynError> {
        match self {
            Self::Absent(_) => to.add(None::<i64>),
            Self::Int(value) => to.add(value),
            Self::Float(value) => to.add(value),
            Self::Bool(value) => to.add(value),
            Self::Text(text) | Self::Json(text) => to.add(Arc::<str>::from(text)),
            Self::Blob(bytes) => to.add(bytes.into_owned()),
            Self::Uuid(id) => to.add(id),
        }
    }

    /// Binds it for PostgreSQL.
    pub(super) fn bind_postgres(self, to: &mut PgArguments) -> Result<(), BoxDynError> {
        match self {
            Self::Absent(kind) => bind_absent(kind, to),
            Self::Int(value) => to.add(value),
            Self::Float(value) => to.add(value),
            Self::Bool(value) => to.add(value),
            Self::Text(text) => to.add(&*escaped(&text)),
            Self::Json(text) => to.add(JsonText(&text)),
            Self::Blob(bytes) => to.add(&*bytes),
            Self::Uuid(id) => to.add(id),
        }
    }

    /// Appends it so that equal values, and no others, give equal bytes.
    pub(crate) fn append_canonical(&self, to: &mut Vec<u8>) {
        let mut sized = |mark: u8, bytes: &[u8]| {
            to.push(mark);
            to.extend((bytes.len() as u64).to_le_bytes());
            to.extend(bytes);
        };
        match self {
            Self::Absent(_) => to.push(b'-'),
            Self::Int(value) => sized(b'i', &value.to_le_bytes()),
            Self::Float(value) => sized(b'f', &value.to_bits().to_le_bytes()),
            Self::Bool(value) => sized(b'b', &[*value as u8]),
            Self::Text(text) => sized(b't', text.as_bytes()),
            Self::Json(text) => sized(b'j', text.as_bytes()),
            Self::Blob(bytes) => sized(b'x', bytes),
            Self::Uuid(id) => sized(b'u', id.as_bytes()),
        }
    }
}

/// For people: a key in an error.
impl fmt::Display for Value<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent(_) => write!(to, "nothing"),
            Self::Int(value) => write!(to, "{value}"),
            Self::Float(value) => write!(to, "{value}"),
            Self::Bool(value) => write!(to, "{value}"),
            Self::Text(text) | Self::Json(text) => write!(to, "{text:?}"),
            Self::Blob(bytes) => write!(to, "{} bytes", bytes.len()),
            Self::Uuid(id) => write!(to, "{id}"),
        }
    }
}

fn bind_absent(kind: Kind, to: &mut PgArguments) -> Result<(), BoxDynError> {
    match kind {
        Kind::Int => to.add(None::<i64>),
        Kind::Float => to.add(None::<f64>),
        Kind::Bool => to.add(None::<bool>),
        Kind::Text => to.add(None::<&str>),
        Kind::Json => to.add(None::<JsonText<'_>>),
        Kind::Blob => to.add(None::<&[u8]>),
        Kind::Uuid => to.add(None::<Uuid>),
    }
}

/// A text for a column of PostgreSQL's type JSON. The driver's own JSON is JSONB, which does not keep a text as it was written.
struct JsonText<'v>(&'v str);

impl Type<Postgres> for JsonText<'_> {
    fn type_info() -> PgTypeInfo {
        // The number of the type JSON in `pg_type`.
        PgTypeInfo::with_oid(Oid(114))
    }
}

impl Encode<'_, Postgres> for JsonText<'_> {
    fn encode_by_ref(&self, to: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        to.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }
}

/// Marks what follows it in a text of PostgreSQL; see the module.
const MARK: char = '\u{1}';

/// A text as PostgreSQL stores it.
fn escaped(text: &str) -> Cow<'_, str> {
    if !text.contains(['\0', MARK]) {
        return Cow::Borrowed(text);
    }
    let mut stored = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        match letter {
            '\0' => stored.push_str("\u{1}\u{1}"),
            MARK => stored.push_str("\u{1}\u{2}"),
            other => stored.push(other),
        }
    }
    Cow::Owned(stored)
}

/// The text that PostgreSQL has stored. Of a text cut in the middle of a pair, half a pair is left out.
pub(super) fn unescaped(stored: String) -> String {
    if !stored.contains(MARK) {
        return stored;
    }
    let mut text = String::with_capacity(stored.len());
    let mut letters = stored.chars();
    while let Some(letter) = letters.next() {
        match letter {
            MARK => text.extend(letters.next().map(|second| if second == MARK { '\0' } else { MARK })),
            other => text.push(other),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_survive_and_keep_their_order(one in "[\0\u{1}\u{2}a]{0,6}", two in "[\0\u{1}\u{2}a]{0,6}") {
            let (first, second) = (escaped(&one), escaped(&two));
            prop_assert!(!first.contains('\0'));
            prop_assert_eq!(one.cmp(&two), first.as_bytes().cmp(second.as_bytes()));
            prop_assert_eq!(unescaped(first.into_owned()), one);
        }
    }
}
