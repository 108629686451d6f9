//! Where a store is: a data folder, or a database file named by URL.

use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// The name of the database in a data folder.
pub const DATABASE_FILE: &str = "pixelated.db";

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The database file.
    pub database: PathBuf,
    /// The folder it is in.
    pub folder: PathBuf,
}

impl Location {
    /// From a data folder (`data`), or from the URL of a database file (`sqlite:data/pixelated.db`, `sqlite://...`).
    pub fn parse(target: &str) -> Result<Self> {
        if let Some(file) = target.strip_prefix("sqlite://").or_else(|| target.strip_prefix("sqlite:")) {
            if file.is_empty() || file.starts_with(":memory:") || file.contains('?') {
                return Err(Error::UnknownLocation(target.to_owned()));
            }
            let database = PathBuf::from(file);
            let folder = match database.parent() {
                Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
                _ => PathBuf::from("."),
            };
            return Ok(Self { database, folder });
        }
        if target.is_empty() || target.contains("://") {
            // A URL may carry a password: only its scheme is repeated.
            let scheme = target.split_once("://").map_or("an empty path", |(scheme, _)| scheme);
            return Err(Error::UnknownLocation(
                format!("{scheme}://...").replace("an empty path://...", "an empty path"),
            ));
        }
        Ok(Self::in_folder(Path::new(target)))
    }

    /// The database of a data folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self { database: folder.join(DATABASE_FILE), folder: folder.to_path_buf() }
    }

    /// The file that a writer locks.
    pub(crate) fn lock_file(&self) -> PathBuf {
        let mut name = self.database.clone().into_os_string();
        name.push(".lock");
        PathBuf::from(name)
    }

    /// Makes the folder, readable by its owner alone: conversations are nobody else's business.
    pub(crate) fn create_folder(&self) -> Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder).map_err(Error::io("create the data folder", &self.folder))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_and_a_url_name_a_database() {
        let folder = Location::parse("some/data").expect("a folder");
        assert_eq!(folder.database, Path::new("some/data/pixelated.db"));
        let url = Location::parse("sqlite:x.db").expect("a file");
        assert_eq!((url.database.as_path(), url.folder.as_path()), (Path::new("x.db"), Path::new(".")));
        assert_eq!(Location::parse("sqlite:///a/x.db").expect("a file").database, Path::new("/a/x.db"));
    }

    #[test]
    fn what_cannot_be_opened_is_refused_without_its_password() {
        for target in ["", "sqlite::memory:", "postgres://me:secret@host/db", "sqlite:"] {
            let error = Location::parse(target).expect_err(target).to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
