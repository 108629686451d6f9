//! What figures are held to: `bench/limits.toml`, and which of it is broken.

use std::path::Path;

use serde::Deserialize;

use crate::failure::Failure;
use crate::figures::Figures;
use crate::glance::Goals;

const MIB: f64 = 1024.0 * 1024.0;

/// The file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    memory: Memory,
    growth: Growth,
    space: Space,
    #[serde(default)]
    peer: Vec<PeerLimit>,
    pub(crate) goals: Goals,
}

/// MiB.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Memory {
    default: f64,
    asked: f64,
}

/// Times as long for ten times the data.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Growth {
    import: f64,
}

/// Bytes for each byte.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Space {
    database: f64,
    index: f64,
}

/// At least so many times as fast.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PeerLimit {
    name: String,
    what: String,
    least: f64,
}

impl Limits {
    /// Those that are kept beside the program.
    pub(crate) fn kept() -> Result<Self, Failure> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("limits.toml");
        let text = std::fs::read_to_string(&path).map_err(Failure::file(&path))?;
        toml::from_str(&text).map_err(|error| Failure::Limits { path, error })
    }

    /// What is broken, a sentence each.
    pub(crate) fn broken(&self, figures: &Figures) -> Vec<String> {
        let mut broken = self.memory(figures);
        broken.extend(self.growth(figures));
        broken.extend(self.space(figures));
        broken.extend(self.peers(figures));
        broken
    }

    fn memory(&self, figures: &Figures) -> Vec<String> {
        let runs = figures.sizes.iter().flat_map(|size| {
            let count = size.conversations;
            size.all_runs().into_iter().map(move |run| (count, run))
        });
        runs.filter_map(|(conversations, run)| {
            let least = if run.memory.is_some() { self.memory.asked } else { self.memory.default };
            let took = run.usage.anonymous as f64 / MIB;
            let asked = run.memory.map(|memory| format!(" --memory {memory}")).unwrap_or_default();
            (took > least).then(|| {
                let what = run.what;
                format!("memory: {what}{asked} of {conversations} conversations held {took:.0} MiB, the limit is {least:.0}")
            })
        })
        .collect()
    }

    fn growth(&self, figures: &Figures) -> Vec<String> {
        figures
            .growth()
            .filter(|growth| growth.for_ten > self.growth.import)
            .map(|growth| {
                let (from, to) = (growth.from, growth.to);
                format!(
                    "growth: from {from} to {to} conversations an import takes {:.1} times as long for ten times the data, the \
                     limit is {:.1}",
                    growth.for_ten, self.growth.import
                )
            })
            .collect()
    }

    fn space(&self, figures: &Figures) -> Vec<String> {
        let Some(size) = figures.sizes.last() else { return Vec::new() };
        [("database", size.database, self.space.database), ("index", size.index, self.space.index)]
            .into_iter()
            .map(|(what, bytes, most)| (what, bytes as f64 / size.input.max(1) as f64, most))
            .filter(|(_, share, most)| share > most)
            .map(|(what, share, most)| {
                format!(
                    "space: the {what} takes {share:.2} bytes for each byte imported, the limit is {most:.2}"
                )
            })
            .collect()
    }

    fn peers(&self, figures: &Figures) -> Vec<String> {
        let ratios = figures.ratios();
        self.peer
            .iter()
            .filter_map(|limit| {
                let ratio =
                    ratios.iter().find(|ratio| ratio.peer == limit.name && ratio.what == limit.what)?;
                (ratio.times < limit.least).then(|| {
                    let PeerLimit { name, what, least } = limit;
                    format!("{what} is {:.2} times as fast as {name}, the limit is {least:.2}", ratio.times)
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figures::tests::figures;

    fn limits() -> Limits {
        Limits::kept().expect("the file that is kept")
    }

    #[test]
    fn what_keeps_within_the_limits_breaks_none() {
        assert_eq!(limits().broken(&figures()), Vec::<String>::new());
    }

    #[test]
    fn every_limit_can_be_broken_and_is_named() {
        let broken = |change: fn(&mut Figures)| {
            let mut figures = figures();
            change(&mut figures);
            limits().broken(&figures).join("\n")
        };
        assert!(
            broken(|f| f.sizes[0].import.anonymous = 2 << 30)
                .contains("memory: import of 1000 conversations held 2048 MiB")
        );
        assert!(broken(|f| f.sizes[1].runs[0].usage.anonymous = 300 << 20).contains("--memory 256MB"));
        assert!(broken(|f| f.sizes[1].import.wall = 100.0).contains("growth"));
        assert!(broken(|f| f.sizes[1].index = 1 << 40).contains("the index takes"));
        assert!(broken(|f| f.peers.ran[0].said.latencies = vec![0.1; 2]).contains("search p50 is"));
    }
}
