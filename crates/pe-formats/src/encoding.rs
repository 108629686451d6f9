//! Which characters the bytes stand for: UTF-8 with or without a byte-order mark, UTF-16 either way round, or
//! Windows-1252 (which holds Latin-1), told apart on the head of a file and turned into UTF-8 as it is read.
//!
//! Nothing is replaced in silence. Bytes that do not fit UTF-8 are passed on as they are, and a UTF-16 unit without its
//! partner becomes a byte that no UTF-8 text holds; so the record they stand in is rejected, and only that one.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::bytes::Bytes;
use crate::magic;

/// How characters are written as bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    #[default]
    Utf8,
    /// UTF-8 after a byte-order mark.
    Utf8WithMark,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows code page 1252, which holds Latin-1.
    Windows1252,
    /// Not text.
    Binary,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Utf8, Self::Utf8WithMark, Self::Utf16Le, Self::Utf16Be, Self::Windows1252, Self::Binary];

    /// For people, and as the value of an option.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf8WithMark => "utf-8-bom",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
            Self::Binary => "binary",
        }
    }

    /// The encoding of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|encoding| encoding.name() == name)
    }

    /// The encoding of a file that begins with `head`.
    pub(crate) fn of(head: &[u8]) -> Self {
        match head {
            [0xef, 0xbb, 0xbf, ..] => Self::Utf8WithMark,
            [0xff, 0xfe, ..] => Self::Utf16Le,
            [0xfe, 0xff, ..] => Self::Utf16Be,
            _ if magic::name(head).is_some() => Self::Binary,
            _ => by_zeros(head).or_else(|| by_controls(head)).unwrap_or_else(|| by_validity(head)),
        }
    }

    /// `bytes`, which begin with the head that the encoding was told from, as UTF-8 without a mark.
    pub(crate) fn decode(self, mut bytes: Bytes) -> io::Result<Bytes> {
        let decoder = match self {
            Self::Utf8 | Self::Binary => return Ok(bytes),
            Self::Utf8WithMark => {
                let head = crate::bytes::take(&mut bytes, 3)?;
                let skipped = if head == [0xef, 0xbb, 0xbf] { 3 } else { 0 };
                return Ok(crate::bytes::rejoin(head[skipped..].to_vec(), bytes));
            }
            Self::Utf16Le => UTF_16LE.new_decoder_with_bom_removal(),
            Self::Utf16Be => UTF_16BE.new_decoder_with_bom_removal(),
            Self::Windows1252 => WINDOWS_1252.new_decoder_without_bom_handling(),
        };
        Ok(Box::new(Transcoder::new(bytes, decoder)))
    }
}

/// ASCII letters in UTF-16 have a zero in every other byte; text in other encodings has none.
fn by_zeros(head: &[u8]) -> Option<Encoding> {
    let head = &head[..head.len().min(4096)];
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    let half = head.len() / 2;
    // Spaces, digits and punctuation alone make more than a tenth of a text. Letters whose other byte is zero (U+4E00) are
    // far fewer.
    match (even, odd) {
        (0, 0) => None,
        (even, odd) if odd * 10 > half && even * 4 < odd => Some(Encoding::Utf16Le),
        (even, odd) if even * 10 > half && odd * 4 < even => Some(Encoding::Utf16Be),
        (even, odd) if (even + odd) * 100 > head.len() => Some(Encoding::Binary),
        _ => None,
    }
}

/// Text has next to no control characters but tabs, line ends, form feeds, the escapes of terminals and the separators of
/// RFC 7464; of random bytes every tenth is another one.
fn by_controls(head: &[u8]) -> Option<Encoding> {
    let head = &head[..head.len().min(4096)];
    let is_control = |byte: &&u8| matches!(byte, 0..=8 | 0x0b | 0x0e..=0x1a | 0x1c | 0x1d | 0x1f | 0x7f);
    let controls = head.iter().filter(is_control).count();
    (controls >= 8 && controls * 32 > head.len()).then_some(Encoding::Binary)
}

