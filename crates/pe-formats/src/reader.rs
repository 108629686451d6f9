//! Reads an input from front to back: opens it, undoes compression, walks through archives, tells the format, and gives
//! out its records.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use crate::archive::{Contents, Member, Members, Packing};
use crate::bytes::{self, Bytes, Progress};
use crate::formats::parquet;
use crate::source::Source;
use crate::{
    Compression, Encoding, Error, FieldMap, Format, Guess, Input, Item, Place, Record, Records, Reject,
    RoleMap, archive, format,
};

/// How to read.
#[derive(Clone, Debug)]
pub struct ReadOptions {
    /// The format; told from the file where it is not given.
    pub format: Option<Format>,
    /// Which characters the bytes stand for; told from the file where it is not given.
    pub encoding: Option<Encoding>,
    /// Where a record's fields lie, for files in none of the known shapes.
    pub map: Option<FieldMap>,
    /// Which speaker has which role, over the built-in table.
    pub roles: RoleMap,
    /// The largest record, in bytes; a longer one is rejected.
    pub max_record_bytes: usize,
    /// The most messages of a conversation; one with more is rejected.
    pub max_messages: usize,
    /// The most bytes that are unpacked to a temporary file, for a format that is read from its end (Parquet) and comes
    /// compressed, in an archive or from standard input.
    pub max_spool_bytes: u64,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            format: None,
            encoding: None,
            map: None,
            roles: RoleMap::default(),
            max_record_bytes: 64 * 1024 * 1024,
            max_messages: 1_000_000,
            max_spool_bytes: 16 << 30,
        }
    }
}

/// A stream of the records of one input. After an error it ends.
pub struct Reader {
    path: PathBuf,
    split: Option<String>,
    options: ReadOptions,
    progress: Progress,
    guess: Guess,
    records: Records,
    archive: Option<Members>,
    /// The member of the archive that `records` come from.
    member: Option<String>,
    /// Rejects of members that hold no conversations.
    waiting: VecDeque<Item>,
    /// What ends the reading, once nothing waits.
    failure: Option<Error>,
}

/// One file or member, recognised.
type Opened = (Guess, Records);

/// So many members in a row may be in no known format before the archive is taken for something else.
const UNKNOWN_MEMBERS: usize = 1_000;

impl Reader {
    /// Opens `input` and tells its format.
    ///
    /// # Errors
    /// The file can't be read or decompressed, or it is in no format that is known.
    pub fn open(input: &Input, options: &ReadOptions) -> Result<Self, Error> {
        Self::begin(input, options).map_err(Error::printable)
    }

    fn begin(input: &Input, options: &ReadOptions) -> Result<Self, Error> {
        let path = input.path().to_path_buf();
        let (raw, progress) = bytes::open(input)?;
        let (plain, compression) = bytes::decompress(raw).map_err(|source| bytes::failure(&path, source))?;
        let contents = archive::open(&path, plain, &progress)?;
        let mut reader = Self {
            path,
            split: input.split().map(str::to_owned),
            options: options.clone(),
            progress,
            guess: Guess {
                format: Format::Pixelated,
                compression,
                packing: None,
                encoding: Encoding::Utf8,
                why: String::new(),
            },
            records: Box::new(std::iter::empty()),
            archive: None,
            member: None,
            waiting: VecDeque::new(),
            failure: None,
        };
        match contents {
            Contents::File(plain) => {
                let is_plain = compression == Compression::None && reader.progress.total.is_some();
                let file = is_plain.then(|| reader.path.clone());
                let source = reader.source(reader.path.clone(), &reader.path, file, plain)?;
                // Splits that an export made are no facts about the conversations in it.
                if reader.split.is_some() && parquet::is_export(&source) {
                    reader.split = None;
                }
                (reader.guess, reader.records) = reader.recognise(source)?;
            }
            Contents::Archive(packing, members) => reader.enter(packing, members)?,
        }
        Ok(reader)
    }

    /// What the file was taken for; in an archive, what the member that is being read was taken for.
    pub const fn guess(&self) -> &Guess {
        &self.guess
    }

    /// The path of what is read.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The member of the archive that is being read.
    pub fn member(&self) -> Option<&str> {
        self.member.as_deref()
    }

    /// Bytes read so far, as they lie on disk.
    pub fn bytes_read(&self) -> u64 {
        self.progress.read()
    }

    /// Bytes on disk; unknown for standard input.
    pub const fn bytes_total(&self) -> Option<u64> {
        self.progress.total
    }

    fn source(
        &self,
        path: PathBuf,
        name: &Path,
        file: Option<PathBuf>,
        plain: Bytes,
    ) -> Result<Source, Error> {
        Source::new(path, name, file, plain, self.options.encoding, self.options.max_record_bytes)
    }

