//! The records of a JSON document as pieces of text, found one after another however large the document is.

use std::io::{self, BufRead};

use super::cursor::{Cursor, End};
use crate::{Place, Reject};

/// How records are laid out in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// One on each line (JSON Lines).
    Lines,
    /// One after another; a document that is a single record is the plainest case.
    Sequence,
    /// The elements of the list at this path; the whole document is the list where the path is empty.
    List(Vec<String>),
    /// The values of an object, whose keys name them.
    Entries,
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// A record; its text is in the buffer.
    Value {
        place: Place,
        /// Its key in [`Layout::Entries`].
        key: Option<String>,
    },
    /// Something that is no record.
    Reject(Reject),
}

/// The records' texts.
pub(super) struct Values {
    cursor: Cursor,
    layout: Layout,
    /// Whether the list or object that holds the records was entered.
    entered: bool,
    ended: bool,
    max: usize,
}

impl Values {
    pub(super) fn new(input: Box<dyn BufRead + Send>, layout: Layout, max: usize) -> Self {
        Self { cursor: Cursor::new(input), layout, entered: false, ended: false, max }
    }

    /// Puts the next record's text into `buffer`.
    pub(super) fn next(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Next>> {
        if self.ended {
            return Ok(None);
        }
        if !self.entered {
            self.entered = true;
            if let Some(reject) = self.enter(buffer)? {
                return Ok(Some(reject));
            }
        }
        buffer.clear();
        match self.layout {
            Layout::Lines => self.next_line(buffer),
            Layout::Sequence => self.next_in_sequence(buffer),
            Layout::List(_) => self.next_element(buffer, b']'),
            Layout::Entries => self.next_element(buffer, b'}'),
        }
    }

    fn next_line(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Next>> {
        // Blank lines are passed over, and the separators of RFC 7464 count as blank.
        self.cursor.skip_space(b"")?;
        if self.cursor.peek()?.is_none() {
            self.ended = true;
            return Ok(None);
        }
        let place = self.cursor.place;
        let end = self.cursor.copy_line(buffer, self.max)?;
        buffer.truncate(buffer.trim_ascii_end().len());
        Ok(Some(self.finish(place, None, end, buffer)))
    }

    fn next_in_sequence(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Next>> {
        self.cursor.skip_space(b",")?;
        match self.cursor.peek()? {
            None => {
                self.ended = true;
                Ok(None)
            }
            Some(b'}' | b']' | b':') => Ok(Some(self.broken("a bracket that closes nothing"))),
            Some(_) => self.value(None, buffer).map(Some),
        }
    }

    fn next_element(&mut self, buffer: &mut Vec<u8>, close: u8) -> io::Result<Option<Next>> {
        self.cursor.skip_space(b",")?;
        match self.cursor.peek()? {
            Some(byte) if byte == close => {
                self.ended = true;
                Ok(None)
            }
            Some(b'}' | b']' | b':') => Ok(Some(self.broken("a bracket or colon out of place"))),
            Some(_) if close == b'}' => match self.key(buffer)? {
                Some(key) => self.value(Some(key), buffer).map(Some),
                None => Ok(Some(self.broken("no key with a colon where one is due"))),
            },
            Some(_) => self.value(None, buffer).map(Some),
            None => {
                Ok(Some(self.broken("the end of the file, though the list is not closed: it may be cut off")))
            }
        }
    }

    fn value(&mut self, key: Option<String>, buffer: &mut Vec<u8>) -> io::Result<Next> {
        buffer.clear();
        let place = self.cursor.place;
        let end = self.cursor.copy_value(buffer, self.max)?;
        Ok(self.finish(place, key, end, buffer))
    }

    fn finish(&mut self, place: Place, key: Option<String>, end: End, buffer: &[u8]) -> Next {
        let reason = match end {
            End::Complete => return Next::Value { place, key },
            End::CutOff => {
                self.ended = true;
                "the file ends within this record; fetch or write it again".to_owned()
            }
            End::TooLong => format!("longer than {} bytes; split the record or raise the limit", self.max),
        };
        Next::Reject(reject(place, reason, buffer))
    }

    /// Reads `"key":`; `None` where something else stands.
    fn key(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<String>> {
        buffer.clear();
        if self.cursor.peek()? != Some(b'"') || self.cursor.copy_value(buffer, self.max)? != End::Complete {
            return Ok(None);
        }
        let key = serde_json::from_slice(buffer).ok();
        self.cursor.skip_space(b"")?;
        if self.cursor.peek()? != Some(b':') {
            return Ok(None);
        }
        self.cursor.skip()?;
        self.cursor.skip_space(b"")?;
        Ok(key)
    }

    /// Goes into the list or object that holds the records.
    fn enter(&mut self, buffer: &mut Vec<u8>) -> io::Result<Option<Next>> {
        let (path, open) = match &self.layout {
            Layout::Lines | Layout::Sequence => return Ok(None),
            Layout::List(path) => (path.clone(), b'['),
            Layout::Entries => (Vec::new(), b'{'),
        };
        for step in &path {
            if !self.enter_key(step, buffer)? {
                return Ok(Some(self.broken(&format!("no \"{step}\" to go into"))));
            }
        }
        self.cursor.skip_space(b"")?;
        if self.cursor.peek()? != Some(open) {
            return Ok(Some(self.broken("no list of records where one is due")));
        }
        self.cursor.skip()?;
        Ok(None)
    }

    /// Goes to the value of `wanted` in the object that comes next, passing over what stands before it.
    fn enter_key(&mut self, wanted: &str, buffer: &mut Vec<u8>) -> io::Result<bool> {
        self.cursor.skip_space(b"")?;
        if self.cursor.peek()? != Some(b'{') {
            return Ok(false);
        }
        self.cursor.skip()?;
        loop {
            self.cursor.skip_space(b",")?;
            match self.key(buffer)? {
                Some(key) if key == wanted => return Ok(true),
                Some(_) => {
                    buffer.clear();
                    if self.cursor.copy_value(buffer, 0)? == End::CutOff {
                        return Ok(false);
                    }
                }
                None => return Ok(false),
            }
        }
    }

    /// The syntax can't be followed any further.
    fn broken(&mut self, what: &str) -> Next {
        self.ended = true;
        let reason = format!("not valid JSON: {what}; the file can't be read beyond this place");
        Next::Reject(reject(self.cursor.place, reason, &[]))
    }
}

/// A reject with the head of the record's text.
pub(crate) fn reject(place: Place, reason: String, record: &[u8]) -> Reject {
    let head = &record[..record.len().min(Reject::EXCERPT)];
    let mut excerpt = String::from_utf8_lossy(head).into_owned();
    while excerpt.len() > Reject::EXCERPT || (record.len() > head.len() && excerpt.ends_with('\u{fffd}')) {
        excerpt.pop();
    }
    Reject { place, reason, excerpt }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &'static str, layout: Layout) -> Vec<String> {
        let mut values = Values::new(Box::new(text.as_bytes()), layout, 40);
        let mut buffer = Vec::new();
        let mut found = Vec::new();
        while let Some(next) = values.next(&mut buffer).unwrap() {
            found.push(match next {
                Next::Value { place, key } => format!(
                    "{}:{} {}{}",
                    place.line,
                    place.offset,
                    key.map(|key| key + "=").unwrap_or_default(),
                    String::from_utf8_lossy(&buffer)
                ),
                Next::Reject(reject) => format!("{}: {}", reject.place.line, reject.reason),
            });
        }
        found
    }

    #[test]
    fn lines_have_their_places() {
        assert_eq!(
            read("{\"a\":1}\r\n\n  {\"b\":2} \n[3]", Layout::Lines),
            ["1:0 {\"a\":1}", "3:12 {\"b\":2}", "4:21 [3]"]
        );
    }

    #[test]
    fn elements_of_lists_objects_and_wrapped_lists() {
        assert_eq!(
            read("[{\"a\":1},\n {\"b\":2}]", Layout::List(vec![])),
            ["1:1 {\"a\":1}", "2:11 {\"b\":2}"]
        );
        assert_eq!(read("{\"x\": [1], \"y\": [2]}", Layout::Entries), ["1:6 x=[1]", "1:16 y=[2]"]);
        let wrapped = Layout::List(vec!["d".into(), "e".into()]);
        assert_eq!(read("{\"v\":{\"e\":1},\"d\":{\"e\":[7, 8]}}", wrapped), ["1:23 7", "1:26 8"]);
        assert_eq!(read("{\"a\":1}\n{\"b\":\n2}", Layout::Sequence), ["1:0 {\"a\":1}", "2:8 {\"b\":\n2}"]);
    }

    #[test]
    fn what_is_broken_is_said_and_the_rest_goes_on_where_it_can() {
        let long =
            read("[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\", 2]", Layout::List(vec![]));
        assert!(long[0].contains("longer than 40 bytes") && long[1].ends_with(" 2"), "{long:?}");
        let cut = read("[1, {\"a\": ", Layout::List(vec![]));
        assert!(cut[1].contains("ends within this record"), "{cut:?}");
        assert!(read("[1, 2", Layout::List(vec![]))[2].contains("cut off"));
        assert!(read("[1}, 2]", Layout::List(vec![]))[1].contains("out of place"));
        assert!(read("{\"a\" 1}", Layout::Entries)[0].contains("no key"));
        assert!(read("{\"a\": 1}", Layout::List(vec!["b".into()]))[0].contains("no \"b\""));
    }
}
