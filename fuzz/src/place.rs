//! A place for the files that a target reads and writes: one folder for the life of the program, in memory where `TMPDIR` is.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = TempDir::with_prefix("pe-fuzz-").expect("a temporary folder");
    // What is in a static is never dropped, so the last run's folder is removed by the next one.
    for old in siblings(folder.path()) {
        drop(std::fs::remove_dir_all(old));
    }
    folder
});

/// Folders that programs which are gone left behind: they hold a file with the number of their process.
fn siblings(own: &Path) -> Vec<PathBuf> {
    std::fs::write(own.join("pid"), std::process::id().to_string()).expect("a small file");
    let entries = own.parent().and_then(|parent| std::fs::read_dir(parent).ok());
    let folders = entries.into_iter().flatten().flatten().map(|entry| entry.path());
    let is_left = |path: &PathBuf| {
        let pid = std::fs::read_to_string(path.join("pid")).unwrap_or_default();
        path != own
            && path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("pe-fuzz-"))
            && !pid.is_empty()
            && !Path::new("/proc").join(pid).exists()
    };
    folders.filter(is_left).collect()
}

/// The path of a file of this name.
pub(crate) fn path(name: &str) -> PathBuf {
    FOLDER.path().join(name)
}

/// Writes a file.
pub(crate) fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = path(name);
    std::fs::write(&path, bytes).expect("room for a small file");
    path
}
