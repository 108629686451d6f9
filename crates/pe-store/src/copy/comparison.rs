//! Rows of both sides, compared one by one.

use pe_model::Digest;

use super::CopiedTable;
use super::tables::{Cells, Table};
use crate::engine::Value;
use crate::{Error, Result};

/// A table that is being compared.
pub(crate) struct Comparison<'t> {
    table: &'t Table,
    /// The source and the target, in words.
    places: &'t (String, String),
    rows: u64,
    digest: Digest,
}

impl<'t> Comparison<'t> {
    pub(crate) fn new(table: &'t Table, places: &'t (String, String)) -> Self {
        Self { table, places, rows: 0, digest: Digest::of_parts([table.name.as_bytes()]) }
    }

    /// The next rows of the source and of the target.
    pub(crate) fn take(&mut self, source: &[Cells], target: &[Cells]) -> Result<()> {
        for place in 0..source.len().max(target.len()) {
            match (source.get(place), target.get(place)) {
                (Some(one), Some(two)) => {
                    let digest = after(self.digest, one);
                    if digest != after(self.digest, two) {
                        return Err(self.differs(one));
                    }
                    self.digest = digest;
                    self.rows += 1;
                }
                (Some(only), None) | (None, Some(only)) => return Err(self.differs(only)),
                (None, None) => {}
            }
        }
        Ok(())
    }

    fn differs(&self, row: &Cells) -> Error {
        let (source_place, target_place) = self.places.clone();
        Error::Differs { table: self.table.name, key: self.table.key_of(row), source_place, target_place }
    }

    pub(crate) fn finish(self) -> CopiedTable {
        CopiedTable { name: self.table.name, rows: self.rows, digest: self.digest }
    }
}

/// The digest after one more row.
fn after(before: Digest, row: &[Value<'_>]) -> Digest {
    let mut bytes = Vec::new();
    for value in row {
        value.append_canonical(&mut bytes);
    }
    Digest::of_parts([before.as_bytes().as_slice(), &bytes])
}
