//! `pixelated validate`: the conversations of a file scored without keeping them.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use pe_app::{Error, Scorer, Validated};
use pe_model::{Conversation, Outcome as Scores, Report};
use serde_json::{Value, json};

use super::report::{points_cell, tier_cell};
use crate::bar::Bar;
use crate::cli::ValidateArgs;
use crate::layout::{Align, Table, thousands};
use crate::screen::Ink;
use crate::{Done, Outcome, Session};

/// Lines of the table; a larger file is for `--output`.
const SHOWN: usize = 50;

pub(super) fn run(session: &mut Session, args: &ValidateArgs) -> Outcome {
    let read = args.read.flags().options(&session.config)?;
    let declaration = &args.declaration;
    let scorer =
        Scorer::for_dataset(&session.config, declaration.modality.as_deref(), declaration.helper.as_deref())?;
    let mut sink = Sink::new(args.output.as_deref(), args.overwrite, session.json)?;
    let progress = Bar::new(session.quiet);
    let outcome = pe_app::validate(&scorer, &args.paths, &read, &progress, |found| sink.take(found));
    progress.clear();
    outcome?;
    sink.finish(session)
}

/// Where reports go: a file of JSON lines, standard output as JSON, or a table.
struct Sink<'a> {
    file: Option<(BufWriter<File>, &'a Path, Partial)>,
    json: Option<Vec<Value>>,
    table: Table,
    rows: usize,
    scored: u64,
    not_scorable: u64,
    rejected: u64,
    failed: Vec<String>,
}

impl<'a> Sink<'a> {
    fn new(output: Option<&'a Path>, overwrite: bool, json: bool) -> Result<Self, Error> {
        let file = match output {
            Some(path) if path.exists() && !overwrite => {
                return Err(Error::conflict(format!(
                    "{} exists; name another file or give --overwrite",
                    path.display()
                )));
            }
            Some(path) => {
                let partial = path.with_added_extension("partial");
                let file = File::create(&partial).map_err(|error| unwritable(&partial, &error))?;
                Some((BufWriter::new(file), path, Partial(partial)))
            }
            None => None,
        };
        let table = Table::new(&[
            ("conversation", Align::Fill),
            ("tier", Align::Left),
            ("overall", Align::Right),
            ("skill", Align::Right),
            ("coherence", Align::Right),
            ("attuned", Align::Right),
            ("conduct", Align::Right),
            ("safety", Align::Right),
        ]);
        let json = (json && output.is_none()).then(Vec::new);
        Ok(Self { file, json, table, rows: 0, scored: 0, not_scorable: 0, rejected: 0, failed: Vec::new() })
    }

    fn take(&mut self, found: Validated) -> Result<(), Error> {
        match found {
            Validated::Conversation(conversation, reports) => {
                match reports.first().map(|report| &report.outcome) {
                    Some(Scores::Scored(_)) => self.scored += 1,
                    _ => self.not_scorable += 1,
                }
                self.write(&json!({"id": conversation.source_id, "reports": reports}))?;
                self.row(&conversation, reports.first());
            }
            Validated::Failed(path, error) => {
                self.rejected += 1;
                self.write(&json!({"failed": path, "reason": error.message}))?;
                self.failed.push(error.message);
            }
            Validated::Reject(reject) => {
                self.rejected += 1;
                let place = json!({"line": reject.place.line, "offset": reject.place.offset});
                self.write(&json!({"rejected": reject.reason, "place": place}))?;
            }
        }
        Ok(())
    }

    fn write(&mut self, value: &Value) -> Result<(), Error> {
        if let Some(lines) = &mut self.json {
            lines.push(value.clone());
        }
        let Some((file, _, partial)) = &mut self.file else { return Ok(()) };
        writeln!(file, "{value}").map_err(|error| unwritable(&partial.0, &error))
    }

    fn row(&mut self, conversation: &Conversation, report: Option<&Report>) {
        self.rows += 1;
        if self.rows > SHOWN {
            return;
        }
        let assessment = report.and_then(|report| report.outcome.assessment());
        let name = conversation.source_id.clone().unwrap_or_else(|| format!("({})", self.rows));
        let mut cells = vec![(Ink::Plain, name), tier_cell(assessment.map(|assessment| assessment.tier))];
        for axis in [pe_model::Axis::OverallQuality].iter().chain(&pe_model::Axis::ALL[..5]) {
            let score = assessment.and_then(|assessment| assessment.score(axis.name()));
            cells.push((Ink::Plain, points_cell(score.map(|score| score.value))));
        }
        self.table.inked_row(cells);
    }

    fn finish(self, session: &mut Session) -> Outcome {
        let screen = &mut session.screen;
        if let Some((file, path, partial)) = self.file {
            let written = file.into_inner().map_err(std::io::IntoInnerError::into_error);
            let written =
                written.and_then(|file| file.sync_all()).and_then(|()| std::fs::rename(&partial.0, path));
            written.map_err(|error| unwritable(path, &error))?;
            if !session.json {
                screen.line(format!("reports are in {}", path.display()))?;
            }
        } else if let Some(lines) = self.json {
            screen.json(&lines)?;
        } else {
            self.table.write(screen)?;
            if self.rows > SHOWN {
                screen.inked(
                    Ink::Faint,
                    format!("  and {} more (--output FILE writes all)", self.rows - SHOWN),
                )?;
            }
        }
        if !session.json {
            for error in &self.failed {
                screen.inked(Ink::Bad, format!("not read: {error}"))?;
            }
            let counts = [self.scored, self.not_scorable, self.rejected].map(thousands);
            screen.inked(
                Ink::Faint,
                format!("{} scored, {} not scorable, {} rejected", counts[0], counts[1], counts[2]),
            )?;
        }
        Ok(if self.rejected > 0 { Done::WithRejects } else { Done::Whole })
    }
}

/// A file on its way, under a name of its own until it is whole.
struct Partial(PathBuf);

fn unwritable(path: &Path, error: &std::io::Error) -> Error {
    Error::unavailable(format!("cannot write {}: {error}", path.display()))
}

impl Drop for Partial {
    /// What was not finished leaves nothing behind.
    fn drop(&mut self) {
        if self.0.exists() {
            // There is nobody left to tell; the error of the command was told.
            let _ = std::fs::remove_file(&self.0);
        }
    }
}
