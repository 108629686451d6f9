//! The card of a dataset folder: front matter that dataset hubs read, then what was measured and what must be known.

use std::fmt::Write as _;

use pe_model::{Role, Tier};

use super::statistics::{Histogram, Statistics};
use super::{DatasetFacts, ExportOptions, ManifestFile, Split};

/// Licence names that dataset hubs know.
const KNOWN_LICENCES: [&str; 16] = [
    "apache-2.0",
    "mit",
    "bsd-3-clause",
    "cc0-1.0",
    "cc-by-3.0",
    "cc-by-4.0",
    "cc-by-sa-3.0",
    "cc-by-sa-4.0",
    "cc-by-nc-4.0",
    "cc-by-nc-sa-4.0",
    "cc-by-nc-nd-4.0",
    "cc-by-nd-4.0",
    "gpl-3.0",
    "odc-by",
    "odbl",
    "pddl",
];

/// The whole card.
pub(super) fn text(options: &ExportOptions, statistics: &Statistics, files: &[ManifestFile]) -> String {
    let mut card = String::new();
    // Writing to a string cannot fail.
    let _ = front_matter(&mut card, options, statistics, files);
    let _ = about(&mut card, options, statistics);
    let _ = parts(&mut card, files);
    let _ = measured(&mut card, statistics);
    let _ = tier_basis(&mut card, &options.tier_by);
    card.push_str(NOTES);
    card
}

const NOTES: &str = "
## Before you use it

* **Personal data are not redacted.** The texts are as they were imported: names, places and contact data included.
* Tier names stand for score bands (`basic` from 0.62, `standard` 0.69, `professional` 0.74, `clinical` 0.80, `research`
  0.82; `unrated` below): a name for a score band, not clinical validation or consent.
* Scores are read from the text alone by rules and small models. They judge no person, no session's outcome, and no risk.
* The licence and the consent basis above are as stated by whoever imported the data.
* `metadata`, `annotations` and `messages.metadata` are JSON texts; `messages.timestamp` is RFC 3339 text.
* A part follows from the content: equal texts, and both halves of a preference pair, are always in the same part.
";

fn front_matter(
    card: &mut String,
    options: &ExportOptions,
    statistics: &Statistics,
    files: &[ManifestFile],
) -> std::fmt::Result {
    writeln!(card, "---\npretty_name: {}", quoted(&title(options)))?;
    licence(card, &options.datasets)?;
    let languages: Vec<_> = statistics.languages.keys().filter(|code| !code.is_empty()).collect();
    if !languages.is_empty() {
        writeln!(card, "language:")?;
        languages.iter().try_for_each(|code| writeln!(card, "- {}", quoted(code)))?;
    }
    writeln!(card, "size_categories:\n- {}", size_category(statistics.conversations()))?;
    writeln!(card, "task_categories:\n- text-generation\ntags:\n- conversational")?;
    writeln!(card, "configs:\n- config_name: default\n  data_files:")?;
    for split in present(files) {
        writeln!(card, "  - split: {0}\n    path: data/{0}-*.parquet", split.name())?;
    }
    writeln!(card, "---\n")
}

/// `license` must be a name the hub knows; any other wording becomes `other` with a name of its own.
fn licence(card: &mut String, datasets: &[DatasetFacts]) -> std::fmt::Result {
    let mut stated: Vec<_> =
        datasets.iter().map(|facts| facts.licence.as_deref().unwrap_or("").trim()).collect();
    stated.sort_unstable();
    stated.dedup();
    match stated.as_slice() {
        [] | [""] => writeln!(card, "license: unknown"),
        [one] => {
            let name = one.to_lowercase().replace([' ', '_'], "-");
            if KNOWN_LICENCES.contains(&name.as_str()) {
                writeln!(card, "license: {name}")
            } else {
                writeln!(card, "license: other\nlicense_name: {}", quoted(one))
            }
        }
        several => writeln!(card, "license: other\nlicense_name: {}", quoted(&several.join("; "))),
    }
}