/// UTF-8 unless more bytes break it than characters beyond ASCII fit it, and they stand as letters and signs of
/// Windows-1252 do: otherwise the records they stand in are to be rejected. A character cut off at the end counts as neither.
fn by_validity(head: &[u8]) -> Encoding {
    let (mut fitting, mut breaking) = (0_usize, 0_usize);
    let mut chunks = head.utf8_chunks().peekable();
    while let Some(chunk) = chunks.next() {
        fitting += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        if !chunk.invalid().is_empty() && chunks.peek().is_some() {
            breaking += 1;
        } else if !chunk.invalid().is_empty() && chunk.invalid().len() == 1 && fitting == 0 {
            // A lone byte at the very end: cut off in UTF-8, a letter in Windows-1252.
            breaking += usize::from(head.len() < crate::sample::Sample::SIZE);
        }
    }
    if breaking > fitting && is_western(head) { Encoding::Windows1252 } else { Encoding::Utf8 }
}

/// Whether four of five bytes beyond ASCII stand where letters and signs of a Western language stand: next to a letter or
/// digit, or alone (`à`, a dash) and not one of the letters that are never alone.
fn is_western(head: &[u8]) -> bool {
    let (mut western, mut all, mut at) = (0_usize, 0_usize, 0_usize);
    while let Some(start) = head[at..].iter().position(|byte| !byte.is_ascii()).map(|found| at + found) {
        at = head[start..].iter().position(u8::is_ascii).map_or(head.len(), |found| start + found);
        let run = &head[start..at];
        let beside = [start.checked_sub(1), Some(at)].into_iter().flatten();
        let is_in_word = beside.filter_map(|place| head.get(place)).any(u8::is_ascii_alphanumeric);
        // No character of the code page (WHATWG Encoding, index windows-1252).
        let is_defined = !run.iter().any(|byte| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d));
        let is_lone_sign = matches!(run, [sign] if !matches!(sign, 0xd0 | 0xde | 0xf0 | 0xfe | 0xff));
        // Long runs beside a letter are another language's words.
        let is_likely = is_defined && (is_lone_sign || is_in_word && run.len() <= 4);
        western += if is_likely { run.len() } else { 0 };
        all += run.len();
    }
    western * 5 >= all * 4
}

/// Reads bytes of another encoding as UTF-8.
struct Transcoder {
    inner: Bytes,
    decoder: Decoder,
    raw: Vec<u8>,
    /// How much of `raw` is decoded.
    taken: usize,
    /// Decoded text, and how much of it was given out.
    text: Vec<u8>,
    given: usize,
    ended: bool,
    finished: bool,
}

impl Transcoder {
    const CHUNK: usize = 64 * 1024;
    /// Never part of UTF-8.
    const MALFORMED: u8 = 0xff;

    fn new(inner: Bytes, decoder: Decoder) -> Self {
        Self {
            inner,
            decoder,
            raw: Vec::new(),
            taken: 0,
            text: Vec::new(),
            given: 0,
            ended: false,
            finished: false,
        }
    }

    fn refill_raw(&mut self) -> io::Result<()> {
        self.raw.resize(Self::CHUNK, 0);
        let count = self.inner.read(&mut self.raw)?;
        self.raw.truncate(count);
        self.taken = 0;
        self.ended = count == 0;
        Ok(())
    }

    fn decode_some(&mut self) -> io::Result<()> {
        if self.taken == self.raw.len() && !self.ended {
            self.refill_raw()?;
        }
        self.text.resize(Self::CHUNK, 0);
        let raw = &self.raw[self.taken..];
        let (result, read, written) =
            self.decoder.decode_to_utf8_without_replacement(raw, &mut self.text, self.ended);
        self.taken += read;
        self.text.truncate(written);
        self.given = 0;
        match result {
            DecoderResult::Malformed(..) => self.text.push(Self::MALFORMED),
            DecoderResult::InputEmpty => self.finished = self.ended,
            DecoderResult::OutputFull => {}
        }
        Ok(())
    }
}

