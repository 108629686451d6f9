//! How the memory that may be taken is divided. What is not named here (the rules and weights of the reader, the page caches of the
//! store, the engine's tables) takes some hundred megabytes at most, whatever the size of the corpus.

use pe_search::WriterOptions;

use crate::Config;

/// The least that the index engine works with.
const LEAST_HEAP: usize = 15_000_000;

/// Shares of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Budget {
    whole: usize,
}

impl Budget {
    /// Text of one batch of an import. About ten batches are on their way at a time, and each is there up to six times over: as it was
    /// read, as terms, as what was found in it.
    pub(crate) const fn batch_bytes(self) -> usize {
        self.whole / 256
    }

    /// The names of one import's records.
    pub(crate) const fn names_bytes(self) -> usize {
        self.whole / 16
    }

    /// What the index writer may hold. `chosen` is what the configuration would give it.
    pub(crate) fn index(self, chosen: usize) -> WriterOptions {
        WriterOptions {
            heap_bytes: chosen.min(self.whole / 8).max(LEAST_HEAP),
            waiting_bytes: self.whole / 64,
            threads: 1,
        }
    }
}

impl From<&Config> for Budget {
    fn from(config: &Config) -> Self {
        Self { whole: config.memory_bytes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_fit_into_the_whole() {
        for whole in [64 << 20, 256 << 20, 1 << 30] {
            let budget = Budget { whole };
            let index = budget.index(64_000_000);
            let taken =
                60 * budget.batch_bytes() + budget.names_bytes() + index.heap_bytes + index.waiting_bytes;
            assert!(taken <= budget.whole * 3 / 5, "{taken} of {}", budget.whole);
        }
        assert_eq!(Budget { whole: 1 << 30 }.index(64_000_000).heap_bytes, 64_000_000, "what is chosen");
    }
}
