//! Files within a file. The members of a tar or zip archive are read one after another, each as if it were a file of its
//! own; read-me files, licences and hidden files are passed over as in a folder.

mod tar;
mod zip;

use std::ffi::OsStr;
use std::path::Path;

use crate::Error;
use crate::bytes::{Bytes, Head, Progress};
use crate::input::is_passed_over;

/// How files are packed into one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// tar (POSIX ustar and pax, GNU long names).
    Tar,
    /// zip, members stored or deflated.
    Zip,
}

impl Packing {
    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tar => "tar",
            Self::Zip => "zip",
        }
    }
}

/// One file of an archive. Its bytes must be read before the next member is asked for.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

/// The members of an archive, in order.
pub(crate) type Members = Box<dyn Iterator<Item = Result<Member, Error>> + Send>;

/// What a file turns out to be once it is decompressed.
pub(crate) enum Contents {
    /// Bytes of one file.
    File(Bytes),
    /// Several files.
    Archive(Packing, Members),
}

/// Looks for an archive in `bytes`, which come from the file at `path`.
pub(crate) fn open(path: &Path, mut bytes: Bytes, progress: &Progress) -> Result<Contents, Error> {
    let head = Head::of(&mut bytes, tar::BLOCK);
    if zip::is_zip(&head.bytes) {
        return Ok(Contents::Archive(Packing::Zip, zip::members(path, progress)?));
    }
    let is_tar = tar::is_tar(&head.bytes);
    let whole = head.rejoin(bytes);
    Ok(if is_tar {
        Contents::Archive(Packing::Tar, tar::members(path, whole))
    } else {
        Contents::File(whole)
    })
}

/// Whether a member holds no data, by its name or that of a folder above it.
fn is_beside_the_data(name: &str) -> bool {
    name.ends_with('/') || name.split('/').any(|part| is_passed_over(OsStr::new(part)))
}