    fn recognise(&self, source: Source) -> Result<Opened, Error> {
        let (format, why) = format::detect(&source, &self.options)?;
        let guess = Guess { format, encoding: source.sample.encoding, why, ..self.guess.clone() };
        Ok((guess, (format.entry().read)(source, &self.options)?))
    }

    /// Goes to the first member in a known format.
    fn enter(&mut self, packing: Packing, members: Members) -> Result<(), Error> {
        self.guess.packing = Some(packing);
        self.archive = Some(members);
        if self.next_member()? {
            return Ok(());
        }
        let reasons = self.waiting.iter().find_map(|item| match item {
            Item::Reject(reject) => Some(reject.reason.clone()),
            Item::Record(_) => None,
        });
        let why = reasons.unwrap_or_else(|| "the archive holds no files".to_owned());
        Err(Error::UnknownFormat { path: self.path.clone(), why })
    }

    /// Goes to the next member in a known format; the others become rejects. `false` when none is left.
    fn next_member(&mut self) -> Result<bool, Error> {
        for _ in 0..UNKNOWN_MEMBERS {
            let Some(member) = self.archive.as_mut().and_then(Iterator::next) else { return Ok(false) };
            let member = member?;
            let name = member.name.clone();
            match self.open_member(member) {
                Ok(opened) => {
                    (self.guess, self.records) = opened;
                    self.member = Some(name);
                    return Ok(true);
                }
                Err(error) => self.waiting.push_back(Item::Reject(unread_member(&error))),
            }
        }
        let why = format!("{UNKNOWN_MEMBERS} members of the archive in a row are in no known format");
        Err(Error::UnknownFormat { path: self.path.clone(), why })
    }

    fn open_member(&self, member: Member) -> Result<Opened, Error> {
        let name = Path::new(&member.name);
        let path = PathBuf::from(format!("{}: {}", self.path.display(), member.name));
        let (plain, _) = bytes::decompress(member.bytes).map_err(|source| bytes::failure(&path, source))?;
        let source = self.source(path, name, None, plain)?;
        self.recognise(source)
    }

    /// Notes on a record which archive member and which split it comes from. One whose id can't be kept is rejected.
    fn label(&self, item: Item) -> Item {
        match item {
            Item::Record(mut record) => {
                if let Some((what, id)) = unkept_id(&record) {
                    let (bytes, excerpt) = (id.len(), id.clone());
                    let reason = format!(
                        "its {what} has {bytes} bytes, and an id has 1 to {MAX_ID} bytes; correct it"
                    );
                    return self.label(Item::Reject(Reject { place: record.place, reason, excerpt }));
                }
                let metadata = &mut record.conversation.metadata;
                let notes = [("source_file", &self.member), ("split", &self.split)];
                for (key, value) in notes {
                    if let (Some(value), false) = (value, metadata.contains_key(key)) {
                        metadata.insert(key.to_owned(), value.as_str().into());
                    }
                }
                Item::Record(record)
            }
            Item::Reject(mut reject) => {
                if let Some(member) = &self.member {
                    reject.reason = format!("{member}: {}", reject.reason);
                }
                Item::Reject(reject.printable())
            }
        }
    }

    fn end(&mut self, failure: Error) {
        self.records = Box::new(std::iter::empty());
        self.archive = None;
        self.failure = Some(failure);
    }
}

/// The longest id, in bytes: what every database can keep under an index.
const MAX_ID: usize = 1024;

/// An id that is empty or too long, and which one it is.
fn unkept_id(record: &Record) -> Option<(&'static str, &String)> {
    let own = record.conversation.source_id.as_ref().map(|id| ("id", id));
    let pair = record.conversation.pair.as_ref().map(|pair| ("pair id", &pair.pair_id));
    own.into_iter().chain(pair).find(|(_, id)| id.is_empty() || id.len() > MAX_ID)
}

/// Standing for a member that can't be read at all; the others go on.
fn unread_member(error: &Error) -> Reject {
    Reject { place: Place::default(), reason: error.to_string(), excerpt: String::new() }.printable()
}

impl Iterator for Reader {
    type Item = Result<Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(item) = self.waiting.pop_front() {
                return Some(Ok(item));
            }
            if let Some(failure) = self.failure.take() {
                return Some(Err(failure.printable()));
            }
            match self.records.next() {
                Some(Ok(item)) => return Some(Ok(self.label(item))),
                Some(Err(error)) if self.archive.is_some() => {
                    self.records = Box::new(std::iter::empty());
                    self.waiting.push_back(Item::Reject(unread_member(&error)));
                }
                Some(Err(error)) => self.end(error),
                None => match self.next_member() {
                    Ok(false) if self.waiting.is_empty() => return None,
                    Ok(_) => {}
                    Err(error) => self.end(error),
                },
            }
        }
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("path", &self.path).field("guess", &self.guess).finish_non_exhaustive()
    }
}
