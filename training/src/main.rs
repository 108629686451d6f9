//! The trainer of the small models that are built into the program. Nobody who uses the program needs it; whoever wants to
//! check or to change a model runs it, and gets the same figures.

mod emotion;
mod error;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::error::Error;

/// Trains the models that are built into the program.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    model: Model,
}

#[derive(Debug, Subcommand)]
enum Model {
    /// The 28 emotion labels, from GoEmotions; a quarter of a minute.
    Emotion {
        /// The folder of the labelled data; `goemotions/train.tsv` and `goemotions/dev.tsv` are read.
        #[arg(long)]
        data: PathBuf,
        /// Where `weights.bin` and `CARD.md` are written.
        #[arg(long)]
        out: PathBuf,
        /// Of the order in which the comments are seen.
        #[arg(long, default_value_t = emotion::SEED)]
        seed: u64,
    },
}

#[allow(clippy::print_stdout, clippy::print_stderr)] // A program for the terminal.
fn main() -> ExitCode {
    let Model::Emotion { data, out, seed } = Arguments::parse().model;
    match emotion::train(&data, &out, seed) {
        Ok(figures) => {
            println!("{figures}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
