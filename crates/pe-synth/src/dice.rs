//! Numbers that look random and are the same on every machine: `SplitMix64` (Steele, Lea and Flood, Fast Splittable Pseudorandom
//! Number Generators, OOPSLA 2014), and the few ways in which they are used here. No float takes part.

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// A source of numbers.
#[derive(Clone, Debug)]
pub(crate) struct Dice(u64);

impl Dice {
    /// Those of one seed and ordinal; `purpose` keeps decisions apart that must not depend on each other.
    pub(crate) fn of(seed: u64, ordinal: u64, purpose: u64) -> Self {
        let mut dice = Self(seed ^ purpose.wrapping_mul(GOLDEN));
        let base = dice.next();
        Self(base ^ ordinal.wrapping_mul(0xD6E8_FEB8_6659_FD93))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `bound` - 1; 0 where `bound` is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        // Multiply and shift: the bias is at most bound / 2^64.
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }

    /// True `per_mille` times in a thousand.
    pub(crate) fn chance(&mut self, per_mille: u64) -> bool {
        self.below(1000) < per_mille
    }

    /// One of `items`, each as often; the default where there are none.
    pub(crate) fn pick<T: Copy + Default>(&mut self, items: &[T]) -> T {
        items.get(self.below(items.len() as u64) as usize).copied().unwrap_or_default()
    }

    /// A rank below `len` by Zipf's law in steps: each octave (1, 2-3, 4-7, ...) is as likely as any other, so that a rank twice as
    /// far is half as likely.
    pub(crate) fn zipf(&mut self, len: usize) -> usize {
        let octave = self.below(octaves(len));
        self.within(octave, len)
    }

    /// The same for what is said seldom: the highest of three octaves.
    pub(crate) fn rare(&mut self, len: usize) -> usize {
        let mut octave = || self.below(octaves(len));
        let octave = octave().max(octave()).max(octave());
        self.within(octave, len)
    }

    fn within(&mut self, octave: u64, len: usize) -> usize {
        let first = (1_usize << octave) - 1;
        let width = (1_usize << octave).min(len.saturating_sub(first));
        first + self.below(width as u64) as usize
    }
}

/// How many octaves there are below `len`; 1 for 0 and 1.
fn octaves(len: usize) -> u64 {
    u64::from(len.max(1).ilog2()) + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_paper() {
        // The first outputs for the state 1234567, from the authors' reference implementation.
        let mut dice = Dice(1_234_567);
        assert_eq!(dice.next(), 6_457_827_717_110_365_317);
        assert_eq!(dice.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn every_rank_is_reached_and_none_beyond() {
        for len in [1, 2, 3, 7, 8, 1000] {
            let mut dice = Dice::of(1, len as u64, 0);
            let mut seen = vec![0_u32; len];
            for _ in 0..200_000 {
                seen[dice.zipf(len)] += 1;
                seen[dice.rare(len)] += 1;
            }
            assert!(seen.iter().all(|n| *n > 0), "of {len}");
        }
    }

    #[test]
    fn a_rank_ten_times_as_far_is_about_a_tenth_as_likely() {
        let mut dice = Dice::of(7, 0, 0);
        let mut seen = [0_u32; 1023];
        for _ in 0..1_000_000 {
            seen[dice.zipf(1023)] += 1;
        }
        let near = seen[8..16].iter().sum::<u32>() as f64 / 8.0;
        let far = seen[80..160].iter().sum::<u32>() as f64 / 80.0;
        assert!((6.0..16.0).contains(&(near / far)), "{near} {far}");
    }
}
