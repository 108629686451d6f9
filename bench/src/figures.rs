//! Everything that was measured, and what follows from it.

use serde::Serialize;

use crate::machine::Machine;
use crate::peers::Peers;
use crate::reading::Part;
use crate::search::percentile;
use crate::station::Size;

/// Everything that was measured in one run.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figures {
    pub(crate) machine: Machine,
    pub(crate) seed: u64,
    /// Smallest first.
    pub(crate) sizes: Vec<Size>,
    pub(crate) reading: Vec<Part>,
    /// How many conversations the peers were given.
    pub(crate) peer_size: u64,
    pub(crate) peers: Peers,
    /// What could not be measured, and why.
    pub(crate) missing: Vec<String>,
}

/// How an import's time grows from one size to the next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Growth {
    pub(crate) from: u64,
    pub(crate) to: u64,
    /// How many times as long for ten times the data.
    pub(crate) for_ten: f64,
}

/// How many times as fast as a peer.
#[derive(Clone, Debug)]
pub(crate) struct Ratio {
    pub(crate) peer: String,
    pub(crate) what: &'static str,
    pub(crate) times: f64,
}

impl Figures {
    /// From each size to the next.
    pub(crate) fn growth(&self) -> impl Iterator<Item = Growth> {
        self.sizes.windows(2).map(|pair| {
            let [small, large] = [&pair[0], &pair[1]];
            let data = large.conversations as f64 / small.conversations.max(1) as f64;
            let time = large.import.wall / small.import.wall.max(1e-6);
            Growth { from: small.conversations, to: large.conversations, for_ten: time * 10.0 / data }
        })
    }

    /// The size that the peers were given too.
    pub(crate) fn beside_peers(&self) -> Option<&Size> {
        self.sizes.iter().find(|size| size.conversations == self.peer_size)
    }

    /// Every comparison that can be made.
    pub(crate) fn ratios(&self) -> Vec<Ratio> {
        let Some(size) = self.beside_peers() else { return Vec::new() };
        let rate = |seconds: f64| size.conversations as f64 / seconds.max(1e-6);
        let export = size.export("parquet").map(|export| rate(export.usage.wall));
        let own = self.asked_too(size);
        let mut ratios = Vec::new();
        for peer in &self.peers.ran {
            let mut add = |what, times| ratios.push(Ratio { peer: peer.key.clone(), what, times });
            match (peer.key.as_str(), export) {
                ("duckdb" | "polars", Some(export)) => add("export parquet", export / peer.rate()),
                ("vader", _) => add("import", rate(size.import.wall) / peer.rate()),
                _ => {}
            }
            if !peer.said.latencies.is_empty() && !own.is_empty() {
                for (what, share) in [("search p50", 0.5), ("search p99", 0.99)] {
                    add(what, percentile(&peer.said.latencies, share) / percentile(&own, share).max(1e-6));
                }
            }
        }
        ratios
    }

    /// Our milliseconds for what the peers were asked.
    pub(crate) fn asked_too(&self, size: &Size) -> Vec<f64> {
        let warm = size.search.warm.iter().filter(|timed| self.peers.queries.contains(&timed.query));
        warm.map(|timed| timed.milliseconds).collect()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::peers::Peer;
    use crate::queries::Kind;
    use crate::search::{Latencies, Timed};
    use crate::station::{Export, Run};
    use crate::watch::Usage;

    fn size(conversations: u64, wall: f64) -> Size {
        let usage = Usage { wall, cpu: wall, anonymous: 200 << 20, mapped: 10 << 20 };
        let timed = Timed { kind: Kind::Common, query: "night".into(), milliseconds: 1.0, found: true };
        Size {
            conversations,
            messages: conversations * 8,
            input: conversations * 1000,
            synth: usage,
            import: usage,
            stages: vec![("read".into(), 1e6), ("total".into(), 2e6)],
            database: conversations * 2000,
            index: conversations * 500,
            runs: vec![Run { what: "import".into(), memory: Some("256MB".into()), usage }],
            exports: ["jsonl", "parquet"]
                .map(|format| Export { format: format.into(), usage, bytes: 1000 })
                .into(),
            search: Latencies { warm: vec![timed.clone()], cold: vec![timed] },
            restarts: [vec![0.1], vec![0.2]],
            missing: Vec::new(),
        }
    }

    /// Two sizes and one peer.
    pub(crate) fn figures() -> Figures {
        let said = r#"{"name": "FTS5", "seconds": 1.0, "conversations": 10000, "latencies": [40.0, 60.0]}"#;
        let said = serde_json::from_str(said).expect("what a peer says");
        let peer = Peer { key: "fts5".into(), said, usage: Usage::default() };
        Figures {
            machine: Machine::here(),
            seed: 1,
            sizes: vec![size(1_000, 1.0), size(10_000, 10.5)],
            reading: vec![Part { stage: "words".into(), microseconds: 10.0 }],
            peer_size: 10_000,
            peers: Peers {
                ran: vec![peer],
                skipped: vec!["vader: not there".into()],
                queries: vec!["night".into()],
            },
            missing: Vec::new(),
        }
    }

    #[test]
    fn growth_is_for_ten_times_the_data_whatever_the_sizes() {
        let growth: Vec<_> = figures().growth().collect();
        assert_eq!((growth[0].from, growth[0].to), (1_000, 10_000));
        assert!((growth[0].for_ten - 10.5).abs() < 1e-9);
    }

    #[test]
    fn peers_are_compared_on_what_both_were_asked() {
        let ratios = figures().ratios();
        let p99 = ratios.iter().find(|ratio| ratio.what == "search p99").expect("a ratio");
        assert!((p99.times - 60.0).abs() < 1e-9, "{p99:?}");
        assert!(ratios.iter().all(|ratio| ratio.peer == "fts5"));
    }
}
