//! The command line, declared once; help, completions and the man page are derived from it. It is one long list, kept in one
//! file so that flags of one name stay alike.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use pe_app::SecretUrl;

use crate::screen::ColourChoice;

const ABOUT: &str = "Conversations in; every message read once; scores with their evidence, a search index and clean \
training data out. One program, one folder, nothing else to install.";

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed, or a check has found a problem
  2  the command line or the configuration is wrong
  3  done, but some records were rejected (they are listed in the rejects file)
  4  there is no such thing
  5  somebody else is writing to the data folder, or the system refuses (disk, permission)

Examples:
  pixelated import chats.jsonl --dataset chats
  pixelated search 'sleep \"night shift\" -medication' --min-quality 0.7

Tier names are names of score bands, not clinical validation or consent.";

/// Pixelated Empathy.
#[derive(Debug, Parser)]
#[command(name = "pixelated", version, about = ABOUT, after_help = EXIT_CODES, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Flags of every command.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Where everything is kept
    #[arg(long, global = true, env = "PIXELATED_DATA_DIR", value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// The database, where it is not a file in the data folder; better given in the environment, since others can see a command line
    #[arg(
        long,
        global = true,
        value_name = "URL",
        value_parser = secret_url,
        help = "The database, where it is not a file in the data folder: postgres://USER:PASSWORD@HOST/DATABASE (better \
                given as PIXELATED_DATABASE_URL or DATABASE_URL, since others can see a command line)"
    )]
    pub(crate) database_url: Option<SecretUrl>,
    /// What the command may hold in memory, such as 256MB or 2GiB [default: 1GiB]
    #[arg(long, global = true, value_name = "SIZE", value_parser = size)]
    pub(crate) memory: Option<usize>,
    /// A TOML file laid over the defaults (see `pixelated config`)
    #[arg(long, global = true, env = "PIXELATED_CONFIG", value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// When to colour the output
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    pub(crate) color: ColourChoice,
    /// Print JSON instead of text
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// No progress on standard error
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

#[allow(clippy::unnecessary_wraps)] // What the parser of arguments calls returns a result.
fn secret_url(text: &str) -> Result<SecretUrl, std::convert::Infallible> {
    Ok(SecretUrl::new(text))
}

/// Bytes, with a unit of thousands (kB, MB, GB) or of 1,024 (KiB, MiB, GiB).
fn size(text: &str) -> Result<usize, String> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let factor: usize = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        "kib" => 1 << 10,
        "mib" => 1 << 20,
        "gib" => 1 << 30,
        _ => return Err("a size is needed, such as 256MB or 2GiB".into()),
    };
    let bytes = number.parse::<usize>().ok().and_then(|number| number.checked_mul(factor));
    bytes.ok_or_else(|| "a size is needed, such as 256MB or 2GiB".into())
}

/// What can be asked for.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Read files of conversations, score them, and make them searchable
    Import(ImportArgs),
    /// Find messages by words, phrases and filters
    Search(SearchArgs),
    /// Give conversations back as training data
    Export(ExportArgs),
    /// List datasets, or describe one
    Datasets(DatasetsArgs),
    /// List conversations with their scores
    List(ListArgs),
    /// Show one conversation with its scores and their evidence
    Show(ShowArgs),
    /// Tiers, lengths, languages, openers, duplicates
    Stats(StatsArgs),
    /// Compare two datasets, or two conversations
    Compare(CompareArgs),
    /// Score the conversations of a file without keeping them
    Validate(ValidateArgs),
    /// Bring stored scores to the current version of readers, rules and weights
    Rescore(RescoreArgs),
    /// Build the search index anew from the database
    #[command(after_help = "\
