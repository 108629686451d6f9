//! A data folder whose commands may be killed. Batches and commits are small, so that a moment falls into many states.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use pe_testkit::Database;

use crate::noise::Noise;

/// How often a kill may come too late before the test gives up.
const TOO_LATE: usize = 50;

/// Where conversations are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Engine {
    /// In the data folder.
    Sqlite,
    /// On the server of the tests.
    Postgres,
}

impl Engine {
    /// An empty station; `None` where there is no server, with a word about it.
    pub(crate) fn station(self) -> Option<Station> {
        match self {
            Self::Sqlite => Some(Station::new(None)),
            Self::Postgres => {
                pe_testkit::database("kills on PostgreSQL").map(|database| Station::new(Some(database)))
            }
        }
    }
}

/// A data folder, and a place for files beside it, gone at the end of the test.
pub(crate) struct Station {
    folder: tempfile::TempDir,
    database: Option<Database>,
    settings: RefCell<BTreeMap<&'static str, String>>,
    /// How long the command that is being killed takes, as far as is known.
    takes: Cell<Duration>,
}

impl Station {
    fn new(database: Option<Database>) -> Self {
        let small = [("PIXELATED__IMPORT__BATCH", "24"), ("PIXELATED__SEARCH__COMMIT_EVERY", "400")];
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            database,
            settings: RefCell::new(small.map(|(name, value)| (name, value.to_owned())).into()),
            takes: Cell::new(Duration::from_secs(1)),
        }
    }

    /// A setting of all commands from now on.
    pub(crate) fn set(&self, name: &'static str, value: &str) {
        self.settings.borrow_mut().insert(name, value.to_owned());
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pixelated"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(&*self.settings.borrow())
            .env("PIXELATED_DATA_DIR", self.path("data"))
            .stdin(Stdio::null());
        if let Some(database) = &self.database {
            // The password may stand where the tests keep it.
            let login = std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG"));
            command.envs(login).env("PIXELATED_DATABASE_URL", &database.url);
        }
        command
    }

    /// What names the store: a folder, or a URL.
    pub(crate) fn store(&self) -> String {
        let folder = || self.path("data").to_string_lossy().into_owned();
        self.database.as_ref().map_or_else(folder, |database| database.url.clone())
    }

    /// Runs a command that must succeed; what it prints.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let began = Instant::now();
        let output = self.command(args).output().expect("the tool runs");
        assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
        self.takes.set(began.elapsed());
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Kills a command at a random moment of its work. One that was done before the moment came is tried again.
    pub(crate) fn kill(&self, args: &[&str], noise: &mut Noise) {
        for _ in 0..TOO_LATE {
            let moment = self.takes.get().mul_f64(noise.fraction());
            let mut child = self
                .command(args)
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the tool runs");
            std::thread::sleep(moment);
            child.kill().expect("killed, or gone already");
            let output = child.wait_with_output().expect("its end");
            match output.status.code() {
                // A process that a signal ended has no exit code.
                None => return,
                Some(0) => self.takes.set(moment),
                Some(code) => {
                    panic!(
                        "{args:?} ended with {code}: {} ({noise})",
                        String::from_utf8_lossy(&output.stderr)
                    )
                }
            }
        }
        panic!("{args:?} was always done before it could be killed; give it more to do");
    }

    /// The names in a folder.
    pub(crate) fn names(&self, folder: &str) -> BTreeSet<String> {
        let entries = std::fs::read_dir(self.path(folder)).expect("a folder");
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    /// Asserts that nothing lies in the data folder but the database, the index, and what they consist of.
    pub(crate) fn assert_tidy(&self) {
        // That of a server carries digits of the database it is of.
        let is_index = |name: &String| name.starts_with("index") && !name.contains('.');
        let (indexes, others): (Vec<_>, Vec<_>) = self.names("data").into_iter().partition(is_index);
        let strangers: Vec<_> = others.iter().filter(|name| !name.starts_with("pixelated.db")).collect();
        assert!(strangers.is_empty() && indexes.len() == 1, "left behind: {strangers:?} {indexes:?}");
        let index = format!("data/{}", indexes[0]);
        let contents =
            std::fs::read_to_string(self.path(&index).join("meta.json")).expect("a table of contents");
        // The engine writes the id of a segment with dashes into its table, and without into names of files.
        let contents = contents.replace('-', "");
        let is_known = |name: &str| {
            ["meta.json", ".managed.json", "seal.json"].contains(&name)
                || Path::new(name).extension().is_some_and(|extension| extension == "lock")
                || name.get(..32).is_some_and(|segment| contents.contains(segment))
        };
        let strangers: Vec<_> = self.names(&index).into_iter().filter(|name| !is_known(name)).collect();
        assert!(strangers.is_empty(), "left behind in the index: {strangers:?}");
    }
}
