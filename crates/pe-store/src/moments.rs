//! Mean and spread of the six axes, by one statement: nothing of a conversation is read but its scores.

use pe_model::{Axis, Points};

use crate::engine::Row;
use crate::{Filter, Result, Store};

/// Count, mean and spread of one axis.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// Conversations with a score on it.
    pub count: u64,
    /// Their mean, from 0 to 1; 0 where there are none.
    pub mean: f64,
    /// The sum of the squared deviations from the mean.
    pub squares: f64,
}

impl Moments {
    /// From sums of whole millionths, and of their squares, which are exact: taking one large number from another loses nothing.
    fn of(count: i64, sum: i64, squares: i128) -> Self {
        if count <= 0 {
            return Self::default();
        }
        let one = Points::ONE.micros() as f64;
        let deviations = i128::from(count) * squares - i128::from(sum) * i128::from(sum);
        Self {
            count: count as u64,
            mean: sum as f64 / count as f64 / one,
            squares: deviations as f64 / count as f64 / one / one,
        }
    }

    /// The variance of the values (of a sample: over one less than their number); `None` for fewer than two.
    pub fn variance(&self) -> Option<f64> {
        (self.count >= 2).then(|| self.squares / (self.count - 1) as f64)
    }
}

impl Store {
    /// The moments of the axes over the conversations of a filter, in the order of [`Axis::ALL`].
    pub async fn axis_moments(&self, filter: &Filter) -> Result<[Moments; 6]> {
        let mut connection = self.reads.acquire().await?;
        let mut query = connection.query("SELECT ");
        for (place, axis) in Axis::ALL.into_iter().enumerate() {
            let name = axis.name();
            // A sum of squares of millionths passes 64 bits at ten million conversations, so it is added up in two parts.
            query.push(if place == 0 { "" } else { ", " }).push(format!(
                "COUNT(q.{name}), CAST(COALESCE(SUM(q.{name}), 0) AS BIGINT), \
                 CAST(COALESCE(SUM(q.{name} * q.{name} / {SPLIT}), 0) AS BIGINT), \
                 CAST(COALESCE(SUM(q.{name} * q.{name} % {SPLIT}), 0) AS BIGINT)"
            ));
        }
        query.push(" FROM conversations c JOIN quality_metrics q ON q.conversation_id = c.id");
        filter.push_to(&mut query);
        let row = query.fetch_one(&mut connection).await?;
        let mut found = [Moments::default(); 6];
        for (moments, first) in found.iter_mut().zip((0..).step_by(4)) {
            *moments = moments_of(&row, first)?;
        }
        Ok(found)
    }
}

/// Where a square is cut in two.
const SPLIT: i64 = 1_000_000;

fn moments_of(row: &Row, first: usize) -> Result<Moments> {
    let (high, low): (i64, i64) = (row.get(first + 2)?, row.get(first + 3)?);
    let squares = i128::from(high) * i128::from(SPLIT) + i128::from(low);
    Ok(Moments::of(row.get(first)?, row.get(first + 1)?, squares))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_textbook() {
        let values = [200_000_i64, 400_000, 600_000, 800_000];
        let squares = values.iter().map(|value| i128::from(value * value)).sum();
        let found = Moments::of(4, values.iter().sum(), squares);
        assert!((found.mean - 0.5).abs() < 1e-12);
        assert!((found.variance().expect("four values") - 0.2 / 3.0).abs() < 1e-12);
        assert_eq!(Moments::of(1, 5, 25).variance(), None);
        assert_eq!(Moments::of(0, 0, 0), Moments::default());
    }
}
