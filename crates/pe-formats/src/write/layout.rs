//! Where the files of an export go: one file, one file for each split, or a dataset folder.
//!
//! A folder is filled under a temporary name and renamed as a whole. An earlier one is replaced only when its manifest
//! shows that an export wrote it, so that `--overwrite` with a wrong path removes nothing of anybody's.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::shard::CompleteShard;
use super::target::{CompleteFile, TargetFile, folder_of, hidden_prefix, readable, sync_folder};
use super::{ExportError, ExportOptions, ManifestFile, Split, remains};

/// Where the files go.
pub(super) struct Layout {
    target: PathBuf,
    overwrite: bool,
    /// The folder in the making, where the target is one.
    folder: Option<TempDir>,
    /// Held until the folder has its name.
    lock: Option<File>,
}

impl Layout {
    /// Looks whether the target is free, and begins the folder where it is one.
    pub(super) fn prepare(options: &ExportOptions) -> Result<Self, ExportError> {
        let (target, overwrite) = (options.target.clone(), options.overwrite);
        let mut layout = Self { target, overwrite, folder: None, lock: None };
        if options.format.is_folder() {
            layout.check_folder()?;
            remains::sweep(&layout.target);
            let folder = temporary_folder(&layout.target, remains::ENDING)?;
            layout.lock = File::open(folder.path()).ok();
            layout.lock.iter().for_each(remains::claim);
            let data = folder.path().join("data");
            fs::create_dir(&data).map_err(ExportError::io(&data))?;
            layout.folder = Some(folder);
        } else {
            layout.check_file(options)?;
        }
        Ok(layout)
    }

    /// What a file will be called while the export goes on.
    pub(super) fn path(&self, split: Option<Split>, number: usize) -> PathBuf {
        let part = split.map_or("all", Split::name);
        match &self.folder {
            Some(folder) => folder.path().join(format!("data/{part}-{number:05}.parquet")),
            None => self.file_path(split),
        }
    }

    /// Gives every file its own name. `card` becomes the readme of a folder; `seal` is told what the files are called, and must
    /// have written of them what it will when it returns: where that fails, none gets its name.
    pub(super) fn publish<T>(
        self,
        shards: Vec<CompleteShard>,
        card: impl FnOnce(&[ManifestFile]) -> String,
        seal: impl FnOnce(Vec<ManifestFile>) -> Result<T, ExportError>,
    ) -> Result<T, ExportError> {
        let (mut files, mut named) = (Vec::new(), Vec::new());
        let totals = |split| shards.iter().filter(|shard| shard.split == split).count();
        let totals = [None].into_iter().chain(Split::ALL.map(Some)).map(|split| (split, totals(split)));
        let totals: std::collections::BTreeMap<_, _> = totals.collect();
        let mut numbers = std::collections::BTreeMap::<_, usize>::new();
        for shard in shards {
            let number = numbers.entry(shard.split).or_default();
            let total = totals.get(&shard.split).copied().unwrap_or(0);
            let path = self.final_path(shard.split, *number, total);
            *number += 1;
            files.push(ManifestFile {
                path: self.told_path(&path),
                split: shard.split.map(|split| split.name().to_owned()),
                bytes: shard.file.bytes,
                sha256: shard.file.sha256.clone(),
                records: shard.records,
                messages: shard.messages,
            });
            named.push((shard.file, path));
        }
        let give_names = |named: Vec<(CompleteFile, PathBuf)>| {
            named.into_iter().try_for_each(|(file, path)| file.publish(&path, self.overwrite))
        };
        if self.folder.is_none() {
            let sealed = seal(files)?;
            give_names(named)?;
            return Ok(sealed);
        }
        // A folder gets its name as a whole.
        give_names(named)?;
        files.push(self.write_card(&card(&files))?);
        let sealed = seal(files)?;
        self.publish_folder()?;
        Ok(sealed)
    }
}

impl Layout {
    fn check_file(&self, options: &ExportOptions) -> Result<(), ExportError> {
        let target = self.target.display();
        if self.target.is_dir() {
            return Err(ExportError::Options(format!("{target} is a folder; name a file")));
        }
        let packed = self.target.extension().is_some_and(|ending| ending == "gz" || ending == "zst");
        if packed && options.format.is_columnar() {
            let format = options.format;
            return Err(ExportError::Options(format!(
                "{target}: {format} compresses by itself; name a target without .gz or .zst"
            )));
        }
        let mut paths = vec![self.manifest_path()];
        match options.split {
            Some(_) => paths.extend(Split::ALL.map(|split| self.file_path(Some(split)))),
            None => paths.push(self.file_path(None)),
        }
        match paths.into_iter().find(|path| path.exists()) {
            Some(path) if !self.overwrite => Err(ExportError::Exists { path }),
            _ => Ok(()),
        }
    }

