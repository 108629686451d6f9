//! What came before in an import, by 64-bit names: in memory while it is little, beyond that in sorted runs of a file without a
//! name, which is gone with the process however it ends.
//!
//! Names are shortened digests. Among ten million records two share one with a chance of 3 in a million; what is then asked of
//! the one is answered for the other.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Bytes of memory for a name and its value, at the worst moment: when the map grows, and when a run is sorted.
const BYTES_EACH: usize = 64;

/// Entries that are read from the file at once: 4 KiB.
const BLOCK: usize = 256;

/// Bytes of an entry in the file.
const ENTRY: usize = 16;

/// Values by name.
pub(super) struct Ledger {
    recent: HashMap<u64, u64>,
    /// Entries that may be in memory.
    most: usize,
    folder: PathBuf,
    file: Option<File>,
    runs: Vec<Run>,
}

/// Entries of the file that are sorted by name.
struct Run {
    /// Where it begins, in entries.
    begin: usize,
    entries: usize,
    /// The first name of each block.
    fences: Vec<u64>,
}

impl Ledger {
    /// An empty one, which takes up to `bytes` of memory and then goes on in a file in `folder`.
    pub(super) fn new(bytes: usize, folder: &Path) -> Self {
        let most = (bytes / BYTES_EACH).max(BLOCK);
        Self { recent: HashMap::new(), most, folder: folder.to_owned(), file: None, runs: Vec::new() }
    }

    /// Forgets everything.
    pub(super) fn clear(&mut self) {
        self.recent.clear();
        self.runs.clear();
        self.file = None;
    }

    /// The value that a name was first given.
    pub(super) fn first(&mut self, name: u64) -> io::Result<Option<u64>> {
        for run in &self.runs {
            if let Some(value) = find(self.file.as_mut(), run, name)? {
                return Ok(Some(value));
            }
        }
        Ok(self.recent.get(&name).copied())
    }

    /// The value that a name was last given.
    pub(super) fn last(&mut self, name: u64) -> io::Result<Option<u64>> {
        if let Some(value) = self.recent.get(&name) {
            return Ok(Some(*value));
        }
        for run in self.runs.iter().rev() {
            if let Some(value) = find(self.file.as_mut(), run, name)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// Gives a name a value, unless it has one that is still in memory.
    pub(super) fn give_first(&mut self, name: u64, value: u64) -> io::Result<()> {
        self.recent.entry(name).or_insert(value);
        self.make_room()
    }

    /// Gives a name a value in place of any other.
    pub(super) fn give(&mut self, name: u64, value: u64) -> io::Result<()> {
        self.recent.insert(name, value);
        self.make_room()
    }

    fn make_room(&mut self) -> io::Result<()> {
        if self.recent.len() < self.most {
            return Ok(());
        }
        let mut entries: Vec<_> = self.recent.drain().collect();
        entries.sort_unstable();
        let file = match self.file.take() {
            Some(file) => file,
            None => tempfile::tempfile_in(&self.folder)?,
        };
        let file = self.file.insert(file);
        let begin = self.runs.last().map_or(0, |run| run.begin + run.entries);
        file.seek(SeekFrom::Start((begin * ENTRY) as u64))?;
        let mut writer = io::BufWriter::new(file);
        for (name, value) in &entries {
            writer.write_all(&name.to_le_bytes())?;
            writer.write_all(&value.to_le_bytes())?;
        }
        writer.flush()?;
        let fences = entries.chunks(BLOCK).map(|block| block[0].0).collect();
        self.runs.push(Run { begin, entries: entries.len(), fences });
        Ok(())
    }
}

/// The value of a name in a run.
fn find(file: Option<&mut File>, run: &Run, name: u64) -> io::Result<Option<u64>> {
    let block = run.fences.partition_point(|&first| first <= name);
    let (Some(file), Some(block)) = (file, block.checked_sub(1)) else { return Ok(None) };
    let entries = (run.entries - block * BLOCK).min(BLOCK);
    let mut bytes = [0; BLOCK * ENTRY];
    file.seek(SeekFrom::Start(((run.begin + block * BLOCK) * ENTRY) as u64))?;
    file.read_exact(&mut bytes[..entries * ENTRY])?;
    let half = |entry: &[u8], at: usize| {
        let mut half = [0; 8];
        half.copy_from_slice(&entry[at..at + 8]);
        u64::from_le_bytes(half)
    };
    let (entries, _) = bytes[..entries * ENTRY].as_chunks::<ENTRY>();
    let place = entries.binary_search_by_key(&name, |entry| half(entry, 0));
    Ok(place.ok().map(|place| half(&entries[place], 8)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A number without a pattern for each number.
    fn name(number: u64) -> u64 {
        (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    #[test]
    fn first_and_last_are_the_same_with_and_without_a_file() {
        let folder = tempfile::tempdir().unwrap();
        for bytes in [0, 1 << 30] {
            let mut ledger = Ledger::new(bytes, folder.path());
            for round in 1..=3 {
                for number in 0..700 {
                    ledger.give(name(number), round * 1_000 + number).unwrap();
                }
            }
            assert_eq!(ledger.runs.is_empty(), bytes > 0);
            for number in 0..700 {
                assert_eq!(ledger.last(name(number)).unwrap(), Some(3_000 + number));
            }
            assert_eq!(ledger.last(name(700)).unwrap(), None);

            let mut ledger = Ledger::new(bytes, folder.path());
            for number in (0..700).chain(0..700).chain([3]) {
                ledger.give_first(name(number), number + 5).unwrap();
                ledger.give_first(name(number), 9_999).unwrap();
            }
            for number in 0..700 {
                assert_eq!(ledger.first(name(number)).unwrap(), Some(number + 5));
            }
            assert_eq!((ledger.first(0).unwrap(), ledger.first(u64::MAX).unwrap()), (None, None));
            ledger.clear();
            assert_eq!(ledger.first(name(1)).unwrap(), None);
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the file has no name");
    }
}
