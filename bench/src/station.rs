//! One size, measured from the first byte to the last: made, imported, searched, exported, scored and indexed again.

use std::path::{Path, PathBuf};

use serde::Serialize;
use serde_json::Value;

use crate::failure::Failure;
use crate::search::{self, Latencies};
use crate::tool::{self, Tool};
use crate::watch::Usage;

/// The dataset of all measurements.
pub(crate) const DATASET: &str = "bench";

/// The formats that are measured. `preference` needs pairs, which made-up conversations are not.
const FORMATS: [(&str, &str); 5] = [
    ("jsonl", "export.jsonl"),
    ("csv", "export.csv"),
    ("parquet", "export.parquet"),
    ("huggingface", "export-folder"),
    ("openai", "export-openai.jsonl"),
];

/// What one size gave.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Size {
    pub(crate) conversations: u64,
    pub(crate) messages: u64,
    /// Bytes of the JSON Lines that were imported.
    pub(crate) input: u64,
    /// Writing them.
    pub(crate) synth: Usage,
    pub(crate) import: Usage,
    /// Microseconds of processor time by stage, as the import reports them.
    pub(crate) stages: Vec<(String, f64)>,
    /// Bytes on the disk afterwards.
    pub(crate) database: u64,
    pub(crate) index: u64,
    /// Every run of the tool: what, under which cap, and what it took.
    pub(crate) runs: Vec<Run>,
    pub(crate) exports: Vec<Export>,
    pub(crate) search: Latencies,
    /// Seconds of whole processes that answer one query, files in memory and files forgotten.
    pub(crate) restarts: [Vec<f64>; 2],
    /// What could not be measured, and why.
    pub(crate) missing: Vec<String>,
}

/// A run of the tool.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Run {
    pub(crate) what: String,
    /// `--memory`, or the default.
    pub(crate) memory: Option<String>,
    pub(crate) usage: Usage,
}

/// An export.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Export {
    pub(crate) format: String,
    pub(crate) usage: Usage,
    /// Bytes that were written.
    pub(crate) bytes: u64,
}

/// Where a size is measured.
pub(crate) struct Station<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) program: &'a Path,
    pub(crate) seed: u64,
    pub(crate) queries: usize,
}

impl Station<'_> {
    /// The file of conversations of a size.
    pub(crate) fn input(&self, conversations: u64) -> PathBuf {
        self.folder.join(format!("made-up-{conversations}.jsonl"))
    }

    fn tool(&self, memory: Option<&str>) -> Tool {
        let data =
            self.folder.join(memory.map_or_else(|| "data".to_owned(), |memory| format!("data-{memory}")));
        Tool { program: self.program.to_owned(), data, memory: memory.map(str::to_owned) }
    }

    /// Measures a size; `low` is a cap to measure under once more. The file of conversations stays, the data folders go.
    pub(crate) fn measure(&self, conversations: u64, low: Option<&str>) -> Result<Size, Failure> {
        say(&format!("{conversations} conversations: made up"));
        let synth = self.make(conversations)?;
        let tool = self.tool(None);
        clear(&tool.data)?;
        say("imported");
        let (summary, import) = self.import(&tool, conversations)?;
        let mut size = self.size(conversations, synth, import, &summary, &tool);
        say("searched");
        let texts = search::texts(&self.input(conversations))?;
        let queries = crate::queries::queries(&texts, self.queries);
        size.search = search::measure(&tool.data, &queries)?;
        size.restarts = restarts(&tool, &queries)?;
        say("exported");
        size.exports = self.exports(&tool)?;
        size.runs = self.others(&tool, &mut size.missing)?;
        clear(&tool.data)?;
        if let Some(low) = low {
            say(&format!("all again with --memory {low}"));
            let mut runs = self.low(low, conversations, &mut size.missing)?;
            size.runs.append(&mut runs);
        }
        Ok(size)
    }

    /// Writes the conversations.
    fn make(&self, conversations: u64) -> Result<Usage, Failure> {
        let (seed, count) = (self.seed.to_string(), conversations.to_string());
        let input = self.input(conversations);
        let out = input.display().to_string();
        let arguments = ["synth", "--overwrite", "--seed", &seed, "--conversations", &count, "--out", &out];
        Ok(self.tool(None).run(&arguments)?.1)
    }

    fn import(&self, tool: &Tool, conversations: u64) -> Result<(Value, Usage), Failure> {
        let input = self.input(conversations).display().to_string();
        tool.run(&["import", &input, "--dataset", DATASET])
    }

    fn size(&self, conversations: u64, synth: Usage, import: Usage, summary: &Value, tool: &Tool) -> Size {
        let index = tool::size(&tool.data.join("index"));
        Size {
            conversations,
            messages: summary["messages"].as_u64().unwrap_or(0),
            input: tool::size(&self.input(conversations)),
            synth,
            import,
            stages: stages(summary),
            database: tool::size(&tool.data) - index,
            index,
            runs: Vec::new(),
            exports: Vec::new(),
            search: Latencies::default(),
            restarts: [Vec::new(), Vec::new()],
            missing: Vec::new(),
        }
    }

    /// Every format once; what was written goes at once.
    fn exports(&self, tool: &Tool) -> Result<Vec<Export>, Failure> {
        FORMATS
            .iter()
            .map(|(format, file)| {
                let out = self.folder.join(file);
                let usage = export(tool, format, &out)?;
                let bytes = tool::size(&out);
                clear(&out)?;
                clear(&self.folder.join(format!("{file}.manifest.json")))?;
                Ok(Export { format: (*format).to_owned(), usage, bytes })
            })
            .collect()
    }

    /// What else is promised to keep within its memory. What can't be done is noted: an hour of figures is not thrown away for it.
    fn others(&self, tool: &Tool, missing: &mut Vec<String>) -> Result<Vec<Run>, Failure> {
        let copy = self.folder.join("copy");
        clear(&copy)?;
        let (from, to) = (tool.data.display().to_string(), copy.display().to_string());
        let mut commands = vec![vec!["search", "night shift"], vec!["rescore", "--all"], vec!["reindex"]];
        if tool.knows(&["copy"], "--from")? {
            commands.push(vec!["copy", "--from", &from, "--to", &to]);
        } else {
            missing.push("copy: this tool has no such command".to_owned());
        }
        let mut runs = Vec::new();
        for command in commands {
            match tool.run(&command) {
                Ok((_, usage)) => {
                    runs.push(Run { what: command[0].to_owned(), memory: tool.memory.clone(), usage });
                }
                Err(failure) => missing.push(failure.to_string()),
            }
        }
        clear(&copy)?;
        Ok(runs)
    }

    /// Everything once more under a cap, for memory alone.
    fn low(&self, low: &str, conversations: u64, missing: &mut Vec<String>) -> Result<Vec<Run>, Failure> {
        let tool = self.tool(Some(low));
        clear(&tool.data)?;
        let run = |what: &str, usage| Run { what: what.to_owned(), memory: tool.memory.clone(), usage };
        let mut runs = vec![run("import", self.import(&tool, conversations)?.1)];
        for export in self.exports(&tool)? {
            runs.push(run(&format!("export {}", export.format), export.usage));
        }
        runs.append(&mut self.others(&tool, missing)?);
        clear(&tool.data)?;
        Ok(runs)
    }
}

