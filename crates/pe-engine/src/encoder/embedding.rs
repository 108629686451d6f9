//! The first rows of a sequence: what each token and its place stand for, summed and normalised.

use crate::functions::normalise;
use crate::quantize::Quantized;
use crate::vector::{Vector, for_each_kernel};
use crate::{Kernel, Precision, Result, Shape, Weights};

/// Tables of tokens and places.
pub(super) struct Embedding {
    words: Words,
    /// By place; the row of the first segment is added to each.
    places: Vec<f32>,
    weight: Vec<f32>,
    bias: Vec<f32>,
    hidden: usize,
    epsilon: f32,
}

enum Words {
    Float(Vec<f32>),
    Int8(Quantized),
}

impl Embedding {
    pub(super) fn new(weights: &Weights, shape: &Shape, precision: Precision) -> Result<Self> {
        let hidden = shape.hidden;
        let name = |part: &str| format!("embeddings.{part}");
        let count = shape.vocabulary * hidden;
        let word = name("word_embeddings.weight");
        let words = if weights.has_bytes(&word) {
            Words::Int8(Quantized {
                bytes: weights.bytes(&word, count)?,
                steps: weights.floats(&name("word_embeddings.step"), shape.vocabulary)?,
            })
        } else {
            let floats = weights.floats(&word, count)?;
            match precision {
                Precision::Float => Words::Float(floats),
                Precision::Int8 => Words::Int8(Quantized::new(&floats, hidden)),
            }
        };
        let mut places = weights.floats(&name("position_embeddings.weight"), shape.positions * hidden)?;
        let segment = weights.floats(&name("token_type_embeddings.weight"), 2 * hidden)?;
        for place in places.chunks_exact_mut(hidden) {
            place.iter_mut().zip(&segment).for_each(|(x, segment)| *x += segment);
        }
        Ok(Self {
            words,
            places,
            weight: weights.floats(&name("LayerNorm.weight"), hidden)?,
            bias: weights.floats(&name("LayerNorm.bias"), hidden)?,
            hidden,
            epsilon: shape.epsilon,
        })
    }

    /// Writes the rows of all sequences, and zeros behind them.
    pub(super) fn look_up(&self, kernel: Kernel, sequences: &[&[u32]], rows: &mut [f32]) {
        look_up(kernel, self, sequences, rows);
    }

    #[inline(always)]
    fn write<V: Vector>(&self, token: usize, place: &[f32], out: &mut [f32]) {
        match &self.words {
            Words::Float(table) => {
                let word = &table[token * self.hidden..][..self.hidden];
                for ((out, word), place) in out.iter_mut().zip(word).zip(place) {
                    *out = word + place;
                }
            }
            Words::Int8(table) => {
                let word = &table.bytes[token * self.hidden..][..self.hidden];
                let step = table.steps[token];
                for ((out, word), place) in out.iter_mut().zip(word).zip(place) {
                    *out = f32::from(*word).mul_add(step, *place);
                }
            }
        }
        normalise::<V>(out, &self.weight, &self.bias, self.epsilon);
    }
}

for_each_kernel! {
    fn look_up<V>(embedding: &Embedding, sequences: &[&[u32]], rows: &mut [f32]) {
        let hidden = embedding.hidden;
        let mut row = 0;
        for sequence in sequences {
            let places = embedding.places.chunks_exact(hidden);
            for (token, place) in sequence.iter().zip(places) {
                embedding.write::<V>(*token as usize, place, &mut rows[row * hidden..(row + 1) * hidden]);
                row += 1;
            }
        }
        rows[row * hidden..].fill(0.0);
    }
}
