//! Where figures were taken: without that they mean nothing.

use std::process::Command;

use serde::Serialize;

/// The machine, the compiler, and what was measured.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Machine {
    pub(crate) cpu: String,
    pub(crate) cores: usize,
    /// GiB.
    pub(crate) memory: f64,
    pub(crate) system: String,
    pub(crate) rustc: String,
    /// Short, with a word where the tree had changes.
    pub(crate) commit: String,
    /// Load averages when the run began: over about half the cores, somebody else was working.
    pub(crate) load: String,
}

impl Machine {
    /// This one.
    pub(crate) fn here() -> Self {
        let cpu = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".into());
        let kib = field("/proc/meminfo", "MemTotal");
        let kib = kib.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
        let changed = said("git", &["status", "--porcelain", "--untracked-files=no"]);
        let commit = said("git", &["rev-parse", "--short=12", "HEAD"]);
        Self {
            cpu,
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory: kib.unwrap_or(0.0) / f64::from(1 << 20),
            system: said("uname", &["-srm"]),
            rustc: said("rustc", &["--version"]),
            commit: if changed.is_empty() { commit } else { format!("{commit} with changes") },
            load: load(),
        }
    }

    /// In one line.
    pub(crate) fn line(&self) -> String {
        let Self { cpu, cores, memory, system, rustc, commit, load } = self;
        format!(
            "{cpu}, {cores} cores, {memory:.0} GiB, {system}; {rustc}; commit {commit}; load at the start {load}"
        )
    }
}

/// The load averages of 1, 5 and 15 minutes.
fn load() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split_whitespace().take(3).collect::<Vec<_>>().join(" ")
}

/// What stands behind `name:` in a file of the kernel.
fn field(path: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.split(':').next().is_some_and(|key| key.trim() == name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// The first line of what a program says; empty where it says nothing.
fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    text.lines().next().unwrap_or_default().trim().to_owned()
}
