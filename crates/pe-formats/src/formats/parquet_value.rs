//! A cell of an Arrow array as JSON, or as the text that a table in text would hold.

use arrow_array::Array;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, Decimal128Type, Float16Type, Float32Type, Float64Type,
    Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_schema::{DataType, TimeUnit};
use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Lists within lists, and so on, are read so deep.
const DEPTH: usize = 32;

/// How much of a row may still be kept. A row of few bytes in the file may be long: what is repeated is written once.
pub(super) struct Room {
    left: usize,
    exceeded: bool,
}

/// What a value costs beside its text, as in JSON: what parts it from the next one, and a key.
const VALUE: usize = 8;

impl Room {
    /// Room for so many bytes.
    pub(super) const fn of(bytes: usize) -> Self {
        Self { left: bytes, exceeded: false }
    }

    /// Whether something did not fit.
    pub(super) const fn is_exceeded(&self) -> bool {
        self.exceeded
    }

    /// Whether so many bytes fit, which are then taken.
    fn take(&mut self, bytes: usize) -> bool {
        self.exceeded |= bytes > self.left;
        if !self.exceeded {
            self.left -= bytes;
        }
        !self.exceeded
    }
}

/// The cell of `array` in `row`. Bytes that are not text, times of day and durations have no JSON and give null, and so does
/// what there is no room for.
pub(super) fn json(array: &dyn Array, row: usize, room: &mut Room) -> Value {
    nested(array, row, DEPTH, room)
}

/// The cell as text; empty where there is nothing.
pub(super) fn text(array: &dyn Array, row: usize, room: &mut Room) -> String {
    match json(array, row, room) {
        Value::Null => String::new(),
        Value::String(text) => text,
        other => other.to_string(),
    }
}

fn nested(array: &dyn Array, row: usize, depth: usize, room: &mut Room) -> Value {
    if depth == 0 || row >= array.len() || array.is_null(row) || !room.take(VALUE) {
        return Value::Null;
    }
    match array.data_type() {
        DataType::List(_) => list(array.as_list_opt::<i32>().map(|list| list.value(row)), depth, room),
        DataType::LargeList(_) => list(array.as_list_opt::<i64>().map(|list| list.value(row)), depth, room),
        DataType::FixedSizeList(..) => {
            list(array.as_fixed_size_list_opt().map(|list| list.value(row)), depth, room)
        }
        DataType::Struct(_) => structure(array, row, depth, room),
        DataType::Map(..) => map(array, row, depth, room),
        DataType::Dictionary(..) => dictionary(array, row, depth, room),
        _ => scalar(array, row, room),
    }
}

fn list(items: Option<arrow_array::ArrayRef>, depth: usize, room: &mut Room) -> Value {
    // Room for all of them is taken before any is made.
    let Some(items) = items.filter(|items| room.take(items.len().saturating_mul(VALUE))) else {
        return Value::Null;
    };
    Value::Array((0..items.len()).map(|at| nested(&items, at, depth - 1, room)).collect())
}

fn structure(array: &dyn Array, row: usize, depth: usize, room: &mut Room) -> Value {
    let Some(array) = array.as_struct_opt() else { return Value::Null };
    let fields = array.fields().iter().zip(array.columns());
    let present = fields
        .map(|(field, column)| (field.name().clone(), nested(column, row, depth - 1, room)))
        .filter(|(_, value)| !value.is_null());
    Value::Object(present.collect())
}

fn map(array: &dyn Array, row: usize, depth: usize, room: &mut Room) -> Value {
    let Some(entries) = array.as_map_opt().map(|map| map.value(row)) else { return Value::Null };
    let (Some(keys), Some(values)) = (entries.columns().first(), entries.columns().get(1)) else {
        return Value::Null;
    };
    let mut object = Map::new();
    for at in 0..entries.len() {
        if room.is_exceeded() {
            return Value::Null;
        }
        let key = text(keys, at, room);
        object.insert(key, nested(values, at, depth - 1, room));
    }
    Value::Object(object)
}

fn dictionary(array: &dyn Array, row: usize, depth: usize, room: &mut Room) -> Value {
    let Some(array) = array.as_any_dictionary_opt() else { return Value::Null };
    match scalar(array.keys(), row, room).as_u64() {
        Some(key) => nested(array.values(), key as usize, depth - 1, room),
        None => Value::Null,
    }
}

