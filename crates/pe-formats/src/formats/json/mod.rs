//! What all JSON formats share: finding the records in a document of any size, one after another, and the usual names of
//! fields. The formats differ only in what they make of one record.

mod bounds;
mod cursor;
mod fields;
mod lenient;
mod outline;
mod python;
mod records;
mod values;

pub(crate) use bounds::parse;
pub(crate) use fields::{as_text, id_of, put, take_text, time_of};
pub(crate) use outline::Outline;
pub(crate) use records::{head_in, records, records_in, texts};
pub(crate) use values::{Layout, reject};
