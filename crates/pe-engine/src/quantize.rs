//! Rows of floats as bytes, each row with its own step, so that no row depends on those beside it.

use crate::functions::ROUND;
use crate::vector::{LANES, Vector, vectors};

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
            let largest = row.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
            let inverse = if largest > 0.0 { 127.0 / largest } else { 0.0 };
            bytes.extend(row.iter().map(|x| (x * inverse).round_ties_even() as i8));
            steps.push(largest / 127.0);
        }
        Self { bytes, steps }
    }
}

/// Writes a row as unsigned bytes and returns their scale. The range always holds zero.
#[inline(always)]
pub(crate) fn quantize_row<V: Vector>(row: &[f32], bytes: &mut [u8]) -> Scale {
    let (mut least, mut most) = (V::splat(0.0), V::splat(0.0));
    for x in vectors(row) {
        least = V::load(x).lesser(least);
        most = V::load(x).greater(most);
    }
    let (least, most) = (least.fold(f32::min), most.fold(f32::max));
    let range = most - least;
    if range <= 0.0 {
        bytes.fill(0);
        return Scale::default();
    }
    let inverse = 255.0 / range;
    let zero = (-least * inverse).round_ties_even();
    let (low, high) = (V::splat(ROUND), V::splat(ROUND + 255.0));
    let (inverse, shift) = (V::splat(inverse), V::splat(ROUND + zero));
    for (x, bytes) in vectors(row).iter().zip(bytes.as_chunks_mut::<LANES>().0) {
        V::load(x).fused(inverse, shift).greater(low).lesser(high).low_bytes(bytes);
    }
    Scale { step: range / 255.0, zero: zero as i32 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vector::Plain;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_row_comes_back_within_half_a_step(values in prop::collection::vec(-30.0_f32..50.0, 64)) {
            let mut bytes = [0; 64];
            let scale = quantize_row::<Plain>(&values, &mut bytes);
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
        assert_eq!(quantize_row::<Plain>(&[0.0; 32], &mut bytes), Scale::default());
        assert_eq!(bytes, [0; 32]);
    }
}
