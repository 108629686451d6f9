//! Watching a command: how it ended, what it said, how much memory it took at most; and looking afterwards whether all is well.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::person::Person;

/// How a command went.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The most anonymous memory, in bytes; 0 where the system does not tell.
    pub(crate) peak: u64,
    pub(crate) took: Duration,
}

impl Run {
    /// What was printed as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {}", self.said()))
    }

    /// Everything that it said, for a message.
    pub(crate) fn said(&self) -> String {
        format!("code {:?}: {}{}", self.code, self.stdout, self.stderr)
    }

    /// What the rejects file of an import lists.
    pub(crate) fn rejects(&self) -> Vec<Value> {
        let summary = self.json();
        let Some(path) = summary["rejects"].as_str() else { return Vec::new() };
        let text = std::fs::read_to_string(path).expect("the rejects file");
        let rejects: Vec<Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect();
        assert_eq!(summary["rejected"], rejects.len(), "every reject is listed");
        for reject in &rejects {
            assert!(reject["reason"].as_str().is_some_and(|reason| !reason.is_empty()), "{reject}");
        }
        rejects
    }

    /// Checks the exit code, and that a failure says something of use: one line or a few, without a panic's backtrace.
    pub(crate) fn expect(&self, code: i32) -> &Self {
        assert_eq!(self.code, Some(code), "{}", self.said());
        assert!(!self.stderr.contains("panicked at"), "{}", self.stderr);
        assert!(self.stderr.len() < 6_000, "{} bytes of complaint", self.stderr.len());
        self
    }

    /// Checks that it complains of all of these.
    pub(crate) fn complains_of(&self, words: &[&str]) -> &Self {
        for word in words {
            assert!(self.stderr.contains(word), "{word:?} is not in: {}", self.said());
        }
        self
    }

    /// Checks that it took less memory than the tool promises, and no absurd time.
    pub(crate) fn is_modest(&self) -> &Self {
        assert!(self.peak < 1 << 30, "{} MB", self.peak >> 20);
        assert!(self.took < Duration::from_mins(2), "{:?}", self.took);
        self
    }
}

/// Runs a command to its end.
pub(crate) fn watch(mut command: Command) -> Run {
    let began = Instant::now();
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the tool runs");
    let status = format!("/proc/{}/status", child.id());
    let ended = std::sync::atomic::AtomicBool::new(false);
    let (output, peak) = std::thread::scope(|scope| {
        let sampling = scope.spawn(|| {
            let mut peak = 0;
            while !ended.load(std::sync::atomic::Ordering::Relaxed) {
                peak = peak.max(anonymous(Path::new(&status)));
                std::thread::sleep(Duration::from_millis(3));
            }
            peak
        });
        let output = child.wait_with_output().expect("it ends");
        ended.store(true, std::sync::atomic::Ordering::Relaxed);
        (output, sampling.join().expect("a peak"))
    });
    Run {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        peak,
        took: began.elapsed(),
    }
}

fn anonymous(status: &Path) -> u64 {
    let status = std::fs::read_to_string(status).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("RssAnon:")).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|number| number.parse::<u64>().ok()).unwrap_or(0) * 1024
}

impl Person {
    /// Runs a command with `--json` to its end.
    pub(crate) fn watch(&self, args: &[&str]) -> Run {
        let mut command = self.command(args);
        command.arg("--json");
        watch(command)
    }

    /// Imports into the dataset `d`.
    pub(crate) fn import(&self, file: &str) -> Run {
        self.watch(&["import", file, "--dataset", "d"])
    }

    /// Checks that the data folder is sound, holds so many conversations, each of them found, and nothing half-written.
    pub(crate) fn is_sound(&self, conversations: u64) {
        let stats = self.json(&["stats"]);
        assert_eq!(stats["conversations"], conversations, "{stats}");
        let listed = self.json(&["list", "--limit", "1000"]);
        assert_eq!(listed["total"], conversations);
        assert_eq!(listed["conversations"].as_array().map(Vec::len), Some(conversations.min(1000) as usize));
        let indexed = self.json(&["search", "role:user,assistant,system,tool"])["total_matches"].as_u64();
        // Exact up to so many.
        assert_eq!(indexed, Some(conversations.min(10_000)), "every conversation is in the index");
        let checks: serde_json::Value =
            serde_json::from_slice(&self.run(&["doctor", "--json"]).stdout).expect("JSON");
        // The disks of these tests are small.
        let problems = checks["checks"].as_array().into_iter().flatten();
        let problems: Vec<_> =
            problems.filter(|check| check["sound"] == false && check["subject"] != "disk").collect();
        assert!(problems.is_empty(), "{problems:?}");
        self.has_no_remains();
    }

    /// Checks that no temporary file is left, neither in the data folder nor beside it.
    pub(crate) fn has_no_remains(&self) {
        let remains = |path: &Path| {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // The index names its lock and its list so.
            let is_index = path.parent().is_some_and(|folder| folder.ends_with("index"));
            let ending = path.extension().unwrap_or_default();
            let is_temporary = ["partial", "tmp", "new", "old"].iter().any(|other| ending == *other);
            is_temporary || name.starts_with('.') && !is_index
        };
        for (path, _) in crate::person::snapshot(&self.path("")) {
            assert!(!remains(&path), "left behind: {}", path.display());
        }
    }
}

/// A record of two messages, as a line.
pub(crate) fn chat(id: &str) -> String {
    let (said, reply) =
        ("I slept badly since the move and feel alone in this town", "What has that been like?");
    format!(
        r#"{{"id":"{id}","messages":[{{"role":"user","content":"{said}"}},{{"role":"assistant","content":"{reply}"}}]}}"#
    ) + "\n"
}

/// Many of them.
pub(crate) fn chats(count: usize) -> String {
    (0..count).map(|number| chat(&format!("c-{number}"))).collect()
}
