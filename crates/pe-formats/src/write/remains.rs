//! What an export that was killed left behind: its files and folders under temporary names. Whoever writes holds a lock on
//! what it writes, which the system lets go with the process; so what nobody holds is removed when the same target is
//! exported again. Where a file system knows no locks, remains stay.

use std::fs::{self, File};
use std::path::Path;

use super::target::{folder_of, hidden_prefix};

/// What temporary names end with.
pub(super) const ENDING: &str = ".partial";

/// How many letters and digits a temporary name has between prefix and ending.
const RANDOM: usize = 6;

/// Marks a new file or folder as somebody's work. A system without locks is no reason to write nothing.
pub(super) fn claim(file: &File) {
    let _ = file.lock();
}

/// Removes what earlier exports to `path` left behind. What can't be removed does no harm, and the export goes on.
pub(super) fn sweep(path: &Path) {
    let prefix = hidden_prefix(path);
    for entry in fs::read_dir(folder_of(path)).into_iter().flatten().flatten() {
        if is_temporary(&entry.file_name().to_string_lossy(), &prefix)
            && let Ok(file) = File::open(entry.path())
            && file.try_lock().is_ok()
        {
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let remove = if is_folder { fs::remove_dir_all } else { fs::remove_file };
            let _ = remove(entry.path());
        }
    }
}

fn is_temporary(name: &str, prefix: &str) -> bool {
    let random = name.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(ENDING));
    random.is_some_and(|random| {
        random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_temporary_names_of_the_same_target_are_meant() {
        let prefix = hidden_prefix(Path::new("talks.jsonl"));
        assert!(is_temporary(".talks.jsonl.a1B2c3.partial", &prefix));
        for other in [
            "talks.jsonl",
            ".talks.jsonl.partial",
            ".talks.jsonl.manifest.json.a1B2c3.partial",
            ".talks.jsonl.my-own.partial",
            ".other.jsonl.a1B2c3.partial",
        ] {
            assert!(!is_temporary(other, &prefix), "{other}");
        }
    }

    #[test]
    fn what_is_held_stays_and_what_was_left_goes() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("a.jsonl");
        let (left, held) =
            (folder.path().join(".a.jsonl.aaaaaa.partial"), folder.path().join(".a.jsonl.bbbbbb.partial"));
        fs::create_dir(&left).unwrap();
        fs::write(left.join("x"), "x").unwrap();
        let file = File::create(&held).unwrap();
        claim(&file);
        sweep(&target);
        assert!(!left.exists() && held.exists());
        drop(file);
        sweep(&target);
        assert!(!held.exists());
    }
}
