//! Where a store is: a data folder, a database file, or a database of a PostgreSQL server.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::{Error, Result};

/// The name of the database in a data folder.
pub const DATABASE_FILE: &str = "pixelated.db";

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A file of SQLite's.
    File(DatabaseFile),
    /// A database of a PostgreSQL server.
    Server(Server),
}

/// A database that is a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseFile {
    /// The file.
    pub database: PathBuf,
    /// The folder it is in.
    pub folder: PathBuf,
}

/// A database of a server. Its password is never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Server {
    url: String,
    name: String,
}

impl Location {
    /// From a data folder (`data`), from the URL of a database file (`sqlite:data/pixelated.db`, `sqlite://...`), or from that of
    /// a PostgreSQL database (`postgres://user:password@host:port/database`, `postgresql://...`).
    pub fn parse(target: &str) -> Result<Self> {
        if let Some(file) = target.strip_prefix("sqlite://").or_else(|| target.strip_prefix("sqlite:")) {
            if file.is_empty() || file.starts_with(":memory:") || file.contains('?') {
                return Err(Error::UnknownLocation(target.to_owned()));
            }
            return Ok(Self::File(DatabaseFile::new(PathBuf::from(file))));
        }
        if target.starts_with("postgres://") || target.starts_with("postgresql://") {
            return Server::parse(target).map(Self::Server);
        }
        if target.is_empty() || target.contains("://") {
            // A URL may carry a password: only its scheme is repeated.
            let scheme = target.split_once("://").map(|(scheme, _)| format!("{scheme}://..."));
            return Err(Error::UnknownLocation(scheme.unwrap_or_else(|| "an empty path".to_owned())));
        }
        Ok(Self::in_folder(Path::new(target)))
    }

    /// The database of a data folder.
    pub fn in_folder(folder: &Path) -> Self {
        Self::File(DatabaseFile::in_folder(folder))
    }

    /// The database file; `None` where a server keeps the data.
    pub fn database_file(&self) -> Option<&Path> {
        match self {
            Self::File(file) => Some(&file.database),
            Self::Server(_) => None,
        }
    }
}

/// The file, or the server and the database, without user and password.
impl fmt::Display for Location {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(file) => write!(to, "{}", file.database.display()),
            Self::Server(server) => write!(to, "{}", server.name),
        }
    }
}

impl DatabaseFile {
    fn new(database: PathBuf) -> Self {
        let folder = match database.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_path_buf(),
            _ => PathBuf::from("."),
        };
        Self { database, folder }
    }

    pub(crate) fn in_folder(folder: &Path) -> Self {
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

impl Server {
    fn parse(url: &str) -> Result<Self> {
        let options: sqlx::postgres::PgConnectOptions = url.parse().map_err(|_| {
            // The driver's word may repeat what it could not read, and so a password.
            Error::UnknownLocation("postgres://... (it does not read as a URL)".to_owned())
        })?;
        let host = options.get_socket().map_or_else(
            || format!("{}:{}", options.get_host(), options.get_port()),
            |socket| socket.display().to_string(),
        );
        let database = options.get_database().unwrap_or_else(|| options.get_username());
        Ok(Self { name: format!("postgres://{host}/{database}"), url: url.to_owned() })
    }

    /// With user and password, for the driver alone.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.debug_struct("Server").field("name", &self.name).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(target: &str) -> DatabaseFile {
        match Location::parse(target).expect(target) {
            Location::File(file) => file,
            Location::Server(server) => panic!("{server:?} is no file"),
        }
    }

    #[test]
    fn a_folder_and_a_url_name_a_database() {
        assert_eq!(file("some/data").database, Path::new("some/data/pixelated.db"));
        let url = file("sqlite:x.db");
        assert_eq!((url.database.as_path(), url.folder.as_path()), (Path::new("x.db"), Path::new(".")));
        assert_eq!(file("sqlite:///a/x.db").database, Path::new("/a/x.db"));
    }

    #[test]
    fn what_cannot_be_opened_is_refused_without_its_password() {
        for target in
            ["", "sqlite::memory:", "mysql://me:secret@host/db", "sqlite:", "postgres://me:secret@h:x/"]
        {
            let error = Location::parse(target).expect_err(target).to_string();
            assert!(!error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_server_is_named_without_its_password() {
        for url in [
            "postgres://me:secret@host:5433/corpus",
            "postgresql://me:secret@host:5433/corpus?sslmode=require",
        ] {
            let location = Location::parse(url).expect("a server");
            assert_eq!(location.to_string(), "postgres://host:5433/corpus");
            assert!(!format!("{location:?}").contains("secret"), "{location:?}");
            assert_eq!(location.database_file(), None);
        }
    }
}