Examples:
  pixelated reindex
  pixelated --data-dir /srv/pixelated reindex")]
    Reindex,
    /// Print every figure the product claims, beside trivial rules
    Evaluate(EvaluateArgs),
    /// Copy the whole data folder into one file, while others read and write
    Backup(BackupArgs),
    /// Put a backup into an empty data folder
    Restore(RestoreArgs),
    /// Copy a database into another one, and compare every row of both
    Copy(CopyArgs),
    /// Bring the schema of the database up to date
    Migrate(MigrateArgs),
    /// Look whether everything is sound: folder, disk, database, rows, index
    #[command(after_help = "\
Examples:
  pixelated doctor
  pixelated --json doctor | jq .sound

Reads all of the database and of the index, and changes nothing. Exit code 1: there is a problem.")]
    Doctor,
    /// Make up conversations to try and to measure with: nobody is in them
    Synth(SynthArgs),
    /// Print the settings in force
    Config(ConfigArgs),
    /// Print completions for a shell
    Completions(CompletionsArgs),
    /// Print the manual page (troff)
    #[command(after_help = "\
Examples:
  pixelated man | man -l -
  pixelated man > ~/.local/share/man/man1/pixelated.1")]
    Man,
}

/// Which conversations.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct FilterArgs {
    /// Only this dataset
    #[arg(long, value_name = "NAME")]
    pub(crate) dataset: Option<String>,
    /// Only these tiers (comma separated): unrated, basic, standard, professional, clinical, research
    #[arg(long, value_delimiter = ',', value_name = "TIER")]
    pub(crate) tier: Vec<String>,
    /// Overall quality of at least this, 0 to 1
    #[arg(long, value_name = "SCORE", value_parser = fraction)]
    pub(crate) min_quality: Option<f64>,
    /// Overall quality of at most this, 0 to 1
    #[arg(long, value_name = "SCORE", value_parser = fraction)]
    pub(crate) max_quality: Option<f64>,
    /// Only this language (ISO 639-1, such as en)
    #[arg(long, value_name = "CODE")]
    pub(crate) lang: Option<String>,
    /// Imported on or after this day (2026-01-31)
    #[arg(long, value_name = "DAY")]
    pub(crate) from: Option<String>,
    /// Imported before this day
    #[arg(long, value_name = "DAY")]
    pub(crate) to: Option<String>,
}

fn fraction(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if (0.0..=1.0).contains(&value) => Ok(value),
        _ => Err("a number from 0 to 1 is needed, such as 0.7".into()),
    }
}

/// How files are to be read.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct ReadArgs {
    /// The format, where it should not be guessed (see docs/formats.md)
    #[arg(long, value_name = "NAME")]
    pub(crate) format: Option<String>,
    /// The characters, where they should not be guessed: utf-8, utf-16le, utf-16be, windows-1252
    #[arg(long, value_name = "NAME")]
    pub(crate) encoding: Option<String>,
    /// A file that says which field is what, for any other shape
    #[arg(long, value_name = "FILE")]
    pub(crate) map: Option<PathBuf>,
    /// Which role a speaker label stands for, such as listener=assistant (may be repeated)
    #[arg(long, value_name = "LABEL=ROLE")]
    pub(crate) role: Vec<String>,
}

impl ReadArgs {
    /// For the use cases.
    pub(crate) fn flags(&self) -> pe_app::ReadFlags {
        pe_app::ReadFlags {
            format: self.format.clone(),
            encoding: self.encoding.clone(),
            map: self.map.clone(),
            roles: self.role.clone(),
        }
    }
}

/// `pixelated import`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated import chats.jsonl --dataset chats
  zcat old.csv.gz | pixelated import - --dataset old --format csv --role listener=assistant

Importing the same files again changes nothing; an import that was killed completes when it is run again.
What is declared of the modality and the helper is kept with the dataset and decides how its conversations are scored.")]
#[command(mut_group("DeclarationArgs", |group| group.conflicts_with("dry_run")))]
pub(crate) struct ImportArgs {
    /// Files, folders, globs, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<String>,
    /// The dataset they go into
    #[arg(long, value_name = "NAME", required_unless_present = "dry_run")]
    pub(crate) dataset: Option<String>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    #[command(flatten)]
    pub(crate) declaration: DeclarationArgs,
    /// Show the guessed format, the first three conversations and the counts; keep nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Stop at the first record that can't be read
    #[arg(long)]
    pub(crate) strict: bool,
    /// What happens to a known id with other content
    #[arg(long, value_enum, value_name = "WHAT")]
    pub(crate) on_conflict: Option<Conflict>,
    /// Where records that can't be read are listed [default: rejects/ in the data folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) rejects: Option<PathBuf>,
}

