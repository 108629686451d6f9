//! A linear layer, in floats or in bytes.

use crate::gemm::{self, BLOCK, Packed};
use crate::lanes::{LANES, vectors, vectors_mut, with};
use crate::quantize::{Quantized, Scale, quantize_row};
use crate::{Kernel, Precision, Result, Weights};

/// Weights and biases.
pub(super) struct Linear {
    weights: Kind,
    bias: Vec<f32>,
    depth: usize,
}

enum Kind {
    Float {
        /// By input, then by output.
        transposed: Vec<f32>,
    },
    Int8 {
        packed: Packed,
        /// A step for each output.
        steps: Vec<f32>,
        /// The sum of each output's weights: what a zero point of the activations has to take back.
        sums: Vec<i32>,
    },
}

/// Bytes of activations, and how they become floats again.
#[derive(Default)]
pub(super) struct Bytes {
    bytes: Vec<u8>,
    scales: Vec<Scale>,
}

/// What is done to each output.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Activation {
    Linear,
    Gelu,
}

impl Linear {
    /// Reads `NAME.weight` of `outputs` by `inputs` and `NAME.bias`; several names are laid side by side.
    pub(super) fn new(
        weights: &Weights,
        names: &[String],
        outputs: usize,
        inputs: usize,
        precision: Precision,
    ) -> Result<Self> {
        let (mut floats, mut bytes, mut bias) = (Vec::new(), Quantized { bytes: vec![], steps: vec![] }, Vec::new());
        for name in names {
            let weight = format!("{name}.weight");
            if weights.has_bytes(&weight) {
                bytes.bytes.extend(weights.bytes(&weight, outputs * inputs)?);
                bytes.steps.extend(weights.floats(&format!("{name}.step"), outputs)?);
            } else {
                floats.extend(weights.floats(&weight, outputs * inputs)?);
            }
            bias.extend(weights.floats(&format!("{name}.bias"), outputs)?);
        }
        if bytes.bytes.is_empty() && precision == Precision::Int8 {
            bytes = Quantized::new(&floats, inputs);
        }
        let columns = bias.len();
        let weights = if bytes.bytes.is_empty() {
            Kind::Float { transposed: transposed(&floats, columns, inputs) }
        } else {
            let sum = |row: &[i8]| row.iter().map(|&weight| i32::from(weight)).sum();
            Kind::Int8 {
                packed: Packed::new(&bytes.bytes, columns, inputs),
                sums: bytes.bytes.chunks_exact(inputs).map(sum).collect(),
                steps: bytes.steps,
            }
        };
        Ok(Self { weights, bias, depth: inputs })
    }

    /// How many outputs a row has.
    pub(super) const fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// Outputs for rows of inputs; the number of rows is a multiple of 32.
    pub(super) fn run(
        &self,
        kernel: Kernel,
        rows: &[f32],
        scratch: &mut Bytes,
        activation: Activation,
        out: &mut [f32],
    ) {
        match &self.weights {
            Kind::Float { transposed } => {
                with(kernel, || self.run_floats(rows, transposed, activation, out));
            }
            Kind::Int8 { packed, steps, sums } => {
                scratch.fill(kernel, rows, self.depth);
                let columns = packed.columns();
                gemm::blocks(kernel, &scratch.bytes, packed, |row, column, block| {
                    let outputs = Outputs {
                        steps: &steps[column..][..BLOCK],
                        sums: &sums[column..][..BLOCK],
                        bias: &self.bias[column..][..BLOCK],
                        activation,
                    };
                    let scales = &scratch.scales[row..][..BLOCK];
                    let out = &mut out[row * columns + column..];
                    with(kernel, || outputs.write(block, scales, columns, out));
                });
            }
        }
    }

    #[inline(always)]
    fn run_floats(&self, rows: &[f32], transposed: &[f32], activation: Activation, out: &mut [f32]) {
        let columns = self.bias.len();
        for (row, out) in rows.chunks_exact(self.depth).zip(out.chunks_exact_mut(columns)) {
            out.copy_from_slice(&self.bias);
            for (x, weights) in row.iter().zip(transposed.chunks_exact(columns)) {
                for (sums, weights) in vectors_mut(out).iter_mut().zip(vectors(weights)) {
                    for lane in 0..LANES {
                        sums[lane] = x.mul_add(weights[lane], sums[lane]);
                    }
                }
            }
            out.iter_mut().for_each(|x| *x = activation.apply(*x));
        }
    }
}

impl Bytes {
    fn fill(&mut self, kernel: Kernel, rows: &[f32], depth: usize) {
        self.bytes.resize(rows.len(), 0);
        self.scales.resize(rows.len() / depth, Scale::default());
        let rows = rows.chunks_exact(depth).zip(self.bytes.chunks_exact_mut(depth));
        with(kernel, || {
            for ((row, bytes), scale) in rows.zip(&mut self.scales) {
                *scale = quantize_row(row, bytes);
            }
        });
    }
}

impl Activation {
    #[inline(always)]
    fn apply(self, x: f32) -> f32 {
        match self {
            Self::Linear => x,
            Self::Gelu => crate::lanes::gelu(x),
        }
    }
}

/// What turns the sums of a block into floats, for its 32 columns.
struct Outputs<'a> {
    steps: &'a [f32],
    sums: &'a [i32],
    bias: &'a [f32],
    activation: Activation,
}

impl Outputs<'_> {
    #[inline(always)]
    fn write(&self, block: &gemm::Block, scales: &[Scale], columns: usize, out: &mut [f32]) {
        let (block, _) = block.as_chunks::<LANES>();
        let (sums, _) = self.sums.as_chunks::<LANES>();
        for (half, ((steps, sums), bias)) in
            vectors(self.steps).iter().zip(sums).zip(vectors(self.bias)).enumerate()
        {
            for (row, scale) in scales.iter().enumerate() {
                let found = &block[row * 2 + half];
                let out = &mut out[row * columns + half * LANES..][..LANES];
                for lane in 0..LANES {
                    let exact = found[lane].wrapping_sub(sums[lane].wrapping_mul(scale.zero));
                    let x = (exact as f32).mul_add(steps[lane] * scale.step, bias[lane]);
                    out[lane] = self.activation.apply(x);
                }
            }
        }
    }
}

fn transposed(weights: &[f32], outputs: usize, inputs: usize) -> Vec<f32> {
    let mut transposed = vec![0.0; weights.len()];
    for (output, row) in weights.chunks_exact(inputs).enumerate() {
        for (input, weight) in row.iter().enumerate() {
            transposed[input * outputs + output] = *weight;
        }
    }
    transposed
}
