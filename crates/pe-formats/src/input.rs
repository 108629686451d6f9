//! What to read: the files that a list of paths, folders and patterns stands for.
//!
//! An [`Input`] is one file or standard input. An archive is one input too: its members are read one after another by
//! [`Reader`](crate::Reader), because a compressed archive can only be read from front to back.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::Error;
use crate::formats::huggingface;

/// One file, or standard input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// `None` for standard input.
    file: Option<PathBuf>,
    /// The split (`train`, `test`) it holds, where its folder is a dataset that says so.
    split: Option<String>,
}

impl Input {
    /// The file at `path`.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self { file: Some(path.into()), split: None }
    }

    /// Standard input.
    pub const fn stdin() -> Self {
        Self { file: None, split: None }
    }

    /// Its path; a name for people where it is standard input.
    pub fn path(&self) -> &Path {
        self.file.as_deref().unwrap_or_else(|| Path::new("standard input"))
    }

    /// Whether it is standard input.
    pub const fn is_stdin(&self) -> bool {
        self.file.is_none()
    }

    /// The split of the dataset folder that it belongs to.
    pub fn split(&self) -> Option<&str> {
        self.split.as_deref()
    }
}

/// The inputs that `paths` stand for: files, folders (everything in them, sorted by path, without hidden files, read-me,
/// licence and Markdown files), patterns such as `data/*.jsonl`, and `-` for standard input. A folder within that can't be
/// listed is an input too, which tells why when it is opened; so the rest can be read.
///
/// # Errors
/// A path that does not exist, a pattern or folder that holds nothing to read, or a named folder that can't be listed.
pub fn expand(paths: &[String]) -> Result<Vec<Input>, Error> {
    let mut inputs = Vec::new();
    for path in paths {
        let before = inputs.len();
        match path.as_str() {
            "-" => inputs.push(Input::stdin()),
            path if Path::new(path).exists() => add(Path::new(path), &mut inputs)?,
            path if path.contains(['*', '?', '[']) => add_matches(path, &mut inputs)?,
            path => return Err(io(Path::new(path), io::ErrorKind::NotFound.into())),
        }
        if inputs.len() == before {
            return Err(Error::Options(format!(
                "{path}: nothing to read there; name a file or another pattern"
            )));
        }
    }
    Ok(inputs)
}

fn add(path: &Path, inputs: &mut Vec<Input>) -> Result<(), Error> {
    if path.is_dir() {
        return add_folder(path, inputs);
    }
    inputs.push(Input::file(path));
    Ok(())
}

fn add_folder(folder: &Path, inputs: &mut Vec<Input>) -> Result<(), Error> {
    let mut files = Vec::new();
    walk(folder, &mut files).map_err(|source| io(folder, source))?;
    files.sort();
    let dataset = huggingface::is_dataset(folder, &files);
    for file in files {
        if dataset && huggingface::is_description(&file) {
            continue;
        }
        let split = if dataset { huggingface::split(&file) } else { None };
        inputs.push(Input { file: Some(file), split });
    }
    Ok(())
}

/// Follows links to files, not to folders, so that no loop can arise. A folder below that can't be listed stands for itself.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if is_passed_over(&entry.file_name()) {
            continue;
        }
        let path = entry.path();
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder {
            let before = files.len();
            if walk(&path, files).is_err() {
                files.truncate(before);
                files.push(path);
            }
        } else if path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

fn add_matches(pattern: &str, inputs: &mut Vec<Input>) -> Result<(), Error> {
    let matches = glob::glob(pattern).map_err(|error| {
        Error::Options(format!("{pattern}: not a pattern ({error}); quote it or name files"))
    })?;
    for found in matches {
        let path = match found {
            Ok(path) => path,
            Err(error) => {
                inputs.push(Input::file(error.path()));
                continue;
            }
        };
        if path.is_dir() || !path.file_name().is_some_and(is_passed_over) {
            add(&path, inputs)?;
        }
    }
    Ok(())
}

/// Whether a file found in a folder or an archive is beside the data: hidden, a read-me, a licence, a Markdown page, the
/// manifest of an export.
pub(crate) fn is_passed_over(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_lowercase();
    name.starts_with('.')
        || name == "__macosx"
        || Path::new(&name).extension().is_some_and(|extension| extension == "md")
        || name.ends_with(".manifest.json")
        || ["readme", "license", "licence"].iter().any(|prefix| name.starts_with(prefix))
}

fn io(path: &Path, source: io::Error) -> Error {
    Error::Io { path: path.to_path_buf(), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(inputs: &[Input]) -> Vec<String> {
        inputs
            .iter()
            .map(|input| input.path().file_name().unwrap_or_default().to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn a_folder_is_its_data_files_in_order() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("b")).unwrap();
        for name in ["b/2.json", "c.jsonl", "a.json", "README.md", "LICENSE", ".hidden", "Readme.MD"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let inputs = expand(&[folder.path().to_string_lossy().into_owned()]).unwrap();
        assert_eq!(names(&inputs), ["a.json", "2.json", "c.jsonl"]);
    }

    #[test]
    fn patterns_files_and_standard_input() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["one.json", "two.json", "three.txt"] {
            fs::write(folder.path().join(name), "x").unwrap();
        }
        let pattern = folder.path().join("*.json").to_string_lossy().into_owned();
        let inputs = expand(&[pattern, "-".into()]).unwrap();
        assert_eq!(names(&inputs), ["one.json", "two.json", "standard input"]);
    }

    #[test]
    fn what_is_not_there_is_named() {
        let error = expand(&["/nowhere/at/all.json".into()]).unwrap_err().to_string();
        assert!(error.contains("/nowhere/at/all.json: no such file or folder"), "{error}");
        let error = expand(&["/nowhere/*.json".into()]).unwrap_err().to_string();
        assert!(error.contains("nothing to read"), "{error}");
    }
}
