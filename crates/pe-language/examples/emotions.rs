//! Labels the sentences that are given as arguments, or measures how fast messages are labelled:
//! `cargo run --release -p pe-language --example emotions -- "What a day!"`.

use std::hint::black_box;
use std::time::Instant;

use pe_language::emotion::{EmotionModel, Features};

#[allow(clippy::print_stdout)] // A program for the terminal.
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let model = EmotionModel::built_in()?;
    let mut features = Features::default();
    let texts: Vec<String> = std::env::args().skip(1).collect();
    for text in &texts {
        let found = model.read(text, &mut features);
        for emotion in model.select(&found) {
            let words = model.explain(text, emotion, &mut features);
            let words: Vec<String> = words
                .into_iter()
                .take(3)
                .map(|share| format!("{} {:+.3}", &text[share.range], share.delta))
                .collect();
            println!("{} {:.3} ({})", emotion.name(), found[emotion as usize], words.join(", "));
        }
    }
    if texts.is_empty() {
        measure(&model, &mut features);
    }
    Ok(())
}

#[allow(clippy::print_stdout)] // A program for the terminal.
fn measure(model: &EmotionModel, features: &mut Features) {
    let openers = ["I was so happy when", "Honestly, it scares me that", "Thanks! I never knew", "Why would"];
    let middles = ["my brother called about", "they all laughed at", "you told me of", "nobody asked about"];
    let closers = ["the wedding in June.", "my new job?!", "what happened last night...", "the dog we lost"];
    let mut texts = Vec::new();
    for opener in openers {
        for middle in middles {
            texts.extend(closers.map(|closer| format!("{opener} {middle} {closer}")));
        }
    }
    let bytes = texts.iter().map(String::len).sum::<usize>() / texts.len();
    let (rounds, started) = (3000, Instant::now());
    for _ in 0..rounds {
        for text in &texts {
            black_box(model.read(black_box(text), features));
        }
    }
    let rate = f64::from(rounds) * texts.len() as f64 / started.elapsed().as_secs_f64();
    println!("{rate:.0} messages a second on one core (mean {bytes} bytes)");
}
