//! The reading thread: files to batches of records, over a channel that holds only a few.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use pe_formats::{Guess, Input, Item, ReadOptions, Reader, Record, Reject};
use pe_model::Digest;

use crate::Error;

use super::identity::Origin;
use super::stages::{Lap, Meter};

/// A file, and what it was taken for.
#[derive(Clone, Debug)]
pub struct FileGuess {
    /// Which file.
    pub path: PathBuf,
    /// Its format, compression and encoding, and why.
    pub guess: Guess,
}

/// What the reading thread sends.
pub(super) enum Event {
    /// A file begins.
    File(FileGuess),
    /// Records of the file that began last, which was read up to here.
    Batch { records: Vec<Incoming>, bytes: u64 },
    /// A record of it that can't be read.
    Reject(Reject),
    /// It is done.
    Done { bytes: u64 },
    /// It can't be read further.
    Failed(PathBuf, pe_formats::Error),
}

/// A record on its way in.
pub(super) struct Incoming {
    pub(super) origin: Origin,
    pub(super) record: Record,
    /// Of the conversation's content.
    pub(super) digest: Digest,
}

/// How much a batch may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct BatchSize {
    pub(super) records: usize,
    /// Of memory: a batch is sent when it holds so much, however few conversations it is.
    pub(super) bytes: usize,
}

/// Batches that wait between reading and scoring.
const WAITING: usize = 4;

/// Bytes of all inputs together; unknown when one of them is standard input.
pub(super) fn total_bytes(inputs: &[Input]) -> Option<u64> {
    let size = |input: &Input| {
        if input.is_stdin() { None } else { std::fs::metadata(input.path()).ok().map(|facts| facts.len()) }
    };
    inputs.iter().map(size).sum()
}

/// Reads `inputs` on a thread of its own. When the receiver is dropped, the thread ends.
pub(super) fn spawn(
    inputs: Vec<Input>,
    options: ReadOptions,
    size: BatchSize,
    meter: Arc<Meter>,
) -> Result<(Receiver<Event>, JoinHandle<()>), Error> {
    let (events, receiver) = sync_channel(WAITING);
    let thread = std::thread::Builder::new().name("reading".into()).spawn(move || {
        let mut reading = Reading { events, size, meter, lap: Lap::begin() };
        for input in &inputs {
            if reading.file(input, &options).is_none() {
                return;
            }
        }
    });
    let failed = |error| Error::unavailable(format!("cannot start a thread for reading: {error}"));
    Ok((receiver, thread.map_err(failed)?))
}

/// The thread at work.
struct Reading {
    events: SyncSender<Event>,
    size: BatchSize,
    meter: Arc<Meter>,
    lap: Lap,
}

impl Reading {
    /// `None`: nobody listens any more.
    fn send(&mut self, event: Event) -> Option<()> {
        self.lap.add_to(&self.meter.read);
        self.events.send(event).ok()
    }

    fn file(&mut self, input: &Input, options: &ReadOptions) -> Option<()> {
        let path = input.path().to_path_buf();
        let mut reader = match Reader::open(input, options) {
            Ok(reader) => reader,
            Err(error) => return self.send(Event::Failed(path, error)),
        };
        self.send(Event::File(FileGuess { path: path.clone(), guess: reader.guess().clone() }))?;
        let mut member = reader.member().map(ToOwned::to_owned);
        let mut origin = origin(input, member.as_deref());
        let mut records = Vec::new();
        let mut held = 0;
        loop {
            let item = reader.next();
            if reader.member() != member.as_deref() {
                member = reader.member().map(ToOwned::to_owned);
                origin = self::origin(input, member.as_deref());
            }
            let full = records.len() >= self.size.records || held >= self.size.bytes;
            if !records.is_empty() && (full || !matches!(item, Some(Ok(Item::Record(_))))) {
                held = 0;
                let records = std::mem::take(&mut records);
                self.send(Event::Batch { records, bytes: reader.bytes_read() })?;
            }
            match item {
                Some(Ok(Item::Record(record))) => {
                    held += record.weight();
                    let digest = record.conversation.digest();
                    records.push(Incoming { origin: origin.clone(), record: *record, digest });
                }
                Some(Ok(Item::Reject(reject))) => self.send(Event::Reject(reject))?,
                Some(Err(error)) => self.send(Event::Failed(path.clone(), error))?,
                None => return self.send(Event::Done { bytes: reader.bytes_read() }),
            }
        }
    }
}

fn origin(input: &Input, member: Option<&str>) -> Origin {
    if input.is_stdin() { Origin::stdin() } else { Origin::of_file(input.path(), member) }
}

/// Reads one input without keeping anything: for a look before an import, and for `validate`.
pub fn read_file(
    input: &Input,
    options: &ReadOptions,
    mut each: impl FnMut(Item) -> Result<(), Error>,
) -> Result<FileGuess, Error> {
    let mut reader = Reader::open(input, options)?;
    let guess = FileGuess { path: input.path().to_path_buf(), guess: reader.guess().clone() };
    for item in &mut reader {
        each(item?)?;
    }
    Ok(guess)
}
