//! Short runs of bytes as one number. A number is hashed and compared in a few instructions, where a string takes a call.

/// Bytes of the longest run.
pub(crate) const LONGEST: usize = size_of::<u128>();

/// The bit that tells small letters from capitals, in each byte.
const CASE: u128 = u128::MAX / 0xff * 0x20;

/// A run of one to sixteen bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Packed {
    /// The bytes, the first one lowest.
    bytes: u128,
    /// Ones in their places.
    mask: u128,
}

impl Packed {
    /// The bytes `start..end` of a text; `None` if there are none, or more than sixteen.
    pub(crate) fn of(text: &[u8], start: usize, end: usize) -> Option<Self> {
        let run = text.get(start..end).filter(|run| !run.is_empty() && run.len() <= LONGEST)?;
        let bytes = text[start..].first_chunk().copied().unwrap_or_else(|| {
            let mut bytes = [0; LONGEST];
            bytes[..run.len()].copy_from_slice(run);
            bytes
        });
        let mask = u128::MAX >> (8 * (LONGEST - run.len()));
        Some(Self { bytes: u128::from_le_bytes(bytes) & mask, mask })
    }

    /// The run in lower case, never 0. Of ASCII letters, digits and `'!.?-`, which alone have distinct numbers in lower case.
    pub(crate) const fn lower(self) -> u128 {
        self.bytes | (CASE & self.mask)
    }

    /// Whether two or more bytes are capitals; of ASCII letters, digits and `'!.?-`.
    pub(crate) const fn has_capitals(self) -> bool {
        let capitals = !self.bytes & CASE & self.mask;
        capitals & capitals.wrapping_sub(1) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_equal_in_lower_case_wherever_they_stand() {
        let text = b"Don't say DON'T, it's 16 bytes before the e";
        let lower = |start, end| Packed::of(text, start, end).map(Packed::lower);
        assert_eq!(lower(0, 5), lower(10, 15));
        assert_eq!(lower(42, 43), Packed::of(b"E", 0, 1).map(Packed::lower));
        assert_ne!(lower(0, 4), lower(0, 5));
        assert_eq!((lower(3, 3), lower(0, 17), lower(40, 50)), (None, None, None));
        let shouted = |start, end| Packed::of(text, start, end).is_some_and(Packed::has_capitals);
        assert!(shouted(10, 15) && !shouted(0, 5) && !shouted(22, 24));
    }
}
