//! 16 floats on any processor.

use super::{LANES, Lanes, Vector};

/// 16 floats in an array.
#[derive(Clone, Copy)]
pub(crate) struct Plain(Lanes);

impl Plain {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(f32, f32) -> f32) -> Self {
        Self(std::array::from_fn(|lane| f(self.0[lane], other.0[lane])))
    }
}

/// `a * b + c`, rounded once, without the instruction for it, whose stand-in in the C library takes some hundred times as long.
///
/// The product is exact in double precision. The sum is rounded to odd there (Boldo and Melquiond 2008): what it lost is left as a mark in
/// its last bit, so that rounding to single precision sees on which side of a tie it lies.
#[inline(always)]
fn fused(a: f32, b: f32, c: f32) -> f32 {
    let (product, c) = (f64::from(a) * f64::from(b), f64::from(c));
    let sum = product + c;
    let part = sum - product;
    let lost = (product - (sum - part)) + (c - part);
    let bits = sum.to_bits();
    let away = (lost > 0.0) == (sum > 0.0);
    // Towards what was lost, if the last bit is even: the next number with an odd one.
    let odd = if away { bits | 1 } else { bits.wrapping_sub(u64::from(bits & 1 == 0)) };
    f64::from_bits(if lost == 0.0 || sum == 0.0 { bits } else { odd }) as f32
}

impl Vector for Plain {
    #[inline(always)]
    fn load(lanes: &Lanes) -> Self {
        Self(*lanes)
    }

    #[inline(always)]
    fn store(self, lanes: &mut Lanes) {
        *lanes = self.0;
    }

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self([x; LANES])
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| a - b)
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self.zip(other, |a, b| a / b)
    }

    #[inline(always)]
    fn fused(self, factor: Self, sum: Self) -> Self {
        Self(std::array::from_fn(|lane| fused(self.0[lane], factor.0[lane], sum.0[lane])))
    }

    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        self.zip(other, |a, b| if a > b { a } else { b })
    }

    #[inline(always)]
    fn lesser(self, other: Self) -> Self {
        self.zip(other, |a, b| if a < b { a } else { b })
    }

    #[inline(always)]
    fn exact(sums: &[i32; LANES], weights: &[i32; LANES], zero: i32) -> Self {
        let exact = |lane: usize| sums[lane].wrapping_sub(weights[lane].wrapping_mul(zero));
        Self(std::array::from_fn(|lane| exact(lane) as f32))
    }

    #[inline(always)]
    fn power(self) -> Self {
        let power = |x: f32| f32::from_bits((x.to_bits() << 23).wrapping_add(0x3F80_0000));
        Self(std::array::from_fn(|lane| power(self.0[lane])))
    }

    #[inline(always)]
    fn low_bytes(self, bytes: &mut [u8; LANES]) {
        *bytes = std::array::from_fn(|lane| self.0[lane].to_bits() as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_fused_product_is_rounded_once(a in -1e6_f32..1e6, b in -1e6_f32..1e6, c in -1e6_f32..1e6, small in -1e-3_f32..1e-3) {
            for (a, b, c) in [(a, b, c), (a, small, c), (a, b, -a * b), (small, small, a), (a, a, -c * c), (1.0, a, small)] {
                prop_assert_eq!(fused(a, b, c).to_bits(), a.mul_add(b, c).to_bits(), "{} * {} + {}", a, b, c);
            }
        }

        /// Few bits each, so that ties and exact sums are common.
        #[test]
        fn ties_are_rounded_as_the_processor_does(a in -5000_i32..5000, b in -5000_i32..5000, c in -5000_i32..5000, shift in 0..40_i32) {
            let (a, b) = (a as f32 + 8_388_608.0, b as f32);
            let c = c as f32 * 2.0_f32.powi(shift - 20);
            prop_assert_eq!(fused(a, b, c).to_bits(), a.mul_add(b, c).to_bits(), "{} * {} + {}", a, b, c);
        }
    }
}
