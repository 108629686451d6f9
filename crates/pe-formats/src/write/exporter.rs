//! The one writer that every format goes through: it divides, encodes, counts, and publishes at the end.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;

use super::adjustment::Tally;
use super::card;
use super::layout::Layout;
use super::shard::{CompleteShard, Encoder, Shard, Written};
use super::statistics::Statistics;
use super::target::{CompleteFile, TargetFile};
use super::{ExportError, ExportOptions, ExportRecord, Manifest, Split, SplitRatios};

/// The buffer of one record's lines is given back down to this size after a large one.
const USUAL_TEXT_BYTES: usize = 1 << 20;

/// An export in the making. Dropped before [`Exporter::finish`], it leaves nothing behind.
pub struct Exporter {
    options: ExportOptions,
    layout: Layout,
    encoder: Encoder,
    open: BTreeMap<Option<Split>, Shard>,
    complete: Vec<CompleteShard>,
    tally: Tally,
    statistics: Statistics,
    text: Vec<u8>,
    /// Whether bytes of a file may be missing.
    broken: bool,
}

impl Exporter {
    /// Begins an export.
    ///
    /// # Errors
    /// When the target is taken and may not be replaced, when its folder can't be written to, or when options clash.
    pub fn create(options: ExportOptions) -> Result<Self, ExportError> {
        options.check()?;
        let mut exporter = Self {
            layout: Layout::prepare(&options)?,
            encoder: Encoder::new(options.format, options.weights),
            options,
            open: BTreeMap::new(),
            complete: Vec::new(),
            tally: Tally::default(),
            statistics: Statistics::default(),
            text: Vec::new(),
            broken: false,
        };
        // An export of nothing is a file without records; and a folder that can't be written to is told at once.
        let first = exporter.divided().then_some(Split::Train);
        exporter.open(first)?;
        Ok(exporter)
    }

    /// Adds a conversation. For [`super::ExportFormat::Preference`] the halves of a pair (there may be several chosen and rejected ones) come one after the other.
    ///
    /// # Errors
    /// [`ExportError::Record`] when this conversation can't be written: nothing of it was, and the export may go on.
    /// After any other error it can't.
    pub fn write(&mut self, record: &ExportRecord) -> Result<(), ExportError> {
        record.check()?;
        self.text.clear();
        self.text.shrink_to(USUAL_TEXT_BYTES);
        let Some(written) = self.encoder.encode(record, &mut self.text, &mut self.tally)? else {
            return Ok(());
        };
        let pushed = self.push(record, written);
        self.broken |= pushed.as_ref().is_err_and(|error| !matches!(error, ExportError::Record { .. }));
        pushed
    }

    /// Brings everything to disk, gives the files their names, and writes the manifest beside them.
    ///
    /// # Errors
    /// When the system refuses, or an earlier write failed; then nothing new stands at the target.
    pub fn finish(mut self) -> Result<Manifest, ExportError> {
        if self.broken {
            return Err(ExportError::Options(
                "an earlier write failed, so the export is incomplete; start it anew".into(),
            ));
        }
        self.encoder.finish(&mut self.tally);
        for (_, shard) in std::mem::take(&mut self.open) {
            self.complete.push(shard.complete()?);
        }
        let mut manifest = self.manifest();
        let path = self.layout.manifest_path();
        let (options, statistics) = (&self.options, &self.statistics);
        let sealed = self.layout.publish(
            self.complete,
            |files| card::text(options, statistics, files),
            |files| {
                manifest.files = files;
                manifest.files.sort_by(|one, two| one.path.cmp(&two.path));
                written(&manifest, &path)
            },
        )?;
        sealed.publish(&path, options.overwrite)?;
        Ok(manifest)
    }

    fn push(&mut self, record: &ExportRecord, written: Written) -> Result<(), ExportError> {
        let ratios = self.options.split.unwrap_or(SplitRatios::WHOLE);
        let split = self.divided().then(|| ratios.part_of(&record.conversation));
        if !self.open.contains_key(&split) {
            self.open(split)?;
        }
        if let Some(shard) = self.open.get_mut(&split) {
            shard.push(record, &self.text, written)?;
        }
        if self.options.format.is_folder() {
            self.statistics.add(record);
            self.close_if_full(split)?;
        }
        Ok(())
    }

    /// Whether files belong to splits.
    fn divided(&self) -> bool {
        self.options.split.is_some() || self.options.format.is_folder()
    }

    fn open(&mut self, split: Option<Split>) -> Result<(), ExportError> {
        let number = self.complete.iter().filter(|shard| shard.split == split).count();
        let shard = Shard::create(&self.layout.path(split, number), self.options.format, split)?;
        self.open.insert(split, shard);
        Ok(())
    }

    fn close_if_full(&mut self, split: Option<Split>) -> Result<(), ExportError> {
        let limit = self.options.max_shard_bytes;
        if self.open.get(&split).is_some_and(|shard| shard.is_full(limit))
            && let Some(shard) = self.open.remove(&split)
        {
            self.complete.push(shard.complete()?);
        }
        Ok(())
    }

    fn manifest(&self) -> Manifest {
        Manifest {
            format: self.options.format.name().to_owned(),
            tool: Manifest::TOOL.to_owned(),
            created_at: self.options.created_at,
            datasets: self.options.datasets.clone(),
            filters: self.options.filters.clone(),
            tier_by: self.options.tier_by.clone(),
            records: self.complete.iter().map(|shard| shard.records).sum(),
            messages: self.complete.iter().map(|shard| shard.messages).sum(),
            adjustments: self.tally.named(),
            notice: Manifest::NOTICE.to_owned(),
            files: Vec::new(),
        }
    }
}

/// The manifest on disk, still under a temporary name.
fn written(manifest: &Manifest, path: &Path) -> Result<CompleteFile, ExportError> {
    let mut file = TargetFile::create(path)?;
    let written = serde_json::to_writer_pretty(&mut file, manifest).map_err(std::io::Error::from);
    written.and_then(|()| file.write_all(b"\n")).map_err(ExportError::io(path))?;
    file.complete()
}
