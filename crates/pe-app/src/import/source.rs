//! The reading thread: files to batches of records, over a channel that holds only a few.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use pe_formats::{Guess, Input, Item, ReadOptions, Reader, Record, Reject};

use crate::Error;

use super::identity::Origin;

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
    /// Records of the file that began last, each with its origin.
    Batch { records: Vec<(Origin, Record)>, bytes: u64 },
    /// A record of it that can't be read.
    Reject(Reject),
    /// It is done.
    Done { bytes: u64 },
    /// It can't be read further.
    Failed(PathBuf, pe_formats::Error),
}

/// Batches that wait between reading and scoring.
const WAITING: usize = 4;

/// A batch is sent when it holds so much text, however few conversations it is.
const BATCH_BYTES: usize = 8 << 20;

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
    batch: usize,
) -> (Receiver<Event>, JoinHandle<()>) {
    let (sender, receiver) = sync_channel(WAITING);
    let thread = std::thread::spawn(move || {
        for input in &inputs {
            if send_file(input, &options, batch, &sender).is_none() {
                return;
            }
        }
    });
    (receiver, thread)
}

/// `None`: nobody listens any more.
fn send_file(input: &Input, options: &ReadOptions, batch: usize, sender: &SyncSender<Event>) -> Option<()> {
    let path = input.path().to_path_buf();
    let mut reader = match Reader::open(input, options) {
        Ok(reader) => reader,
        Err(error) => return sender.send(Event::Failed(path, error)).ok(),
    };
    sender.send(Event::File(FileGuess { path: path.clone(), guess: reader.guess().clone() })).ok()?;
    let mut member = reader.member().map(ToOwned::to_owned);
    let mut origin = origin(input, member.as_deref());
    let mut records = Vec::with_capacity(batch);
    let mut held = 0;
    loop {
        let item = reader.next();
        if reader.member() != member.as_deref() {
            member = reader.member().map(ToOwned::to_owned);
            origin = self::origin(input, member.as_deref());
        }
        let full = records.len() >= batch || held >= BATCH_BYTES;
        if !records.is_empty() && (full || !matches!(item, Some(Ok(Item::Record(_))))) {
            let records = std::mem::replace(&mut records, Vec::with_capacity(batch));
            held = 0;
            sender.send(Event::Batch { records, bytes: reader.bytes_read() }).ok()?;
        }
        match item {
            Some(Ok(Item::Record(record))) => {
                held +=
                    record.conversation.messages.iter().map(|message| message.content.len()).sum::<usize>();
                records.push((origin.clone(), *record));
            }
            Some(Ok(Item::Reject(reject))) => sender.send(Event::Reject(reject)).ok()?,
            Some(Err(error)) => sender.send(Event::Failed(path.clone(), error)).ok()?,
            None => return sender.send(Event::Done { bytes: reader.bytes_read() }).ok(),
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
