//! The tally: whole numbers that a score is a function of.
//!
//! Every signal adds thousandths to slots. A slot of a rate counts at most one per reply, so a reply that says a thing three
//! times earns no more than one that says it once. All sums are integers, so taking a signal out and putting it back leaves
//! exactly what was there, and counting without a signal gives the same score whichever way it is done.

use crate::plan::{ReplyPlan, Slot};

/// One of anything, in thousandths.
pub(crate) const WHOLE: i32 = 1000;
/// Values of replies are kept in hundredths, which makes the worst tenth cheap to find.
const STEPS: usize = 101;

/// How many replies have which value.
#[derive(Clone, Debug)]
pub(crate) struct Histogram {
    bins: [u32; STEPS],
    /// A bit for each bin that is not empty.
    filled: u128,
    sum: i64,
    count: i64,
}

impl Histogram {
    fn of(value: u8, count: u32) -> Self {
        let mut bins = [0; STEPS];
        bins[usize::from(value)] = count;
        let filled = u128::from(count > 0) << value;
        Self { bins, filled, sum: i64::from(value) * i64::from(count), count: i64::from(count) }
    }

    fn replace(&mut self, old: u8, new: u8) {
        self.remove(old);
        self.bins[usize::from(new)] += 1;
        self.filled |= 1 << new;
        self.sum += i64::from(new);
        self.count += 1;
    }

    fn remove(&mut self, value: u8) {
        let bin = &mut self.bins[usize::from(value)];
        *bin -= 1;
        self.filled &= !(u128::from(*bin == 0) << value);
        self.sum -= i64::from(value);
        self.count -= 1;
    }

    /// Mean of all, 0 to 1.
    pub(crate) fn mean(&self) -> f64 {
        self.sum as f64 / (100 * self.count.max(1)) as f64
    }

    /// Mean of the worst tenth (at least one reply), 0 to 1.
    pub(crate) fn worst(&self) -> f64 {
        let wanted = ((self.count + 9) / 10).max(1);
        let (mut left, mut sum, mut filled) = (wanted, 0, self.filled);
        while left > 0 && filled != 0 {
            let value = filled.trailing_zeros();
            let taken = left.min(i64::from(self.bins[value as usize]));
            sum += taken * i64::from(value);
            left -= taken;
            filled &= filled - 1;
        }
        sum as f64 / (100 * wanted) as f64
    }
}

/// What terms are computed from.
#[derive(Debug)]
pub(crate) struct Totals {
    /// Number of replies.
    pub(crate) replies: i64,
    /// In how many the helper says more than the client.
    pub(crate) longer: i64,
    /// Thousandths in each slot that counts once per reply.
    pub(crate) rates: Vec<i64>,
    /// Thousandths in each slot that counts every time.
    pub(crate) counts: Vec<i64>,
    /// Values of replies.
    pub(crate) histograms: Vec<Histogram>,
}

impl Clone for Totals {
    fn clone(&self) -> Self {
        Self {
            replies: self.replies,
            longer: self.longer,
            rates: self.rates.clone(),
            counts: self.counts.clone(),
            histograms: self.histograms.clone(),
        }
    }

    /// Without new memory: it is done for each group of exchanges that is left out.
    fn clone_from(&mut self, other: &Self) {
        (self.replies, self.longer) = (other.replies, other.longer);
        self.rates.clone_from(&other.rates);
        self.counts.clone_from(&other.counts);
        self.histograms.clone_from(&other.histograms);
    }
}

/// Totals, and what each reply has in each slot.
#[derive(Debug)]
pub(crate) struct Tally<'a> {
    pub(crate) totals: Totals,
    cells: Vec<i32>,
    longer: Vec<bool>,
    plans: &'a [ReplyPlan],
}

impl<'a> Tally<'a> {
    /// Of a conversation without signals.
    pub(crate) fn empty(longer: Vec<bool>, rates: usize, counts: usize, plans: &'a [ReplyPlan]) -> Self {
        let replies = longer.len() as u32;
        let totals = Totals {
            replies: i64::from(replies),
            longer: longer.iter().map(|longer| i64::from(*longer)).sum(),
            rates: vec![0; rates],
            counts: vec![0; counts],
            histograms: plans.iter().map(|plan| Histogram::of(plan.value(&[]), replies)).collect(),
        };
        Self { totals, cells: vec![0; longer.len() * rates], longer, plans }
    }

    fn row(&self, reply: usize) -> &[i32] {
        let rates = self.totals.rates.len();
        self.cells.get(reply * rates..(reply + 1) * rates).unwrap_or(&[])
    }

    /// Adds (or, with a negative sign, takes away) what one signal brings to a reply.
    pub(crate) fn add(&mut self, reply: usize, amounts: &[(Slot, i32)], sign: i32) {
        let mut touched = 0_u64;
        for &(slot, amount) in amounts {
            match slot {
                Slot::Count(at) => self.totals.counts[at as usize] += i64::from(amount * sign),
                Slot::Rate(at) => self.add_rate(reply, at as usize, amount * sign),
                Slot::Reply { plan, at } => {
                    if touched & 1 << plan == 0 {
                        touched |= 1 << plan;
                        self.add_to_value(reply, plan as usize, amounts, sign);
                    }
                    debug_assert!((at as usize) < self.totals.rates.len());
                }
            }
        }
    }

    fn add_rate(&mut self, reply: usize, at: usize, amount: i32) {
        let cell = &mut self.cells[reply * self.totals.rates.len() + at];
        let before = (*cell).min(WHOLE);
        *cell = cell.saturating_add(amount);
        self.totals.rates[at] += i64::from((*cell).min(WHOLE) - before);
    }

    /// All that a signal brings to one value of one reply, so that the value is computed once before and once after.
    fn add_to_value(&mut self, reply: usize, plan: usize, amounts: &[(Slot, i32)], sign: i32) {
        let before = self.plans[plan].value(self.row(reply));
        for &(slot, amount) in amounts {
            if let Slot::Reply { plan: of, at } = slot
                && of as usize == plan
            {
                self.add_rate(reply, at as usize, amount * sign);
            }
        }
        let after = self.plans[plan].value(self.row(reply));
        self.totals.histograms[plan].replace(before, after);
    }

    /// Writes to `totals` those without some replies. What counts per conversation stays: a rule that fired has fired.
    pub(crate) fn leave_out(&self, replies: impl Iterator<Item = usize>, totals: &mut Totals) {
        totals.clone_from(&self.totals);
        for reply in replies {
            totals.replies -= 1;
            totals.longer -= i64::from(self.longer[reply]);
            let row = self.row(reply);
            for (sum, cell) in totals.rates.iter_mut().zip(row) {
                *sum -= i64::from((*cell).min(WHOLE));
            }
            for (histogram, plan) in totals.histograms.iter_mut().zip(self.plans) {
                histogram.remove(plan.value(row));
            }
        }
    }
}
