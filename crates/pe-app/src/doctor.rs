//! Is everything sound? Each thing that a crash, a full disk or a careless hand could have broken is looked at, and what is not as it
//! should be is told with its remedy.

use std::path::Path;
use std::sync::Arc;

use pe_model::Clock;
use pe_search::Index;
use pe_store::SCHEMA_VERSION;
use serde::Serialize;

use crate::corpus::INDEX;
use crate::{Config, Corpus, Error};

/// Less than this on the disk of the data folder is soon too little. Bytes.
const LITTLE_SPACE: u64 = 1 << 30;

/// What one look has found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at: "database", "index".
    pub subject: &'static str,
    /// Whether it is as it should be.
    pub sound: bool,
    /// What was found.
    pub found: String,
    /// What to do about it; empty where it is sound.
    pub remedy: String,
}

impl Check {
    fn sound(subject: &'static str, found: impl Into<String>) -> Self {
        Self { subject, sound: true, found: found.into(), remedy: String::new() }
    }

    fn problem(subject: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { subject, sound: false, found: found.into(), remedy: remedy.into() }
    }
}

/// Looks at everything. Reads the whole database and the whole index; changes nothing.
pub async fn doctor(config: &Config, clock: Arc<dyn Clock>) -> Vec<Check> {
    let mut checks = vec![folder(&config.data_dir), space(&config.data_dir)];
    checks.extend(leftovers(&config.data_dir));
    match Corpus::read(config, clock).await {
        Ok(corpus) => {
            checks.push(Check::sound(
                "database",
                format!("{}, schema version {SCHEMA_VERSION}", corpus.store.location()),
            ));
            checks.extend(store(&corpus).await);
            checks.push(index(&corpus).await);
            corpus.close().await;
        }
        Err(error) => checks.push(Check::problem(
            "database",
            error.message,
            "put right what it says, and run this again",
        )),
    }
    checks
}

/// Whether the folder is there, and closed to others.
fn folder(folder: &Path) -> Check {
    let subject = "data folder";
    let place = folder.display();
    match std::fs::metadata(folder) {
        Err(error) => Check::problem(
            subject,
            format!("{place}: {error}"),
            "import something, or name another one with --data-dir",
        ),
        Ok(facts) if !facts.is_dir() => {
            Check::problem(subject, format!("{place} is not a folder"), "name another one with --data-dir")
        }
        Ok(facts) if is_open_to_others(&facts) => Check::problem(
            subject,
            format!("{place} can be read by other users of this machine"),
            format!("chmod 700 {place}"),
        ),
        Ok(_) => Check::sound(subject, place.to_string()),
    }
}

#[cfg(unix)]
fn is_open_to_others(facts: &std::fs::Metadata) -> bool {
    std::os::unix::fs::PermissionsExt::mode(&facts.permissions()) & 0o077 != 0
}

#[cfg(not(unix))]
fn is_open_to_others(_: &std::fs::Metadata) -> bool {
    false
}

fn space(folder: &Path) -> Check {
    let subject = "disk";
    match rustix::fs::statvfs(folder) {
        Err(error) => Check::problem(subject, format!("cannot be measured: {error}"), "see the data folder"),
        Ok(disk) => {
            let free = disk.f_bavail * disk.f_frsize;
            let told = format!("{} MB free", free / 1_000_000);
            if free < LITTLE_SPACE {
                Check::problem(subject, told, "make room, or move the data folder to a larger disk")
            } else {
                Check::sound(subject, told)
            }
        }
    }
}

/// Files that nothing will read again.
fn leftovers(folder: &Path) -> Option<Check> {
    let mut left = Vec::new();
    for entry in std::fs::read_dir(folder).ok()?.flatten() {
        let name = std::path::PathBuf::from(entry.file_name());
        if name.extension().is_some_and(|extension| extension == "new" || extension == "tmp") {
            left.push(name.display().to_string());
        }
    }
    left.sort();
    Some(if left.is_empty() {
        Check::sound("left behind", "nothing")
    } else {
        let remedy = "the next command that writes replaces them; or remove them while nothing is running";
        Check::problem("left behind", format!("{} in the data folder", left.join(", ")), remedy)
    })
}

/// Every rule of the store.
async fn store(corpus: &Corpus) -> Vec<Check> {
    let subject = "rows";
    match corpus.store.check().await {
        Ok(findings) if findings.is_empty() => {
            vec![Check::sound(subject, "every reference, count and total holds")]
        }
        Ok(findings) => findings
            .iter()
            .map(|finding| {
                Check::problem(
                    subject,
                    finding.to_string(),
                    "restore a backup, or import again into a new data folder",
                )
            })
            .collect(),
        Err(error) => vec![Check::problem(subject, error.to_string(), "restore a backup")],
    }
}

/// Whether the index is whole, and of this database's last change.
async fn index(corpus: &Corpus) -> Check {
    let subject = INDEX;
    let rebuild = "pixelated reindex";
    let folder = corpus.index_folder();
    let changes = match corpus.store.last_change().await {
        Ok(changes) => changes.unsigned_abs(),
        Err(error) => return Check::problem(subject, error.to_string(), "see the database"),
    };
    if !folder.exists() {
        return if changes == 0 {
            Check::sound(subject, "none is needed yet")
        } else {
            Check::problem(subject, "is not there", format!("the next search makes it; or {rebuild}"))
        };
    }
    let found = Index::open(&folder).and_then(|index| index.verify().map(|()| index));
    let (index, at) = match found.and_then(|index| index.committed_seq().map(|at| (index, at))) {
        Ok(found) => found,
        Err(error) => return Check::problem(subject, error.to_string(), rebuild),
    };
    if at != changes {
        let told = format!("has taken up change {at} of {changes}");
        return Check::problem(subject, told, format!("the next search takes up the rest; or {rebuild}"));
    }
    match messages(corpus).await {
        Ok(stored) if stored == index.messages() => {
            Check::sound(subject, format!("{stored} messages, checksums hold"))
        }
        Ok(stored) => {
            let told = format!("holds {} messages, and the database {stored}", index.messages());
            Check::problem(subject, told, rebuild)
        }
        Err(error) => Check::problem(subject, error.message, "see the database"),
    }
}

/// Messages of all conversations, by the totals that are kept.
async fn messages(corpus: &Corpus) -> Result<u64, Error> {
    let datasets = corpus.datasets().await?;
    Ok(datasets.iter().map(|dataset| dataset.total_messages).sum())
}
