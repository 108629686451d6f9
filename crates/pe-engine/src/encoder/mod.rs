//! The forward pass of a BERT-shaped encoder (Devlin et al. 2018): token numbers in, one row of floats for each token out.
//!
//! Sequences are laid one behind the other, without padding, and pass through the layers some hundred tokens at a time, so that what
//! is worked on stays in the cache. Nothing of a sequence depends on those beside it.

mod attention;
mod embedding;
mod layer;
mod linear;

use crate::gemm::BLOCK;
use crate::{Kernel, Result, Weights};

use embedding::Embedding;
use layer::Layer;
pub use layer::Scratch;

/// Tokens that pass through a layer together; one longer sequence goes alone. Chosen by measurement: fewer read the weights too often,
/// more do not fit the cache.
const ROWS: usize = 256;

/// Extents of an encoder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shape {
    /// Numbers for each token; a multiple of 64.
    pub hidden: usize,
    /// Layers.
    pub layers: usize,
    /// Heads of attention, each of 32 numbers.
    pub heads: usize,
    /// Numbers inside the feed-forward part; a multiple of 64.
    pub inner: usize,
    /// Known tokens.
    pub vocabulary: usize,
    /// Tokens of the longest sequence.
    pub positions: usize,
    /// What is added to a variance.
    pub epsilon: f32,
}

/// How the weights are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// Floats: the reference.
    Float,
    /// Signed bytes per output channel; activations as bytes per token.
    Int8,
}

/// An encoder, ready to run. Shared between threads; each brings its own [`Scratch`].
pub struct Encoder {
    shape: Shape,
    kernel: Kernel,
    embedding: Embedding,
    layers: Vec<Layer>,
}

/// What came out of one sequence: `hidden` floats for each token.
#[derive(Clone, Copy, Debug)]
pub struct Output<'a> {
    /// Token by token.
    pub states: &'a [f32],
    /// Floats for each token.
    pub hidden: usize,
}

impl Output<'_> {
    /// The mean over all tokens.
    pub fn mean(&self) -> Vec<f32> {
        let mut sums = vec![0.0; self.hidden];
        for state in self.states.chunks_exact(self.hidden) {
            for (sum, x) in sums.iter_mut().zip(state) {
                *sum += x;
            }
        }
        let count = (self.states.len() / self.hidden).max(1) as f32;
        for sum in &mut sums {
            *sum /= count;
        }
        sums
    }
}

impl Encoder {
    /// Builds the encoder from weights under the names of `BertModel` (with or without `bert.` before them). Weights that are bytes run
    /// as bytes; with [`Precision::Int8`] floats are made bytes first.
    ///
    /// # Errors
    /// When a tensor is missing or has another shape.
    pub fn new(weights: &Weights, shape: Shape, precision: Precision, kernel: Kernel) -> Result<Self> {
        shape.check(weights)?;
        let layers = (0..shape.layers)
            .map(|number| Layer::new(weights, &shape, number, precision))
            .collect::<Result<_>>()?;
        Ok(Self { shape, kernel, embedding: Embedding::new(weights, &shape, precision)?, layers })
    }

    /// Its extents.
    pub const fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Runs sequences of token numbers and gives the output of each to `take`, with its number, in order.
    ///
    /// A sequence has at most `positions` tokens, and each token is below `vocabulary`: who cuts texts into tokens sees to it.
    pub fn encode(
        &self,
        sequences: &[&[u32]],
        scratch: &mut Scratch,
        mut take: impl FnMut(usize, Output<'_>),
    ) {
        let mut first = 0;
        while first < sequences.len() {
            let chunk = chunk(&sequences[first..]);
            self.run(chunk, scratch);
            let mut row = 0;
            for (number, sequence) in chunk.iter().enumerate() {
                let hidden = self.shape.hidden;
                let states = &scratch.states()[row * hidden..(row + sequence.len()) * hidden];
                take(first + number, Output { states, hidden });
                row += sequence.len();
            }
            first += chunk.len();
        }
    }

    fn run(&self, sequences: &[&[u32]], scratch: &mut Scratch) {
        let tokens: usize = sequences.iter().map(|sequence| sequence.len()).sum();
        scratch.resize(tokens.next_multiple_of(BLOCK), &self.shape);
        self.embedding.look_up(self.kernel, sequences, scratch.states_mut());
        for layer in &self.layers {
            layer.run(self.kernel, sequences, scratch);
        }
    }
}

/// As many sequences as pass through together: at least one.
fn chunk<'a, 'b>(sequences: &'a [&'b [u32]]) -> &'a [&'b [u32]] {
    let mut rows = 0;
    let fits = sequences.iter().take_while(|sequence| {
        rows += sequence.len();
        rows <= ROWS
    });
    let count = fits.count().max(1);
    &sequences[..count]
}

impl Shape {
    /// The encoder of all-MiniLM-L6-v2 (Wang et al. 2020).
    pub const MINI_LM: Self = Self {
        hidden: 384,
        layers: 6,
        heads: 12,
        inner: 1536,
        vocabulary: 30_522,
        positions: 512,
        epsilon: 1e-12,
    };

    fn check(&self, weights: &Weights) -> Result<()> {
        let whole = self.hidden.is_multiple_of(64) && self.inner.is_multiple_of(64);
        if !whole || self.heads * attention::HEAD != self.hidden {
            return Err(weights.refuse(format!(
                "has {} numbers a token, {} inside and {} heads; multiples of 64 and heads of {} are expected",
                self.hidden,
                self.inner,
                self.heads,
                attention::HEAD
            )));
        }
        Ok(())
    }
}
