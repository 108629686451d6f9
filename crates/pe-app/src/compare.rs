//! Compare: two datasets axis by axis, or two conversations side by side.

use pe_model::Axis;
use pe_store::{Filter, Moments};
use serde::Serialize;

use crate::{Corpus, Error, Shown};

/// Mean and spread of one axis in two datasets.
#[derive(Clone, Debug, Serialize)]
pub struct AxisComparison {
    /// Which axis.
    pub axis: Axis,
    /// Mean in the first.
    pub a: f64,
    /// Mean in the second.
    pub b: f64,
    /// `b - a`.
    pub difference: f64,
    /// Half the width of the 90 % interval of the difference (Welch's, for two means of independent samples whose spreads differ).
    /// Infinite where either has fewer than ten conversations: too few.
    pub margin: f64,
}

impl AxisComparison {
    /// Whether the interval of the difference leaves out zero.
    pub fn is_shown(&self) -> bool {
        self.difference.abs() > self.margin
    }
}

/// Two datasets.
#[derive(Clone, Debug, Serialize)]
pub struct DatasetComparison {
    /// Conversations with scores in the first and the second.
    pub scored: [u64; 2],
    /// Axis by axis; the overall score is last.
    pub axes: Vec<AxisComparison>,
}

/// What was compared.
#[derive(Clone, Debug)]
pub enum Comparison {
    /// Two datasets.
    Datasets(DatasetComparison),
    /// Two conversations.
    Conversations(Box<[Shown; 2]>),
}

/// Fewer conversations than this, and what a score has in common with a normal distribution is not to be relied upon.
const FEWEST: u64 = 10;

impl Corpus {
    /// Compares two datasets, or two conversations.
    pub async fn compare(&self, a: &str, b: &str) -> Result<Comparison, Error> {
        let names: Vec<_> = self.store.datasets().await?.into_iter().map(|dataset| dataset.name).collect();
        let is_dataset = |name: &str| names.iter().any(|known| known == name);
        match (is_dataset(a), is_dataset(b)) {
            (true, true) => Ok(Comparison::Datasets(self.compare_datasets(a, b).await?)),
            (false, false) => {
                Ok(Comparison::Conversations(Box::new([self.show(a).await?, self.show(b).await?])))
            }
            _ => Err(Error::invalid(format!(
                "{a} and {b} are of two kinds: name two datasets ({}) or two conversations",
                names.join(", ")
            ))),
        }
    }

    async fn compare_datasets(&self, a: &str, b: &str) -> Result<DatasetComparison, Error> {
        let (a, b) = (self.moments(a).await?, self.moments(b).await?);
        let axes = Axis::ALL.into_iter().zip(a.iter().zip(&b)).map(|(axis, (a, b))| AxisComparison {
            axis,
            a: a.mean,
            b: b.mean,
            difference: b.mean - a.mean,
            margin: margin(a, b),
        });
        let scored = [a, b].map(|axes| axes.iter().map(|axis| axis.count).max().unwrap_or(0));
        Ok(DatasetComparison { scored, axes: axes.collect() })
    }

    async fn moments(&self, dataset: &str) -> Result<[Moments; 6], Error> {
        let filter = Filter { scored: Some(true), ..Filter::dataset(dataset) };
        Ok(self.store.axis_moments(&filter).await?)
    }
}

/// Half the width of Welch's 90 % interval for the difference of two means: Student's t, with the degrees of freedom of Welch
/// (1947) and Satterthwaite (1946).
fn margin(a: &Moments, b: &Moments) -> f64 {
    let (Some(a_spread), Some(b_spread)) = (a.variance(), b.variance()) else { return f64::INFINITY };
    if a.count.min(b.count) < FEWEST {
        return f64::INFINITY;
    }
    let (first, second) = (a_spread / a.count as f64, b_spread / b.count as f64);
    let both = first + second;
    if both <= 0.0 {
        return 0.0;
    }
    let free = both * both / (first * first / (a.count - 1) as f64 + second * second / (b.count - 1) as f64);
    student(free) * both.sqrt()
}

/// The 95th percentile of Student's distribution by its expansion around the normal one (Abramowitz and Stegun 26.7.5); from nine
/// degrees of freedom on it is right to 0.0001.
fn student(free: f64) -> f64 {
    let z = 1.644_853_627_f64;
    let first = (z.powi(3) + z) / 4.0;
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    let third = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
    z + first / free + second / free.powi(2) + third / free.powi(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_table() {
        for (free, wanted) in [(9.0, 1.8331), (10.0, 1.8125), (20.0, 1.7247), (120.0, 1.6577)] {
            assert!((student(free) - wanted).abs() < 1e-4, "{free}: {}", student(free));
        }
    }

    #[test]
    fn few_conversations_show_nothing_and_many_do() {
        let of = |count: u64, mean| Moments { count, mean, squares: 0.01 * (count - 1) as f64 };
        assert!(margin(&of(9, 0.2), &of(500, 0.9)).is_infinite());
        assert!(margin(&Moments::default(), &of(500, 0.9)).is_infinite());
        // Two samples of ten with a standard deviation of 0.1: 18 degrees of freedom, t 1.7341.
        let found = margin(&of(10, 0.5), &of(10, 0.6));
        assert!((found - 1.7341 * (0.002_f64).sqrt()).abs() < 1e-5, "{found}");
        let same = Moments { count: 10, mean: 0.5, squares: 0.0 };
        assert!(margin(&same, &same).abs() < f64::EPSILON);
    }
}
