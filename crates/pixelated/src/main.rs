//! The local tool. Flags come in through `cli`, each command is a module in `commands`, and what went wrong becomes an exit
//! code here and nowhere else.

mod bar;
mod cli;
mod commands;
mod layout;
mod screen;

use std::io;
use std::process::ExitCode;

use clap::Parser;
use pe_app::{Config, ErrorKind};

use crate::cli::{Cli, Global};
use crate::screen::Screen;

/// Messages are made on one thread and dropped on another all day: the system's allocator takes a tenth of an import for that.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How a command ended.
pub(crate) type Outcome = Result<Done, Failure>;

/// How a command ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// All of it.
    Whole,
    /// All but some records that were rejected.
    WithRejects,
    /// A check has found a problem, and told it.
    WithProblems,
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The use case refused or failed.
    App(pe_app::Error),
    /// The output could not be written.
    Output(io::Error),
}

impl From<pe_app::Error> for Failure {
    fn from(error: pe_app::Error) -> Self {
        Self::App(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

/// What every command gets.
pub(crate) struct Session {
    pub(crate) config: Config,
    pub(crate) screen: Screen,
    pub(crate) json: bool,
    pub(crate) quiet: bool,
}

impl Session {
    fn new(global: &Global) -> Result<Self, Failure> {
        // What is given on the command line stands before what the environment says.
        let url = global
            .database_url
            .as_ref()
            .map(|url| ("PIXELATED_DATABASE_URL".to_owned(), url.expose().to_owned()));
        let mut config = Config::load(global.config.as_deref(), url.into_iter().chain(environment()))?;
        if let Some(folder) = &global.data_dir {
            config.data_dir.clone_from(folder);
        }
        if let Some(memory) = global.memory {
            config.memory_bytes = memory;
            config.validate()?;
        }
        Ok(Self {
            config,
            screen: Screen::new(global.color),
            json: global.json,
            quiet: global.quiet || global.json,
        })
    }
}

/// The environment, without what is not text.
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match Box::pin(run(cli)).await {
        Ok(Done::Whole) => ExitCode::SUCCESS,
        Ok(Done::WithRejects) => ExitCode::from(3),
        Ok(Done::WithProblems) => ExitCode::FAILURE,
        // The reader of the pipe has seen enough.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Output(error)) => complain(&format!("cannot write the output: {error}"), 1),
        Err(Failure::App(error)) => complain(&error.message, exit_code(error.kind)),
    }
}

async fn run(cli: Cli) -> Outcome {
    let mut session = Session::new(&cli.global)?;
    let done = Box::pin(commands::run(&mut session, cli.command)).await?;
    session.screen.flush()?;
    Ok(done)
}

const fn exit_code(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::Invalid | ErrorKind::TooLarge => 2,
        ErrorKind::NotFound => 4,
        ErrorKind::Unavailable | ErrorKind::Limited => 5,
        ErrorKind::Conflict | ErrorKind::Internal | ErrorKind::Unauthenticated | ErrorKind::Forbidden => 1,
    }
}

#[allow(clippy::print_stderr)] // The one place where an error reaches the user.
fn complain(message: &str, code: u8) -> ExitCode {
    // Whatever an error repeats of what it was given, a password is not shown.
    eprintln!("pixelated: {}", pe_app::masked(message));
    ExitCode::from(code)
}
