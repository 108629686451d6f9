//! Exact amounts of score.
//!
//! Evidence has to add up to its score exactly, and floats do not add exactly. So a score and every contribution to it is
//! a whole number of millionths: 820,000 points are a score of 0.82.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use serde::{Deserialize, Serialize};

/// A score, or a contribution to one, in millionths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Points(i64);

impl Points {
    /// A score of 0.
    pub const ZERO: Self = Self(0);
    /// A score of 1.
    pub const ONE: Self = Self(1_000_000);

    /// So many millionths.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The nearest amount to a fraction (1.0 becomes [`Points::ONE`]); what is not a number becomes zero.
    pub fn from_fraction(fraction: f64) -> Self {
        Self((fraction * 1e6).round() as i64)
    }

    /// Millionths.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// As a fraction: [`Points::ONE`] is 1.0.
    pub fn fraction(self) -> f64 {
        self.0 as f64 / 1e6
    }

    /// The distance from zero.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self(self.0.abs())
    }
}

impl fmt::Display for Points {
    /// Three decimals, as scores are shown everywhere.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.sign_plus() { write!(f, "{:+.3}", self.fraction()) } else { write!(f, "{:.3}", self.fraction()) }
    }
}

impl Add for Points {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Points {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Points {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl AddAssign for Points {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl SubAssign for Points {
    fn sub_assign(&mut self, other: Self) {
        self.0 -= other.0;
    }
}

impl Sum for Points {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_round_to_the_nearest_millionth() {
        assert_eq!(Points::from_fraction(0.82).micros(), 820_000);
        assert_eq!(Points::from_fraction(-0.000_000_4).micros(), 0);
        assert_eq!(Points::from_fraction(f64::NAN), Points::ZERO);
    }

    #[test]
    fn shown_with_three_decimals_and_a_sign_on_request() {
        assert_eq!(Points::from_fraction(0.6186).to_string(), "0.619");
        assert_eq!(format!("{:+}", Points::from_fraction(-0.05)), "-0.050");
    }
}
