//! zip: the list of members stands at the end of the file, so it must be a file that can be sought in.
//!
//! The `zip` crate reads that list; a member's bytes are then read here, from a file handle of their own, so that they
//! can be streamed without borrowing the archive.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use ::zip::{CompressionMethod, ZipArchive};

use super::{Member, Members, is_beside_the_data};
use crate::Error;
use crate::bytes::{Bytes, Progress, failure};

/// Whether a file begins like a zip archive: with a member, or with the end of an empty one.
pub(super) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// The members of the archive at `path`.
pub(super) fn members(path: &Path, progress: &Progress) -> Result<Members, Error> {
    let file = File::open(path).map_err(|_| {
        Error::Options(format!(
            "{}: a zip archive has to be a plain file; save or unpack it first",
            path.display()
        ))
    })?;
    let archive = ZipArchive::new(file).map_err(|error| damaged(path, &error))?;
    Ok(Box::new(ZipMembers { path: path.to_path_buf(), archive, next: 0, progress: progress.clone() }))
}

fn damaged(path: &Path, error: &dyn std::fmt::Display) -> Error {
    Error::Damaged {
        path: path.to_path_buf(),
        what: format!("the zip archive is damaged ({error}); fetch or write the file again"),
    }
}

struct ZipMembers {
    path: PathBuf,
    archive: ZipArchive<File>,
    next: usize,
    progress: Progress,
}

/// Where a member lies, and how.
struct Entry {
    name: String,
    start: u64,
    size: u64,
    method: CompressionMethod,
    crc: u32,
    encrypted: bool,
}

impl ZipMembers {
    fn entry(&mut self, index: usize) -> Result<Entry, Error> {
        let found = self.archive.by_index_raw(index).map_err(|error| damaged(&self.path, &error))?;
        let name = found.name().map_err(|error| damaged(&self.path, &error))?.into_owned();
        let start = found.data_start().ok_or_else(|| damaged(&self.path, &"a member has no place"))?;
        Ok(Entry {
            name,
            start,
            size: found.compressed_size(),
            method: found.compression(),
            crc: found.crc32(),
            encrypted: found.encrypted(),
        })
    }

    fn open(&self, entry: &Entry) -> Result<Bytes, Error> {
        let refuse = |what: &str| Error::Damaged {
            path: self.path.clone(),
            what: format!(
                "member {} {what}; unpack the archive with another tool and read the folder",
                entry.name
            ),
        };
        if entry.encrypted {
            return Err(refuse("is encrypted"));
        }
        let mut file = File::open(&self.path).map_err(|error| failure(&self.path, error))?;
        file.seek(SeekFrom::Start(entry.start)).map_err(|error| failure(&self.path, error))?;
        let packed = self.progress.count(file.take(entry.size));
        let plain: Bytes = match entry.method {
            CompressionMethod::STORE => packed,
            CompressionMethod::DEFLATE => Box::new(flate2::read::DeflateDecoder::new(packed)),
            _ => return Err(refuse("is packed in a way that is neither stored nor deflated")),
        };
        Ok(Box::new(Checked { inner: plain, crc: flate2::Crc::new(), stated: entry.crc }))
    }
}

impl Iterator for ZipMembers {
    type Item = Result<Member, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while self.next < self.archive.len() {
            let index = self.next;
            self.next += 1;
            let entry = match self.entry(index) {
                Ok(entry) if is_beside_the_data(&entry.name) => continue,
                Ok(entry) => entry,
                Err(error) => return Some(Err(error)),
            };
            return Some(self.open(&entry).map(|bytes| Member { name: entry.name, bytes }));
        }
        None
    }
}

/// Compares the checksum at the end.
struct Checked {
    inner: Bytes,
    crc: flate2::Crc,
    stated: u32,
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.crc.update(&buffer[..count]);
        if count == 0 && !buffer.is_empty() && self.crc.sum() != self.stated {
            return Err(io::Error::other("a zip member does not fit its checksum"));
        }
        Ok(count)
    }
}
