//! Rows of floats as bytes, each row with its own step, so that no row depends on those beside it.

use crate::lanes::{LANES, Lanes, fold, greater, lesser, vectors, zip};

/// How the bytes of one row become floats again: `(byte - zero) * step`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Scale {
    pub(crate) step: f32,
    pub(crate) zero: i32,
}

/// Weights as signed bytes, with one step for each row (output channel).
#[derive(Clone, Debug, PartialEq)]
pub struct Quantized {
    /// Row by row.
    pub bytes: Vec<i8>,
    /// One for each row: the float is `byte * step`.
    pub steps: Vec<f32>,
}

impl Quantized {
    /// Quantises rows of `width` floats symmetrically: the largest of a row becomes 127.
    pub fn new(rows: &[f32], width: usize) -> Self {
        let mut bytes = Vec::with_capacity(rows.len());
        let mut steps = Vec::with_capacity(rows.len() / width.max(1));
        for row in rows.chunks_exact(width) {
            let largest = row.iter().fold(0.0_f32, |largest, x| greater(largest, x.abs()));
            let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
            bytes.extend(row.iter().map(|x| (x * inverse).round_ties_even() as i8));
            steps.push(largest / 127.0);
        }
        Self { bytes, steps }
    }
}

/// 1.5 * 2^23: a float that is added to it is rounded to a whole number, ties to even, which then stands in the low bits.
const ROUND: f32 = 12_582_912.0;

/// Writes a row as unsigned bytes and returns their scale. The range always holds zero.
#[inline(always)]
pub(crate) fn quantize_row(row: &[f32], bytes: &mut [u8]) -> Scale {
    let (mut least, mut most): (Lanes, Lanes) = ([0.0; LANES], [0.0; LANES]);
    for x in vectors(row) {
        least = zip(least, *x, lesser);
        most = zip(most, *x, greater);
    }
    let (least, most) = (fold(least, lesser), fold(most, greater));
    let range = most - least;
    if range <= 0.0 {
        bytes.fill(0);
        return Scale::default();
    }
    let inverse = 255.0 / range;
    let zero = (-least * inverse).round_ties_even();
    let (low, high) = (ROUND, ROUND + 255.0);
    let (bytes, _) = bytes.as_chunks_mut::<LANES>();
    for (x, bytes) in vectors(row).iter().zip(bytes) {
        for lane in 0..LANES {
            let rounded = x[lane].mul_add(inverse, ROUND + zero);
            bytes[lane] = lesser(greater(rounded, low), high).to_bits() as u8;
        }
    }
    Scale { step: range / 255.0, zero: zero as i32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_row_comes_back_within_half_a_step(values in prop::collection::vec(-30.0_f32..50.0, 64)) {
            let mut bytes = [0; 64];
            let scale = quantize_row(&values, &mut bytes);
            for (value, byte) in values.iter().zip(bytes) {
                let back = (i32::from(byte) - scale.zero) as f32 * scale.step;
                prop_assert!((back - value).abs() <= scale.step * 1.01, "{value} came back as {back}");
            }
        }

        #[test]
        fn weights_come_back_within_half_a_step(values in prop::collection::vec(-3.0_f32..3.0, 64)) {
            let weights = Quantized::new(&values, 32);
            for (index, value) in values.iter().enumerate() {
                let step = weights.steps[index / 32];
                prop_assert!((f32::from(weights.bytes[index]) * step - value).abs() <= step * 0.5001);
            }
        }
    }

    #[test]
    fn a_row_of_zeros_is_zeros() {
        let mut bytes = [7; 32];
        assert_eq!(quantize_row(&[0.0; 32], &mut bytes), Scale::default());
        assert_eq!(bytes, [0; 32]);
    }
}
