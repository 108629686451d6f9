//! 16 floats at once, the same to the bit on every processor.
//!
//! Arithmetic is written once, over [`Vector`], and compiled for each kernel by [`for_each_kernel`]. Nothing depends on how: a product
//! is always fused with its sum, element `i` of a row always belongs to lane `i % 16`, and lanes are always joined by halves.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod plain;

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) use avx512::Avx512;
pub(crate) use plain::Plain;

/// Floats that are handled together.
pub(crate) const LANES: usize = 16;

/// 16 floats in memory.
pub(crate) type Lanes = [f32; LANES];

/// 16 floats in registers. Only used inside functions that are compiled for its instructions.
pub(crate) trait Vector: Copy {
    fn load(lanes: &Lanes) -> Self;
    fn store(self, lanes: &mut Lanes);
    fn splat(x: f32) -> Self;
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn div(self, other: Self) -> Self;
    /// `self * factor + sum`, rounded once.
    fn fused(self, factor: Self, sum: Self) -> Self;
    /// The greater; the other one where neither is.
    fn greater(self, other: Self) -> Self;
    /// The lesser; the other one where neither is.
    fn lesser(self, other: Self) -> Self;
    /// `sums - weights * zero` as floats.
    fn exact(sums: &[i32; LANES], weights: &[i32; LANES], zero: i32) -> Self;
    /// 2 to the power of the whole number in the low bits.
    fn power(self) -> Self;
    /// The low byte of each lane's bits.
    fn low_bytes(self, bytes: &mut [u8; LANES]);

    /// The lanes joined by halves: 8 and 8, 4 and 4, 2 and 2, 1 and 1.
    #[inline(always)]
    fn fold(self, f: impl Fn(f32, f32) -> f32) -> f32 {
        let mut lanes = [0.0; LANES];
        self.store(&mut lanes);
        let mut width = LANES / 2;
        while width > 0 {
            for lane in 0..width {
                lanes[lane] = f(lanes[lane], lanes[lane + width]);
            }
            width /= 2;
        }
        lanes[0]
    }
}

/// Whole vectors of a slice whose length is a multiple of 16.
#[inline(always)]
pub(crate) fn vectors(values: &[f32]) -> &[Lanes] {
    let (vectors, rest) = values.as_chunks();
    debug_assert!(rest.is_empty(), "whole vectors");
    vectors
}

/// Whole vectors of a slice whose length is a multiple of 16, to write.
#[inline(always)]
pub(crate) fn vectors_mut(values: &mut [f32]) -> &mut [Lanes] {
    let (vectors, rest) = values.as_chunks_mut();
    debug_assert!(rest.is_empty(), "whole vectors");
    vectors
}

/// Writes a function that takes a [`Kernel`](crate::Kernel) first and whose body, over a vector type `V`, is compiled for each.
/// What the body calls has to be `#[inline(always)]`: a call that stays a call would not have the kernel's instructions.
macro_rules! for_each_kernel {
    ($(#[$about:meta])* $vis:vis fn $name:ident<$vector:ident>($($argument:ident: $type:ty),* $(,)?) $body:block) => {
        $(#[$about])*
        #[allow(clippy::too_many_arguments)]
        $vis fn $name(kernel: $crate::Kernel, $($argument: $type),*) {
            #[inline(always)]
            #[allow(clippy::too_many_arguments)]
            fn generic<$vector: $crate::vector::Vector>($($argument: $type),*) $body

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            #[allow(clippy::too_many_arguments)]
            fn avx2($($argument: $type),*) {
                generic::<$crate::vector::Avx2>($($argument),*);
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")]
            #[allow(clippy::too_many_arguments)]
            fn avx512($($argument: $type),*) {
                generic::<$crate::vector::Avx512>($($argument),*);
            }

            #[allow(unsafe_code)]
            match kernel {
                // SAFETY: a kernel is chosen only where the processor has its instructions.
                #[cfg(target_arch = "x86_64")]
                $crate::Kernel::Amx | $crate::Kernel::Vnni => unsafe { avx512($($argument),*) },
                // SAFETY: as above.
                #[cfg(target_arch = "x86_64")]
                $crate::Kernel::Avx2 => unsafe { avx2($($argument),*) },
                _ => generic::<$crate::vector::Plain>($($argument),*),
            }
        }
    };
}
pub(crate) use for_each_kernel;
