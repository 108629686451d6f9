//! One file on its way into a reader: its head, seen already, and its bytes, still to come.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use crate::bytes::{self, Bytes, Head};
use crate::sample::Sample;
use crate::{Encoding, Error};

/// A file, or a member of an archive, opened and decompressed.
pub(crate) struct Source {
    /// The file's path; within an archive, the archive's path and the member's name. For messages.
    pub(crate) path: PathBuf,
    /// The file itself where it is a plain file that can be sought in.
    pub(crate) file: Option<PathBuf>,
    /// Whether it lies in an archive.
    pub(crate) is_member: bool,
    /// Its head.
    pub(crate) sample: Sample,
    /// What breaks the stream off right behind the head.
    broken: Option<(io::ErrorKind, String)>,
    bytes: Bytes,
}

impl Source {
    /// Reads the head of `bytes`: more of it, up to `max_record_bytes`, where the first record goes beyond the usual size.
    /// `name` has the extension that may help to tell the format.
    pub(crate) fn new(
        path: PathBuf,
        name: &Path,
        file: Option<PathBuf>,
        mut bytes: Bytes,
        encoding: Option<Encoding>,
        max_record_bytes: usize,
    ) -> Result<Self, Error> {
        let mut size = Sample::SIZE;
        let mut head = Head::of(&mut bytes, size);
        let encoding = encoding.unwrap_or_else(|| Encoding::of(&head.bytes));
        let sample = loop {
            let complete = head.bytes.len() < size && head.failure.is_none();
            let text = decoded(encoding, &head.bytes).map_err(|error| bytes::failure(&path, error))?;
            let sample = Sample::new(name.to_path_buf(), &head.bytes, text, complete, encoding);
            let ends = head.bytes.len() < size || size >= max_record_bytes;
            if ends || !sample.outline().is_some_and(|outline| outline.is_cut) {
                break sample;
            }
            size = size.saturating_mul(8).min(max_record_bytes);
            head.grow(&mut bytes, size);
        };
        let is_member = name != path;
        let broken = head.failure.as_ref().map(|error| (error.kind(), error.to_string()));
        Ok(Self { path, file, is_member, sample, broken, bytes: head.rejoin(bytes) })
    }

    /// Why no format can be told from the head: it breaks off, or nothing fits what is there.
    pub(crate) fn unknown(&self) -> Error {
        match &self.broken {
            Some((kind, what)) => bytes::failure(&self.path, io::Error::new(*kind, what.clone())),
            None => Error::UnknownFormat { path: self.path.clone(), why: self.sample.describe() },
        }
    }

    /// The text as UTF-8 without a mark. Bytes that fit no character are passed on: the record they stand in is to be
    /// rejected.
    pub(crate) fn into_text(self) -> Result<Box<dyn BufRead + Send>, Error> {
        let decoded =
            self.sample.encoding.decode(self.bytes).map_err(|error| bytes::failure(&self.path, error))?;
        Ok(Box::new(BufReader::with_capacity(128 * 1024, decoded)))
    }

    /// The bytes, decompressed but not decoded.
    pub(crate) fn into_bytes(self) -> Bytes {
        self.bytes
    }
}

fn decoded(encoding: Encoding, head: &[u8]) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    encoding.decode(Box::new(Cursor::new(head.to_vec())))?.read_to_end(&mut text)?;
    Ok(text)
}
