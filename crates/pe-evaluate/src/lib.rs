//! Prints every published figure: data, split, metric, trivial rules, interval, verdict.
