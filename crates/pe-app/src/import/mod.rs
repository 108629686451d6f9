//! Import: files in; conversations read, scored, stored and indexed.
//!
//! Four threads, each a batch ahead of the next: one reads files; one finds out what is known and stores, one transaction a batch;
//! one reads and scores what is new or changed, on all cores; one writes the index, of what is committed only. Between them are
//! channels that hold a few batches, and the order is kept. A killed import leaves whole batches; run again, it finds them and
//! goes on.

mod decision;
mod identity;
mod ledger;
mod rejects;
mod scoring;
mod source;
mod stages;
mod summary;

use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pe_formats::{Input, ReadOptions};
use pe_model::Ids;
use pe_store::{DatasetTerms, Known};

use crate::budget::Budget;
use crate::index::IndexWriter;
use crate::progress::Pace;
use crate::{Corpus, Error, OnConflict, Progress, Tick};

use decision::{Decision, is_partial};
use identity::{Identities, Name};
use rejects::Rejects;
use scoring::{Scoring, UNDER_WAY, Wanted};
use source::{BatchSize, Event, Incoming};
pub use source::{FileGuess, read_file};
pub use stages::Stages;
use stages::{Lap, Meter};
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
        let meter = Arc::new(Meter::new());
        let budget = Budget::from(&self.config);
        let mut import = Import {
            corpus: self,
            request,
            scoring: Scoring::spawn(self.scorer(&request.dataset).await?, &request.dataset, meter.clone())?,
            under_way: VecDeque::new(),
            index: IndexWriter::open(self).await?,
            identities: Identities::new(budget.names_bytes(), &self.config.data_dir),
            rejects,
            summary: ImportSummary::default(),
            pace: Pace::new(progress),
            alone: inputs.len() == 1,
            ids: self.ids(),
            meter,
        };
        let outcome = import.run(inputs).await;
        import.finish(outcome)
    }
}

struct Import<'a> {
    corpus: &'a Corpus,
    request: &'a ImportRequest,
    scoring: Scoring,
    /// The batches that are being scored, in order.
    under_way: VecDeque<UnderWay>,
    index: IndexWriter,
    identities: Identities,
    rejects: Rejects,
    summary: ImportSummary,
    pace: Pace<'a>,
    /// Whether there is but one input.
    alone: bool,
    ids: Ids<'a>,
    meter: Arc<Meter>,
}

/// What is known of a batch while it is being scored.
struct UnderWay {
    /// Its source ids, which the store does not know yet.
    source_ids: HashSet<String>,
    place: Place,
}

/// How far the reading had come.
#[derive(Clone, Debug, Default)]
struct Place {
    file: PathBuf,
    /// Bytes of the files that were done.
    before: u64,
    /// Bytes of the file.
    bytes: u64,
    total: Option<u64>,
}

