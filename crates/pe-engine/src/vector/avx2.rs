//! 16 floats in two registers of 256 bits.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m256, _mm256_add_epi32, _mm256_add_ps, _mm256_castps_si256, _mm256_castsi256_ps, _mm256_cvtepi32_ps,
    _mm256_div_ps, _mm256_fmadd_ps, _mm256_loadu_ps, _mm256_loadu_si256, _mm256_max_ps, _mm256_min_ps,
    _mm256_mul_ps, _mm256_mullo_epi32, _mm256_set1_epi32, _mm256_set1_ps, _mm256_slli_epi32,
    _mm256_storeu_ps, _mm256_sub_epi32, _mm256_sub_ps,
};

use super::{LANES, Lanes, Vector};

/// 16 floats in two registers.
#[derive(Clone, Copy)]
pub(crate) struct Avx2([__m256; 2]);

impl Avx2 {
    #[inline(always)]
    fn zip(self, other: Self, f: impl Fn(__m256, __m256) -> __m256) -> Self {
        Self([f(self.0[0], other.0[0]), f(self.0[1], other.0[1])])
    }
}

// SAFETY, for every block below: the trait says that its types are used only inside functions compiled for their instructions, which are
// called only where the processor has them; what is read and written are whole arrays of 16, by references.
impl Vector for Avx2 {
    #[inline(always)]
    fn load(lanes: &Lanes) -> Self {
        let place = lanes.as_ptr();
        Self(unsafe { [_mm256_loadu_ps(place), _mm256_loadu_ps(place.add(8))] })
    }

    #[inline(always)]
    fn store(self, lanes: &mut Lanes) {
        let place = lanes.as_mut_ptr();
        unsafe {
            _mm256_storeu_ps(place, self.0[0]);
            _mm256_storeu_ps(place.add(8), self.0[1]);
        }
    }

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self([unsafe { _mm256_set1_ps(x) }; 2])
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        self.zip(other, |a, b| unsafe { _mm256_add_ps(a, b) })
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        self.zip(other, |a, b| unsafe { _mm256_sub_ps(a, b) })
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        self.zip(other, |a, b| unsafe { _mm256_mul_ps(a, b) })
    }

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        self.zip(other, |a, b| unsafe { _mm256_div_ps(a, b) })
    }

    #[inline(always)]
    fn fused(self, factor: Self, sum: Self) -> Self {
        let half = |half: usize| unsafe { _mm256_fmadd_ps(self.0[half], factor.0[half], sum.0[half]) };
        Self([half(0), half(1)])
    }

    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        self.zip(other, |a, b| unsafe { _mm256_max_ps(a, b) })
    }

    #[inline(always)]
    fn lesser(self, other: Self) -> Self {
        self.zip(other, |a, b| unsafe { _mm256_min_ps(a, b) })
    }

    #[inline(always)]
    fn exact(sums: &[i32; LANES], weights: &[i32; LANES], zero: i32) -> Self {
        let half = |half: usize| unsafe {
            let weights = _mm256_loadu_si256(weights.as_ptr().add(half * 8).cast());
            let taken = _mm256_mullo_epi32(weights, _mm256_set1_epi32(zero));
            let sums = _mm256_loadu_si256(sums.as_ptr().add(half * 8).cast());
            _mm256_cvtepi32_ps(_mm256_sub_epi32(sums, taken))
        };
        Self([half(0), half(1)])
    }

    #[inline(always)]
    fn power(self) -> Self {
        let half = |half: __m256| unsafe {
            let exponent = _mm256_slli_epi32::<23>(_mm256_castps_si256(half));
            _mm256_castsi256_ps(_mm256_add_epi32(exponent, _mm256_set1_epi32(0x3F80_0000)))
        };
        Self([half(self.0[0]), half(self.0[1])])
    }

    #[inline(always)]
    fn low_bytes(self, bytes: &mut [u8; LANES]) {
        let mut lanes = [0.0; LANES];
        self.store(&mut lanes);
        *bytes = std::array::from_fn(|lane| lanes[lane].to_bits() as u8);
    }
}
