//! Runs a program and looks at it every five milliseconds: how much memory is its own (`RssAnon`), how much is mapped files
//! (`RssFile`, which the system takes back when it needs it), and at its end how much processor time it took.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::Serialize;

use crate::failure::Failure;

/// Between two looks.
const EVERY: Duration = Duration::from_millis(5);

/// Ticks of the kernel's clock in a second (`USER_HZ`, which is 100 on every architecture that Rust runs Linux on).
const TICKS: f64 = 100.0;

/// What a program took.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Usage {
    /// Seconds.
    pub(crate) wall: f64,
    /// Seconds of processor time, user and system, all threads and children that were waited for.
    pub(crate) cpu: f64,
    /// Bytes at the highest: memory of its own.
    pub(crate) anonymous: u64,
    /// Bytes at the highest: mapped files.
    pub(crate) mapped: u64,
}

/// A program that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) usage: Usage,
    pub(crate) code: Option<i32>,
    pub(crate) output: String,
    pub(crate) errors: String,
}

/// Runs `command` to its end.
pub(crate) fn run(command: &mut Command) -> Result<Ended, Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let broken = |error| Failure::Program { name: name.clone(), error };
    // Files, not pipes: nobody has to read while the program runs.
    let (mut output, mut errors) =
        (tempfile::tempfile().map_err(broken)?, tempfile::tempfile().map_err(broken)?);
    command.stdin(Stdio::null());
    command.stdout(output.try_clone().map_err(broken)?).stderr(errors.try_clone().map_err(broken)?);
    let began = Instant::now();
    let mut child = command.spawn().map_err(broken)?;
    let mut usage = Usage::default();
    while look(child.id(), &mut usage) {
        std::thread::sleep(EVERY);
    }
    usage.wall = began.elapsed().as_secs_f64();
    let code = child.wait().map_err(broken)?.code();
    Ok(Ended {
        usage,
        code,
        output: text(&mut output).map_err(broken)?,
        errors: text(&mut errors).map_err(broken)?,
    })
}

/// Notes what `process` uses now; false when it has ended. It stays readable until it is waited for, so that the last look sees all
/// of its processor time.
fn look(process: u32, usage: &mut Usage) -> bool {
    let Ok(stat) = std::fs::read_to_string(format!("/proc/{process}/stat")) else { return false };
    // Behind the name, which is in parentheses and may hold anything: state, then numbers.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<f64>().ok()).unwrap_or(0.0);
    usage.cpu = (ticks(11) + ticks(12) + ticks(13) + ticks(14)) / TICKS;
    if fields.first().is_none_or(|state| matches!(*state, "Z" | "X")) {
        return false;
    }
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    for line in status.lines() {
        let Some((name, size)) = line.split_once(':') else { continue };
        let bytes = size.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) * 1024;
        match name {
            "RssAnon" => usage.anonymous = usage.anonymous.max(bytes),
            "RssFile" => usage.mapped = usage.mapped.max(bytes),
            _ => {}
        }
    }
    true
}

fn text(file: &mut File) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    file.rewind()?;
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_time_and_words_of_a_program_are_seen() {
        // Holds 64 MiB of zeros in a variable for a moment.
        let script = "a=$(head -c 67108864 /dev/zero | tr '\\0' x); sleep 0.05; echo ${#a}; exit 3";
        let ended = run(Command::new("bash").args(["-c", script])).expect("bash runs");
        assert_eq!((ended.output.trim(), ended.code), ("67108864", Some(3)));
        assert!(ended.usage.anonymous > 60 << 20, "{:?}", ended.usage);
        assert!(ended.usage.cpu > 0.0 && ended.usage.wall > 0.05, "{:?}", ended.usage);
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let failure = run(&mut Command::new("no-such-program-here")).expect_err("there is none");
        assert!(failure.to_string().contains("no-such-program-here"), "{failure}");
    }
}
