//! Bytes to streams of conversations, and back: readers, writers, format detection.
//!
//! [`expand`] turns paths into [`Input`]s; [`Reader::open`] tells what an input is and gives out its conversations one by
//! one, with their places, and rejects what can't be read. `docs/formats.md` shows every format.

mod archive;
mod bytes;
mod encoding;
mod format;
mod formats;
mod input;
mod magic;
mod map;
mod reader;
mod record;
mod roles;
mod sample;
mod source;
pub mod write;

pub use archive::Packing;
pub use bytes::Compression;
pub use encoding::Encoding;
pub use format::{Format, Guess};
pub use input::{Input, expand};
pub use map::FieldMap;
pub use reader::{ReadOptions, Reader};
pub use record::{Error, Item, Place, Record, Records, Reject};
pub use roles::RoleMap;
