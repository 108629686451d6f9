//! How the canonical scores lie on the example conversations that the project ships: by intended band, with tiers, rank
//! correlations with the band and with length, and the pooled spread of one exchange for `rules/canonical.toml`.
//! `cargo run --release -p pe-quality --example calibrate [-- FILE...]`
//!
//! Bands are what an author set out to write; they are no human rating, and nothing here is a figure of accuracy.
#![allow(clippy::print_stdout)] // A program that prints figures.

use std::error::Error;
use std::path::PathBuf;

use pe_language::Reader;
use pe_model::{Assessment, Conversation, Points, Role, Tier};
use pe_quality::{HelperProfile, QualityConfig, Validator, validators};

const BANDS: [&str; 5] = ["harmful", "poor", "fair", "good", "excellent"];

struct Scored {
    id: String,
    band: usize,
    words: f64,
    assessment: Assessment,
    /// Squared influence of one exchange on each score.
    influence: Vec<f64>,
}

impl Scored {
    /// Whether no conduct rule fired and no risk cue was found.
    fn is_quiet(&self) -> bool {
        self.assessment.score("clinical_compliance").is_some_and(|score| score.value == Points::ONE)
            && self
                .assessment
                .score("safety_score")
                .and_then(|score| score.note.as_deref())
                .is_some_and(|note| note.starts_with("risk_opportunity: none"))
    }
}

struct Judge {
    reader: Reader,
    by_profile: Vec<(&'static str, Box<dyn Validator>)>,
    /// Whether the declared modality and helper count.
    declared: bool,
}

impl Judge {
    fn new() -> Result<Self, Box<dyn Error>> {
        let mut by_profile = Vec::new();
        for helper in [
            HelperProfile::Unknown,
            HelperProfile::Licensed,
            HelperProfile::Trainee,
            HelperProfile::Peer,
            HelperProfile::Ai,
        ] {
            let config = QualityConfig { helper_profile: helper, ..QualityConfig::default() };
            for modality in [None, Some("mi")] {
                let validator = validators(&config.for_modality(modality))?.remove(0);
                by_profile.push((if modality.is_some() { "mi" } else { helper.name() }, validator));
            }
        }
        Ok(Self { reader: Reader::new()?, by_profile, declared: false })
    }

    /// The validator of the default configuration or, where asked for, of the modality and helper that a conversation
    /// declares.
    fn validator(&self, conversation: &Conversation) -> &dyn Validator {
        if !self.declared {
            return self.by_profile[0].1.as_ref();
        }
        let text = |key: &str| conversation.metadata.get(key).and_then(|value| value.as_str()).unwrap_or("");
        let modality = text("modality").to_ascii_lowercase();
        let mi = modality == "mi" || modality.contains("motivational");
        let helper = text("helper_profile");
        let at = self.by_profile.iter().position(|(name, _)| *name == helper).unwrap_or(0);
        self.by_profile[at + usize::from(mi)].1.as_ref()
    }

    fn score(&self, conversation: &Conversation) -> Option<Assessment> {
        let turns = conversation.turns();
        let reading = self.reader.read(&turns);
        self.validator(conversation).validate(&turns, &reading).outcome.assessment().cloned()
    }

    fn judge(&self, conversation: &Conversation) -> Option<Scored> {
        let assessment = self.score(conversation)?;
        let band = conversation.metadata.get("intended")?.as_str()?;
        let words = conversation.messages.iter().map(|message| message.content.split_whitespace().count());
        Some(Scored {
            id: conversation.source_id.clone().unwrap_or_default(),
            band: BANDS.iter().position(|name| *name == band)?,
            words: words.sum::<usize>() as f64,
            influence: self.influence(conversation, assessment.scores.len()),
            assessment,
        })
    }

    /// The conversation is read again without each exchange in turn; n (n - 1) / n times the sum of squared deviations is
    /// the variance of one exchange.
    fn influence(&self, conversation: &Conversation, scores: usize) -> Vec<f64> {
        let without: Vec<Assessment> = exchanges(conversation)
            .into_iter()
            .filter_map(|(start, end)| {
                let mut shorter = conversation.clone();
                shorter.messages.drain(start..end);
                self.score(&shorter)
            })
            .collect();
        let n = without.len() as f64;
        if n < 3.0 {
            return Vec::new();
        }
        let of = |at: usize| without.iter().map(move |assessment| assessment.scores[at].value.fraction());
        (0..scores)
            .map(|at| {
                let mean = of(at).sum::<f64>() / n;
                (n - 1.0) * of(at).map(|value| (value - mean).powi(2)).sum::<f64>()
            })
            .collect()
    }
}

/// From a client's words to the end of the reply.
fn exchanges(conversation: &Conversation) -> Vec<(usize, usize)> {
    let role = |at: usize| conversation.messages.get(at).map(|message| message.role);
    let starts = (0..conversation.messages.len())
        .filter(|&at| role(at) == Some(Role::User) && (at == 0 || role(at - 1) != Some(Role::User)));
    let starts: Vec<usize> = starts.collect();
    let ends = starts.iter().skip(1).copied().chain([conversation.messages.len()]);
    starts.iter().copied().zip(ends).collect()
}

fn files() -> Vec<PathBuf> {
    let given: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    if !given.is_empty() {
        return given;
    }
    let root = pe_testkit::repository().join("examples");
    let mut found: Vec<PathBuf> = std::fs::read_dir(root)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|end| end == "jsonl"))
        .collect();
    found.sort();
    found
}