    fn check_folder(&self) -> Result<(), ExportError> {
        if !holds_something(&self.target) {
            return Ok(());
        }
        if !self.overwrite {
            return Err(ExportError::Exists { path: self.target.clone() });
        }
        if self.target.is_dir() && self.manifest_path().is_file() {
            return Ok(());
        }
        Err(ExportError::Options(format!(
            "{} has no manifest beside it, so no export wrote it; remove it yourself, or name another target",
            self.target.display()
        )))
    }

    /// `TARGET.manifest.json`.
    pub(super) fn manifest_path(&self) -> PathBuf {
        let mut name = self.target.file_name().unwrap_or_default().to_os_string();
        name.push(".manifest.json");
        self.target.with_file_name(name)
    }

    /// The target, with the name of the split before its endings: `talks.train.jsonl.gz`.
    fn file_path(&self, split: Option<Split>) -> PathBuf {
        let Some(split) = split else { return self.target.clone() };
        let name = self.target.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let packing = [".gz", ".zst"].into_iter().find(|ending| name.ends_with(ending)).unwrap_or("");
        let bare = name.strip_suffix(packing).unwrap_or(&name);
        let (stem, ending) = match bare.rsplit_once('.') {
            Some((stem, ending)) if !stem.is_empty() => (stem, format!(".{ending}")),
            _ => (bare, String::new()),
        };
        self.target.with_file_name(format!("{stem}.{}{ending}{packing}", split.name()))
    }

    fn final_path(&self, split: Option<Split>, number: usize, total: usize) -> PathBuf {
        let part = split.map_or("all", Split::name);
        match &self.folder {
            Some(folder) => folder.path().join(format!("data/{part}-{number:05}-of-{total:05}.parquet")),
            None => self.file_path(split),
        }
    }

    /// The path as the manifest tells it: from the folder that the manifest lies in.
    fn told_path(&self, path: &Path) -> String {
        let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let inside = self.folder.as_ref().and_then(|folder| path.strip_prefix(folder.path()).ok());
        inside.map_or_else(
            || name(path),
            |inside| format!("{}/{}", name(&self.target), inside.to_string_lossy().replace('\\', "/")),
        )
    }

    fn write_card(&self, card: &str) -> Result<ManifestFile, ExportError> {
        let folder = self.folder.as_ref().map_or_else(|| folder_of(&self.target), TempDir::path);
        let path = folder.join("README.md");
        let mut file = TargetFile::create(&path)?;
        file.write_all(card.as_bytes()).map_err(ExportError::io(&path))?;
        let complete = file.complete()?;
        let told = ManifestFile {
            path: self.told_path(&path),
            split: None,
            bytes: complete.bytes,
            sha256: complete.sha256.clone(),
            records: 0,
            messages: 0,
        };
        complete.publish(&path, false)?;
        Ok(told)
    }

    /// Renames the folder as a whole; an earlier one is moved aside first and comes back if that fails.
    fn publish_folder(self) -> Result<(), ExportError> {
        let Some(folder) = self.folder else { return Ok(()) };
        let mut earlier = None;
        if self.overwrite && holds_something(&self.target) {
            let aside = temporary_folder(&self.target, ".old")?;
            let kept = aside.path().join("folder");
            fs::rename(&self.target, &kept).map_err(ExportError::io(&self.target))?;
            earlier = Some((aside, kept));
        }
        if let Err(source) = fs::rename(folder.path(), &self.target) {
            if let Some((_, kept)) = &earlier {
                fs::rename(kept, &self.target).map_err(ExportError::io(kept))?;
            }
            return Err(ExportError::Io { path: self.target, source });
        }
        // Renamed, it is nobody's temporary folder any more.
        let _ = folder.keep();
        sync_folder(folder_of(&self.target))
    }
}

fn temporary_folder(target: &Path, ending: &str) -> Result<TempDir, ExportError> {
    let mut builder = tempfile::Builder::new();
    let prefix = hidden_prefix(target);
    builder.prefix(&prefix).suffix(ending);
    readable(&mut builder, 0o777);
    builder.tempdir_in(folder_of(target)).map_err(ExportError::io(target))
}

/// Whether something is there that is not an empty folder.
fn holds_something(path: &Path) -> bool {
    fs::read_dir(path).map_or_else(|_| path.exists(), |mut entries| entries.next().is_some())
}
