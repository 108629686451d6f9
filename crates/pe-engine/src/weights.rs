//! Weight files: named tensors of floats or bytes in the safetensors format, mapped into memory.
//!
//! A file is 8 bytes of header length, a header in JSON, and the numbers. The header's `__metadata__` holds strings; `sha256` among
//! them is the digest of the numbers, and a file that was cut short or changed is refused by it.
#![allow(unsafe_code)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{Error, Result};

/// A header is never larger than this; a length beyond it is no length.
const MAX_HEADER: usize = 16 << 20;

/// Tensors begin at multiples of this.
const ALIGNMENT: usize = 64;

const METADATA: &str = "__metadata__";
const SHA256: &str = "sha256";

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: (usize, usize),
}

enum Bytes {
    Mapped(memmap2::Mmap),
    Static(&'static [u8]),
}

impl std::ops::Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Mapped(map) => map,
            Self::Static(bytes) => bytes,
        }
    }
}

/// A weights file, checked.
pub struct Weights {
    bytes: Bytes,
    place: String,
    /// Where the numbers begin.
    start: usize,
    entries: BTreeMap<String, Entry>,
    metadata: BTreeMap<String, String>,
}

/// A tensor of a file.
#[derive(Clone, Copy, Debug)]
pub struct Tensor<'a> {
    /// Its extents, outermost first.
    pub shape: &'a [usize],
    bytes: &'a [u8],
}

impl Weights {
    /// Maps a file and checks it. Nobody may change the file while it is mapped.
    pub fn open(path: &Path) -> Result<Self> {
        let unreadable = |source| Error::Unreadable { path: path.to_path_buf(), source };
        let file = File::open(path).map_err(unreadable)?;
        // SAFETY: a weights file is not written while a program uses it; it is replaced by renaming another one into its place.
        let map = unsafe { memmap2::Mmap::map(&file) }.map_err(unreadable)?;
        Self::check(Bytes::Mapped(map), path.display().to_string())
    }

    /// Checks weights that are built into the program.
    pub fn built_in(bytes: &'static [u8]) -> Result<Self> {
        Self::check(Bytes::Static(bytes), "built-in weights".to_owned())
    }

    fn check(bytes: Bytes, place: String) -> Result<Self> {
        let refuse = |problem: String| Error::Weights { place: place.clone(), problem };
        let Some(length) = bytes.first_chunk::<8>().map(|length| u64::from_le_bytes(*length)) else {
            return Err(refuse(format!("has {} bytes, and a weights file begins with 8", bytes.len())));
        };
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        if length > MAX_HEADER || length > bytes.len() - 8 {
            return Err(refuse(format!("says its header has {length} bytes, of {} in all", bytes.len())));
        }
        let start = 8 + length;
        let header: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&bytes[8..start])
            .map_err(|error| refuse(format!("has a header that is no JSON object: {error}")))?;
        let (mut entries, mut metadata) = (BTreeMap::new(), BTreeMap::new());
        for (name, value) in header {
            let told =
                |error: serde_json::Error| refuse(format!("has a strange header at {name:?}: {error}"));
            if name == METADATA {
                metadata = serde_json::from_value(value).map_err(told)?;
            } else {
                let entry: Entry = serde_json::from_value(value).map_err(told)?;
                check_entry(&name, &entry, bytes.len() - start).map_err(refuse)?;
                entries.insert(name, entry);
            }
        }
        let found = digest(&bytes[start..]);
        if metadata.get(SHA256).is_some_and(|expected| *expected != found) {
            let expected = &metadata[SHA256];
            return Err(refuse(format!(
                "was cut short or changed: its digest is {found}, and not {expected}"
            )));
        }
        Ok(Self { bytes, place, start, entries, metadata })
    }

    /// A word of the header.
    pub fn word(&self, name: &str) -> Option<&str> {
        self.metadata.get(name).map(String::as_str)
    }

    /// Names of all tensors.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// A tensor of floats, in any shape of `count` numbers.
    pub fn floats(&self, name: &str, count: usize) -> Result<Vec<f32>> {
        let tensor = self.tensor(name, "F32", count)?;
        Ok(tensor.bytes.as_chunks().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect())
    }

    /// A tensor of signed bytes, in any shape of `count` numbers.
    pub fn bytes(&self, name: &str, count: usize) -> Result<Vec<i8>> {
        Ok(self.tensor(name, "I8", count)?.bytes.iter().map(|byte| byte.cast_signed()).collect())
    }

    /// Whether a tensor is there, and of signed bytes.
    pub fn has_bytes(&self, name: &str) -> bool {
        self.entries.get(name).is_some_and(|entry| entry.dtype == "I8")
    }

    /// The extents of a tensor.
    pub fn shape(&self, name: &str) -> Result<&[usize]> {
        Ok(&self.entry(name)?.shape)
    }

    fn entry(&self, name: &str) -> Result<&Entry> {
        self.entries.get(name).ok_or_else(|| self.refuse(format!("has no tensor {name}")))
    }

    fn tensor(&self, name: &str, dtype: &str, count: usize) -> Result<Tensor<'_>> {
        let entry = self.entry(name)?;
        if entry.dtype != dtype || entry.shape.iter().product::<usize>() != count {
            return Err(self.refuse(format!(
                "has tensor {name} of {} {:?}, and {count} numbers of {dtype} are expected",
                entry.dtype, entry.shape
            )));
        }
        let (from, to) = entry.data_offsets;
        Ok(Tensor { shape: &entry.shape, bytes: &self.bytes[self.start + from..self.start + to] })
    }

    pub(crate) fn refuse(&self, problem: String) -> Error {
        Error::Weights { place: self.place.clone(), problem }
    }
}

