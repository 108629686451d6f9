//! Identifiers: UUIDs of version 7, one newtype per noun, so that they sort by time of creation and cannot be mixed up.

use std::fmt;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Clock;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

id!(
    /// Names one conversation.
    ConversationId
);
id!(
    /// Names one message.
    MessageId
);
id!(
    /// Names one piece of background work.
    JobId
);

/// Makes ids that grow within one process, even within a millisecond and when the clock steps back.
pub struct Ids<'a> {
    clock: &'a dyn Clock,
    /// Milliseconds since 1970 in the upper 48 bits, a counter in the lower 12; only ever grows.
    last: AtomicU64,
    /// Differs between processes, so that two of them do not make the same id in the same millisecond.
    seed: u64,
}

impl<'a> Ids<'a> {
    /// Ids with their time from `clock`; `seed` should differ between processes and is fixed in tests.
    pub fn new(clock: &'a dyn Clock, seed: u64) -> Self {
        Self { clock, last: AtomicU64::new(0), seed }
    }

    /// A new id for a conversation.
    pub fn conversation(&self) -> ConversationId {
        ConversationId(self.next())
    }

    /// A new id for a message.
    pub fn message(&self) -> MessageId {
        MessageId(self.next())
    }

    /// A new id for a job.
    pub fn job(&self) -> JobId {
        JobId(self.next())
    }

    fn next(&self) -> Uuid {
        let millis = (self.clock.now().unix_timestamp_nanos() / 1_000_000).max(0) as u64;
        let floor = millis << 12;
        let mut seen = self.last.load(Ordering::Relaxed);
        let tick = loop {
            let tick = floor.max(seen + 1);
            match self.last.compare_exchange_weak(seen, tick, Ordering::Relaxed, Ordering::Relaxed) {
                Ok(_) => break tick,
                Err(now) => seen = now,
            }
        };
        let random = mix(self.seed ^ tick.rotate_left(17));
        let high = ((tick >> 12) << 16) | 0x7000 | (tick & 0x0fff);
        let low = (random >> 2) | 0x8000_0000_0000_0000;
        Uuid::from_u64_pair(high, low)
    }
}

/// The finaliser of `SplitMix64` (Steele, Lea and Flood 2014): a bijection, so distinct ticks give distinct tails.
fn mix(mut word: u64) -> u64 {
    word = word.wrapping_add(0x9e37_79b9_7f4a_7c15);
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FixedClock;
    use time::macros::datetime;

    #[test]
    fn ids_are_version_7_and_grow_within_a_millisecond() {
        let clock = FixedClock(datetime!(2026-01-02 03:04:05 UTC));
        let ids = Ids::new(&clock, 1);
        let made: Vec<_> = (0..10_000).map(|_| ids.conversation()).collect();
        assert!(made.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(made.iter().all(|id| id.0.get_version_num() == 7));
    }

    #[test]
    fn two_seeds_differ() {
        let clock = FixedClock(datetime!(2026-01-02 03:04:05 UTC));
        assert_ne!(Ids::new(&clock, 1).message(), Ids::new(&clock, 2).message());
    }
}
