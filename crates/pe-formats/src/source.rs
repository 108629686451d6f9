//! One file on its way into a reader: its head, seen already, and its bytes, still to come.

use std::io::{BufRead, BufReader, Cursor, Read};
use std::path::{Path, PathBuf};

use crate::bytes::{self, Bytes};
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
    bytes: Bytes,
}

impl Source {
    /// Reads the head of `bytes`. `name` has the extension that may help to tell the format.
    pub(crate) fn new(
        path: PathBuf,
        name: &Path,
        file: Option<PathBuf>,
        mut bytes: Bytes,
        encoding: Option<Encoding>,
    ) -> Result<Self, Error> {
        let read = |bytes: &mut Bytes| bytes::take(bytes, Sample::SIZE);
        let head = read(&mut bytes).map_err(|error| bytes::failure(&path, error))?;
        let encoding = encoding.unwrap_or_else(|| Encoding::of(&head));
        let text = encoding
            .decode(Box::new(Cursor::new(head.clone())))
            .and_then(|mut decoded| {
                let mut text = Vec::new();
                decoded.read_to_end(&mut text)?;
                Ok(text)
            })
            .map_err(|error| bytes::failure(&path, error))?;
        let sample = Sample::new(name.to_path_buf(), head.clone(), text, encoding);
        let is_member = name != path;
        Ok(Self { path, file, is_member, sample, bytes: bytes::rejoin(head, bytes) })
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