fn check_entry(name: &str, entry: &Entry, available: usize) -> std::result::Result<(), String> {
    let size = match entry.dtype.as_str() {
        "F32" => 4,
        "I8" => 1,
        // Others are allowed to be there; asking for them is an error.
        _ => return Ok(()),
    };
    let bytes = entry.shape.iter().try_fold(size, |product: usize, extent| product.checked_mul(*extent));
    let (from, to) = entry.data_offsets;
    if to > available {
        return Err(format!("was cut short: tensor {name} ends at byte {to} of {available}"));
    }
    if from > to || bytes != Some(to - from) {
        return Err(format!(
            "has tensor {name} of {:?} in bytes {from} to {to}, which do not fit",
            entry.shape
        ));
    }
    Ok(())
}

fn digest(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a text never fails.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Writes a weights file: tensors in the order of their names, with a digest.
#[derive(Default)]
pub struct WeightsWriter {
    metadata: BTreeMap<String, String>,
    tensors: BTreeMap<String, (&'static str, Vec<usize>, Vec<u8>)>,
}

impl WeightsWriter {
    /// Sets a word of the header.
    pub fn word(&mut self, name: &str, value: impl Into<String>) -> &mut Self {
        self.metadata.insert(name.to_owned(), value.into());
        self
    }

    /// Adds a tensor of floats.
    pub fn floats(&mut self, name: impl Into<String>, shape: &[usize], values: &[f32]) -> &mut Self {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.tensors.insert(name.into(), ("F32", shape.to_vec(), bytes));
        self
    }

    /// Adds a tensor of signed bytes.
    pub fn bytes(&mut self, name: impl Into<String>, shape: &[usize], values: &[i8]) -> &mut Self {
        let bytes = values.iter().map(|value| value.cast_unsigned()).collect();
        self.tensors.insert(name.into(), ("I8", shape.to_vec(), bytes));
        self
    }

    /// The file.
    pub fn finish(&self) -> Vec<u8> {
        let (mut data, mut header) = (Vec::new(), serde_json::Map::new());
        for (name, (dtype, shape, bytes)) in &self.tensors {
            data.resize(data.len().next_multiple_of(ALIGNMENT), 0);
            let offsets = (data.len(), data.len() + bytes.len());
            data.extend_from_slice(bytes);
            header.insert(
                name.clone(),
                serde_json::json!({ "dtype": dtype, "shape": shape, "data_offsets": offsets }),
            );
        }
        let mut metadata = self.metadata.clone();
        metadata.insert(SHA256.to_owned(), digest(&data));
        header.insert(METADATA.to_owned(), serde_json::json!(metadata));
        let mut header = serde_json::Value::from(header).to_string().into_bytes();
        // Blanks after the header let the numbers begin at a round place.
        header.resize((header.len() + 8).next_multiple_of(ALIGNMENT) - 8, b' ');
        let mut file = (header.len() as u64).to_le_bytes().to_vec();
        file.extend_from_slice(&header);
        file.extend_from_slice(&data);
        file
    }
}
