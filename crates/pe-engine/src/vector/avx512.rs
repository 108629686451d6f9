//! 16 floats in one register of 512 bits.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m512, _mm_storeu_si128, _mm512_add_epi32, _mm512_add_ps, _mm512_castps_si512, _mm512_castsi512_ps,
    _mm512_cvtepi32_epi8, _mm512_cvtepi32_ps, _mm512_div_ps, _mm512_fmadd_ps, _mm512_loadu_ps,
    _mm512_loadu_si512, _mm512_max_ps, _mm512_min_ps, _mm512_mul_ps, _mm512_mullo_epi32, _mm512_set1_epi32,
    _mm512_set1_ps, _mm512_slli_epi32, _mm512_storeu_ps, _mm512_sub_epi32, _mm512_sub_ps,
};

use super::{LANES, Lanes, Vector};

/// 16 floats in a register.
#[derive(Clone, Copy)]
pub(crate) struct Avx512(__m512);

// SAFETY, for every block below: the trait says that its types are used only inside functions compiled for their instructions, which are
// called only where the processor has them; what is read and written are whole arrays of 16, by references.
impl Vector for Avx512 {
    #[inline(always)]
    fn load(lanes: &Lanes) -> Self {
        Self(unsafe { _mm512_loadu_ps(lanes.as_ptr()) })
    }

    #[inline(always)]
    fn store(self, lanes: &mut Lanes) {
        unsafe { _mm512_storeu_ps(lanes.as_mut_ptr(), self.0) }
    }

    #[inline(always)]
    fn splat(x: f32) -> Self {
        Self(unsafe { _mm512_set1_ps(x) })
    }

    #[inline(always)]
    fn add(self, other: Self) -> Self {
        Self(unsafe { _mm512_add_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        Self(unsafe { _mm512_sub_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        Self(unsafe { _mm512_mul_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn div(self, other: Self) -> Self {
        Self(unsafe { _mm512_div_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn fused(self, factor: Self, sum: Self) -> Self {
        Self(unsafe { _mm512_fmadd_ps(self.0, factor.0, sum.0) })
    }

    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        Self(unsafe { _mm512_max_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn lesser(self, other: Self) -> Self {
        Self(unsafe { _mm512_min_ps(self.0, other.0) })
    }

    #[inline(always)]
    fn exact(sums: &[i32; LANES], weights: &[i32; LANES], zero: i32) -> Self {
        unsafe {
            let taken =
                _mm512_mullo_epi32(_mm512_loadu_si512(weights.as_ptr().cast()), _mm512_set1_epi32(zero));
            let left = _mm512_sub_epi32(_mm512_loadu_si512(sums.as_ptr().cast()), taken);
            Self(_mm512_cvtepi32_ps(left))
        }
    }

    #[inline(always)]
    fn power(self) -> Self {
        unsafe {
            let exponent = _mm512_slli_epi32::<23>(_mm512_castps_si512(self.0));
            Self(_mm512_castsi512_ps(_mm512_add_epi32(exponent, _mm512_set1_epi32(0x3F80_0000))))
        }
    }

    #[inline(always)]
    fn low_bytes(self, bytes: &mut [u8; LANES]) {
        unsafe {
            let low = _mm512_cvtepi32_epi8(_mm512_castps_si512(self.0));
            _mm_storeu_si128(bytes.as_mut_ptr().cast(), low);
        }
    }
}
