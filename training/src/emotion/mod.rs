//! The emotion model: from labelled comments to a weight file and the card that tells how good it is.

mod calibration;
mod card;
mod corpus;
mod figures;
mod least_squares;
mod measurement;
mod random;
mod rules;

use std::fmt::Write as _;
use std::path::Path;

use pe_language::emotion::{EmotionModel, Label, Row, encode};
use pe_model::Emotion;

use crate::Error;
use calibration::{Calibration, calibrate, unseen};
use corpus::{Comment, Labels, joined};
use figures::{PerLabel, count, macro_f1};
use least_squares::{Example, Linear, Vocabulary, examples, fit, vocabulary};
use measurement::Measurement;
use rules::BestWords;

/// What the shipped weights were trained with.
pub(crate) const SEED: u64 = 28;
/// Comments that are joined to see how a long message fares.
const JOINED: usize = 4;

/// A fitted model before its weights are made small.
#[derive(Debug)]
struct Trained {
    vocabulary: Vocabulary,
    model: Linear,
    calibrations: [Calibration; Emotion::COUNT],
}

/// Trains on the training split, measures on dev, writes `weights.bin` and `CARD.md`, gives the figures as text.
pub(crate) fn train(data: &Path, out: &Path, seed: u64) -> Result<String, Error> {
    let (comments, dev) = (corpus::read(data, "train")?, corpus::read(data, "dev")?);
    let trained = Trained::new(&comments, seed);
    let file = trained.encode();
    let model = EmotionModel::from_file(file.clone())?;
    let figures = report(&trained, &model, &BestWords::find(&comments), &dev);
    let write = |name: &str, content: &[u8]| {
        let path = out.join(name);
        std::fs::write(&path, content).map_err(|source| Error::Write { path, source })
    };
    std::fs::create_dir_all(out).map_err(|source| Error::Write { path: out.to_owned(), source })?;
    write("weights.bin", &file)?;
    let facts = card::Facts {
        seed,
        bytes: file.len(),
        features: trained.vocabulary.len(),
        digest: model.version()[..16].to_owned(),
    };
    write("CARD.md", card::card(&facts, &figures).as_bytes())?;
    Ok(figures)
}

impl Trained {
    fn new(comments: &[Comment], seed: u64) -> Self {
        let vocabulary = vocabulary(comments);
        let examples = examples(comments, &vocabulary);
        let readings = unseen(&examples, vocabulary.len(), seed);
        let calibrations = std::array::from_fn(|label| {
            let rows: Vec<(f32, bool)> = readings
                .iter()
                .zip(&examples)
                .map(|(read, example)| (read[label], example.labels[label]))
                .collect();
            calibrate(&rows)
        });
        let model = fit(&examples.iter().collect::<Vec<_>>(), vocabulary.len(), seed);
        Self { vocabulary, model, calibrations }
    }

    fn probabilities(&self, example: &Example) -> PerLabel {
        let read = self.model.read(example);
        std::array::from_fn(|label| self.calibrations[label].probability(read[label]))
    }

    /// The weight file: a label's largest weight becomes 127. The calibration goes into scale and bias.
    fn encode(&self) -> Vec<u8> {
        let steps: PerLabel = std::array::from_fn(|label| {
            self.model.rows.iter().map(|row| row[label].abs()).fold(f32::MIN_POSITIVE, f32::max) / 127.0
        });
        let labels = std::array::from_fn(|label| {
            let calibration = self.calibrations[label];
            Label {
                scale: calibration.slope * steps[label],
                bias: calibration.slope * self.model.bias[label] + calibration.shift,
                threshold: calibration.threshold,
            }
        });
        let row = |row: &PerLabel| -> Row {
            std::array::from_fn(|label| (row[label] / steps[label]).round() as i8)
        };
        let mut rows: Vec<(u64, Row)> = self
            .vocabulary
            .iter()
            .map(|(feature, at)| (*feature, row(&self.model.rows[*at as usize])))
            .collect();
        // The weightiest first; of equals, the smaller hash, so that the file is always the same.
        let weight = |row: &Row| row.iter().map(|weight| u32::from(weight.unsigned_abs())).sum::<u32>();
        rows.sort_unstable_by_key(|(feature, row)| (std::cmp::Reverse(weight(row)), *feature));
        encode(&labels, &rows)
    }