/// What scoring must know of the data and can't read from it.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct DeclarationArgs {
    /// In which way people are helped: mi is scored by the anchors of motivational interviewing, any other by common factors
    #[arg(long, value_name = "NAME", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(crate) modality: Option<String>,
    /// Who helps, which decides how grave a breach of conduct is
    #[arg(long, value_name = "WHO", value_parser = ["licensed", "trainee", "peer", "ai", "unknown"])]
    pub(crate) helper: Option<String>,
}

/// What happens to a known id with other content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Conflict {
    /// Replace it and score it again
    Update,
    /// Keep what is there
    Skip,
    /// Stop
    Fail,
}

/// `pixelated search`
#[derive(Debug, Args)]
#[command(after_help = "\
A query is words (any of them, best first), \"exact phrases\", +must, -not, prefix*: all of them within one message; and
role:, emotion:, tier:, dataset:, lang: with one or more values (role:assistant, tier:clinical,research).

Examples:
  pixelated search 'panic \"on the bus\" role:user'
  pixelated search 'advi* -medication emotion:fear' --dataset chats --min-quality 0.7")]
pub(crate) struct SearchArgs {
    /// What to look for
    #[arg(value_name = "QUERY", allow_hyphen_values = true)]
    pub(crate) query: String,
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
    /// How many conversations
    #[arg(long, default_value_t = 10, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) limit: u32,
    /// How many to pass over first
    #[arg(long, default_value_t = 0, value_name = "N", value_parser = clap::value_parser!(u32).range(0..=10_000))]
    pub(crate) offset: u32,
}

/// `pixelated export`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated export --format parquet --output chats.parquet --dataset chats --tier clinical,research
  pixelated export --format huggingface --output chats-hf --dataset chats --split 0.9,0.05,0.05 --licence cc-by-4.0 --consent-basis 'written consent'

Personal data are not redacted. What is unrated or not scorable is left out unless --tier names it or --all is given.")]
pub(crate) struct ExportArgs {
    /// jsonl, csv, parquet, huggingface, openai or preference
    #[arg(long, value_name = "NAME")]
    pub(crate) format: String,
    /// The file, or for huggingface the folder
    #[arg(long, short, value_name = "PATH")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
    /// Only the messages of this role: user, assistant, system or tool
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Option<String>,
    /// Unrated and not scorable conversations too
    #[arg(long)]
    pub(crate) all: bool,
    /// openai: weight 0 for helper turns that lower a score, so that training skips them
    #[arg(long)]
    pub(crate) weights: bool,
    /// Shares of train, validation and test, such as 0.9,0.05,0.05
    #[arg(long, value_delimiter = ',', value_name = "SHARES")]
    pub(crate) split: Vec<f64>,
    /// Keep the texts of messages that may tell of a way or a plan of self-harm
    #[arg(long)]
    pub(crate) graphic: bool,
    /// Replace what is there
    #[arg(long)]
    pub(crate) overwrite: bool,
    #[command(flatten)]
    pub(crate) terms: TermsArgs,
}

/// Under which terms a dataset may be used; asked for once.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct TermsArgs {
    /// The licence of the dataset, such as cc-by-4.0 or internal (kept with the dataset)
    #[arg(long, value_name = "LICENCE")]
    pub(crate) licence: Option<String>,
    /// On what consent or other basis the conversations may be used (kept with the dataset)
    #[arg(long, value_name = "TEXT")]
    pub(crate) consent_basis: Option<String>,
}

