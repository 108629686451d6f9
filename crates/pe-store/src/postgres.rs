//! Opening a database of a PostgreSQL server.
//!
//! The first connection is made outside of a pool, because a pool goes on trying where nobody listens and then only says that it took
//! too long. What every connection is told is said in SQL and not in the options of the connection, which poolers refuse.

use std::time::Duration;

use sqlx::pool::PoolOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, PgConnection, Postgres, Row as _};
use time::OffsetDateTime;

use crate::engine::Pool;
use crate::location::Server;
use crate::partition::Months;
use crate::store::{ACQUIRE, READERS, STATEMENTS};
use crate::{Error, Location, Result, migration};

/// How long a server may take to answer the first time.
const CONNECT: Duration = Duration::from_secs(10);

/// Connections for writers of this process.
const WRITERS: u32 = 4;

/// The oldest version whose tables can be partitioned as ours are, as the server counts: 15.0.
const OLDEST: i32 = 150_000;

/// For every connection. A statement that takes longer has lost its reader or its way, and a lock that is held longer is held by
/// somebody who is stuck. Times are shown and cut in UTC, and warnings are not for users.
const SESSION: &str = "SET statement_timeout = '30min'; SET lock_timeout = '60s'; SET TIME ZONE 'UTC'; \
                       SET client_min_messages = 'error'";

/// For connections that only read.
const SESSION_TO_READ: &str = "SET default_transaction_read_only = on";

/// Connections for readers, those for writers, and which months have partitions.
pub(crate) async fn open_to_write(
    server: &Server,
    location: &Location,
    now: OffsetDateTime,
) -> Result<(Pool, Pool, Months)> {
    let options = reached(server, location).await?;
    let writes = Pool::Postgres(pool(WRITERS, false).connect_lazy_with(options.clone()));
    migration::apply(writes.begin_write().await?, &location.to_string(), now).await?;
    let months = Months::new(Some(Pool::Postgres(pool(1, false).connect_lazy_with(options.clone()))));
    months.make_ahead(now).await?;
    Ok((Pool::Postgres(pool(READERS, true).connect_lazy_with(options)), writes, months))
}

/// Connections for readers, once the schema is known to be the one of this program.
pub(crate) async fn open_to_read(server: &Server, location: &Location) -> Result<Pool> {
    let options = reached(server, location).await?;
    let reads = Pool::Postgres(pool(READERS, true).connect_lazy_with(options));
    migration::verify(&mut reads.acquire().await?, &location.to_string()).await?;
    Ok(reads)
}

fn pool(connections: u32, only_reads: bool) -> PoolOptions<Postgres> {
    PoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE).after_connect(
        move |connection, _| {
            Box::pin(async move {
                sqlx::raw_sql(SESSION).execute(&mut *connection).await?;
                if only_reads {
                    sqlx::raw_sql(SESSION_TO_READ).execute(&mut *connection).await?;
                }
                Ok(())
            })
        },
    )
}

/// How to connect, once the server has answered and is fit.
async fn reached(server: &Server, location: &Location) -> Result<PgConnectOptions> {
    let options: PgConnectOptions = server.url().parse()?;
    let options = options
        .application_name("pixelated")
        .statement_cache_capacity(STATEMENTS)
        .disable_statement_logging();
    let place = location.to_string();
    let connected = tokio::time::timeout(CONNECT, options.connect()).await;
    let mut connection = match connected {
        Ok(connected) => connected.map_err(|error| refusal(&place, &error))?,
        Err(_) => {
            return Err(Error::Unreachable { place, problem: "no answer within ten seconds".to_owned() });
        }
    };
    fit(&mut connection, &place).await?;
    connection.close().await?;
    Ok(options)
}

/// Why there is no connection (classes 28 and 3D of PostgreSQL's codes are about who may come in, and where to).
fn refusal(place: &str, error: &sqlx::Error) -> Error {
    let place = place.to_owned();
    let Some(answer) = error.as_database_error() else {
        let problem = error.to_string();
        return match error {
            sqlx::Error::Io(_) => Error::Unreachable { place, problem },
            _ => Error::Refused { place, problem },
        };
    };
    let problem = answer.message().to_owned();
    match answer.code().as_deref() {
        Some("3D000") => Error::NoDatabase(place),
        // It is starting or stopping, or has no room.
        Some(code) if code.starts_with("57") || code.starts_with("53") => {
            Error::Unreachable { place, problem }
        }
        _ => Error::Refused { place, problem },
    }
}

async fn fit(connection: &mut PgConnection, place: &str) -> Result<()> {
    let row = sqlx::query(
        "SELECT current_setting('server_version_num')::integer, current_setting('server_version'), \
         current_setting('server_encoding')",
    )
    .fetch_one(connection)
    .await?;
    let (number, version, encoding): (i32, String, String) =
        (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let unfit = |problem| Err(Error::UnfitServer { place: place.to_owned(), problem });
    if number < OLDEST {
        return unfit(format!("it runs PostgreSQL {version}, and 15 is the oldest that works; upgrade it"));
    }
    if encoding != "UTF8" {
        return unfit(format!("its encoding is {encoding}; make a database with the encoding UTF8"));
    }
    Ok(())
}
