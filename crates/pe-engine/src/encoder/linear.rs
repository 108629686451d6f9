//! A linear layer, in floats or in bytes.

use crate::functions::gelu;
use crate::gemm::{self, BLOCK, Packed};
use crate::quantize::{Quantized, Scale, quantize_row};
use crate::vector::{LANES, Vector, for_each_kernel, vectors, vectors_mut};
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
        let (mut floats, mut bytes, mut bias) =
            (Vec::new(), Quantized { bytes: vec![], steps: vec![] }, Vec::new());
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
                multiply_floats(kernel, rows, transposed, &self.bias, activation, out);
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
                    write_block(kernel, &outputs, block, scales, columns, out);
                });
            }
        }
    }
}

/// Rows that are multiplied together in floats.
const ROWS: usize = 4;

for_each_kernel! {
    /// The product in floats, each sum in the order of the inputs; rows by fours.
    fn multiply_floats<V>(rows: &[f32], transposed: &[f32], bias: &[f32], activation: Activation, out: &mut [f32]) {
        let columns = bias.len();
        let depth = transposed.len() / columns;
        for (rows, out) in rows.chunks_exact(ROWS * depth).zip(out.chunks_exact_mut(ROWS * columns)) {
            for column in (0..columns).step_by(LANES) {
                let mut sums = [V::load(&vectors(&bias[column..][..LANES])[0]); ROWS];
                for input in 0..depth {
                    let weights = V::load(&vectors(&transposed[input * columns + column..][..LANES])[0]);
                    for (row, sum) in sums.iter_mut().enumerate() {
                        *sum = weights.fused(V::splat(rows[row * depth + input]), *sum);
                    }
                }
                for (row, sum) in sums.into_iter().enumerate() {
                    let out = &mut vectors_mut(&mut out[row * columns + column..][..LANES])[0];
                    activation.apply(sum).store(out);
                }
            }
        }
    }
}

impl Bytes {
    fn fill(&mut self, kernel: Kernel, rows: &[f32], depth: usize) {
        self.bytes.resize(rows.len(), 0);
        self.scales.resize(rows.len() / depth, Scale::default());
        quantize_rows(kernel, rows, depth, &mut self.bytes, &mut self.scales);
    }
}

for_each_kernel! {
    fn quantize_rows<V>(rows: &[f32], depth: usize, bytes: &mut [u8], scales: &mut [Scale]) {
        let rows = rows.chunks_exact(depth).zip(bytes.chunks_exact_mut(depth));
        for ((row, bytes), scale) in rows.zip(scales) {
            *scale = quantize_row::<V>(row, bytes);
        }
    }
}

impl Activation {
    #[inline(always)]
    fn apply<V: Vector>(self, x: V) -> V {
        match self {
            Self::Linear => x,
            Self::Gelu => gelu(x),
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

for_each_kernel! {
    /// Writes a block at the beginning of `out`, whose rows are `columns` apart.
    fn write_block<V>(outputs: &Outputs<'_>, block: &gemm::Block, scales: &[Scale], columns: usize, out: &mut [f32]) {
        let (block, _) = block.as_chunks::<LANES>();
        let (sums, _) = outputs.sums.as_chunks::<LANES>();
        let halves = vectors(outputs.steps).iter().zip(sums).zip(vectors(outputs.bias));
        for (half, ((steps, sums), bias)) in halves.enumerate() {
            let (steps, bias) = (V::load(steps), V::load(bias));
            for (row, scale) in scales.iter().enumerate() {
                let exact = V::exact(&block[row * 2 + half], sums, scale.zero);
                let out = &mut vectors_mut(&mut out[row * columns + half * LANES..][..LANES])[0];
                outputs.activation.apply(exact.fused(steps.mul(V::splat(scale.step)), bias)).store(out);
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
