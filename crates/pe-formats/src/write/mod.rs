//! Conversations given back: one stream of [`ExportRecord`]s becomes a file, or a folder, that other tools read.
//!
//! An [`Exporter`] takes records one at a time and holds little of them: text formats one record, columnar formats one
//! row group. It writes under a temporary name beside the target, takes the SHA-256 while the bytes pass, and renames
//! only when all is on disk; dropped before [`Exporter::finish`], it leaves nothing behind. Beside the target it puts
//! `TARGET.manifest.json`, which says what is in it and what the format could not carry.
//!
//! | format | carries | read again |
//! |---|---|---|
//! | `jsonl` | everything | equal conversations |
//! | `parquet`, `huggingface` | everything | equal conversations |
//! | `csv` | everything but texts with NUL; an empty label reads as an absent one | equal conversations |
//! | `openai` | roles, texts, tool calls, optional weights | equal roles and texts up to the last reply |
//! | `preference` | prompt, chosen and rejected replies | equal roles and texts of both halves |
//!
//! Texts are data and are never altered: a cell of a CSV file that begins with `=`, `+`, `-` or `@` stays as it was said.
//! Whoever opens such a file in a spreadsheet should import the columns as text.

mod adjustment;
mod card;
mod columns;
mod csv;
mod error;
mod exporter;
mod format;
mod jsonl;
mod layout;
mod manifest;
mod openai;
mod options;
mod preference;
mod record;
mod remains;
mod shard;
mod split;
mod statistics;
mod table;
mod target;
mod text;

pub use adjustment::Adjustment;
pub use error::ExportError;
pub use exporter::Exporter;
pub use format::ExportFormat;
pub use manifest::{Manifest, ManifestFile};
pub use options::{DatasetFacts, ExportOptions};
pub use record::ExportRecord;
pub use split::{Split, SplitRatios};
