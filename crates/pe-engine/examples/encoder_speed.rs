//! How fast the encoder is on each kernel: `encoder_speed WEIGHTS TOKENS [BATCH]`, where TOKENS has a line of token numbers for each
//! sentence. Prints sentences a second by the processor time of one thread, and writes nothing.

#![allow(clippy::print_stdout)] // What it is for.

use std::path::Path;

use pe_engine::{Encoder, Kernel, Precision, Scratch, Shape, Weights};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (weights, tokens) = (arguments.next().ok_or("WEIGHTS")?, arguments.next().ok_or("TOKENS")?);
    let batch: usize = arguments.next().map_or(Ok(32), |batch| batch.parse())?;
    let weights = Weights::open(Path::new(&weights))?;
    let sentences: Vec<Vec<u32>> = std::fs::read_to_string(tokens)?
        .lines()
        .map(|line| line.split_whitespace().map(str::parse).collect::<Result<_, _>>())
        .collect::<Result<_, _>>()?;
    let only = std::env::var("PIXELATED_KERNEL").ok();
    let mut first: Option<Vec<u32>> = None;
    for (precision, kernels) in [(Precision::Int8, &Kernel::ALL[..]), (Precision::Float, &Kernel::ALL[1..3])]
    {
        for &kernel in kernels.iter().filter(|kernel| kernel.is_available()) {
            if only.as_ref().is_some_and(|only| only != kernel.name()) {
                continue;
            }
            let encoder = Encoder::new(&weights, Shape::MINI_LM, precision, kernel)?;
            let slow = kernel == Kernel::Portable || precision == Precision::Float;
            let limit: usize = if slow { 32 } else { sentences.len() };
            let sentences: Vec<&[u32]> = sentences[..limit].iter().map(Vec::as_slice).collect();
            let mut scratch = Scratch::default();
            let mut bits = Vec::new();
            let mut best = f64::MAX;
            for _ in 0..3 {
                bits.clear();
                let begin = busy();
                for batch in sentences.chunks(batch) {
                    encoder.encode(batch, &mut scratch, |_, output| bits.push(output.mean()[0].to_bits()));
                }
                best = best.min(busy() - begin);
            }
            println!("{precision:?} {kernel}: {:.0} sentences/s", sentences.len() as f64 / best);
            if precision == Precision::Int8 {
                let expected = first.get_or_insert_with(|| bits[..32].to_vec());
                assert_eq!(expected[..], bits[..32], "{kernel} gives other bits");
            }
        }
    }
    Ok(())
}

/// Seconds that this thread has had a processor.
fn busy() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split(' ').next().and_then(|nanoseconds| nanoseconds.parse::<f64>().ok()).unwrap_or(0.0) / 1e9
}