impl Size {
    /// Every run of the tool, imports and exports too.
    pub(crate) fn all_runs(&self) -> Vec<Run> {
        let run = |what: String, usage| Run { what, memory: None, usage };
        let mut runs = vec![run("import".into(), self.import)];
        runs.extend(self.exports.iter().map(|export| run(format!("export {}", export.format), export.usage)));
        runs.extend(self.runs.iter().cloned());
        runs
    }

    /// The export in a format.
    pub(crate) fn export(&self, format: &str) -> Option<&Export> {
        self.exports.iter().find(|export| export.format == format)
    }
}

fn export(tool: &Tool, format: &str, out: &Path) -> Result<Usage, Failure> {
    let out = out.display().to_string();
    let terms = ["--licence", "internal", "--consent-basis", "made up"];
    let mut arguments = vec!["export", "--format", format, "--output", &out, "--dataset", DATASET, "--all"];
    arguments.extend(["--overwrite", "--graphic"]);
    arguments.extend(terms);
    Ok(tool.run(&arguments)?.1)
}

/// Whole processes from start to answer: twenty with the files in memory, ten with the files forgotten.
fn restarts(tool: &Tool, queries: &[crate::queries::Query]) -> Result<[Vec<f64>; 2], Failure> {
    let once = |query: &crate::queries::Query, cold: bool| {
        if cold {
            tool::forget(&tool.data);
        }
        tool.answer(&["search", "--", &query.text])
    };
    let step = (queries.len() / 20).max(1);
    let some = || queries.iter().step_by(step);
    Ok([
        some().map(|query| once(query, false)).collect::<Result<_, Failure>>()?,
        some().step_by(2).map(|query| once(query, true)).collect::<Result<_, Failure>>()?,
    ])
}

/// The stages that an import reports, in its order; none where it reports none.
fn stages(summary: &Value) -> Vec<(String, f64)> {
    let names = ["read", "signals", "score", "store", "index", "total"];
    names.iter().filter_map(|name| Some(((*name).to_owned(), summary["stages"][*name].as_f64()?))).collect()
}

/// Removes a file or folder; that there is none is fine.
pub(crate) fn clear(path: &Path) -> Result<(), Failure> {
    let removed = if path.is_dir() { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Failure::file(path)(error)),
        _ => Ok(()),
    }
}

/// A word to whoever waits.
#[allow(clippy::print_stderr)] // A run takes minutes; figures go to standard output.
pub(crate) fn say(text: &str) {
    eprintln!("bench: {text}");
}
