//! A fresh database of a real PostgreSQL server for each test.
//!
//! `PIXELATED_TEST_POSTGRES` names the server (`postgres://user@host:port/`); `make test` starts one. Without it these tests are
//! skipped, save in CI, where a missing server is a failure.

use std::future::Future;
use std::io::Write as _;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, PgConnection};

/// Databases that this process has made.
static MADE: AtomicU32 = AtomicU32::new(0);

/// A database that is gone when this is dropped.
pub(crate) struct Database {
    pub(crate) url: String,
    server: String,
    name: String,
}

/// A fresh database; `None` where there is no server, with a word about what is skipped.
pub(crate) fn database(skipped: &str) -> Option<Database> {
    let Ok(server) = std::env::var("PIXELATED_TEST_POSTGRES") else {
        assert!(std::env::var_os("CI").is_none(), "{skipped} needs PIXELATED_TEST_POSTGRES");
        // Where standard error is closed there is nobody to tell.
        let _ = std::io::stderr()
            .write_all(format!("skipped: {skipped} (set PIXELATED_TEST_POSTGRES)\n").as_bytes());
        return None;
    };
    let server = server.trim_end_matches('/').to_owned();
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let name = format!("pe_test_{}_{number}", std::process::id());
    let database = Database { url: format!("{server}/{name}"), server, name };
    // A process that was killed may have left one behind.
    database.run(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", database.name));
    database.run(format!("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", database.name));
    Some(database)
}

impl Database {
    /// A connection past the store.
    pub(crate) async fn connect(&self) -> PgConnection {
        let options: PgConnectOptions = self.url.parse().expect("a URL");
        options.connect().await.expect("connects")
    }

    /// Runs a statement on the server, in a runtime of its own: a test that fails drops its database, too.
    fn run(&self, statement: String) {
        let options: PgConnectOptions = format!("{}/postgres", self.server).parse().expect("a URL");
        block_on(async move {
            let mut connection = options.connect().await.expect("connects");
            sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.expect("runs");
        });
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.run(format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
    }
}

fn block_on(work: impl Future<Output = ()> + Send + 'static) {
    let thread = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(work);
    });
    thread.join().expect("no panic");
}
