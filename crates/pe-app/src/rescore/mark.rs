//! How far a rescoring of everything has come, in a file of the data folder: scores do not tell by themselves which of them it has
//! made. A run of the same datasets with the same versions goes on from there; any other one begins anew.

use std::io;
use std::path::{Path, PathBuf};

use pe_model::{ConversationId, Digest};
use serde::{Deserialize, Serialize};

use crate::Error;

/// The file's name.
const FILE: &str = "rescoring.json";

/// How far a run has come.
pub(super) struct Mark {
    path: PathBuf,
    kept: Kept,
}

/// What is kept of it.
#[derive(Default, Serialize, Deserialize)]
struct Kept {
    /// The digest of what is being done.
    task: String,
    /// The dataset it is at, and the last conversation there that is done.
    place: Option<(String, ConversationId)>,
}

impl Mark {
    /// The mark of a run that does `task`, at the place where an interrupted one of the same task had come.
    pub(super) fn resume(folder: &Path, task: &[String]) -> Self {
        let path = folder.join(FILE);
        let task = Digest::of_parts(task.iter().map(String::as_bytes)).to_string();
        let kept = std::fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Kept>(&bytes).ok());
        let kept = kept.filter(|kept| kept.task == task).unwrap_or(Kept { task, place: None });
        Self { path, kept }
    }

    /// The dataset it is at.
    pub(super) fn dataset(&self) -> Option<&str> {
        self.kept.place.as_ref().map(|(dataset, _)| dataset.as_str())
    }

    /// The last conversation of a dataset that is done, if that is the one it is at.
    pub(super) fn last(&self, dataset: &str) -> Option<ConversationId> {
        self.kept.place.as_ref().filter(|(at, _)| at == dataset).map(|(_, last)| *last)
    }

    /// Notes how far it has come, which must be committed.
    pub(super) fn set(&mut self, dataset: &str, last: ConversationId) -> Result<(), Error> {
        self.kept.place = Some((dataset.to_owned(), last));
        let text =
            serde_json::to_vec(&self.kept).map_err(|error| Error::internal("a rescoring's mark", error))?;
        // Whole or not at all. Lost to a power cut, it only costs time.
        let fresh = self.path.with_extension("json.new");
        let written = std::fs::write(&fresh, text).and_then(|()| std::fs::rename(&fresh, &self.path));
        written.map_err(|error| self.unwritable(&error))
    }

    /// The run is done.
    pub(super) fn remove(self) -> Result<(), Error> {
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(self.unwritable(&error)),
            _ => Ok(()),
        }
    }

    fn unwritable(&self, error: &io::Error) -> Error {
        Error::unavailable(format!(
            "cannot note in {} how far the rescoring has come: {error}; what is scored is kept, run it again",
            self.path.display()
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pe_model::{FixedClock, Ids};

    #[test]
    fn the_same_task_goes_on_and_another_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let task = ["all".to_owned(), "d canonical.1".to_owned()];
        let clock = FixedClock(time::OffsetDateTime::UNIX_EPOCH);
        let id = Ids::new(&clock, 7).conversation();
        let mut mark = Mark::resume(folder.path(), &task);
        assert!(mark.dataset().is_none());
        mark.set("d", id).unwrap();
        let again = Mark::resume(folder.path(), &task);
        assert_eq!((again.dataset(), again.last("d"), again.last("e")), (Some("d"), Some(id), None));
        assert!(Mark::resume(folder.path(), &task[..1]).dataset().is_none());
        std::fs::write(folder.path().join(FILE), b"{").unwrap();
        assert!(Mark::resume(folder.path(), &task).dataset().is_none(), "a damaged one is none");
        again.remove().unwrap();
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
