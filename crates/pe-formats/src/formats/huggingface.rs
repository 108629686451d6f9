//! Dataset folders as the Hugging Face hub lays them out: a `README.md` with a head of YAML, shards named after their
//! split, in the folder itself or below `data/`.
//!
//! ```text
//! talks/README.md                             ---\nlicense: cc0-1.0\n---
//! talks/data/train-00000-of-00002.parquet
//! talks/data/test-00000-of-00001.parquet
//! talks/validation.jsonl
//! talks/en/train.csv
//! ```

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Files beside the data that describe it.
const DESCRIPTIONS: [&str; 4] =
    ["dataset_info.json", "dataset_infos.json", "state.json", "dataset_dict.json"];
/// What splits are called (`datasets` library, `data_files.py`, version 4).
const SPLITS: [(&str, &str); 9] = [
    ("train", "train"),
    ("training", "train"),
    ("validation", "validation"),
    ("valid", "validation"),
    ("val", "validation"),
    ("dev", "validation"),
    ("test", "test"),
    ("testing", "test"),
    ("eval", "test"),
];
/// Endings of files that hold data.
const ENDINGS: [&str; 6] = ["parquet", "jsonl", "json", "csv", "tsv", "txt"];

/// Whether `files`, found in `folder`, are the shards of a dataset: some file is named after a split, and either the
/// folder's card or a description is there, or the shards are numbered, or every data file is named so.
pub(crate) fn is_dataset(folder: &Path, files: &[PathBuf]) -> bool {
    let shards = files.iter().filter(|file| split(file).is_some()).count();
    let described = files.iter().any(|file| is_description(file)) || has_card(folder);
    let data = files.iter().filter(|file| !is_description(file)).count();
    shards > 0 && (described || shards == data || files.iter().any(|file| is_numbered(file)))
}

/// Whether the file describes the dataset or loads it, and holds none of it.
pub(crate) fn is_description(file: &Path) -> bool {
    let named =
        file.file_name().and_then(|name| name.to_str()).is_some_and(|name| DESCRIPTIONS.contains(&name));
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    named || ["py", "yaml", "yml", "lock"].contains(&ending)
}

/// The split that a shard's name states: `train-00000-of-00002.parquet`, `test.jsonl`, `en_valid.csv`; or the folder
/// that it lies in (`train/part1.jsonl`).
pub(crate) fn split(file: &Path) -> Option<String> {
    let name = file.file_name()?.to_str()?.to_lowercase();
    let mut parts = name.split('.');
    let stem = parts.next()?;
    if !parts.any(|ending| ENDINGS.contains(&ending)) {
        return None;
    }
    let folder = file.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
    let words = stem.split(['-', '_', ' ']).chain([folder]);
    let known = |word: &str| {
        SPLITS.iter().find(|(written, _)| *written == word).map(|(_, split)| (*split).to_owned())
    };
    words.map(str::to_lowercase).find_map(|word| known(&word))
}

/// `...-00000-of-00002.parquet`.
fn is_numbered(file: &Path) -> bool {
    let stem = file.file_name().and_then(|name| name.to_str()).and_then(|name| name.split('.').next());
    let digits = |text: &str| text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    stem.and_then(|stem| stem.rsplit_once("-of-")).is_some_and(|(before, total)| {
        digits(total) && before.rsplit_once('-').is_some_and(|(_, number)| digits(number))
    })
}

/// A read-me that begins with a head of YAML.
fn has_card(folder: &Path) -> bool {
    let mut head = [0; 4];
    let read = File::open(folder.join("README.md")).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && (head.starts_with(b"---\n") || head.starts_with(b"---\r"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split_of(path: &str) -> Option<String> {
        split(Path::new(path))
    }

    #[test]
    fn names_state_splits() {
        assert_eq!(split_of("data/train-00000-of-00002.parquet").as_deref(), Some("train"));
        assert_eq!(split_of("dev.jsonl.zst").as_deref(), Some("validation"));
        assert_eq!(split_of("en_test.csv").as_deref(), Some("test"));
        assert_eq!(split_of("valid/part1.jsonl").as_deref(), Some("validation"));
        assert_eq!(split_of("talks.jsonl"), None);
        assert_eq!(split_of("train.py"), None);
        assert_eq!(split_of("training_notes.pdf"), None);
    }

    #[test]
    fn a_folder_is_a_dataset_when_it_says_so_or_its_names_do() {
        let folder = tempfile::tempdir().unwrap();
        let files = |names: &[&str]| names.iter().map(|name| folder.path().join(name)).collect::<Vec<_>>();
        assert!(is_dataset(folder.path(), &files(&["train.jsonl", "test.jsonl"])));
        assert!(is_dataset(folder.path(), &files(&["train-00000-of-00001.parquet", "other.json"])));
        assert!(!is_dataset(folder.path(), &files(&["train.jsonl", "talks.jsonl"])));
        assert!(!is_dataset(folder.path(), &files(&["talks.jsonl"])));
        std::fs::write(folder.path().join("README.md"), "---\nlicense: cc0-1.0\n---\n# Talks\n").unwrap();
        assert!(is_dataset(folder.path(), &files(&["train.jsonl", "talks.jsonl"])));
        assert!(is_description(Path::new("a/dataset_info.json")));
    }
}
