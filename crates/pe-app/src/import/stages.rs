//! Where the processor time of an import went. Measured by the clocks of threads, so that waiting costs nothing and a busy machine
//! changes little.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;

/// Processor time of an import by stage, in microseconds, over all threads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stages {
    /// Bytes to conversations, and their digests.
    pub read: u64,
    /// Conversations to labels: words, rules, readers, emotions.
    pub signals: u64,
    /// Labels to scores with their evidence.
    pub score: u64,
    /// What is known is found out, and rows are written.
    pub store: u64,
    /// Messages are cut into terms and written to the index, and its files are merged. It is what the other stages leave of the
    /// whole, because the engine's threads come and go.
    pub index: u64,
    /// The whole process.
    pub total: u64,
}

/// Adds up what the threads of an import report.
#[derive(Debug)]
pub(super) struct Meter {
    began: u64,
    pub(super) read: AtomicU64,
    pub(super) signals: AtomicU64,
    pub(super) score: AtomicU64,
    pub(super) store: AtomicU64,
}

/// A part of a thread's processor time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lap(u64);

impl Meter {
    pub(super) fn new() -> Self {
        let zero = || AtomicU64::new(0);
        Self {
            began: micros(ClockId::ProcessCPUTime) - database_threads(),
            read: zero(),
            signals: zero(),
            score: zero(),
            store: zero(),
        }
    }

    /// What was measured until now.
    pub(super) fn stages(&self) -> Stages {
        let database = database_threads();
        let total = micros(ClockId::ProcessCPUTime).saturating_sub(self.began);
        let [read, signals, score] =
            [&self.read, &self.signals, &self.score].map(|sum| sum.load(Relaxed) / 1000);
        let store = self.store.load(Relaxed) / 1000 + database;
        let index = total.saturating_sub(read + signals + score + store);
        Stages { read, signals, score, store, index, total }
    }
}

impl Lap {
    /// Begins one on this thread.
    pub(super) fn begin() -> Self {
        Self(nanos(ClockId::ThreadCPUTime))
    }

    /// Adds the time since it began to `sum`, and begins the next one.
    pub(super) fn add_to(&mut self, sum: &AtomicU64) {
        let now = nanos(ClockId::ThreadCPUTime);
        sum.fetch_add(now.saturating_sub(self.0), Relaxed);
        self.0 = now;
    }
}

fn nanos(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    u64::try_from(time.tv_sec * 1_000_000_000 + time.tv_nsec).unwrap_or(0)
}

fn micros(clock: ClockId) -> u64 {
    nanos(clock) / 1000
}

/// Processor time of the database driver's threads so far, which cannot be asked from inside them; 0 where the system does not tell.
fn database_threads() -> u64 {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else { return 0 };
    let of = |thread: std::fs::DirEntry| {
        let name = std::fs::read_to_string(thread.path().join("comm")).ok()?;
        if !name.starts_with("sqlx-sqlite") {
            return None;
        }
        let times = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
        times.split_whitespace().next()?.parse::<u64>().ok()
    };
    threads.flatten().filter_map(of).sum::<u64>() / 1000
}
