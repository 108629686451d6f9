//! Which files were imported, and how it went.

use pe_model::Digest;
use serde_json::{Map, Value};
use sqlx::types::Json;
use sqlx::{QueryBuilder, Row as _};
use time::OffsetDateTime;

use crate::engine::{Db, micros, time};
use crate::resolution::digest_from;
use crate::rows::Row;
use crate::{Error, Result, Store, Tx};

/// Names one import.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ImportId(pub i64);

/// How an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportState {
    /// It began; if its process is gone, it was interrupted and can be run again.
    Running,
    /// Everything was read.
    Done,
    /// It stopped at an error.
    Failed,
}

impl ImportState {
    const ALL: [Self; 3] = [Self::Running, Self::Done, Self::Failed];

    const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// A file as it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportFile {
    /// Its path as it was given, or `-` for standard input.
    pub path: String,
    /// Bytes.
    pub size: Option<u64>,
    /// When it was last changed, to the microsecond.
    pub modified: Option<OffsetDateTime>,
    /// The digest of its bytes, where it was computed.
    pub digest: Option<Digest>,
}

/// One line of the import log.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportLog {
    /// Which.
    pub id: ImportId,
    /// Into which dataset.
    pub dataset: String,
    /// Of which file.
    pub file: ImportFile,
    /// How it stands.
    pub state: ImportState,
    /// What the importer counted.
    pub counts: Map<String, Value>,
    /// When it began.
    pub started_at: OffsetDateTime,
    /// When it ended.
    pub finished_at: Option<OffsetDateTime>,
}

impl Tx {
    /// Notes that an import begins.
    pub async fn start_import(&mut self, dataset: &str, file: &ImportFile) -> Result<ImportId> {
        let now = micros(self.now);
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO imports (dataset_name, path, size, modified, digest, state, started_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
        )
        .bind(dataset)
        .bind(file.path.as_str())
        .bind(file.size.map(u64::cast_signed))
        .bind(file.modified.map(micros))
        .bind(file.digest.map(|digest| digest.as_bytes().to_vec()))
        .bind(ImportState::Running.name())
        .bind(now)
        .fetch_one(self.connection())
        .await?;
        Ok(ImportId(id))
    }

    /// Notes how an import stands, and what was counted; with [`ImportState::Running`], that it goes on.
    pub async fn note_import(
        &mut self,
        id: ImportId,
        state: ImportState,
        counts: &Map<String, Value>,
    ) -> Result<()> {
        let finished = (state != ImportState::Running).then(|| micros(self.now));
        let done = sqlx::query("UPDATE imports SET state = $2, counts = $3, finished_at = $4 WHERE id = $1")
            .bind(id.0)
            .bind(state.name())
            .bind(Json(counts))
            .bind(finished)
            .execute(self.connection())
            .await?;
        if done.rows_affected() == 0 {
            Err(Error::invalid("import", format!("there is no import {}", id.0)))
        } else {
            Ok(())
        }
    }
}

impl Store {
    /// The latest imports first, of one dataset or of all, at most `limit`.
    pub async fn imports(&self, dataset: Option<&str>, limit: u32) -> Result<Vec<ImportLog>> {
        let mut query = QueryBuilder::<Db>::new(
            "SELECT id, dataset_name, path, size, modified, digest, state, counts, started_at, finished_at FROM imports",
        );
        if let Some(dataset) = dataset {
            query.push(" WHERE dataset_name = ").push_bind(dataset);
        }
        query.push(" ORDER BY id DESC LIMIT ").push_bind(i64::from(limit));
        query.build().fetch_all(&self.reads).await?.iter().map(log).collect()
    }
}

fn log(row: &Row) -> Result<ImportLog> {
    let id = ImportId(row.try_get(0)?);
    let what = || format!("import {}", id.0);
    let state: String = row.try_get(6)?;
    let state = ImportState::ALL.into_iter().find(|known| known.name() == state);
    let digest = row.try_get::<Option<Vec<u8>>, _>(5)?;
    Ok(ImportLog {
        id,
        dataset: row.try_get(1)?,
        file: ImportFile {
            path: row.try_get(2)?,
            size: row.try_get::<Option<i64>, _>(3)?.map(|size| size as u64),
            modified: row.try_get::<Option<i64>, _>(4)?.map(time).transpose()?,
            digest: digest.map(|digest| digest_from(&digest, &what())).transpose()?,
        },
        state: state.ok_or_else(|| Error::corrupt(what(), "unknown state"))?,
        counts: row.try_get::<Option<Json<_>>, _>(7)?.map(|Json(counts)| counts).unwrap_or_default(),
        started_at: time(row.try_get(8)?)?,
        finished_at: row.try_get::<Option<i64>, _>(9)?.map(time).transpose()?,
    })
}
