//! Walks over JSON text without parsing it: far enough to know where a value ends.

use std::io::{self, BufRead};

use memchr::memchr3;

use crate::Place;

/// A place in a stream of JSON text.
pub(super) struct Cursor {
    input: Box<dyn BufRead + Send>,
    /// Of the next byte.
    pub(super) place: Place,
}

/// How the copy of a value ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Complete,
    /// The text ends within the value.
    CutOff,
    /// It is longer than allowed; all of it was passed over.
    TooLong,
}

impl Cursor {
    pub(super) fn new(input: Box<dyn BufRead + Send>) -> Self {
        Self { input, place: Place { line: 1, offset: 0 } }
    }

    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(self.input.fill_buf()?.first().copied())
    }

    pub(super) fn skip(&mut self) -> io::Result<()> {
        if let Some(byte) = self.peek()? {
            self.place.line += u64::from(byte == b'\n');
            self.advance(1);
        }
        Ok(())
    }

    /// Passes over white space, `also`, and the record separators of RFC 7464.
    pub(super) fn skip_space(&mut self, also: &[u8]) -> io::Result<()> {
        loop {
            let chunk = self.input.fill_buf()?;
            let blank =
                |byte: &&u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | 0x1e) || also.contains(byte);
            let count = chunk.iter().take_while(blank).count();
            let all = count == chunk.len();
            self.place.line += lines(&chunk[..count]);
            self.advance(count);
            if !all || count == 0 {
                return Ok(());
            }
        }
    }

    /// Copies the rest of the line, without its end.
    pub(super) fn copy_line(&mut self, line: &mut Vec<u8>, max: usize) -> io::Result<End> {
        let mut end = End::Complete;
        loop {
            let chunk = self.input.fill_buf()?;
            let found = memchr::memchr(b'\n', chunk);
            let part = &chunk[..found.unwrap_or(chunk.len())];
            if line.len() + part.len() > max {
                end = End::TooLong;
            } else {
                line.extend_from_slice(part);
            }
            let is_last = found.is_some() || chunk.is_empty();
            let count = part.len() + usize::from(found.is_some());
            self.place.line += u64::from(found.is_some());
            self.advance(count);
            if is_last {
                return Ok(end);
            }
        }
    }

    /// Copies the value that begins here.
    pub(super) fn copy_value(&mut self, value: &mut Vec<u8>, max: usize) -> io::Result<End> {
        let mut scan = Scan::default();
        let mut end = End::Complete;
        loop {
            let chunk = self.input.fill_buf()?;
            if chunk.is_empty() {
                return Ok(if scan.is_bare { end } else { End::CutOff });
            }
            let found = scan.feed(chunk);
            let part = &chunk[..found.unwrap_or(chunk.len())];
            if value.len() + part.len() > max {
                end = End::TooLong;
            } else {
                value.extend_from_slice(part);
            }
            let count = part.len();
            self.place.line += lines(part);
            self.advance(count);
            if found.is_some() {
                return Ok(end);
            }
        }
    }

    fn advance(&mut self, count: usize) {
        self.input.consume(count);
        self.place.offset += count as u64;
    }
}

fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// Finds where a value ends, chunk by chunk.
#[derive(Default)]
struct Scan {
    depth: u64,
    in_string: bool,
    escaped: bool,
    /// A number or a word.
    is_bare: bool,
}

impl Scan {
    /// One past the value's last byte, where it lies in `chunk`.
    fn feed(&mut self, chunk: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < chunk.len() {
            if self.in_string {
                at = self.pass_string(chunk, at);
                if self.is_over() {
                    return Some(at);
                }
                continue;
            }
            match chunk[at] {
                b'"' if !self.is_bare => self.in_string = true,
                b'{' | b'[' if !self.is_bare => self.depth += 1,
                b'}' | b']' if self.depth > 0 => self.depth -= 1,
                b',' | b' ' | b'\n' | b'\r' | b'\t' | b'}' | b']' | b':' if self.depth == 0 => {
                    return Some(at);
                }
                _ => self.is_bare |= self.depth == 0,
            }
            at += 1;
            if self.depth == 0 && matches!(chunk[at - 1], b'}' | b']') {
                return Some(at);
            }
        }
        None
    }

    fn is_over(&self) -> bool {
        !self.in_string && self.depth == 0
    }

    /// Passes over the inside of a string. A string that is open at the end of a line was never closed, as JSON allows no
    /// line break in one; taking it as closed there keeps one bad record from swallowing those after it.
    fn pass_string(&mut self, chunk: &[u8], mut at: usize) -> usize {
        while at < chunk.len() {
            if self.escaped {
                self.escaped = false;
                at += 1;
                continue;
            }
            let Some(found) = memchr3(b'"', b'\\', b'\n', &chunk[at..]) else { return chunk.len() };
            at += found + 1;
            if chunk[at - 1] == b'\\' {
                self.escaped = true;
            } else {
                self.in_string = false;
                return at;
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    /// Reads through a tiny buffer, so that every value is cut somewhere.
    fn values(text: &'static str) -> Vec<String> {
        let mut cursor = Cursor::new(Box::new(BufReader::with_capacity(3, text.as_bytes())));
        let mut found = Vec::new();
        loop {
            cursor.skip_space(b",").unwrap();
            if cursor.peek().unwrap().is_none() {
                return found;
            }
            let mut value = Vec::new();
            assert_ne!(cursor.copy_value(&mut value, 1000).unwrap(), End::TooLong);
            assert!(!value.is_empty(), "no progress at {:?}", cursor.place);
            found.push(String::from_utf8(value).unwrap());
        }
    }

    #[test]
    fn values_end_where_they_end() {
        assert_eq!(
            values(r#"{"a":[1,{"b":"}"}]} [2] "x\"]" 17,true"#),
            [r#"{"a":[1,{"b":"}"}]}"#, "[2]", r#""x\"]""#, "17", "true"]
        );
    }

    #[test]
    fn an_open_string_ends_with_its_line() {
        assert_eq!(values("{\"a\": \"open}\n}\n{\"b\": 1}"), ["{\"a\": \"open}\n}", "{\"b\": 1}"]);
    }

    #[test]
    fn a_value_beyond_the_limit_is_passed_over_whole() {
        let mut cursor = Cursor::new(Box::new("[\"aaaaaaaaaaaaaaaa\"] 2".as_bytes()));
        let mut value = Vec::new();
        assert_eq!(cursor.copy_value(&mut value, 5).unwrap(), End::TooLong);
        cursor.skip_space(b"").unwrap();
        assert_eq!(cursor.peek().unwrap(), Some(b'2'));
    }
}