/// `pixelated datasets`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated datasets
  pixelated datasets chats --describe 'Listening line, 2025' --licence internal --consent-basis 'terms of use, section 4'
  pixelated datasets chats --modality mi --helper trainee

What is declared of the modality and the helper (kept with the dataset) decides how its conversations are scored.")]
#[command(mut_group("DeclarationArgs", |group| group.requires("name").conflicts_with("remove")))]
#[command(mut_group("TermsArgs", |group| group.requires("name").conflicts_with("remove")))]
pub(crate) struct DatasetsArgs {
    /// The dataset to describe
    #[arg(value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// Say what it is
    #[arg(long, value_name = "TEXT", requires = "name")]
    pub(crate) describe: Option<String>,
    /// Where it comes from
    #[arg(long, value_name = "KIND", requires = "name", value_parser = ["people", "synthetic", "mixed"])]
    pub(crate) source_kind: Option<String>,
    #[command(flatten)]
    pub(crate) terms: TermsArgs,
    #[command(flatten)]
    pub(crate) declaration: DeclarationArgs,
    /// Take back what is stated (given again for each thing)
    #[arg(long, value_name = "WHAT", requires = "name", conflicts_with = "remove",
        value_parser = ["description", "source-kind", "modality", "helper", "licence", "consent-basis"])]
    pub(crate) clear: Vec<String>,
    /// Remove the dataset and everything in it
    #[arg(long, requires = "name")]
    pub(crate) remove: bool,
    /// Do not ask before removing
    #[arg(long, requires = "remove")]
    pub(crate) yes: bool,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Order {
    /// As they came in
    #[default]
    Created,
    /// Best first
    Best,
    /// Worst first
    Worst,
}

/// `pixelated list`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated list --dataset chats --sort worst --limit 20
  pixelated list --tier clinical,research --json")]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
    /// In which order
    #[arg(long, value_enum, default_value_t, value_name = "ORDER")]
    pub(crate) sort: Order,
    /// How many
    #[arg(long, default_value_t = 20, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) limit: u32,
    /// Go on after this id (printed at the end of a list)
    #[arg(long, value_name = "ID")]
    pub(crate) after: Option<String>,
}

/// `pixelated show`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated show 0192f3a4
  pixelated show chats/a-001 --axis safety_score")]
pub(crate) struct ShowArgs {
    /// Its id, the first digits of it, the source's own id, or DATASET/ID
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    /// Evidence of this metric alone
    #[arg(long, value_name = "METRIC")]
    pub(crate) axis: Option<String>,
    /// Lines of evidence for each metric
    #[arg(long, default_value_t = 6, value_name = "N")]
    pub(crate) lines: usize,
    /// The scores and evidence without the conversation
    #[arg(long)]
    pub(crate) scores: bool,
    /// Unfold messages that are folded for graphic content
    #[arg(long)]
    pub(crate) unfold: bool,
}

/// `pixelated stats`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated stats
  pixelated stats --dataset chats --json")]
pub(crate) struct StatsArgs {
    #[command(flatten)]
    pub(crate) filter: FilterArgs,
}

/// `pixelated compare`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated compare chats-2024 chats-2025
  pixelated compare chats/a-001 chats/b-007")]
pub(crate) struct CompareArgs {
    /// A dataset or a conversation
    pub(crate) a: String,
    /// Another one
    pub(crate) b: String,
}

/// `pixelated validate`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated validate chats.jsonl
  pixelated validate chats.csv --output scores.jsonl")]
pub(crate) struct ValidateArgs {
    /// Files, folders, globs, or - for standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) paths: Vec<String>,
    /// Where the reports go, a line of JSON each [default: a table on standard output]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Replace what is there
    #[arg(long)]
    pub(crate) overwrite: bool,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    #[command(flatten)]
    pub(crate) declaration: DeclarationArgs,
}

/// `pixelated rescore`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated rescore
  pixelated rescore --dataset chats --all")]
