//! What waits between a writer and the threads that turn text into terms. The engine bounds this queue by the number of its
//! batches; here it is bounded by bytes, because a conversation may be of any size.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use tantivy::schema::document::Document;

use crate::entry::Entry;

/// The room that waiting entries share.
#[derive(Clone)]
pub(crate) struct Queue(Arc<Held>);

struct Held {
    /// Bytes that may wait. A single larger conversation waits alone.
    most: usize,
    bytes: Mutex<usize>,
    freed: Condvar,
}

/// Something that waits, and the room it takes up until it is dropped, when its turn has come.
pub(crate) struct Waiting<T = Entry> {
    entry: T,
    _room: Room,
}

struct Room {
    queue: Queue,
    bytes: usize,
}

impl Queue {
    /// Room for so many bytes.
    pub(crate) fn new(most: usize) -> Self {
        Self(Arc::new(Held { most, bytes: Mutex::new(0), freed: Condvar::new() }))
    }

    /// Lines up the entries of one conversation, each with the bytes it takes up, as soon as there is room for all of them.
    pub(crate) fn line_up<T>(&self, entries: Vec<(T, usize)>) -> Vec<Waiting<T>> {
        let wanted: usize = entries.iter().map(|(_, bytes)| bytes).sum();
        let held = self.0.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |held: &mut usize| *held > 0 && *held + wanted > self.0.most;
        let mut held = self.0.freed.wait_while(held, full).unwrap_or_else(PoisonError::into_inner);
        *held += wanted;
        entries
            .into_iter()
            .map(|(entry, bytes)| Waiting { entry, _room: Room { queue: self.clone(), bytes } })
            .collect()
    }

    #[cfg(test)]
    fn waiting(&self) -> usize {
        *self.0.bytes.lock().expect("a sound lock")
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut held = self.queue.0.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        *held -= self.bytes;
        self.queue.0.freed.notify_all();
    }
}

impl Document for Waiting {
    type Value<'a> = <Entry as Document>::Value<'a>;
    type FieldsValuesIter<'a> = <Entry as Document>::FieldsValuesIter<'a>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.entry.iter_fields_and_values()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn more_than_fits_waits_until_there_is_room() {
        let queue = Queue::new(8);
        let large = queue.line_up(vec![('l', 9)]);
        let (sender, receiver) = mpsc::channel();
        let other = queue.clone();
        let thread = std::thread::spawn(move || {
            let next = other.line_up(vec![('a', 3), ('b', 4)]);
            sender.send(()).expect("somebody listens");
            next
        });
        assert!(receiver.try_recv().is_err());
        drop(large);
        receiver.recv().expect("there is room now");
        let next = thread.join().expect("no panic");
        assert_eq!(queue.waiting(), 7);
        drop(next);
        assert_eq!(queue.waiting(), 0);
    }
}
