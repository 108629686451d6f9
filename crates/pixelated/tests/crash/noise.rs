//! Numbers without a pattern, the same for the same seed.

use std::fmt;

/// Where a run of numbers has come.
pub(crate) struct Noise {
    seed: u64,
    state: u64,
}

impl Noise {
    /// The run of a test; `PIXELATED_CRASH_SEED` shifts all of them.
    pub(crate) fn new(test: u64) -> Self {
        let shift = std::env::var("PIXELATED_CRASH_SEED").ok().and_then(|seed| seed.parse::<u64>().ok());
        let seed = shift.unwrap_or(0).wrapping_mul(1_000).wrapping_add(test);
        Self { seed, state: seed }
    }

    /// At least 0, below 1 (Knuth's 64-bit linear congruence, of which the upper half is good).
    pub(crate) fn fraction(&mut self) -> f64 {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as f64 / f64::from(1_u32 << 31)
    }
}

impl fmt::Display for Noise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seed {}", self.seed)
    }
}