pub(crate) struct RescoreArgs {
    /// Only this dataset
    #[arg(long, value_name = "NAME")]
    pub(crate) dataset: Option<String>,
    /// Those that are current too
    #[arg(long)]
    pub(crate) all: bool,
}

/// `pixelated evaluate`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated evaluate quality
  pixelated evaluate search --markdown")]
pub(crate) struct EvaluateArgs {
    /// One suite; without it, all
    #[arg(value_name = "SUITE")]
    pub(crate) suite: Option<String>,
    /// The folder of labelled data
    #[arg(long, env = "PIXELATED_EVAL_DATA", default_value = "../shared/data", value_name = "DIR")]
    pub(crate) data: PathBuf,
    /// Markdown instead of a table
    #[arg(long)]
    pub(crate) markdown: bool,
}

/// `pixelated backup`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated backup pixelated-2026-01-31.db
  pixelated backup --overwrite /mnt/safe/pixelated.db")]
pub(crate) struct BackupArgs {
    /// The file to write
    #[arg(value_name = "FILE")]
    pub(crate) to: PathBuf,
    /// Replace what is there
    #[arg(long)]
    pub(crate) overwrite: bool,
}

/// `pixelated restore`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated restore pixelated-2026-01-31.db
  pixelated --data-dir /tmp/look restore /mnt/safe/pixelated.db")]
pub(crate) struct RestoreArgs {
    /// The backup
    #[arg(value_name = "FILE")]
    pub(crate) from: PathBuf,
}

/// `pixelated synth`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated synth --conversations 10000 --out made-up.jsonl
  pixelated synth --seed 7 --conversations 1000 | pixelated import - --dataset made-up

The same seed writes the same conversations on every machine. Some repeat earlier ones, some hold invented personal data; how
many is printed, or written by --manifest. They are made to measure with, not to train with.")]
pub(crate) struct SynthArgs {
    /// Another seed, other conversations
    #[arg(long, default_value_t = 1, value_name = "N")]
    pub(crate) seed: u64,
    /// How many
    #[arg(long, short = 'n', value_name = "N", value_parser = clap::value_parser!(u64).range(1..=100_000_000))]
    pub(crate) conversations: u64,
    /// The file to write (JSON Lines), or - for standard output
    #[arg(long, short, default_value = "-", value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Write what there is and what was planted, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) manifest: Option<PathBuf>,
    /// Replace what is there
    #[arg(long)]
    pub(crate) overwrite: bool,
}

/// `pixelated copy`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated copy --from ~/.local/share/pixelated --to postgres://pixelated@localhost/pixelated
  pixelated copy --from postgres://pixelated@localhost/pixelated --to /srv/pixelated

Run again after it was interrupted, it goes on. The search index is made by the first search in the copy.")]
pub(crate) struct CopyArgs {
    /// What is copied: a data folder, a sqlite: or a postgres: URL
    #[arg(long, value_name = "URL", value_parser = secret_url)]
    pub(crate) from: SecretUrl,
    /// Where to; a database of a server must be there, tables are made
    #[arg(long, value_name = "URL", value_parser = secret_url)]
    pub(crate) to: SecretUrl,
}

/// `pixelated migrate`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated migrate
  pixelated migrate --check || echo 'run pixelated migrate first'")]
pub(crate) struct MigrateArgs {
    /// Only say what is to be done; exit code 1 if there is something
    #[arg(long)]
    pub(crate) check: bool,
}

/// `pixelated config`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated config
  pixelated config --defaults > pixelated.toml")]
pub(crate) struct ConfigArgs {
    /// The commented defaults instead of the settings in force
    #[arg(long)]
    pub(crate) defaults: bool,
}

/// `pixelated completions`
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  pixelated completions bash > ~/.local/share/bash-completion/completions/pixelated
  pixelated completions fish > ~/.config/fish/completions/pixelated.fish")]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_declaration_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_two_examples() {
        for command in Cli::command().get_subcommands() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(help.matches("pixelated ").count() >= 2, "{}", command.get_name());
        }
    }
}