fn about(card: &mut String, options: &ExportOptions, statistics: &Statistics) -> std::fmt::Result {
    writeln!(card, "# {}\n", line(&title(options)))?;
    let (conversations, messages) = (statistics.conversations(), statistics.messages.sum());
    writeln!(
        card,
        "{conversations} conversations, {messages} messages, written by {}.\n",
        super::Manifest::TOOL
    )?;
    for facts in &options.datasets {
        let stated = |value: &Option<String>| value.as_deref().map_or_else(|| "not stated".to_owned(), line);
        writeln!(
            card,
            "* **{}**: {}",
            line(&facts.name),
            facts.description.as_deref().map_or_else(String::new, line)
        )?;
        writeln!(card, "  * source: {}", stated(&facts.source_kind))?;
        writeln!(card, "  * modality: {}", stated(&facts.modality))?;
        writeln!(card, "  * helper: {}", stated(&facts.helper_profile))?;
        writeln!(card, "  * licence: {}", stated(&facts.licence))?;
        writeln!(card, "  * consent basis: {}", stated(&facts.consent_basis))?;
    }
    if !options.filters.is_empty() {
        let filters = options.filters.iter().map(|(name, value)| format!("{} = {}", line(name), line(value)));
        writeln!(card, "\nChosen by: {}.", filters.collect::<Vec<_>>().join(", "))?;
    }
    Ok(())
}

fn parts(card: &mut String, files: &[ManifestFile]) -> std::fmt::Result {
    writeln!(card, "\n| part | conversations | messages | files |\n|---|---:|---:|---:|")?;
    for split in present(files) {
        let of_split = || files.iter().filter(|file| file.split.as_deref() == Some(split.name()));
        let records: u64 = of_split().map(|file| file.records).sum();
        let messages: u64 = of_split().map(|file| file.messages).sum();
        writeln!(card, "| {} | {records} | {messages} | {} |", split.name(), of_split().count())?;
    }
    Ok(())
}

fn measured(card: &mut String, statistics: &Statistics) -> std::fmt::Result {
    writeln!(
        card,
        "\n## Measured while it was written\n\n| | messages | words, mean | words, median |\n|---|---:|---:|---:|"
    )?;
    for (role, words) in Role::ALL.into_iter().zip(&statistics.words).filter(|(_, words)| words.total() > 0) {
        writeln!(
            card,
            "| {} | {} | {:.1} | {} |",
            role.name(),
            words.total(),
            words.mean(),
            words.quantile(0.5)
        )?;
    }
    let messages = &statistics.messages;
    writeln!(
        card,
        "\nMessages in a conversation: mean {:.1}, median {}.",
        messages.mean(),
        messages.quantile(0.5)
    )?;
    writeln!(card, "\n| language | conversations |\n|---|---:|")?;
    for (code, count) in &statistics.languages {
        writeln!(card, "| {} | {count} |", if code.is_empty() { "not read" } else { code })?;
    }
    writeln!(card, "\n| tier | conversations |\n|---|---:|")?;
    for (tier, count) in &statistics.tiers {
        writeln!(card, "| {} | {count} |", tier.map_or("no scores", Tier::name))?;
    }
    if statistics.scored().next().is_some() {
        writeln!(
            card,
            "\n| score | what it reads | lower quartile | median | upper quartile |\n|---|---|---:|---:|---:|"
        )?;
    }
    for (axis, scores) in statistics.scored() {
        let [low, middle, high] = [0.25, 0.5, 0.75].map(|share| thousandths(scores, share));
        writeln!(card, "| {} | {} | {low:.3} | {middle:.3} | {high:.3} |", axis.name(), axis.subtitle())?;
    }
    Ok(())
}

/// What the tiers above are taken from.
fn tier_basis(card: &mut String, tier_by: &str) -> std::fmt::Result {
    match tier_by {
        "" => Ok(()),
        "lower" => writeln!(
            card,
            "\nTiers are taken from the lower end of the score's interval (`tier_by = lower`)."
        ),
        by => writeln!(
            card,
            "\nTiers are taken from the score; under six replies from a lower value (`tier_by = {by}`)."
        ),
    }
}

fn thousandths(scores: &Histogram, share: f64) -> f64 {
    scores.quantile(share) as f64 / 1e3
}

/// The parts that have files.
fn present(files: &[ManifestFile]) -> impl Iterator<Item = Split> {
    Split::ALL
        .into_iter()
        .filter(|split| files.iter().any(|file| file.split.as_deref() == Some(split.name())))
}

fn title(options: &ExportOptions) -> String {
    match options.datasets.as_slice() {
        [only] => only.name.clone(),
        _ => options.target.file_name().unwrap_or_default().to_string_lossy().into_owned(),
    }
}

/// The hub's own names for sizes.
const fn size_category(conversations: u64) -> &'static str {
    match conversations {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        1_000_000..10_000_000 => "1M<n<10M",
        10_000_000..100_000_000 => "10M<n<100M",
        _ => "100M<n<1B",
    }
}

/// A text as a YAML scalar: every JSON string is one.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// A text on one line of Markdown, without what would end a table cell.
fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
