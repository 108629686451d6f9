//! tar: a header of 512 bytes before each file (POSIX.1-2017 `pax`, "ustar Interchange Format"), with the two ways to
//! write a long name (pax records and GNU `L` entries).

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Member, Members, is_beside_the_data};
use crate::Error;
use crate::bytes::{Bytes, failure};

/// Headers and contents fill whole blocks.
pub(super) const BLOCK: usize = 512;

/// Longer names are not names.
const LONGEST_NAME: u64 = 64 * 1024;

/// Whether a file begins with a tar header. A tar file of nothing begins with zeros and is not recognised.
pub(super) fn is_tar(head: &[u8]) -> bool {
    head.len() == BLOCK && head[257..262] == *b"ustar" && checksum_fits(head)
}

/// The members of the archive that `bytes` hold.
pub(super) fn members(path: &Path, bytes: Bytes) -> Members {
    let shared = Arc::new(Mutex::new(Archive { bytes, left: 0, padding: 0 }));
    Box::new(TarMembers { path: path.to_path_buf(), shared, ended: false })
}

/// The archive's stream, shared by the iterator and by the member that is being read.
struct Archive {
    bytes: Bytes,
    /// Bytes of the current member that were not read yet.
    left: u64,
    /// Zeros after it.
    padding: u64,
}

struct MemberBytes(Arc<Mutex<Archive>>);

fn lock(archive: &Mutex<Archive>) -> MutexGuard<'_, Archive> {
    // Both ends live in one thread; a poisoned lock only tells of an earlier panic there.
    archive.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Read for MemberBytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let archive = &mut *lock(&self.0);
        let room = buffer.len().min(usize::try_from(archive.left).unwrap_or(usize::MAX));
        let count = archive.bytes.read(&mut buffer[..room])?;
        if count == 0 && room > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        archive.left -= count as u64;
        Ok(count)
    }
}

impl Archive {
    /// Passes over what is left of the current member, then reads the next header; `None` at the end.
    fn header(&mut self) -> io::Result<Option<[u8; BLOCK]>> {
        let rest = self.left + self.padding;
        let skipped = io::copy(&mut (&mut self.bytes).take(rest), &mut io::sink())?;
        if skipped < rest {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        (self.left, self.padding) = (0, 0);
        let mut block = [0; BLOCK];
        match self.bytes.read_exact(&mut block) {
            Ok(()) if block.iter().all(|byte| *byte == 0) => Ok(None),
            Ok(()) if !checksum_fits(&block) => {
                Err(io::Error::other("a tar header does not fit its checksum"))
            }
            Ok(()) => Ok(Some(block)),
            // Some writers leave out the two blocks of zeros at the end.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn begin(&mut self, size: u64) {
        self.left = size;
        self.padding = size.wrapping_neg() % BLOCK as u64;
    }

    /// The content of the current entry, which must be short.
    fn small(&mut self) -> io::Result<Vec<u8>> {
        if self.left > LONGEST_NAME {
            return Err(io::Error::other("a tar extension header is longer than 64 KiB"));
        }
        let mut content = vec![0; usize::try_from(self.left).unwrap_or(0)];
        self.bytes.read_exact(&mut content)?;
        self.left = 0;
        Ok(content)
    }

    /// The name of the next regular file, whose bytes come next in the stream.
    fn next_file(&mut self) -> io::Result<Option<String>> {
        let (mut long_name, mut long_size) = (None, None);
        while let Some(header) = self.header()? {
            self.begin(number(&header[124..136])?);
            match header[156] {
                b'L' => long_name = Some(text(&self.small()?)),
                b'x' => (long_name, long_size) = pax(&self.small()?, long_name),
                b'0' | 0 | b'7' => {
                    if let Some(size) = long_size {
                        self.begin(size);
                    }
                    return Ok(Some(long_name.unwrap_or_else(|| short_name(&header))));
                }
                // Folders, links, devices and global headers hold no data.
                _ => (long_name, long_size) = (None, None),
            }
        }
        Ok(None)
    }
}

struct TarMembers {
    path: PathBuf,
    shared: Arc<Mutex<Archive>>,
    ended: bool,
}

impl Iterator for TarMembers {
    type Item = Result<Member, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            let found = lock(&self.shared).next_file();
            match found {
                Ok(Some(name)) if is_beside_the_data(&name) => {}
                Ok(Some(name)) => {
                    let bytes = Box::new(MemberBytes(Arc::clone(&self.shared)));
                    return Some(Ok(Member { name, bytes }));
                }
                Ok(None) => self.ended = true,
                Err(error) => {
                    self.ended = true;
                    return Some(Err(failure(&self.path, error)));
                }
            }
        }
        None
    }
}

fn checksum_fits(header: &[u8]) -> bool {
    // The sum of all bytes, with the checksum's own field taken as spaces.
    let sum = header.iter().map(|byte| u64::from(*byte)).sum::<u64>() + 8 * u64::from(b' ')
        - header[148..156].iter().map(|byte| u64::from(*byte)).sum::<u64>();
    number(&header[148..156]).is_ok_and(|stated| stated == sum)
}

