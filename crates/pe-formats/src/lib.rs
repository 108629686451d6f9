//! Bytes to streams of conversations, and back: readers, writers, format detection.

mod record;

pub use record::{Error, Item, Place, Record, Records, Reject};