    /// Macro-F1 with float weights, each comment read as one window, every label that reaches its threshold.
    fn macro_f1_as_floats(&self, comments: &[Comment]) -> f64 {
        let given: Vec<Labels> = examples(comments, &self.vocabulary)
            .iter()
            .map(|example| {
                let probabilities = self.probabilities(example);
                std::array::from_fn(|label| probabilities[label] >= self.calibrations[label].threshold)
            })
            .collect();
        macro_f1(&count(given.iter().zip(comments.iter().map(|comment| &comment.labels))))
    }
}

/// The figures on dev, as printed and as they stand in the card.
fn report(trained: &Trained, model: &EmotionModel, words: &BestWords, dev: &[Comment]) -> String {
    let found = Measurement::take(model, dev);
    let long = joined(dev, JOINED);
    let (worst, mean) = found.calibration_errors();
    let mut text = String::from("| on dev | macro-F1 |\n|---|---|\n");
    let mut line = |name: &str, figure: f64| {
        let _ = writeln!(text, "| {name} | {figure:.3} |");
    };
    line(SHIPPED, found.macro_f1());
    line("thresholds from the other half of dev", found.two_fold());
    line(
        "shipped thresholds, weights as floats, no label where none reaches its threshold",
        trained.macro_f1_as_floats(dev),
    );
    line("Ekman's six groups and neutral", found.ekman());
    for (name, figure) in measurement::trivial(words, dev) {
        line(&format!("rule: {name}"), figure);
    }
    line("four comments joined, read in windows", Measurement::take(model, &long).macro_f1());
    line("four comments joined, read as one", trained.macro_f1_as_floats(&long));
    let (low, high) = found.interval(SEED);
    let _ = writeln!(text, "\nAs shipped, with a bootstrap 90 % interval: {low:.3} to {high:.3}.");
    let _ = writeln!(text, "\nCalibration error of a label on dev: mean {mean:.4}, largest {worst:.4}.\n");
    text + &measurement::table(model, &found, words, dev)
}

/// The figure that counts: what a user gets.
const SHIPPED: &str = "**as shipped**";

#[cfg(test)]
mod tests {
    use super::*;

    /// The shipped weights do on dev what their card says.
    #[test]
    fn the_card_tells_the_truth() {
        let Some(data) = pe_testkit::eval_data("the emotion model on GoEmotions dev") else { return };
        let path = pe_testkit::repository().join("models/emotion/CARD.md");
        let card = std::fs::read_to_string(path).expect("the card");
        let row = card.lines().find(|line| line.contains(SHIPPED)).expect("the shipped figure");
        let told: f64 = row.split('|').nth(2).expect("a column").trim().parse().expect("a number");
        let model = EmotionModel::built_in().expect("built-in weights");
        let dev = corpus::read(&data, "dev").expect("dev");
        let found = Measurement::take(&model, &dev).macro_f1();
        assert!((found - told).abs() < 0.005, "the card says {told}, dev says {found:.4}");
        assert!(found > 0.46, "no better than the published BERT-base: {found:.4}");
    }

    /// Twice the same comments and seed, twice the same bytes.
    #[test]
    fn training_is_deterministic() {
        let words = ["thanks a lot", "so sad today", "what a great day!!", "why though?", "ok", "ugh, gross"];
        let comments: Vec<Comment> = (0..600)
            .map(|at| Comment {
                text: format!("{} {}", words[at % 6], words[at / 6 % 6]),
                labels: std::array::from_fn(|label| label % 6 == at % 6),
            })
            .collect();
        let file = Trained::new(&comments, 1).encode();
        assert!(file == Trained::new(&comments, 1).encode());
        let model = EmotionModel::from_file(file).expect("a whole file");
        assert!(Measurement::take(&model, &comments).macro_f1() > 0.95);
    }
}
