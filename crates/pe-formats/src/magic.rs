//! Files that are no text, by their first bytes: each kind of file begins with a mark of its own.

/// The marks: where it stands, its bytes, and what such a file is, in words that follow "it is".
const MARKS: [(usize, &[u8], &str); 24] = [
    (0, b"PAR1", "a Parquet file"),
    (0, b"\x89PNG\r\n", "a PNG image"),
    (0, b"\xff\xd8\xff", "a JPEG image"),
    (0, b"GIF87a", "a GIF image"),
    (0, b"GIF89a", "a GIF image"),
    (0, b"II*\0", "a TIFF image"),
    (0, b"MM\0*", "a TIFF image"),
    (8, b"WEBP", "a WebP image"),
    (8, b"WAVE", "a WAV recording"),
    (8, b"AVI ", "an AVI film"),
    (4, b"ftyp", "an MP4 film or recording"),
    (0, b"OggS", "an Ogg recording"),
    (0, b"fLaC", "a FLAC recording"),
    (0, b"ID3", "an MP3 recording"),
    (0, b"\x1a\x45\xdf\xa3", "a Matroska film"),
    (0, b"%PDF-", "a PDF document"),
    (0, b"{\\rtf", "an RTF document"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
    (0, b"\x7fELF", "a program (ELF)"),
    (0, b"SQLite format 3\0", "an SQLite database"),
    (0, b"ARROW1", "an Arrow file"),
    (0, b"BZh", "packed by bzip2 (unpack it first)"),
    (0, b"\xfd7zXZ\0", "packed by xz (unpack it first)"),
    (0, b"7z\xbc\xaf\x27\x1c", "packed by 7-Zip (unpack it first)"),
];

/// What a file that begins with `head` is, if that is no text.
pub(crate) fn name(head: &[u8]) -> Option<&'static str> {
    let fits = |(at, mark, _): &&(usize, &[u8], &str)| {
        head.get(*at..).is_some_and(|rest| rest.starts_with(mark)) && !is_word(head, mark)
    };
    MARKS.iter().find(fits).map(|(.., name)| *name)
}

/// Marks of letters alone are also words that a text may begin with; a file of such a kind has other bytes behind them.
fn is_word(head: &[u8], mark: &[u8]) -> bool {
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\t' | b'\r' | b'\n');
    mark.iter().all(u8::is_ascii_alphanumeric) && mark != b"PAR1" && head.iter().take(64).all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_known_and_words_are_no_marks() {
        assert_eq!(name(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"), Some("a PNG image"));
        assert_eq!(name(b"RIFF\x24\x08\0\0WAVEfmt "), Some("a WAV recording"));
        assert_eq!(name(b"%PDF-1.7\n%\xe2\xe3"), Some("a PDF document"));
        assert_eq!(name(b"ID3 was her name: hello\n"), None);
        assert_eq!(name(b"BZh91AY&SY\xf2\x01"), Some(MARKS[21].2));
        assert_eq!(name(b"Ann: hello"), None);
        assert_eq!(name(b""), None);
    }
}
