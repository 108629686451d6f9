//! The seal of an index: which version made it, and the length of every file that was known to be sound when it was sealed. A file
//! of the engine never changes once it is written, so an index opens at once where all its files are sealed; of one that is being
//! written, or whose writer was killed, only the files that came later have their checksums verified.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::{fs, io};

use serde::{Deserialize, Serialize};
use tantivy::SegmentMeta;

const SEAL: &str = "seal.json";
/// Before the name under which a seal is written.
const FRESH: &str = "seal.json.";
/// Before the name under which the engine writes its table of contents.
const FRESH_CONTENTS: &str = ".tmp";
/// The engine's table of contents.
pub(crate) const CONTENTS: &str = "meta.json";
/// Every file of the engine ends in a checksum with a frame of more bytes than this.
const SHORTEST_FILE: u64 = 8;

/// Lengths of files in bytes, by name.
pub(crate) type Lengths = BTreeMap<String, u64>;

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seal {
    /// The layout's version.
    pub(crate) version: u32,
    /// Every file that was sound.
    pub(crate) files: Lengths,
}

impl Seal {
    /// The seal of `folder`; `None` where there is none.
    pub(crate) fn read(folder: &Path) -> io::Result<Option<Self>> {
        match fs::read(folder.join(SEAL)) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Seals `folder`. The seal appears whole or not at all.
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        let mut fresh = tempfile::Builder::new().prefix(FRESH).tempfile_in(folder)?;
        fresh.write_all(&serde_json::to_vec(self)?)?;
        fresh.as_file().sync_all()?;
        let seal = fresh.persist(folder.join(SEAL))?;
        // Whoever may read the index may read its seal.
        let like = fs::metadata(folder.join(CONTENTS))?.permissions();
        seal.set_permissions(like)
    }

    /// The first of `files` that has another length than when it was sealed, and the first sealed file of `segments` that is missing.
    pub(crate) fn first_damage(&self, segments: &[SegmentMeta], files: &Lengths) -> Option<String> {
        let is_live = |name: &str| segments.iter().any(|segment| is_file_of(name, segment));
        self.files.iter().find_map(|(name, length)| match files.get(name) {
            Some(found) if found == length => None,
            Some(found) => Some(format!("{name} has {found} bytes instead of {length}")),
            None => is_live(name).then(|| format!("{name} is missing")),
        })
    }
}

/// Removes what those who were killed have left behind of seals and tables of contents. Only the one writer may.
pub(crate) fn tidy(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if [FRESH, FRESH_CONTENTS].iter().any(|before| name.starts_with(before)) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

/// Name and length of every file in `folder` that belongs to one of `segments`.
pub(crate) fn live_files(folder: &Path, segments: &[SegmentMeta]) -> io::Result<Lengths> {
    let mut files = Lengths::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if segments.iter().any(|segment| is_file_of(&name, segment)) {
            match entry.metadata() {
                Ok(facts) => drop(files.insert(name, facts.len())),
                // Merged into another one, and removed, a moment ago.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(files)
}

/// Whether a file is a part of a segment: `<segment>.<part>`, or the present list of its deleted entries.
fn is_file_of(name: &str, segment: &SegmentMeta) -> bool {
    let Some(part) = name.strip_prefix(&segment.id().uuid_string()) else { return false };
    match (part.strip_suffix(".del"), segment.delete_opstamp()) {
        (None, _) => true,
        (Some(stamp), Some(present)) => stamp == format!(".{present}"),
        (Some(_), None) => false,
    }
}

/// Whether a file is too short to hold even its checksum.
pub(crate) const fn is_stub(length: u64) -> bool {
    length <= SHORTEST_FILE
}
