//! Attention of each token to all tokens of its sequence, head by head (Vaswani et al. 2017).
//!
//! Scores are summed over the 32 numbers of a head one after the other, for 16 keys at a time, and what is attended to over the
//! keys one after the other, for 16 numbers at a time: no sum crosses lanes but the one under the fraction of the softmax.

use crate::functions::exp;
use crate::vector::{LANES, Vector, for_each_kernel, vectors, vectors_mut};

/// Numbers of one head.
pub(super) const HEAD: usize = 32;

/// Queries that are handled together: 4 by 2 vectors of sums keep the processor busy.
const QUERIES: usize = 4;

/// The score of a key that is not there: `exp` makes it nothing.
const NOWHERE: f32 = -1e30;

/// Room for one head of one sequence.
#[derive(Default)]
pub(super) struct Room {
    /// Keys by number, then by place.
    keys: Vec<f32>,
    /// Values by place, then by number.
    values: Vec<f32>,
    /// Scores of four queries, by query and place.
    scores: Vec<f32>,
}

for_each_kernel! {
    /// Writes what each of `tokens` attends to in one head. `projected` has rows of queries, keys and values of all heads, each `hidden`
    /// wide; `out` has rows of `hidden`. The head begins at number `offset`.
    pub(super) fn attend<V>(
        projected: &[f32],
        tokens: usize,
        hidden: usize,
        offset: usize,
        room: &mut Room,
        out: &mut [f32],
    ) {
        // Two vectors of keys at a time.
        let width = tokens.next_multiple_of(2 * LANES);
        room.lay_out(projected, tokens, hidden, offset, width);
        for first in (0..tokens).step_by(QUERIES) {
            let count = QUERIES.min(tokens - first);
            // The last queries are repeated to make four; what is repeated is not written.
            let queries: [&[f32]; QUERIES] = std::array::from_fn(|query| {
                let row = first + query.min(count - 1);
                &projected[row * 3 * hidden + offset..][..HEAD]
            });
            score::<V>(&queries, &room.keys, width, &mut room.scores);
            let mut shares = [0.0; QUERIES];
            for (row, share) in room.scores.chunks_exact_mut(width).zip(&mut shares) {
                row[tokens..].fill(NOWHERE);
                *share = 1.0 / soften::<V>(row);
            }
            let sums = attended::<V>(&room.scores, &room.values, width, tokens);
            for query in 0..count {
                let out = &mut out[(first + query) * hidden + offset..][..HEAD];
                for (out, sum) in vectors_mut(out).iter_mut().zip(sums[query]) {
                    sum.mul(V::splat(shares[query])).store(out);
                }
            }
        }
    }
}

impl Room {
    #[inline(always)]
    fn lay_out(&mut self, projected: &[f32], tokens: usize, hidden: usize, offset: usize, width: usize) {
        self.keys.clear();
        self.keys.resize(HEAD * width, 0.0);
        self.values.resize(tokens * HEAD, 0.0);
        self.scores.resize(QUERIES * width, 0.0);
        for (token, row) in projected.chunks_exact(3 * hidden).take(tokens).enumerate() {
            for (number, key) in row[hidden + offset..][..HEAD].iter().enumerate() {
                self.keys[number * width + token] = *key;
            }
            self.values[token * HEAD..][..HEAD].copy_from_slice(&row[2 * hidden + offset..][..HEAD]);
        }
    }
}

/// Scores of four queries for all keys: products over the root of a head's size.
#[inline(always)]
fn score<V: Vector>(queries: &[&[f32]; QUERIES], keys: &[f32], width: usize, scores: &mut [f32]) {
    let scale = V::splat(1.0 / (HEAD as f32).sqrt());
    for place in (0..width).step_by(2 * LANES) {
        let mut sums = [[V::splat(0.0); 2]; QUERIES];
        for number in 0..HEAD {
            let keys = vectors(&keys[number * width + place..][..2 * LANES]);
            let keys = [V::load(&keys[0]), V::load(&keys[1])];
            for (query, sums) in queries.iter().zip(&mut sums) {
                let x = V::splat(query[number]);
                sums[0] = keys[0].fused(x, sums[0]);
                sums[1] = keys[1].fused(x, sums[1]);
            }
        }
        for (query, sums) in sums.iter().enumerate() {
            let scores = vectors_mut(&mut scores[query * width + place..][..2 * LANES]);
            sums[0].mul(scale).store(&mut scores[0]);
            sums[1].mul(scale).store(&mut scores[1]);
        }
    }
}

/// Makes scores shares that are yet to be divided by the sum, which is returned.
#[inline(always)]
fn soften<V: Vector>(row: &mut [f32]) -> f32 {
    let mut most = V::splat(NOWHERE);
    for x in vectors(row) {
        most = V::load(x).greater(most);
    }
    let most = V::splat(most.fold(f32::max));
    let mut sum = V::splat(0.0);
    for x in vectors_mut(row) {
        let share = exp(V::load(x).sub(most));
        share.store(x);
        sum = sum.add(share);
    }
    sum.fold(|a, b| a + b)
}

/// Values weighted by the shares of four queries.
#[inline(always)]
fn attended<V: Vector>(shares: &[f32], values: &[f32], width: usize, tokens: usize) -> [[V; 2]; QUERIES] {
    let mut sums = [[V::splat(0.0); 2]; QUERIES];
    let rows: [&[f32]; QUERIES] = std::array::from_fn(|query| &shares[query * width..][..tokens]);
    for (token, value) in values.chunks_exact(HEAD).take(tokens).enumerate() {
        let value = [V::load(&vectors(value)[0]), V::load(&vectors(value)[1])];
        for (row, sums) in rows.iter().zip(&mut sums) {
            let share = V::splat(row[token]);
            sums[0] = value[0].fused(share, sums[0]);
            sums[1] = value[1].fused(share, sums[1]);
        }
    }
    sums
}
