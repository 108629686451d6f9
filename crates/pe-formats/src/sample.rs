//! The head of a file, from which its format is told.

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::formats::json::Outline;
use crate::formats::table;
use crate::{Encoding, magic};

/// The first bytes of a file, decompressed.
pub(crate) struct Sample {
    /// The file's path, for its extension; within an archive, the member's name.
    pub(crate) path: PathBuf,
    /// At most [`Sample::SIZE`] bytes, decompressed but not decoded.
    pub(crate) head: Vec<u8>,
    /// The same as text, without a character cut off at the end; empty when it is no text.
    pub(crate) text: String,
    /// So many bytes were looked at.
    seen: usize,
    /// Whether this is all of the file.
    pub(crate) complete: bool,
    /// Which characters its bytes stand for.
    pub(crate) encoding: Encoding,
    outline: OnceLock<Option<Outline>>,
}

/// What a format makes of a sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sniff {
    /// 0 to 100. 90 and above: the shape is this format's own. 50 to 89: it fits, and so might others.
    pub(crate) confidence: u8,
    /// What was seen, in words that follow "because".
    pub(crate) why: String,
}

impl Sniff {
    pub(crate) fn new(confidence: u8, why: impl Into<String>) -> Self {
        Self { confidence, why: why.into() }
    }
}

impl Sample {
    /// Enough for any format to show itself.
    pub(crate) const SIZE: usize = 256 * 1024;

    /// The sample of a file that begins with `head`, which is `text` once it is decoded.
    pub(crate) fn new(path: PathBuf, head: &[u8], text: Vec<u8>, complete: bool, encoding: Encoding) -> Self {
        let seen = head.len();
        let head = head[..seen.min(Self::SIZE)].to_vec();
        let text =
            if encoding == Encoding::Binary { String::new() } else { whole_characters(text, complete) };
        let mut sample = Self { path, head, text, seen, complete, encoding, outline: OnceLock::new() };
        if seen > Self::SIZE {
            // Only the outline is told from more than the usual size.
            sample.outline();
            let end =
                (0..=Self::SIZE.min(sample.text.len())).rev().find(|at| sample.text.is_char_boundary(*at));
            sample.text.truncate(end.unwrap_or(0));
            sample.text.shrink_to_fit();
            sample.complete = false;
        }
        sample
    }

    /// The file's extension in lower case, without those of compression; empty where there is none.
    pub(crate) fn extension(&self) -> String {
        let name =
            self.path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
        let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
        name.rsplit_once('.').map(|(_, extension)| extension.to_owned()).unwrap_or_default()
    }

    /// Its outline as JSON, if it is JSON.
    pub(crate) fn outline(&self) -> Option<&Outline> {
        self.outline.get_or_init(|| Outline::of(&self.text, self.complete, &self.extension())).as_ref()
    }

    /// What is to be seen in it, for an error message.
    pub(crate) fn describe(&self) -> String {
        if self.head.is_empty() {
            return "the file is empty".to_owned();
        }
        if self.encoding == Encoding::Binary {
            return magic::name(&self.head).map_or_else(
                || "it is binary data, not text".to_owned(),
                |name| format!("it is {name}, not text"),
            );
        }
        if let Some(outline) = self.outline() {
            if outline.is_cut {
                let (seen, shown) = (self.seen, outline.describe());
                return format!(
                    "JSON, {shown}, but no list of messages in the first {seen} bytes of its first record"
                );
            }
            return format!("JSON, {}, but no list of messages in it", outline.describe());
        }
        if let Some(seen) = table::describe(self) {
            return seen;
        }
        let line = self.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let mut seen = String::from("text that begins with \"");
        for character in line.chars().take(60).flat_map(char::escape_debug) {
            let _ = seen.write_char(character);
        }
        seen + "\""
    }
}

fn whole_characters(text: Vec<u8>, complete: bool) -> String {
    match String::from_utf8(text) {
        Ok(text) => text,
        Err(error) if !complete && error.utf8_error().error_len().is_none() => {
            let end = error.utf8_error().valid_up_to();
            let mut bytes = error.into_bytes();
            bytes.truncate(end);
            String::from_utf8(bytes).unwrap_or_default()
        }
        // Broken bytes reject the record they stand in; here they only must not hide the format.
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    }
}
