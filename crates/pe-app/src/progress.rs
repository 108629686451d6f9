//! How far long work has come.

use std::time::{Duration, Instant};

/// A report on the way.
#[derive(Clone, Debug, Default)]
pub struct Tick {
    /// What is being worked on, such as a file's name.
    pub subject: String,
    /// Done so far, in the unit of `total`: bytes read, or conversations.
    pub done: u64,
    /// How much there is, where that is known.
    pub total: Option<u64>,
    /// Conversations so far.
    pub conversations: u64,
    /// Since the work began.
    pub elapsed: Duration,
}

impl Tick {
    /// Conversations a second.
    pub fn rate(&self) -> f64 {
        self.conversations as f64 / self.elapsed.as_secs_f64().max(1e-3)
    }

    /// Time left, where the total is known and something is done.
    pub fn left(&self) -> Option<Duration> {
        let total = self.total.filter(|&total| self.done > 0 && total >= self.done)?;
        Some(self.elapsed.mul_f64((total - self.done) as f64 / self.done as f64))
    }
}

/// Takes reports; called a few times a second at most by those of the use cases.
pub trait Progress: Sync {
    /// Work has come this far.
    fn update(&self, tick: &Tick);
}

/// Says nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Progress for Silent {
    fn update(&self, _: &Tick) {}
}

/// Lets a report through ten times a second.
pub(crate) struct Pace<'a> {
    progress: &'a dyn Progress,
    began: Instant,
    last: Option<Instant>,
}

impl<'a> Pace<'a> {
    pub(crate) fn new(progress: &'a dyn Progress) -> Self {
        Self { progress, began: Instant::now(), last: None }
    }

    pub(crate) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Reports what `tick` makes, if it is time to.
    pub(crate) fn tick(&mut self, tick: impl FnOnce() -> Tick) {
        const BETWEEN: Duration = Duration::from_millis(100);
        if self.last.is_none_or(|last| last.elapsed() >= BETWEEN) {
            self.last = Some(Instant::now());
            self.progress.update(&Tick { elapsed: self.began.elapsed(), ..tick() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_follows_from_the_share_done() {
        let tick = Tick { done: 25, total: Some(100), elapsed: Duration::from_secs(5), ..Tick::default() };
        assert_eq!(tick.left(), Some(Duration::from_secs(15)));
        assert_eq!(Tick { done: 0, total: Some(9), ..Tick::default() }.left(), None);
    }
}