/// An octal number, or (GNU) a big-endian one when the first bit is set.
fn number(field: &[u8]) -> io::Result<u64> {
    let wrong = || io::Error::other("a number in a tar header is not octal");
    if field[0] & 0x80 != 0 && field.len() > 8 {
        let (high, low) = field.split_at(field.len() - 8);
        let overflows = high[0] != 0x80 || high[1..].iter().any(|byte| *byte != 0);
        let value = low.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
        return if overflows || value > u64::MAX / 2 { Err(wrong()) } else { Ok(value) };
    }
    let digits = field.iter().copied().filter(|byte| !matches!(byte, b' ' | 0));
    digits.map(|byte| (byte as char).to_digit(8).ok_or_else(wrong)).try_fold(0_u64, |value, digit| {
        // Twelve octal digits are 36 bits.
        Ok(value << 3 | u64::from(digit?))
    })
}

fn text(field: &[u8]) -> String {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    String::from_utf8_lossy(&field[..end]).into_owned()
}

fn short_name(header: &[u8]) -> String {
    let (name, prefix) = (text(&header[..100]), text(&header[345..500]));
    // GNU's own variant ("ustar  ") uses the prefix for other things.
    if prefix.is_empty() || header[257..265] == *b"ustar  \0" { name } else { format!("{prefix}/{name}") }
}

/// The name and size that a pax extended header (`LENGTH KEY=VALUE\n` records) states.
fn pax(records: &[u8], mut name: Option<String>) -> (Option<String>, Option<u64>) {
    let mut size = None;
    for record in records.split(|byte| *byte == b'\n') {
        let record = String::from_utf8_lossy(record);
        match record.split_once(' ').and_then(|(_, pair)| pair.split_once('=')) {
            Some(("path", path)) => name = Some(path.to_owned()),
            Some(("size", stated)) => size = stated.parse().ok().filter(|size| *size <= u64::MAX / 2),
            _ => {}
        }
    }
    (name, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, kind: u8, content: &[u8]) -> Vec<u8> {
        let mut header = [0_u8; BLOCK];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", content.len()).as_bytes());
        header[156] = kind;
        header[257..263].copy_from_slice(b"ustar\0");
        header[148..156].fill(b' ');
        let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let mut bytes = [&header[..], content].concat();
        bytes.resize(bytes.len().next_multiple_of(BLOCK), 0);
        bytes
    }

    fn read(bytes: Vec<u8>) -> Result<Vec<(String, String)>, Error> {
        members(Path::new("a.tar"), Box::new(io::Cursor::new(bytes)))
            .map(|member| {
                let mut member = member?;
                let mut content = String::new();
                member
                    .bytes
                    .read_to_string(&mut content)
                    .map_err(|error| failure(Path::new("a.tar"), error))?;
                Ok((member.name, content))
            })
            .collect()
    }

    #[test]
    fn members_come_in_order_without_folders_and_readmes() {
        let archive = [
            entry("data/", b'5', b""),
            entry("data/README.md", b'0', b"no"),
            entry("data/a.json", b'0', b"[1]"),
            entry("ignored", b'L', b"data/a-long-name.json\0"),
            entry("data/cut", b'0', b"{}"),
            entry("ignored", b'x', b"24 path=data/pax-name.json\n"),
            entry("data/cut", b'0', &[b'x'; 600]),
            vec![0; 2 * BLOCK],
        ]
        .concat();
        assert!(is_tar(&archive[..BLOCK]));
        let found = read(archive).unwrap();
        assert_eq!(found[0], ("data/a.json".into(), "[1]".into()));
        assert_eq!(found[1], ("data/a-long-name.json".into(), "{}".into()));
        assert_eq!((found[2].0.as_str(), found[2].1.len(), found.len()), ("data/pax-name.json", 600, 3));
    }

    #[test]
    fn a_member_that_is_not_read_is_passed_over() {
        let archive = [entry("a.json", b'0', &[b'x'; 700]), entry("b.json", b'0', b"2")].concat();
        let names: Vec<_> = members(Path::new("a.tar"), Box::new(io::Cursor::new(archive)))
            .map(|member| member.unwrap().name)
            .collect();
        assert_eq!(names, ["a.json", "b.json"]);
    }

    #[test]
    fn numbers_are_octal_or_binary() {
        assert_eq!(number(b"0000017 \0").unwrap(), 15);
        assert_eq!(number(&[0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2]).unwrap(), 258);
        assert!(number(&[0xff; 12]).is_err() && number(&[0x80; 8]).is_err() && number(b"9").is_err());
    }

    #[test]
    fn damage_is_an_error_and_no_panic() {
        let mut archive = [entry("a.json", b'0', b"1"), entry("b.json", b'0', b"2")].concat();
        archive[BLOCK * 2 + 5] = b'!';
        assert!(read(archive.clone()).unwrap_err().to_string().contains("checksum"));
        assert!(read(entry("a.json", b'0', &[b'x'; 2000])[..1500].to_vec()).is_err());
    }
}
