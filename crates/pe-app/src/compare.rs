//! Compare: two datasets axis by axis, or two conversations side by side.

use pe_model::{Axis, Points};
use pe_store::Filter;
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
    /// Half the width of the 90 % interval of the difference (Welch: two means of independent samples).
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

/// The 95th percentile of the normal distribution: a two-sided 90 % interval.
const Z90: f64 = 1.644_853_627;

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
            margin: Z90 * (a.variance_of_mean() + b.variance_of_mean()).sqrt(),
        });
        Ok(DatasetComparison { scored: [a[0].count, b[0].count], axes: axes.collect() })
    }

    async fn moments(&self, dataset: &str) -> Result<[Moments; 6], Error> {
        let mut moments = [Moments::default(); 6];
        let filter = Filter { scored: Some(true), ..Filter::dataset(dataset) };
        let mut batches = self.store.export(&filter).await?;
        loop {
            let batch = batches.next_batch().await?;
            if batch.is_empty() {
                return Ok(moments);
            }
            for metrics in batch.iter().filter_map(|stored| stored.metrics.as_ref()) {
                for (moments, score) in moments.iter_mut().zip(metrics.axes) {
                    moments.add(score);
                }
            }
        }
    }
}

/// Count, mean and sum of squared deviations, one value at a time (Welford 1962).
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    count: u64,
    mean: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, score: Option<Points>) {
        let Some(value) = score.map(Points::fraction) else { return };
        self.count += 1;
        let before = value - self.mean;
        self.mean += before / self.count as f64;
        self.squares += before * (value - self.mean);
    }

    /// Infinite for fewer than two values: nothing can be said of their spread.
    fn variance_of_mean(&self) -> f64 {
        if self.count < 2 {
            f64::INFINITY
        } else {
            self.squares / (self.count - 1) as f64 / self.count as f64
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_textbook() {
        let mut moments = Moments::default();
        for value in [0.2, 0.4, 0.6, 0.8] {
            moments.add(Some(Points::from_fraction(value)));
        }
        assert!((moments.mean - 0.5).abs() < 1e-12);
        assert!((moments.variance_of_mean() - 0.2 / 3.0 / 4.0).abs() < 1e-12);
        assert!(Moments::default().variance_of_mean().is_infinite());
    }
}
