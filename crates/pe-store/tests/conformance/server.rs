//! Connections past the store to the database of a test.

use pe_testkit::Database;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, PgConnection};

pub(crate) async fn connect(database: &Database) -> PgConnection {
    let options: PgConnectOptions = database.url.parse().expect("a URL");
    options.connect().await.expect("connects")
}