impl Read for Transcoder {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.finished {
            self.decode_some()?;
        }
        let count = buffer.len().min(self.text.len() - self.given);
        buffer[..count].copy_from_slice(&self.text[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8]) -> (Encoding, Vec<u8>) {
        let encoding = Encoding::of(bytes);
        let mut text = Vec::new();
        encoding.decode(Box::new(io::Cursor::new(bytes.to_vec()))).unwrap().read_to_end(&mut text).unwrap();
        (encoding, text)
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn each_encoding_is_recognised_and_becomes_utf8() {
        let text = "Grüße, how are you? 你好";
        let marked = [b"\xef\xbb\xbf", text.as_bytes()].concat();
        let expected = |encoding| (encoding, text.as_bytes().to_vec());
        assert_eq!(decoded(text.as_bytes()), expected(Encoding::Utf8));
        assert_eq!(decoded(&marked), expected(Encoding::Utf8WithMark));
        assert_eq!(decoded(&utf16(text, u16::to_le_bytes)), expected(Encoding::Utf16Le));
        assert_eq!(decoded(&utf16(text, u16::to_be_bytes)), expected(Encoding::Utf16Be));
        assert_eq!(
            decoded(&utf16(&format!("\u{feff}{text}"), u16::to_le_bytes)),
            expected(Encoding::Utf16Le)
        );
        assert_eq!(decoded(b"caf\xe9 au lait"), (Encoding::Windows1252, "café au lait".into()));
        assert_eq!(decoded(b"caf\xe9"), (Encoding::Windows1252, "café".into()));
        assert_eq!(decoded(b""), (Encoding::Utf8, Vec::new()));
    }

    #[test]
    fn broken_bytes_stay_broken_so_that_their_record_is_rejected() {
        let (encoding, text) = decoded("é é é \u{0} ok".replace('\u{0}', "").as_bytes());
        assert_eq!((encoding, std::str::from_utf8(&text).is_ok()), (Encoding::Utf8, true));
        let (encoding, text) = decoded(&["é é é ".as_bytes(), b"\xff", " é".as_bytes()].concat());
        assert_eq!((encoding, std::str::from_utf8(&text).is_err()), (Encoding::Utf8, true));
        let lone =
            [utf16("hello there ", u16::to_le_bytes), vec![0x00, 0xd8], utf16("more", u16::to_le_bytes)]
                .concat();
        let (encoding, text) = decoded(&lone);
        assert_eq!((encoding, std::str::from_utf8(&text).is_err()), (Encoding::Utf16Le, true));
    }

    #[test]
    fn bytes_with_many_zeros_are_no_text() {
        assert_eq!(Encoding::of(&[0, 0, 0, 1, 0, 0, 0, 2, 9, 9, 0, 0]), Encoding::Binary);
        assert_eq!(Encoding::of(b"PAR1\x15\x04"), Encoding::Binary);
        let noise: Vec<u8> = (0..400_u32).map(|at| (at * at % 251) as u8).filter(|byte| *byte != 0).collect();
        assert_eq!(Encoding::of(&noise), Encoding::Binary);
    }

    #[test]
    fn bytes_that_stand_as_no_letters_do_are_no_western_text() {
        for western in [
            &b"na\xefve \x96 \xe0 la carte, \x93d\xe9j\xe0\x94 5\xa0\x80"[..],
            b"\xab\xa0Oui\xa0\xbb, \xc9mile",
            b"it\x92s 20 \xb0C",
        ] {
            assert_eq!(Encoding::of(western), Encoding::Windows1252);
        }
        let russian = b"\xcf\xf0\xe8\xe2\xe5\xf2, \xea\xe0\xea \xe4\xe5\xeb\xe0?";
        for other in [&b"hi \xff\xfe\x80 there"[..], b"so \xff then", russian] {
            assert_eq!(Encoding::of(other), Encoding::Utf8);
        }
    }
}
