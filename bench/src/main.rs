//! Measures the tool: import by stage, growth, export, search, restarts and memory, at several sizes; beside what a user would use
//! instead, on the same machine in the same run; and, where it is asked for, held to `bench/limits.toml`.

mod failure;
mod figures;
mod glance;
mod limits;
mod machine;
mod peers;
mod queries;
mod reading;
mod report;
mod search;
mod station;
mod tool;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

use crate::failure::Failure;
use crate::figures::Figures;
use crate::limits::Limits;
use crate::machine::Machine;
use crate::peers::Peers;
use crate::station::{Station, say};
use crate::tool::Tool;

/// The same as the tool has, so that searches in this process are those of the tool.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures the tool, beside what a user would use instead.
#[derive(Debug, Parser)]
struct Arguments {
    /// Conversations, comma separated, smallest first
    #[arg(long, value_delimiter = ',', default_value = "10000,100000", value_name = "N,N")]
    sizes: Vec<u64>,
    /// Which of the sizes the peers are given [default: the largest up to 100,000]
    #[arg(long, value_name = "N")]
    peer_size: Option<u64>,
    /// No peers
    #[arg(long)]
    no_peers: bool,
    /// Not once more under `--memory 256MB`
    #[arg(long)]
    no_low_memory: bool,
    /// Queries
    #[arg(long, default_value_t = 350, value_name = "N")]
    queries: usize,
    /// Of the made-up conversations
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
    /// Fail where a limit of bench/limits.toml is broken
    #[arg(long)]
    check: bool,
    /// The tool
    #[arg(long, default_value = "target/release/pixelated", value_name = "FILE")]
    tool: PathBuf,
    /// The Python that has the peers
    #[arg(long, default_value = ".venv/bin/python", value_name = "FILE")]
    python: PathBuf,
    /// Where everything is written and removed again
    #[arg(long, default_value = "target/bench", value_name = "DIR")]
    folder: PathBuf,
    /// Write the report here too, behind what stands there before its first heading of figures
    #[arg(long, value_name = "FILE")]
    markdown: Option<PathBuf>,
    /// Write every figure here, as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// What `--memory` is asked for besides the default.
const LOW: &str = "256MB";

/// Where the figures begin in a file that has words before them.
const MARK: &str = "<!-- figures: written by `make bench` -->\n";

#[allow(clippy::print_stdout)] // It is made to print.
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments) {
        Ok((report, broken)) => {
            println!("{report}");
            for line in &broken {
                say(&format!("over a limit: {line}"));
            }
            if broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(failure) => {
            say(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}

/// The report, and which limits are broken where that was asked.
fn run(arguments: &Arguments) -> Result<(String, Vec<String>), Failure> {
    // Before anything takes time.
    let limits = Limits::kept()?;
    let figures = measure(arguments)?;
    let report = report::markdown(&figures, &limits.goals);
    if let Some(path) = &arguments.markdown {
        let before = std::fs::read_to_string(path).unwrap_or_default();
        let before = before.split(MARK).next().unwrap_or_default();
        std::fs::write(path, format!("{before}{MARK}{report}")).map_err(Failure::file(path))?;
    }
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&figures).unwrap_or_default();
        std::fs::write(path, text).map_err(Failure::file(path))?;
    }
    let broken = if arguments.check { limits.broken(&figures) } else { Vec::new() };
    Ok((report, broken))
}

fn measure(arguments: &Arguments) -> Result<Figures, Failure> {
    std::fs::create_dir_all(&arguments.folder).map_err(Failure::file(&arguments.folder))?;
    let machine = Machine::here();
    let station = Station {
        folder: &arguments.folder,
        program: &arguments.tool,
        seed: arguments.seed,
        queries: arguments.queries,
    };
    let (low, missing) = asked(arguments)?;
    let mut sizes = Vec::new();
    for conversations in &arguments.sizes {
        sizes.push(station.measure(*conversations, low)?);
    }
    let largest = arguments.sizes.iter().copied().filter(|size| *size <= 100_000).max();
    let peer_size = arguments.peer_size.or(largest).unwrap_or(0);
    let reading = match arguments.sizes.first() {
        Some(first) => reading::measure(&station.input(*first))?,
        None => Vec::new(),
    };
    let peers = if arguments.no_peers || !arguments.sizes.contains(&peer_size) {
        Peers { skipped: vec!["the peers: not asked for at any of these sizes".into()], ..Peers::default() }
    } else {
        let input = station.input(peer_size);
        let queries = queries::queries(&search::texts(&input)?, arguments.queries);
        peers::measure(&arguments.python, &input, &arguments.folder, &queries)?
    };
    for conversations in &arguments.sizes {
        station::clear(&station.input(*conversations))?;
    }
    Ok(Figures { machine, seed: arguments.seed, sizes, reading, peer_size, peers, missing })
}

/// Whether to measure under a lower cap, and what the tool can't do yet.
fn asked(arguments: &Arguments) -> Result<(Option<&'static str>, Vec<String>), Failure> {
    let tool = Tool { program: arguments.tool.clone(), data: arguments.folder.join("none"), memory: None };
    let mut missing = Vec::new();
    let low = match (arguments.no_low_memory, tool.knows(&["import"], "--memory")?) {
        (true, _) => None,
        (false, true) => Some(LOW),
        (false, false) => {
            missing.push(format!("memory under --memory {LOW}: this tool has no such flag"));
            None
        }
    };
    Ok((low, missing))
}
