//! From a file to plain bytes: counting what was read, and undoing gzip and zstd, told by their first bytes and not by
//! the file's name.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::{Error, Input};

/// A stream of bytes.
pub(crate) type Bytes = Box<dyn Read + Send>;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Compression {
    /// It is not.
    #[default]
    None,
    /// gzip (RFC 1952), one or more members.
    Gzip,
    /// Zstandard (RFC 8878), one or more frames.
    Zstd,
}

impl Compression {
    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "not compressed",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// How much of a file was read, as it lies on disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Progress {
    read: Arc<AtomicU64>,
    pub(crate) total: Option<u64>,
}

impl Progress {
    pub(crate) fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// `bytes`, counted.
    pub(crate) fn count(&self, bytes: impl Read + Send + 'static) -> Bytes {
        Box::new(Counted { inner: bytes, read: Arc::clone(&self.read) })
    }
}

struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.inner.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(count) => {
                    self.read.fetch_add(count as u64, Ordering::Relaxed);
                    return Ok(count);
                }
            }
        }
    }
}

/// Opens a file or standard input.
pub(crate) fn open(input: &Input) -> Result<(Bytes, Progress), Error> {
    if input.is_stdin() {
        let progress = Progress::default();
        return Ok((progress.count(io::stdin()), progress));
    }
    let path = input.path();
    let file = File::open(path).map_err(|source| failure(path, source))?;
    let facts = file.metadata().map_err(|source| failure(path, source))?;
    let progress = Progress { total: facts.is_file().then_some(facts.len()), ..Progress::default() };
    Ok((progress.count(file), progress))
}

/// Takes up to `limit` bytes from the front.
pub(crate) fn take(bytes: &mut Bytes, limit: usize) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    bytes.take(limit as u64).read_to_end(&mut head)?;
    Ok(head)
}

/// The front of a stream, and what broke it off, if anything did.
pub(crate) struct Head {
    pub(crate) bytes: Vec<u8>,
    pub(crate) failure: Option<io::Error>,
}

impl Head {
    /// Takes up to `limit` bytes.
    pub(crate) fn of(stream: &mut Bytes, limit: usize) -> Self {
        let mut head = Self { bytes: Vec::new(), failure: None };
        head.grow(stream, limit);
        head
    }

    /// Takes more, up to `limit` bytes in all.
    pub(crate) fn grow(&mut self, stream: &mut Bytes, limit: usize) {
        if self.failure.is_none() {
            let more = limit.saturating_sub(self.bytes.len()) as u64;
            self.failure = stream.take(more).read_to_end(&mut self.bytes).err();
        }
    }

    /// Puts it back in front of its rest, or of the failure that lies behind it.
    pub(crate) fn rejoin(self, rest: Bytes) -> Bytes {
        match self.failure {
            None => rejoin(self.bytes, rest),
            Some(failure) => rejoin(self.bytes, Box::new(Failing(Some(failure)))),
        }
    }
}

/// A stream that breaks off at once.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// A decompressed stream, which says where it breaks off.
struct Decompressed<R> {
    inner: R,
    name: &'static str,
    given: u64,
}

impl<R: Read> Read for Decompressed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.inner.read(buffer) {
            Ok(count) => {
                self.given += count as u64;
                Ok(count)
            }
            Err(error) if is_damage(&error) => Err(io::Error::new(
                error.kind(),
                format!(
                    "{error}: the {} stream breaks at byte {} of what is in it, and what comes before was read",
                    self.name, self.given
                ),
            )),
            Err(error) => Err(error),
        }
    }
}

/// Puts a head back in front of its rest.
pub(crate) fn rejoin(head: Vec<u8>, rest: Bytes) -> Bytes {
    Box::new(Cursor::new(head).chain(rest))
}

/// Undoes one layer of compression, if there is one.
pub(crate) fn decompress(mut bytes: Bytes) -> io::Result<(Bytes, Compression)> {
    let head = take(&mut bytes, 4)?;
    let compression = match head[..] {
        [0x1f, 0x8b, ..] => Compression::Gzip,
        // A frame, or a skippable frame in front of one (RFC 8878, 3.1).
        [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Compression::Zstd,
        _ => Compression::None,
    };
    let whole = rejoin(head, bytes);
    let plain: Bytes = match compression {
        Compression::None => whole,
        Compression::Gzip => decompressed(flate2::read::MultiGzDecoder::new(whole), compression),
        Compression::Zstd => decompressed(zstd::Decoder::new(whole)?, compression),
    };
    Ok((plain, compression))
}

fn decompressed(inner: impl Read + Send + 'static, compression: Compression) -> Bytes {
    Box::new(Decompressed { inner, name: compression.name(), given: 0 })
}

/// Whether the bytes, and not the system, are at fault.
fn is_damage(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, InvalidInput, Other, UnexpectedEof};
    matches!(error.kind(), InvalidData | InvalidInput | Other | UnexpectedEof)
}

/// What a failed read means: the system refused, or the (compressed) bytes are damaged.
pub(crate) fn failure(path: &Path, source: io::Error) -> Error {
    let path = path.to_path_buf();
    if is_damage(&source) {
        let what = format!("the data are damaged or cut off ({source}); fetch or write the file again");
        return Error::Damaged { path, what };
    }
    Error::Io { path, source }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn plain(bytes: Vec<u8>) -> (String, Compression) {
        let (mut plain, compression) = decompress(Box::new(Cursor::new(bytes))).unwrap();
        let mut text = String::new();
        plain.read_to_string(&mut text).unwrap();
        (text, compression)
    }

    #[test]
    fn compression_is_told_by_the_first_bytes() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(b"hello").unwrap();
        assert_eq!(plain(gzip.finish().unwrap()), ("hello".into(), Compression::Gzip));
        let zstd = zstd::encode_all(&b"hello"[..], 1).unwrap();
        assert_eq!(plain(zstd), ("hello".into(), Compression::Zstd));
        assert_eq!(plain(b"hello".to_vec()), ("hello".into(), Compression::None));
        assert_eq!(plain(Vec::new()), (String::new(), Compression::None));
    }

    #[test]
    fn a_cut_off_stream_is_damaged_and_says_so() {
        let mut zstd = zstd::encode_all(&[b'x'; 10_000][..], 1).unwrap();
        zstd.truncate(zstd.len() - 5);
        let (mut bytes, _) = decompress(Box::new(Cursor::new(zstd))).unwrap();
        let error = bytes.read_to_end(&mut Vec::new()).unwrap_err();
        assert!(error.to_string().contains("zstd stream breaks at byte"), "{error}");
        assert!(matches!(failure(Path::new("a.zst"), error), Error::Damaged { .. }));
    }
}