impl Import<'_> {
    async fn run(&mut self, inputs: Vec<Input>) -> Result<(), Error> {
        let mut place = Place { total: source::total_bytes(&inputs), ..Place::default() };
        let config = &self.corpus.config;
        let size = BatchSize { records: config.import.batch, bytes: Budget::from(config).batch_bytes() };
        let (events, reading) = source::spawn(inputs, self.request.read.clone(), size, self.meter.clone())?;
        // Ends when the reading thread has sent everything.
        let mut outcome = Ok(());
        while outcome.is_ok()
            && let Ok(event) = events.recv()
        {
            outcome = self.take(event, &mut place).await;
        }
        // What came before a record that stops the import is taken in.
        while let Some(batch) = self.under_way.pop_front() {
            let stored = self.store(batch).await;
            outcome = outcome.and(stored);
        }
        outcome?;
        reading.join().map_err(|_| Error::internal("reading", "the reading thread ended early"))
    }

    async fn take(&mut self, event: Event, place: &mut Place) -> Result<(), Error> {
        match event {
            Event::File(guess) => {
                place.file.clone_from(&guess.path);
                place.bytes = 0;
                self.summary.files.push(ImportedFile::new(guess));
            }
            Event::Batch { records, bytes } => {
                place.bytes = bytes;
                self.batch(records, place).await?;
            }
            Event::Reject(reject) => self.reject(&place.file, &reject)?,
            Event::Done { bytes } => place.before += bytes,
            Event::Failed(path, error) => self.failed(path, error)?,
        }
        Ok(())
    }

    /// Takes a batch in: hands it over to be scored, and meanwhile stores one that is.
    async fn batch(&mut self, records: Vec<Incoming>, place: &Place) -> Result<(), Error> {
        let mut lap = Lap::begin();
        let wanted = self.wanted(records, &place.file).await?;
        lap.add_to(&self.meter.store);
        if wanted.is_empty() {
            self.tick(place);
            return Ok(());
        }
        let source_ids = wanted.iter().map(|wanted| wanted.source_id.clone()).collect();
        self.under_way.push_back(UnderWay { source_ids, place: place.clone() });
        self.scoring.begin(wanted)?;
        if self.under_way.len() < UNDER_WAY {
            return Ok(());
        }
        match self.under_way.pop_front() {
            Some(batch) => self.store(batch).await,
            None => Ok(()),
        }
    }

    /// What of a batch is to be taken in.
    async fn wanted(&mut self, records: Vec<Incoming>, file: &Path) -> Result<Vec<Wanted>, Error> {
        let names: Vec<_> = records.iter().map(|record| self.name(record)).collect::<Result<_, _>>()?;
        let keys: Vec<_> = names.iter().map(|name| name.key.clone()).collect();
        let mut tx = self.corpus.store.begin().await?;
        let known = tx.resolve(&self.request.dataset, &keys).await?;
        tx.rollback().await?;
        let mut wanted = Vec::with_capacity(records.len());
        for ((incoming, name), known) in records.into_iter().zip(names).zip(known) {
            let record = incoming.record;
            let known = if self.is_under_way(&name) { Known::Repeated(0) } else { known };
            self.identities.note(&name).map_err(|error| self.unnamed(&error))?;
            let source_id = name.key.source_id.clone();
            match self.decide(known, &name, is_partial(&record.conversation))? {
                Decision::Take { id, is_new } => {
                    wanted.push(Wanted { id, source_id, conversation: record.conversation, is_new });
                }
                Decision::Leave => {}
                Decision::Refuse(reason) => {
                    let reason = format!("id {source_id:?} {reason}");
                    self.reject(
                        file,
                        &pe_formats::Reject { place: record.place, reason, excerpt: String::new() },
                    )?;
                }
                Decision::Stop => {
                    return Err(Error::conflict(format!(
                        "{}: id {source_id:?} is in dataset {} with other content; use --on-conflict update or skip",
                        file.display(),
                        self.request.dataset
                    )));
                }
            }
        }
        Ok(wanted)
    }

    fn name(&mut self, incoming: &Incoming) -> Result<Name, Error> {
        let id = incoming.record.conversation.source_id.as_deref();
        self.identities.name(&incoming.origin, id, incoming.digest).map_err(|error| self.unnamed(&error))
    }

    fn unnamed(&self, error: &std::io::Error) -> Error {
        Error::unavailable(format!(
            "cannot keep the names of records in a file in {}: {error}; free some space there",
            self.corpus.config.data_dir.display()
        ))
    }

    fn is_under_way(&self, name: &Name) -> bool {
        self.under_way.iter().any(|batch| batch.source_ids.contains(&name.key.source_id))
    }

    /// Waits for the batch to be scored, and stores it: one transaction.
    async fn store(&mut self, batch: UnderWay) -> Result<(), Error> {
        let scored = self.scoring.next()?;
        let mut lap = Lap::begin();
        let mut tx = self.corpus.store.begin().await?;
        tx.save_batch(&scored.saved).await?;
        tx.commit().await?;
        self.summary.count(&scored.saved);
        drop(scored.saved);
        lap.add_to(&self.meter.store);
        self.index.take_up(self.corpus, scored.changes).await?;
        self.tick(&batch.place);
        Ok(())
    }

    fn tick(&mut self, place: &Place) {
        let conversations = self.summary.read();
        self.pace.tick(|| Tick {
            subject: place.file.display().to_string(),
            done: place.before + place.bytes,
            total: place.total,
            conversations,
            ..Tick::default()
        });
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

    /// What was committed is searchable and every reject is on disk, however the import ended; the first error is told.
    fn finish(self, outcome: Result<(), Error>) -> Result<ImportSummary, Error> {
        let Self { scoring, index, rejects, mut summary, pace, meter, .. } = self;
        let scored = scoring.finish();
        let indexed = index.finish();
        let rejects = rejects.finish();
        outcome.and(scored).and(indexed)?;
        summary.rejects = rejects?;
        summary.seconds = pace.elapsed().as_secs_f64();
        summary.stages = meter.stages();
        Ok(summary)
    }
}
