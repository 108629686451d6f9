//! False alarms of risk language on ordinary messages: requests to assistants and banks, and what patients tell a doctor. All of
//! these sets may be trained on; a patient's message may of course hold a true cue, so that figure is an upper bound.

#![allow(clippy::print_stdout, clippy::unwrap_used)] // The figures are the point, and a test may stop.

use std::fs;
use std::path::Path;

use pe_language::Reader;
use pe_model::{Experiencer, Role, Turn};

const REPLY: &str =
    "Thank you, I will see what I can do about that for you and come back to you as soon as I can.";
/// The published bound: `docs/quality`, false alarms per 1,000 ordinary messages.
const MOST_PER_1000: f64 = 10.0;

/// Live cues per 1,000 messages of these.
fn alarms(reader: &Reader, name: &str, messages: &[String]) -> f64 {
    let mut fired = 0;
    for text in messages {
        let turns = [Turn { role: Role::User, text }, Turn { role: Role::Assistant, text: REPLY }];
        let reading = reader.read(&turns);
        let live = reading.signals.iter().find(|signal| {
            signal.kind.is_risk_cue()
                && !signal.denied
                && matches!(signal.experiencer, Experiencer::Speaker | Experiencer::Other)
        });
        if let Some(cue) = live {
            fired += 1;
            if std::env::var_os("SHOW_ALARMS").is_some() {
                println!("  {}: {text}", cue.rule);
            }
        }
    }
    let rate = f64::from(fired) * 1000.0 / messages.len() as f64;
    println!("{name}: {fired} messages with a live cue of {}, {rate:.2} per 1,000", messages.len());
    rate
}

fn column(path: &Path, column: usize) -> Vec<String> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.records().map(|record| record.unwrap()[column].to_owned()).collect()
}

#[test]
fn ordinary_messages_raise_few_alarms() {
    let Some(folder) = pe_testkit::eval_data("false alarms of risk language") else { return };
    let reader = Reader::new().unwrap();
    let banking = column(&folder.join("banking77/train.csv"), 0);
    assert!(alarms(&reader, "banking77", &banking) <= MOST_PER_1000);

    let text = fs::read_to_string(folder.join("clinc150/data_full_train_val.json")).unwrap();
    let parts: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    let requests: Vec<String> = parts
        .values()
        .filter_map(serde_json::Value::as_array)
        .flatten()
        .filter_map(|row| row[0].as_str().map(str::to_owned))
        .collect();
    assert!(alarms(&reader, "clinc150", &requests) <= MOST_PER_1000);

    let patients: Vec<String> = column(&folder.join("mts_dialog/MTS-Dialog-TrainingSet.csv"), 3)
        .iter()
        .flat_map(|dialogue| dialogue.lines())
        .filter_map(|line| line.strip_prefix("Patient: ").map(str::to_owned))
        .collect();
    assert!(alarms(&reader, "mts_dialog, patients", &patients) <= MOST_PER_1000);
}