fn scalar(array: &dyn Array, row: usize, room: &mut Room) -> Value {
    match array.data_type() {
        DataType::Utf8 => kept(array.as_string_opt::<i32>().map(|array| array.value(row)), room),
        DataType::LargeUtf8 => kept(array.as_string_opt::<i64>().map(|array| array.value(row)), room),
        DataType::Utf8View => kept(array.as_string_view_opt().map(|array| array.value(row)), room),
        DataType::Binary => kept(utf8(array.as_binary_opt::<i32>().map(|array| array.value(row))), room),
        DataType::LargeBinary => kept(utf8(array.as_binary_opt::<i64>().map(|array| array.value(row))), room),
        DataType::BinaryView => kept(utf8(array.as_binary_view_opt().map(|array| array.value(row))), room),
        DataType::Boolean => array.as_boolean_opt().map_or(Value::Null, |array| array.value(row).into()),
        DataType::Int8 => number::<Int8Type>(array, row),
        DataType::Int16 => number::<Int16Type>(array, row),
        DataType::Int32 => number::<Int32Type>(array, row),
        DataType::Int64 => number::<Int64Type>(array, row),
        DataType::UInt8 => number::<UInt8Type>(array, row),
        DataType::UInt16 => number::<UInt16Type>(array, row),
        DataType::UInt32 => number::<UInt32Type>(array, row),
        DataType::UInt64 => number::<UInt64Type>(array, row),
        DataType::Float16 => {
            native::<Float16Type>(array, row).map_or(Value::Null, |half| half.to_f32().into())
        }
        DataType::Float32 => number::<Float32Type>(array, row),
        DataType::Float64 => number::<Float64Type>(array, row),
        DataType::Decimal128(..) => {
            let array = array.as_primitive_opt::<Decimal128Type>();
            array.map_or(Value::Null, |array| array.value_as_string(row).into())
        }
        DataType::Timestamp(unit, _) => instant(array, row, *unit),
        DataType::Date32 => day(native::<Date32Type>(array, row).map(i64::from)),
        DataType::Date64 => day(native::<Date64Type>(array, row).map(|millis| millis.div_euclid(86_400_000))),
        _ => Value::Null,
    }
}

fn utf8(bytes: Option<&[u8]>) -> Option<&str> {
    bytes.and_then(|bytes| std::str::from_utf8(bytes).ok())
}

fn kept(text: Option<&str>, room: &mut Room) -> Value {
    text.filter(|text| room.take(text.len())).map_or(Value::Null, Value::from)
}

fn native<T: ArrowPrimitiveType>(array: &dyn Array, row: usize) -> Option<T::Native> {
    array.as_primitive_opt::<T>().map(|array| array.value(row))
}

fn number<T: ArrowPrimitiveType>(array: &dyn Array, row: usize) -> Value
where
    T::Native: Into<Value>,
{
    native::<T>(array, row).map_or(Value::Null, Into::into)
}

fn instant(array: &dyn Array, row: usize, unit: TimeUnit) -> Value {
    let (ticks, per_second) = match unit {
        TimeUnit::Second => (native::<TimestampSecondType>(array, row), 1),
        TimeUnit::Millisecond => (native::<TimestampMillisecondType>(array, row), 1_000),
        TimeUnit::Microsecond => (native::<TimestampMicrosecondType>(array, row), 1_000_000),
        TimeUnit::Nanosecond => (native::<TimestampNanosecondType>(array, row), 1_000_000_000),
    };
    let nanoseconds = ticks.map(|ticks| i128::from(ticks) * (1_000_000_000 / per_second));
    let moment =
        nanoseconds.and_then(|nanoseconds| OffsetDateTime::from_unix_timestamp_nanos(nanoseconds).ok());
    moment.and_then(|moment| moment.format(&Rfc3339).ok()).map_or(Value::Null, Value::from)
}

fn day(days: Option<i64>) -> Value {
    let seconds = days.and_then(|days| days.checked_mul(86_400));
    let moment = seconds.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    moment.map_or(Value::Null, |moment| moment.date().to_string().into())
}
