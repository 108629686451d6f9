//! Validate: the conversations of a file scored without keeping anything.

use std::path::PathBuf;

use pe_formats::{Item, ReadOptions, Reject};
use pe_model::{Conversation, Report};
use rayon::prelude::*;

use crate::import::read_file;
use crate::progress::Pace;
use crate::{Error, FileGuess, Progress, Scorer, Tick};

/// Conversations that are scored together, on all cores.
const STEP: usize = 256;

/// What comes out of a validation, one after the other.
#[derive(Debug)]
pub enum Validated {
    /// A conversation and what each validator says of it.
    Conversation(Box<Conversation>, Vec<Report>),
    /// A record that could not be read.
    Reject(Reject),
    /// A file that could not be read, one of several.
    Failed(PathBuf, Error),
}

/// Scores everything in `paths` and gives it to `each`, in order; what each file was taken for.
pub fn validate(
    scorer: &Scorer,
    paths: &[String],
    read: &ReadOptions,
    progress: &dyn Progress,
    mut each: impl FnMut(Validated) -> Result<(), Error>,
) -> Result<Vec<FileGuess>, Error> {
    let mut pace = Pace::new(progress);
    let mut conversations = 0;
    let mut guesses = Vec::new();
    let inputs = pe_formats::expand(paths)?;
    let alone = inputs.len() == 1;
    for input in inputs {
        let mut waiting = Vec::with_capacity(STEP);
        let outcome = read_file(&input, read, |item| {
            match item {
                Item::Record(record) => waiting.push(record.conversation),
                Item::Reject(reject) => each(Validated::Reject(reject))?,
            }
            if waiting.len() >= STEP {
                conversations += waiting.len() as u64;
                score(scorer, &mut waiting, &mut each)?;
                let subject = input.path().display().to_string();
                pace.tick(|| Tick { subject, conversations, ..Tick::default() });
            }
            Ok(())
        });
        score(scorer, &mut waiting, &mut each)?;
        match outcome {
            Ok(guess) => guesses.push(guess),
            Err(error) if alone => return Err(error),
            Err(error) => each(Validated::Failed(input.path().to_path_buf(), error))?,
        }
    }
    Ok(guesses)
}

fn score(
    scorer: &Scorer,
    waiting: &mut Vec<Conversation>,
    each: &mut impl FnMut(Validated) -> Result<(), Error>,
) -> Result<(), Error> {
    let scored: Vec<_> = std::mem::take(waiting)
        .into_par_iter()
        .map(|conversation| {
            let reports = scorer.score(&conversation).reports;
            (conversation, reports)
        })
        .collect();
    scored.into_iter().try_for_each(|(conversation, reports)| {
        each(Validated::Conversation(Box::new(conversation), reports))
    })
}
