//! Import: files in; conversations read, scored, stored and indexed.
//!
//! A thread reads the files and sends batches of records over a bounded channel. Each batch is one transaction: what is
//! known is left alone, what is new or changed is read and scored on all cores and saved. A killed import leaves whole
//! batches; run again, it finds them and goes on.

mod identity;
mod rejects;
mod source;
mod summary;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use pe_formats::{Input, ReadOptions, Record};
use pe_model::{Conversation, ConversationId, Ids};
use pe_store::{DatasetTerms, Known, SavedConversation};
use rayon::prelude::*;

use crate::graphic::LEFT_OUT_KEY;
use crate::index::IndexWriter;
use crate::progress::Pace;
use crate::{Corpus, Error, OnConflict, Progress, Scorer, Tick};

use identity::{Identities, Origin};
use rejects::Rejects;
use source::Event;
pub use source::{FileGuess, read_file};
pub use summary::{ImportSummary, ImportedFile};

/// What to import, and how.
#[derive(Clone, Debug)]
pub struct ImportRequest {
    /// Files, folders, globs, or `-`.
    pub paths: Vec<String>,
    /// Into which dataset.
    pub dataset: String,
    /// What is declared of the dataset before it is scored; what is `None` stays as it is.
    pub terms: DatasetTerms,
    /// How to read them.
    pub read: ReadOptions,
    /// Stop at the first record that can't be read.
    pub strict: bool,
    /// What happens to a known id with other content.
    pub on_conflict: OnConflict,
    /// Where rejects are listed; `None` for a new file in the data folder.
    pub rejects: Option<PathBuf>,
}

impl Corpus {
    /// Imports what `request` names.
    pub async fn import(
        &self,
        request: &ImportRequest,
        progress: &dyn Progress,
    ) -> Result<ImportSummary, Error> {
        let inputs = pe_formats::expand(&request.paths)?;
        if let Some(path) = &request.rejects {
            self.refuse_own_files(path)?;
        }
        if request.terms != DatasetTerms::default() {
            let mut tx = self.store.begin().await?;
            tx.add_dataset(&request.dataset).await?;
            tx.set_dataset_terms(&request.dataset, &request.terms).await?;
            tx.commit().await?;
        }
        let rejects =
            Rejects::new(request.rejects.clone(), &self.config.data_dir, &request.dataset, self.clock.now());
        let mut import = Import {
            corpus: self,
            request,
            scorer: self.scorer(&request.dataset).await?,
            index: IndexWriter::open(self).await?,
            identities: Identities::default(),
            rejects,
            summary: ImportSummary::default(),
            pace: Pace::new(progress),
            alone: inputs.len() == 1,
            ids: self.ids(),
        };
        let outcome = import.run(inputs).await;
        // What was committed is searchable and every reject is on disk, however the import ended; the first error is told.
        let indexed = import.index.finish();
        let rejects = import.rejects.finish();
        outcome.and(indexed)?;
        import.summary.rejects = rejects?;
        import.summary.seconds = import.pace.elapsed().as_secs_f64();
        Ok(import.summary)
    }
}

struct Import<'a> {
    corpus: &'a Corpus,
    request: &'a ImportRequest,
    scorer: Scorer,
    index: IndexWriter,
    identities: Identities,
    rejects: Rejects,
    summary: ImportSummary,
    pace: Pace<'a>,
    /// Whether there is but one input.
    alone: bool,
    ids: Ids<'a>,
}

