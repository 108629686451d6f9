//! The rejects file: one line of JSON for each record that could not be read. It is made at the first reject.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use pe_formats::Reject;
use serde::Serialize;
use time::OffsetDateTime;
use time::macros::format_description;

use crate::Error;

/// Where rejects go.
pub(super) struct Rejects {
    path: PathBuf,
    /// Whether the name was chosen here; then no file of that name is written over, such as that of an import of the same second.
    named_here: bool,
    file: Option<BufWriter<File>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    file: &'a str,
    line: u64,
    offset: u64,
    reason: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    excerpt: &'a str,
}

impl Rejects {
    /// Rejects go to `chosen`, or to a new file in the data folder.
    pub(super) fn new(chosen: Option<PathBuf>, data_dir: &Path, dataset: &str, now: OffsetDateTime) -> Self {
        let named_here = chosen.is_none();
        let path = chosen.unwrap_or_else(|| {
            let stamp = format_description!("[year][month][day]-[hour][minute][second]");
            let stamp = now.format(stamp).unwrap_or_default();
            let name: String = dataset.chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
            data_dir.join("rejects").join(format!("{name}-{stamp}.jsonl"))
        });
        Self { path, named_here, file: None }
    }

    /// Notes one.
    pub(super) fn add(&mut self, file: &Path, reject: &Reject) -> Result<(), Error> {
        let entry = Entry {
            file: &file.to_string_lossy(),
            line: reject.place.line,
            offset: reject.place.offset,
            reason: &reject.reason,
            excerpt: &reject.excerpt,
        };
        let mut text =
            serde_json::to_vec(&entry).map_err(|error| Error::internal("the rejects file", error))?;
        text.push(b'\n');
        let written = self.file().and_then(|file| file.write_all(&text));
        written.map_err(|error| self.unwritable(&error))
    }

    /// Sends what is left to disk; the path, if there were any rejects.
    pub(super) fn finish(self) -> Result<Option<PathBuf>, Error> {
        let Self { path, named_here, file } = self;
        let Some(file) = file else { return Ok(None) };
        match file.into_inner().map_err(std::io::IntoInnerError::into_error).and_then(|file| file.sync_all())
        {
            Ok(()) => Ok(Some(path)),
            Err(error) => Err(Self { path, named_here, file: None }.unwritable(&error)),
        }
    }

    fn file(&mut self) -> std::io::Result<&mut BufWriter<File>> {
        if self.file.is_none() {
            if let Some(folder) = self.path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let file = if self.named_here { self.create_new()? } else { File::create(&self.path)? };
            self.file = Some(BufWriter::new(file));
        }
        // It was just made; an error here would be the one of a file that vanished.
        self.file.as_mut().ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }

    /// Makes the file under the first name that is free: `d-20260102-030405.jsonl`, `d-20260102-030405-2.jsonl`, and so on.
    fn create_new(&mut self) -> std::io::Result<File> {
        let first = self.path.clone();
        let stem = first.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        for number in 2_u32.. {
            match File::create_new(&self.path) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                    self.path = first.with_file_name(format!("{stem}-{number}.jsonl"));
                }
                made => return made,
            }
        }
        Err(std::io::ErrorKind::AlreadyExists.into())
    }

    fn unwritable(&self, error: &std::io::Error) -> Error {
        Error::unavailable(format!(
            "cannot write the rejects file {}: {error}; name another one with --rejects",
            self.path.display()
        ))
    }
}
