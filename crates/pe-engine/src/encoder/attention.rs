//! Attention of each token to all tokens of its sequence, head by head (Vaswani et al. 2017).
//!
//! Scores are summed over the 32 numbers of a head one after the other, for 16 keys at a time, and what is attended to over the
//! keys one after the other, for 16 numbers at a time: no sum crosses lanes but the one under the fraction of the softmax.

use crate::lanes::{LANES, Lanes, exp, fold, greater, map, vectors, vectors_mut, zip};

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

/// Writes what each of `tokens` attends to in one head. `projected` has rows of queries, keys and values of all heads, each `hidden`
/// wide; `out` has rows of `hidden`. The head begins at number `offset`.
#[inline(always)]
pub(super) fn attend(
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
        score(&queries, &room.keys, width, &mut room.scores);
        let mut shares = [0.0; QUERIES];
        for (row, share) in room.scores.chunks_exact_mut(width).zip(&mut shares) {
            row[tokens..].fill(NOWHERE);
            *share = 1.0 / soften(row);
        }
        let sums = attended(&room.scores, &room.values, width, tokens);
        for query in 0..count {
            let out = &mut out[(first + query) * hidden + offset..][..HEAD];
            for (out, sum) in vectors_mut(out).iter_mut().zip(sums[query]) {
                *out = map(sum, |x| x * shares[query]);
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
fn score(queries: &[&[f32]; QUERIES], keys: &[f32], width: usize, scores: &mut [f32]) {
    let scale = 1.0 / (HEAD as f32).sqrt();
    for place in (0..width).step_by(2 * LANES) {
        let mut sums: [[Lanes; 2]; QUERIES] = [[[0.0; LANES]; 2]; QUERIES];
        for number in 0..HEAD {
            let keys = vectors(&keys[number * width + place..][..2 * LANES]);
            for (query, sums) in queries.iter().zip(&mut sums) {
                let x = query[number];
                sums[0] = zip(sums[0], keys[0], |sum, key| key.mul_add(x, sum));
                sums[1] = zip(sums[1], keys[1], |sum, key| key.mul_add(x, sum));
            }
        }
        for (query, sums) in sums.iter().enumerate() {
            let scores = vectors_mut(&mut scores[query * width + place..][..2 * LANES]);
            scores[0] = map(sums[0], |x| x * scale);
            scores[1] = map(sums[1], |x| x * scale);
        }
    }
}

/// Makes scores shares that are yet to be divided by the sum, which is returned.
#[inline(always)]
fn soften(row: &mut [f32]) -> f32 {
    let mut most = [NOWHERE; LANES];
    for x in vectors(row) {
        most = zip(most, *x, greater);
    }
    let most = fold(most, greater);
    let mut sum = [0.0; LANES];
    for x in vectors_mut(row) {
        *x = map(*x, |x| exp(x - most));
        sum = zip(sum, *x, |sum, x| sum + x);
    }
    fold(sum, |a, b| a + b)
}

/// Values weighted by the shares of four queries.
#[inline(always)]
fn attended(shares: &[f32], values: &[f32], width: usize, tokens: usize) -> [[Lanes; 2]; QUERIES] {
    let mut sums: [[Lanes; 2]; QUERIES] = [[[0.0; LANES]; 2]; QUERIES];
    let rows: [&[f32]; QUERIES] = std::array::from_fn(|query| &shares[query * width..][..tokens]);
    for (token, value) in values.chunks_exact(HEAD).take(tokens).enumerate() {
        let value = vectors(value);
        for (row, sums) in rows.iter().zip(&mut sums) {
            let share = row[token];
            sums[0] = zip(sums[0], value[0], |sum, x| x.mul_add(share, sum));
            sums[1] = zip(sums[1], value[1], |sum, x| x.mul_add(share, sum));
        }
    }
    sums
}