impl Import<'_> {
    async fn run(&mut self, inputs: Vec<Input>) -> Result<(), Error> {
        let total = source::total_bytes(&inputs);
        let (events, reading) =
            source::spawn(inputs, self.request.read.clone(), self.corpus.config.import.batch);
        let mut before = 0; // bytes of the files that are done
        let mut file = PathBuf::new();
        // Ends when the reading thread has sent everything.
        while let Ok(event) = events.recv() {
            match event {
                Event::File(guess) => {
                    file.clone_from(&guess.path);
                    self.summary.files.push(ImportedFile::new(guess));
                }
                Event::Batch { records, bytes } => {
                    self.batch(records, &file).await?;
                    let conversations = self.summary.read();
                    let subject = file.display().to_string();
                    self.pace.tick(|| Tick {
                        subject,
                        done: before + bytes,
                        total,
                        conversations,
                        ..Tick::default()
                    });
                }
                Event::Reject(reject) => self.reject(&file, &reject)?,
                Event::Done { bytes } => before += bytes,
                Event::Failed(path, error) => self.failed(path, error)?,
            }
        }
        reading.join().map_err(|_| Error::internal("reading", "the reading thread ended early"))
    }

    /// Takes a batch in: one transaction.
    async fn batch(&mut self, records: Vec<(Origin, Record)>, file: &Path) -> Result<(), Error> {
        let keys: Vec<_> = records
            .iter()
            .map(|(origin, record)| self.identities.key(origin, &record.conversation))
            .collect();
        let mut tx = self.corpus.store.begin().await?;
        let known = tx.resolve(&self.request.dataset, &keys).await?;
        let mut wanted = Vec::with_capacity(records.len());
        for (((_, record), key), known) in records.into_iter().zip(keys).zip(known) {
            let repeated = self.identities.is_repeated(&key);
            let new = self.ids.conversation();
            let partial = is_partial(&record.conversation);
            match self.decide(known, repeated, partial, new) {
                Decision::Take(id) => wanted.push((id, key.source_id, record.conversation)),
                Decision::Leave => {}
                Decision::Refuse(reason) => {
                    let reason = format!("id {:?} {reason}", key.source_id);
                    self.reject(
                        file,
                        &pe_formats::Reject { place: record.place, reason, excerpt: String::new() },
                    )?;
                }
                Decision::Stop => {
                    return Err(Error::conflict(format!(
                        "{}: id {:?} is in dataset {} with other content; use --on-conflict update or skip",
                        file.display(),
                        key.source_id,
                        self.request.dataset
                    )));
                }
            }
        }
        if wanted.is_empty() {
            return Ok(tx.rollback().await?);
        }
        let saved = self.score(wanted);
        tx.save_batch(&saved).await?;
        tx.commit().await?;
        self.summary.count(&saved);
        self.index.upsert(self.corpus, &saved).await
    }

    fn decide(&mut self, known: Known, repeated: bool, partial: bool, new: ConversationId) -> Decision {
        let summary = &mut self.summary;
        match (known, self.request.on_conflict) {
            (Known::New, _) => {
                summary.new += 1;
                Decision::Take(new)
            }
            (Known::Changed(_) | Known::Repeated(_), _) if repeated => Decision::Refuse(
                "stands twice in this import with different content; give one of them another id",
            ),
            // What is repeated and came this far has the content of the first one.
            (Known::Same(_) | Known::Repeated(_), _) => {
                summary.unchanged += 1;
                Decision::Leave
            }
            // A record without some of its messages never replaces the whole one.
            (Known::Changed(_), _) if partial => {
                summary.skipped += 1;
                Decision::Leave
            }
            (Known::Changed(id), OnConflict::Update) => {
                summary.updated += 1;
                Decision::Take(id)
            }
            (Known::Changed(_), OnConflict::Skip) => {
                summary.skipped += 1;
                Decision::Leave
            }
            (Known::Changed(_), OnConflict::Fail) => Decision::Stop,
        }
    }

    fn score(&self, wanted: Vec<(ConversationId, String, Conversation)>) -> Vec<SavedConversation> {
        let dataset: Arc<str> = self.request.dataset.as_str().into();
        wanted
            .into_par_iter()
            .map(|(id, source_id, conversation)| {
                let scored = self.scorer.score(&conversation);
                SavedConversation {
                    id,
                    dataset: dataset.clone(),
                    source_id,
                    conversation,
                    reading: scored.reading,
                    reports: scored.reports,
                }
            })
            .collect()
    }

    fn reject(&mut self, file: &Path, reject: &pe_formats::Reject) -> Result<(), Error> {
        self.summary.rejected += 1;
        if let Some(last) = self.summary.files.last_mut() {
            last.rejected += 1;
        }
        self.rejects.add(file, reject)?;
        if self.request.strict {
            return Err(Error::invalid(format!(
                "{}: line {}, byte {}: {}; nothing after it was imported (--strict)",
                file.display(),
                reject.place.line,
                reject.place.offset,
                reject.reason
            )));
        }
        Ok(())
    }

    /// A file that can't be read further. The other files go on; alone, it is the error of the import.
    fn failed(&mut self, path: PathBuf, error: pe_formats::Error) -> Result<(), Error> {
        if self.request.strict || self.alone {
            return Err(error.into());
        }
        self.summary.failed.insert(path, error.to_string());
        Ok(())
    }
}

/// Whether the record is an export of ours from which messages were left out.
fn is_partial(conversation: &Conversation) -> bool {
    conversation.messages.iter().any(|message| message.metadata.contains_key(LEFT_OUT_KEY))
}

enum Decision {
    Take(ConversationId),
    Leave,
    Refuse(&'static str),
    Stop,
}