fn ranks(values: &[f64]) -> Vec<f64> {
    let below = |value: f64| values.iter().filter(|other| **other < value).count() as f64;
    let equal = |value: f64| values.iter().filter(|other| (**other - value).abs() < 1e-12).count() as f64;
    values.iter().map(|&value| below(value) + (equal(value) - 1.0) / 2.0).collect()
}

/// Spearman's rank correlation, ties at their mean rank.
fn spearman(one: &[f64], other: &[f64]) -> f64 {
    let (one, other) = (ranks(one), ranks(other));
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (a, b) = (mean(&one), mean(&other));
    let product: f64 = one.iter().zip(&other).map(|(x, y)| (x - a) * (y - b)).sum();
    let square = |values: &[f64], mean: f64| values.iter().map(|x| (x - mean).powi(2)).sum::<f64>();
    product / (square(&one, a) * square(&other, b)).sqrt()
}

/// Rank correlation of words and values inside of each band, averaged over bands by size.
fn within_bands(all: &[Scored], words: &[f64], values: &[f64]) -> f64 {
    let of_band = |band: usize, of: &[f64]| -> Vec<f64> {
        all.iter().zip(of).filter(|(scored, _)| scored.band == band).map(|(_, value)| *value).collect()
    };
    let mut sum = 0.0;
    for band in 0..BANDS.len() {
        let values = of_band(band, values);
        let rho = spearman(&of_band(band, words), &values);
        // Where all values are equal there is no correlation.
        sum += if rho.is_finite() { rho * values.len() as f64 } else { 0.0 };
    }
    sum / all.len().max(1) as f64
}

fn print_bands(all: &[Scored], names: &[String]) {
    println!("{:<10}{:>4}  mean of each score; tiers of the overall score", "intended", "n");
    for (band, name) in BANDS.iter().enumerate() {
        let of: Vec<&Scored> = all.iter().filter(|scored| scored.band == band).collect();
        print!("{name:<10}{:>4}", of.len());
        for at in 0..names.len() {
            let sum: f64 = of.iter().map(|scored| scored.assessment.scores[at].value.fraction()).sum();
            print!("  {:.3}", sum / of.len().max(1) as f64);
        }
        for tier in Tier::ALL {
            let count = of.iter().filter(|scored| scored.assessment.tier == tier).count();
            print!("  {} {count}", tier.name());
        }
        println!();
    }
}

fn print_correlations(all: &[Scored], names: &[String]) {
    println!(
        "\n{:<26}{:>16}{:>16}{:>16}{:>12}",
        "score", "rho with band", "rho with words", "within bands", "spread"
    );
    let bands: Vec<f64> = all.iter().map(|scored| scored.band as f64).collect();
    let words: Vec<f64> = all.iter().map(|scored| scored.words).collect();
    for (at, name) in names.iter().enumerate() {
        let values: Vec<f64> =
            all.iter().map(|scored| scored.assessment.scores[at].value.fraction()).collect();
        // What fired stays in every group, so the spread is that of conversations in which nothing did.
        let quiet = all.iter().filter(|scored| scored.is_quiet());
        let influence: Vec<f64> = quiet.filter_map(|scored| scored.influence.get(at).copied()).collect();
        let spread = (influence.iter().sum::<f64>() / influence.len().max(1) as f64).sqrt();
        let (band, length) = (spearman(&bands, &values), spearman(&words, &values));
        let within = within_bands(all, &words, &values);
        println!("{name:<26}{band:>16.3}{length:>16.3}{within:>16.3}{spread:>12.3}");
    }
    println!("{:<26}{:>16.3}", "(words alone)", spearman(&bands, &words));
}

fn scored(judge: &Judge, conversations: &[Conversation]) -> Vec<Scored> {
    conversations.iter().filter_map(|conversation| judge.judge(conversation)).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut judge = Judge::new()?;
    let mut conversations: Vec<Conversation> = Vec::new();
    for file in files() {
        for line in std::fs::read_to_string(&file)?.lines().filter(|line| !line.trim().is_empty()) {
            conversations.push(serde_json::from_str(line)?);
        }
    }
    let names: Vec<String> =
        judge.by_profile[0].1.metrics().iter().map(|metric| metric.name.clone()).collect();
    for declared in [true, false] {
        judge.declared = declared;
        let all = scored(&judge, &conversations);
        let profile = if declared { "as declared" } else { "as configured by default" };
        println!("\nmodality and helper {profile}: {} of {} scored", all.len(), conversations.len());
        print_bands(&all, &names);
        print_correlations(&all, &names);
    }
    let mut all = scored(&judge, &conversations);
    all.sort_by_key(|scored| (scored.band, scored.assessment.overall()));
    println!("\nconversation, intended, overall");
    for scored in &all {
        println!("{:<12}{:<10}{}", scored.id, BANDS[scored.band], scored.assessment.overall());
    }
    Ok(())
}
