//! Functions of 16 floats: exponential, Gaussian error linear unit, normalisation.

use crate::vector::{Vector, vectors, vectors_mut};

/// 1.5 * 2^23: a float that is added to it is rounded to a whole number, ties to even, which then stands in the low bits.
pub(crate) const ROUND: f32 = 12_582_912.0;

/// Sums a polynomial by Horner's rule, the highest coefficient first.
#[inline(always)]
fn polynomial<V: Vector, const N: usize>(x: V, coefficients: [f32; N]) -> V {
    let mut sum = V::splat(coefficients[0]);
    for coefficient in &coefficients[1..] {
        sum = sum.fused(x, V::splat(*coefficient));
    }
    sum
}

/// e to the power of x, for x at most 88; relative error below 3e-7, and about 1e-38 below -87. The exponent is split off and a polynomial of
/// degree 6 taken of the rest in [-ln 2 / 2, ln 2 / 2] (Cephes, `expf`).
#[inline(always)]
pub(crate) fn exp<V: Vector>(x: V) -> V {
    let x = x.greater(V::splat(-87.3));
    let shifted = x.fused(V::splat(std::f32::consts::LOG2_E), V::splat(ROUND));
    let whole = shifted.sub(V::splat(ROUND));
    let rest = whole.fused(V::splat(-0.693_359_4), x);
    let rest = whole.fused(V::splat(2.121_944_4e-4), rest);
    let sum =
        polynomial(rest, [1.987_569_1e-4, 1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5]);
    sum.fused(rest.mul(rest), rest).add(V::splat(1.0)).mul(shifted.power())
}

/// The error function; absolute error below 5e-7. A ratio of polynomials (as in Eigen, `erf` for floats), on [-4, 4].
#[inline(always)]
fn erf<V: Vector>(x: V) -> V {
    let x = x.greater(V::splat(-4.0)).lesser(V::splat(4.0));
    let square = x.mul(x);
    let above = [
        -2.726_142_2e-10,
        2.770_681_4e-8,
        -2.101_024e-6,
        -5.692_506_4e-5,
        -7.349_906_3e-4,
        -2.954_6e-3,
        -1.609_603_3e-2,
    ];
    let below = [-1.456_607_2e-5, -2.133_740_5e-4, -1.682_827e-3, -7.373_329_2e-3, -1.426_473_9e-2];
    x.mul(polynomial(square, above)).div(polynomial(square, below))
}

/// The Gaussian error linear unit, exact form: x / 2 * (1 + erf(x / sqrt 2)) (Hendrycks and Gimpel 2016).
#[inline(always)]
pub(crate) fn gelu<V: Vector>(x: V) -> V {
    let half = x.mul(V::splat(0.5));
    erf(x.mul(V::splat(std::f32::consts::FRAC_1_SQRT_2))).fused(half, half)
}

/// Normalises a row to mean 0 and variance 1, then scales and shifts it (Ba et al. 2016).
#[inline(always)]
pub(crate) fn normalise<V: Vector>(row: &mut [f32], weight: &[f32], bias: &[f32], epsilon: f32) {
    let count = row.len() as f32;
    let mut sum = V::splat(0.0);
    for x in vectors(row) {
        sum = sum.add(V::load(x));
    }
    let mean = V::splat(sum.fold(|a, b| a + b) / count);
    let mut squares = V::splat(0.0);
    for x in vectors(row) {
        let apart = V::load(x).sub(mean);
        squares = apart.fused(apart, squares);
    }
    let variance = squares.fold(|a, b| a + b) / count;
    let scale = V::splat(1.0 / (variance + epsilon).sqrt());
    for ((x, weight), bias) in vectors_mut(row).iter_mut().zip(vectors(weight)).zip(vectors(bias)) {
        V::load(x).sub(mean).mul(scale).fused(V::load(weight), V::load(bias)).store(x);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kernel;
    use crate::vector::{LANES, Plain, for_each_kernel};

    fn steps(from: f32, to: f32) -> impl Iterator<Item = f32> {
        (0..=20_000).map(move |step| from + (to - from) * step as f32 / 20_000.0)
    }

    fn of(f: impl Fn(Plain) -> Plain, x: f32) -> f32 {
        let mut lanes = [0.0; LANES];
        f(Plain::splat(x)).store(&mut lanes);
        lanes[0]
    }

    #[test]
    fn exp_is_close() {
        for x in steps(-87.0, 20.0) {
            let (exact, found) = (f64::from(x).exp(), f64::from(of(exp, x)));
            assert!((found - exact).abs() / exact < 3e-7, "exp({x}) is {found} and not {exact}");
        }
        assert!(of(exp, -1e30) < 1e-37);
    }

    /// erf by its series, in double precision.
    fn exact_erf(x: f64) -> f64 {
        let (mut term, mut sum) = (x, x);
        for n in 1..200 {
            term *= -x * x / f64::from(n);
            sum += term / f64::from(2 * n + 1);
        }
        sum * 2.0 / std::f64::consts::PI.sqrt()
    }

    #[test]
    fn gelu_is_close() {
        for x in steps(-5.0, 5.0) {
            let exact = f64::from(x) / 2.0 * (1.0 + exact_erf(f64::from(x) / 2.0_f64.sqrt()));
            let found = of(gelu, x);
            assert!((f64::from(found) - exact).abs() < 2e-6, "gelu({x}) is {found} and not {exact}");
        }
    }

    for_each_kernel! {
        fn everything<V>(values: &mut [f32], weight: &[f32], bias: &[f32]) {
            for row in values.chunks_exact_mut(384) {
                normalise::<V>(row, weight, bias, 1e-12);
                for x in vectors_mut(row) {
                    gelu(V::load(x)).add(exp(V::load(x))).store(x);
                }
            }
        }
    }

    #[test]
    fn every_kernel_gives_the_same_bits() {
        let values: Vec<f32> = steps(-9.0, 9.0).take(20_000 / 384 * 384).collect();
        let (weight, bias) = (vec![1.25; 384], vec![-0.5; 384]);
        let run = |kernel| {
            let mut values = values.clone();
            everything(kernel, &mut values, &weight, &bias);
            values.into_iter().map(f32::to_bits).collect::<Vec<_>>()
        };
        let expected = run(Kernel::Portable);
        for kernel in Kernel::ALL.into_iter().filter(|kernel| kernel.is_available()) {
            assert!(run(kernel) == expected, "{kernel}");
        }
    }
}
