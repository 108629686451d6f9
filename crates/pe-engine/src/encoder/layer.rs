//! One layer: attention and a feed-forward part, each added to what came in and normalised.

use crate::functions::normalise;
use crate::vector::{for_each_kernel, vectors, vectors_mut};
use crate::{Kernel, Precision, Result, Shape, Weights};

use super::attention::{HEAD, Room, attend};
use super::linear::{Activation, Bytes, Linear};

/// Rows that pass through the feed-forward part together: its inner rows are the widest of all, and are to stay in the cache.
const INNER_ROWS: usize = 128;

/// Weights of a layer.
pub(super) struct Layer {
    projection: Linear,
    attended: Linear,
    attended_norm: Norm,
    inner: Linear,
    outer: Linear,
    outer_norm: Norm,
    hidden: usize,
}

struct Norm {
    weight: Vec<f32>,
    bias: Vec<f32>,
    epsilon: f32,
}

/// Room in which one thread works; kept from call to call.
#[derive(Default)]
pub struct Scratch {
    states: Vec<f32>,
    projected: Vec<f32>,
    context: Vec<f32>,
    inner: Vec<f32>,
    added: Vec<f32>,
    bytes: Bytes,
    room: Room,
}

impl Scratch {
    pub(super) fn resize(&mut self, rows: usize, shape: &Shape) {
        self.states.resize(rows * shape.hidden, 0.0);
        self.projected.resize(rows * shape.hidden * 3, 0.0);
        self.context.resize(rows * shape.hidden, 0.0);
        self.added.resize(rows * shape.hidden, 0.0);
        self.inner.resize(rows.min(INNER_ROWS) * shape.inner, 0.0);
    }

    pub(super) fn states(&self) -> &[f32] {
        &self.states
    }

    pub(super) fn states_mut(&mut self) -> &mut [f32] {
        &mut self.states
    }
}

impl Layer {
    pub(super) fn new(weights: &Weights, shape: &Shape, number: usize, precision: Precision) -> Result<Self> {
        let hidden = shape.hidden;
        let name = |part: &str| format!("encoder.layer.{number}.{part}");
        let linear = |names: &[&str], outputs, inputs| {
            let names: Vec<_> = names.iter().map(|part| name(part)).collect();
            Linear::new(weights, &names, outputs, inputs, precision)
        };
        let norm = |part: &str| Norm::new(weights, &name(part), shape);
        let three = ["attention.self.query", "attention.self.key", "attention.self.value"];
        Ok(Self {
            projection: linear(&three, hidden, hidden)?,
            attended: linear(&["attention.output.dense"], hidden, hidden)?,
            attended_norm: norm("attention.output.LayerNorm")?,
            inner: linear(&["intermediate.dense"], shape.inner, hidden)?,
            outer: linear(&["output.dense"], hidden, shape.inner)?,
            outer_norm: norm("output.LayerNorm")?,
            hidden,
        })
    }

    pub(super) fn run(&self, kernel: Kernel, sequences: &[&[u32]], scratch: &mut Scratch) {
        let Scratch { states, projected, context, inner, added, bytes, room } = scratch;
        self.projection.run(kernel, states, bytes, Activation::Linear, projected);
        self.attend(kernel, sequences, projected, room, context);
        self.attended.run(kernel, context, bytes, Activation::Linear, added);
        self.attended_norm.add(kernel, states, added);
        let width = self.hidden * INNER_ROWS;
        for states in states.chunks_mut(width) {
            let rows = states.len() / self.hidden;
            let inner = &mut inner[..rows * self.inner.outputs()];
            self.inner.run(kernel, states, bytes, Activation::Gelu, inner);
            let added = &mut added[..states.len()];
            self.outer.run(kernel, inner, bytes, Activation::Linear, added);
            self.outer_norm.add(kernel, states, added);
        }
    }

    fn attend(
        &self,
        kernel: Kernel,
        sequences: &[&[u32]],
        projected: &[f32],
        room: &mut Room,
        context: &mut [f32],
    ) {
        let (hidden, mut row) = (self.hidden, 0);
        for sequence in sequences {
            let tokens = sequence.len();
            let projected = &projected[row * 3 * hidden..(row + tokens) * 3 * hidden];
            let context = &mut context[row * hidden..(row + tokens) * hidden];
            for offset in (0..hidden).step_by(HEAD) {
                attend(kernel, projected, tokens, hidden, offset, room, context);
            }
            row += tokens;
        }
        // Rows behind the last sequence fill the last block, and must be the same in every call.
        context[row * hidden..].fill(0.0);
    }
}

impl Norm {
    fn new(weights: &Weights, name: &str, shape: &Shape) -> Result<Self> {
        Ok(Self {
            weight: weights.floats(&format!("{name}.weight"), shape.hidden)?,
            bias: weights.floats(&format!("{name}.bias"), shape.hidden)?,
            epsilon: shape.epsilon,
        })
    }

    /// Adds rows to the states and normalises them.
    fn add(&self, kernel: Kernel, states: &mut [f32], added: &[f32]) {
        add_and_normalise(kernel, states, added, self);
    }
}

for_each_kernel! {
    fn add_and_normalise<V>(states: &mut [f32], added: &[f32], norm: &Norm) {
        let width = norm.weight.len();
        for (state, added) in states.chunks_exact_mut(width).zip(added.chunks_exact(width)) {
            for (x, y) in vectors_mut(state).iter_mut().zip(vectors(added)) {
                V::load(x).add(V::load(y)).store(x);
            }
            normalise::<V>(state, &norm.weight, &norm.bias, norm.epsilon);
        }
    }
}
