//! The seal of an index that was closed in good order: which version made it, the digest of its table of contents, and the
//! length of every file. An index whose seal fits opens at once; one whose seal does not fit (it is being written, or the
//! writer was killed) has the checksum of every file verified first.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use pe_model::Digest;
use serde::{Deserialize, Serialize};
use tantivy::SegmentMeta;

const SEAL: &str = "seal.json";
/// The engine's table of contents.
pub(crate) const CONTENTS: &str = "meta.json";
/// Every file of the engine ends in a checksum with a frame of more bytes than this.
const SHORTEST_FILE: u64 = 8;

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seal {
    /// The layout's version.
    pub(crate) version: u32,
    /// SHA-256 of the table of contents, in hexadecimal.
    pub(crate) contents: String,
    /// Length in bytes of every file of the index.
    pub(crate) files: BTreeMap<String, u64>,
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

    /// Seals `folder`, which holds `segments` and is at rest.
    pub(crate) fn write(folder: &Path, version: u32, segments: &[SegmentMeta]) -> io::Result<()> {
        let seal = Self { version, contents: contents_digest(folder)?, files: live_files(folder, segments)? };
        // The seal appears whole or not at all.
        let fresh = folder.join("seal.json.new");
        fs::write(&fresh, serde_json::to_vec(&seal)?)?;
        fs::File::open(&fresh)?.sync_all()?;
        fs::rename(&fresh, folder.join(SEAL))
    }

    /// Whether the table of contents is the one that was sealed.
    pub(crate) fn fits(&self, folder: &Path) -> io::Result<bool> {
        Ok(self.contents == contents_digest(folder)?)
    }

    /// The first file that is missing or has another length than when the index was sealed.
    pub(crate) fn first_damage(&self, folder: &Path) -> Option<String> {
        self.files.iter().find_map(|(name, &length)| match fs::metadata(folder.join(name)) {
            Ok(found) if found.len() == length => None,
            Ok(found) => Some(format!("{name} has {} bytes instead of {length}", found.len())),
            Err(_) => Some(format!("{name} is missing")),
        })
    }
}

fn contents_digest(folder: &Path) -> io::Result<String> {
    let contents = fs::read(folder.join(CONTENTS))?;
    Ok(Digest::of_parts([contents.as_slice()]).to_string())
}

/// Name and length of every file in `folder` that belongs to one of `segments`.
pub(crate) fn live_files(folder: &Path, segments: &[SegmentMeta]) -> io::Result<BTreeMap<String, u64>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if segments.iter().any(|segment| is_file_of(&name, segment)) {
            files.insert(name, entry.metadata()?.len());
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

/// The first file too short to hold even its checksum.
pub(crate) fn first_stub(files: &BTreeMap<String, u64>) -> Option<&str> {
    files.iter().find(|&(_, &length)| length <= SHORTEST_FILE).map(|(name, _)| name.as_str())
}
