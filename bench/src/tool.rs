//! The real tool on a data folder of its own, run as a user runs it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use serde_json::Value;

use crate::failure::Failure;
use crate::watch::{self, Ended, Usage};

/// The tool and where it keeps its data.
#[derive(Clone, Debug)]
pub(crate) struct Tool {
    pub(crate) program: PathBuf,
    pub(crate) data: PathBuf,
    /// What `--memory` says, where it is asked for.
    pub(crate) memory: Option<String>,
}

impl Tool {
    /// Runs a command that prints JSON, or nothing.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<(Value, Usage), Failure> {
        let Ended { usage, code, output, errors } = watch::run(&mut self.command(arguments))?;
        ended_well(arguments, code, &errors)?;
        let text = output.trim();
        if text.is_empty() {
            return Ok((Value::Null, usage));
        }
        let value = serde_json::from_str(text)
            .map_err(|error| Failure::Answer { command: name(arguments), error })?;
        Ok((value, usage))
    }

    /// Runs a command; seconds from its start until its whole answer is here, with nobody looking on.
    pub(crate) fn answer(&self, arguments: &[&str]) -> Result<f64, Failure> {
        let began = Instant::now();
        let output = self
            .command(arguments)
            .output()
            .map_err(|error| Failure::Program { name: self.program.display().to_string(), error })?;
        let seconds = began.elapsed().as_secs_f64();
        ended_well(arguments, output.status.code(), &String::from_utf8_lossy(&output.stderr))?;
        Ok(seconds)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        // Nothing of the surroundings has a say.
        command.env_clear().arg("--data-dir").arg(&self.data).args(["--json", "--quiet"]);
        if let Some(memory) = &self.memory {
            command.args(["--memory", memory]);
        }
        command.args(arguments);
        command
    }

    /// Whether the tool's help of `command` names `word`, such as a flag that came later.
    pub(crate) fn knows(&self, command: &[&str], word: &str) -> Result<bool, Failure> {
        let ended = watch::run(Command::new(&self.program).args(command).arg("--help"))?;
        Ok(ended.code == Some(0) && ended.output.contains(word))
    }
}

fn name(arguments: &[&str]) -> String {
    format!("pixelated {}", arguments.join(" "))
}

fn ended_well(arguments: &[&str], code: Option<i32>, errors: &str) -> Result<(), Failure> {
    if code == Some(0) {
        return Ok(());
    }
    let code = code.map_or_else(|| "a signal".to_owned(), |code| format!("code {code}"));
    Err(Failure::Ended { command: name(arguments), code, said: errors.trim().to_owned() })
}

/// Bytes of a file, or of all files in a folder; 0 where there is none.
pub(crate) fn size(path: &Path) -> u64 {
    let Ok(facts) = std::fs::symlink_metadata(path) else { return 0 };
    if !facts.is_dir() {
        return facts.len();
    }
    let Ok(entries) = std::fs::read_dir(path) else { return 0 };
    entries.flatten().map(|entry| size(&entry.path())).sum()
}

/// Asks the system to forget what it keeps of the files below `path`, so that they are read from the disk again.
pub(crate) fn forget(path: &Path) {
    if let Ok(entries) = std::fs::read_dir(path) {
        entries.flatten().for_each(|entry| forget(&entry.path()));
        return;
    }
    let Ok(file) = std::fs::File::open(path) else { return };
    // Pages that were not written yet can't be forgotten. Where the system refuses, the figure is a warm one: it is never worse.
    let _ = file.sync_all();
    let _ = rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed);
}
