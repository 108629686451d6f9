//! A fresh database of a real PostgreSQL server for each test.
//!
//! `PIXELATED_TEST_POSTGRES` names the server (`postgres://user@host:port/`); `make test` starts one. Without it these tests are
//! skipped, save in CI, where a missing server is a failure. Databases are made by `psql`, which comes with the server.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

/// Databases that this process has made.
static MADE: AtomicU32 = AtomicU32::new(0);

/// A database that is gone when this is dropped.
pub struct Database {
    /// Its URL.
    pub url: String,
    server: String,
    name: String,
}

/// A fresh, empty database; `None` where there is no server, with a word about what is skipped.
pub fn database(skipped: &str) -> Option<Database> {
    let Ok(server) = std::env::var("PIXELATED_TEST_POSTGRES") else {
        assert!(std::env::var_os("CI").is_none(), "{skipped} needs PIXELATED_TEST_POSTGRES");
        crate::say(&format!(
            "skipped: {skipped} (set PIXELATED_TEST_POSTGRES, or use scripts/with-postgres)\n"
        ));
        return None;
    };
    let server = server.trim_end_matches('/').to_owned();
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let name = format!("pe_test_{}_{number}", std::process::id());
    let database = Database { url: format!("{server}/{name}"), server, name };
    // A process that was killed may have left one behind.
    database.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", database.name));
    database.run(&format!("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", database.name));
    Some(database)
}

impl Database {
    /// Runs a statement on the server, past the store.
    pub fn run(&self, statement: &str) {
        run(&format!("{}/postgres", self.server), statement);
    }

    /// Runs a statement in this database, past the store.
    pub fn run_inside(&self, statement: &str) {
        run(&self.url, statement);
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.run(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

fn run(url: &str, statement: &str) {
    let done = Command::new(psql())
        .args([url, "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--command", statement])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .expect("psql, which comes with the server");
    let told = String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success(), "{statement}: {told}");
}

/// In PATH, or where Debian keeps it.
fn psql() -> PathBuf {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let kept = debian.map(|version| version.path().join("bin/psql")).filter(|path| path.exists()).max();
    kept.unwrap_or_else(|| "psql".into())
}
