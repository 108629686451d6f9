//! Arithmetic in 16 lanes, the same to the bit on every processor.
//!
//! Each function is written once, on arrays of 16 floats, and compiled for each kernel by [`with`]. Nothing depends on how the
//! compiler vectorises it: a product is always fused with its sum (`mul_add`), element `i` always belongs to lane `i % 16`, and lanes
//! are always joined by halves.
#![allow(unsafe_code)]

use crate::Kernel;

/// Floats that are handled together.
pub(crate) const LANES: usize = 16;

/// 16 floats.
pub(crate) type Lanes = [f32; LANES];

/// Runs `work` compiled for the kernel's instructions. What it calls has to be `#[inline(always)]` to be compiled so too.
#[inline(always)]
pub(crate) fn with<T>(kernel: Kernel, work: impl FnOnce() -> T) -> T {
    match kernel {
        // SAFETY: a kernel is chosen only where the processor has its instructions.
        #[cfg(target_arch = "x86_64")]
        Kernel::Amx | Kernel::Vnni => unsafe { with_avx512(work) },
        // SAFETY: as above.
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx2 => unsafe { with_avx2(work) },
        _ => work(),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vl,avx512dq,avx2,fma")]
fn with_avx512<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn with_avx2<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// Applies `f` lane by lane.
#[inline(always)]
pub(crate) fn map(lanes: Lanes, f: impl Fn(f32) -> f32) -> Lanes {
    std::array::from_fn(|lane| f(lanes[lane]))
}

/// Applies `f` to pairs, lane by lane.
#[inline(always)]
pub(crate) fn zip(left: Lanes, right: Lanes, f: impl Fn(f32, f32) -> f32) -> Lanes {
    std::array::from_fn(|lane| f(left[lane], right[lane]))
}

/// Joins the lanes by halves: 8 + 8, 4 + 4, 2 + 2, 1 + 1.
#[inline(always)]
pub(crate) fn fold(mut lanes: Lanes, f: impl Fn(f32, f32) -> f32) -> f32 {
    let mut width = LANES / 2;
    while width > 0 {
        for lane in 0..width {
            lanes[lane] = f(lanes[lane], lanes[lane + width]);
        }
        width /= 2;
    }
    lanes[0]
}

/// The greater of two; of equal ones either, which are the same bits but for the sign of zero. No NaN.
#[inline(always)]
pub(crate) fn greater(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The lesser of two. No NaN.
#[inline(always)]
pub(crate) fn lesser(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
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

/// e to the power of x, for x at most 88; relative error below 2e-7, and zero below -87. The exponent is split off and a polynomial of degree
/// 6 taken of the rest in [-ln 2 / 2, ln 2 / 2] (Cephes, `expf`).
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    const ROUND: f32 = 12_582_912.0; // 1.5 * 2^23: adding it leaves a whole number in the low bits
    let x = greater(x, -87.3);
    let shifted = x.mul_add(std::f32::consts::LOG2_E, ROUND);
    let whole = shifted - ROUND;
    let rest = whole.mul_add(-0.693_359_4, x);
    let rest = whole.mul_add(2.121_944_4e-4, rest);
    let mut sum = 1.987_569_1e-4_f32;
    for coefficient in [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        sum = sum.mul_add(rest, coefficient);
    }
    let sum = sum.mul_add(rest * rest, rest) + 1.0;
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(0x3F80_0000));
    sum * power
}

/// The error function; absolute error below 5e-7. A ratio of polynomials (as in Eigen, `erf` for floats), on [-4, 4].
#[inline(always)]
fn erf(x: f32) -> f32 {
    let x = lesser(greater(x, -4.0), 4.0);
    let square = x * x;
    let mut above = -2.726_142_2e-10_f32;
    for coefficient in
        [2.770_681_4e-8, -2.101_024e-6, -5.692_506_4e-5, -7.349_906_3e-4, -2.954_6e-3, -1.609_603_3e-2]
    {
        above = above.mul_add(square, coefficient);
    }
    let mut below = -1.456_607_2e-5_f32;
    for coefficient in [-2.133_740_5e-4, -1.682_827e-3, -7.373_329_2e-3, -1.426_473_9e-2] {
        below = below.mul_add(square, coefficient);
    }
    x * above / below
}

/// The Gaussian error linear unit, exact form: x / 2 * (1 + erf(x / sqrt 2)) (Hendrycks and Gimpel 2016).
#[inline(always)]
pub(crate) fn gelu(x: f32) -> f32 {
    let half = 0.5 * x;
    erf(x * std::f32::consts::FRAC_1_SQRT_2).mul_add(half, half)
}

/// Normalises a row to mean 0 and variance 1, then scales and shifts it (Ba et al. 2016).
#[inline(always)]
pub(crate) fn normalise(row: &mut [f32], weight: &[f32], bias: &[f32], epsilon: f32) {
    let count = row.len() as f32;
    let mut sum = [0.0; LANES];
    for x in vectors(row) {
        sum = zip(sum, *x, |sum, x| sum + x);
    }
    let mean = fold(sum, |a, b| a + b) / count;
    let mut squares = [0.0; LANES];
    for x in vectors(row) {
        squares = zip(squares, *x, |sum, x| (x - mean).mul_add(x - mean, sum));
    }
    let variance = fold(squares, |a, b| a + b) / count;
    let scale = 1.0 / (variance + epsilon).sqrt();
    for ((x, weight), bias) in vectors_mut(row).iter_mut().zip(vectors(weight)).zip(vectors(bias)) {
        for lane in 0..LANES {
            x[lane] = ((x[lane] - mean) * scale).mul_add(weight[lane], bias[lane]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(from: f32, to: f32) -> impl Iterator<Item = f32> {
        (0..=20_000).map(move |step| from + (to - from) * step as f32 / 20_000.0)
    }

    #[test]
    fn exp_is_close() {
        for x in steps(-87.0, 20.0) {
            let exact = f64::from(x).exp();
            let error = (f64::from(exp(x)) - exact).abs() / exact;
            assert!(error < 3e-7, "exp({x}) is {} and not {exact}: {error}", exp(x));
        }
        assert!(exp(-1e30) < 1e-37);
    }

    #[test]
    fn gelu_is_close() {
        // By the series of erf, in double precision.
        let erf = |x: f64| {
            let (mut term, mut sum) = (x, x);
            for n in 1..200 {
                term *= -x * x / f64::from(n);
                sum += term / f64::from(2 * n + 1);
            }
            sum * 2.0 / std::f64::consts::PI.sqrt()
        };
        for x in steps(-5.0, 5.0) {
            let exact = f64::from(x) / 2.0 * (1.0 + erf(f64::from(x) / 2.0_f64.sqrt()));
            assert!((f64::from(gelu(x)) - exact).abs() < 2e-6, "gelu({x}) is {} and not {exact}", gelu(x));
        }
    }

    #[test]
    fn every_kernel_gives_the_same_bits() {
        let values: Vec<f32> = steps(-9.0, 9.0).take(20_000 / 384 * 384).collect();
        let (weight, bias) = (vec![1.25; 384], vec![-0.5; 384]);
        let run = |kernel| {
            let mut values = values.clone();
            with(kernel, || {
                for row in values.chunks_exact_mut(384) {
                    normalise(row, &weight, &bias, 1e-12);
                    for x in vectors_mut(row) {
                        *x = map(*x, |x| gelu(x) + exp(x));
                    }
                }
            });
            values.into_iter().map(f32::to_bits).collect::<Vec<_>>()
        };
        let expected = run(Kernel::Portable);
        for kernel in Kernel::ALL.into_iter().filter(|kernel| kernel.is_available()) {
            assert!(run(kernel) == expected, "{kernel}");
        }
    }
}
