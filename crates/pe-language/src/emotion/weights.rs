//! The weight file: what is in it, how it is written, and how it is checked when it is loaded.
//!
//! All numbers are little-endian. Eight bytes `PE-EMOTE`; the version, the number of labels and the number of slots, 4 bytes
//! each; for each label its scale, bias and threshold, three 32-bit floats; for each slot a 16-bit fingerprint; for each slot
//! one signed byte a label; the SHA-256 digest of all that.
//!
//! The slots are a hash table with open addressing. A feature is looked for from the slot that the upper half of its hash
//! names, and is known by its fingerprint; fingerprint 0 marks an empty slot and ends the search. Unlike hashing without
//! fingerprints, this leaves words that training never saw without a say.

use std::borrow::Cow;

use pe_model::{Digest, Emotion};

const MAGIC: &[u8; 8] = b"PE-EMOTE";
const VERSION: u32 = 1;
const HEAD: usize = MAGIC.len() + 3 * 4;
const LABEL: usize = 3 * 4;
const DIGEST: usize = 32;
/// Most slots of a file that is accepted: 30 MB of them.
const MOST_SLOTS: usize = 1 << 20;

/// What a feature says for or against each label, in steps of the label's scale.
pub type Row = [i8; Emotion::COUNT];

/// How the sum of a label becomes a probability, and when the label is chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Label {
    /// By which the sum is multiplied.
    pub scale: f32,
    /// What is added to it.
    pub bias: f32,
    /// The lowest probability at which the label is chosen, in (0, 1).
    pub threshold: f32,
}

/// Why a weight file can't be used.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // The messages are the documentation.
pub enum Damage {
    #[error(
        "the emotion weights do not begin with PE-EMOTE: this is another file; train them with `make train-emotion`"
    )]
    Magic,
    #[error(
        "the emotion weights are of version {found}, and this program reads version {VERSION}; train them with `make train-emotion`"
    )]
    Version { found: u32 },
    #[error(
        "the emotion weights are for {labels} labels and {slots} slots; 28 labels and 2 to 1048576 slots are read; train them with `make train-emotion`"
    )]
    Shape { labels: u32, slots: u32 },
    #[error(
        "the emotion weights have {found} bytes where {expected} belong: the file was cut or padded; fetch it again"
    )]
    Length { found: usize, expected: usize },
    #[error("the digest of the emotion weights does not fit them: the file was changed; fetch it again")]
    Digest,
    #[error(
        "the emotion weights have a scale, bias or threshold of `{label}` that is out of bounds; train them with `make train-emotion`"
    )]
    Label { label: &'static str },
}

/// A weight file that was checked.
#[derive(Debug)]
pub(super) struct Weights {
    pub(super) labels: [Label; Emotion::COUNT],
    file: Cow<'static, [u8]>,
    /// How many slots there are.
    count: usize,
    /// Where the fingerprints begin in `file`.
    fingerprints: usize,
    /// Where the rows begin in `file`.
    rows: usize,
    pub(super) digest: Digest,
}

impl Weights {
    /// Checks a file and takes it.
    pub(super) fn parse(file: Cow<'static, [u8]>) -> Result<Self, Damage> {
        let number = |at: usize| file.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes);
        if !file.starts_with(MAGIC) {
            return Err(Damage::Magic);
        }
        let [Some(version), Some(labels), Some(slots)] = [8, 12, 16].map(number) else {
            return Err(Damage::Length { found: file.len(), expected: HEAD });
        };
        if version != VERSION {
            return Err(Damage::Version { found: version });
        }
        let count = slots as usize;
        if labels as usize != Emotion::COUNT || !(2..=MOST_SLOTS).contains(&count) {
            return Err(Damage::Shape { labels, slots });
        }
        let fingerprints = HEAD + LABEL * Emotion::COUNT;
        let rows = fingerprints + 2 * count;
        let end = rows + Emotion::COUNT * count;
        if file.len() != end + DIGEST {
            return Err(Damage::Length { found: file.len(), expected: end + DIGEST });
        }
        let digest = Digest::of_parts([&file[..end]]);
        if digest.as_bytes() != &file[end..] {
            return Err(Damage::Digest);
        }
        let labels = parse_labels(&file[HEAD..fingerprints])?;
        Ok(Self { labels, file, count, fingerprints, rows, digest })
    }

    /// The row of a feature, one byte a label, each to be read as signed; `None` for a feature that the model does not know.
    pub(super) fn row(&self, feature: u64) -> Option<&[u8; Emotion::COUNT]> {
        let slot = self.slot(feature)?;
        self.file.get(self.rows + slot * Emotion::COUNT..)?.first_chunk()
    }

    /// The slot of a feature. Four slots are looked at together.
    fn slot(&self, feature: u64) -> Option<usize> {
        let fingerprints = &self.file[self.fingerprints..self.rows];
        let wanted = u64::from(fingerprint(feature)).wrapping_mul(ONES);
        let mut slot = first_slot(self.count, feature);
        while let Some(four) = fingerprints.get(2 * slot..).and_then(<[u8]>::first_chunk) {
            let four = u64::from_le_bytes(*four);
            let (found, empty) = (first_zero(four ^ wanted), first_zero(four));
            if found != LANES || empty != LANES {
                return (found < empty).then_some(slot + found);
            }
            slot += LANES;
        }
        self.slot_by_slot(feature)
    }

    fn slot_by_slot(&self, feature: u64) -> Option<usize> {
        let fingerprints = &self.file[self.fingerprints..self.rows];
        let at = |slot: usize| u16::from_le_bytes([fingerprints[2 * slot], fingerprints[2 * slot + 1]]);
        find(self.count, at, feature).ok()
    }
}

fn parse_labels(bytes: &[u8]) -> Result<[Label; Emotion::COUNT], Damage> {
    let mut labels = [Label { scale: 0.0, bias: 0.0, threshold: 0.0 }; Emotion::COUNT];
    for (index, label) in labels.iter_mut().enumerate() {
        let number = |place: usize| {
            let at = index * LABEL + place * 4;
            f32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
        };
        *label = Label { scale: number(0), bias: number(1), threshold: number(2) };
        let bounded = label.scale.abs() < 1e6 && label.bias.abs() < 1e6;
        if !(bounded && label.threshold > 0.0 && label.threshold < 1.0) {
            return Err(Damage::Label { label: Emotion::ALL[index].name() });
        }
    }
    Ok(labels)
}

/// 16-bit numbers in a number of 64.
const LANES: usize = 4;
/// A one in each.
const ONES: u64 = u64::MAX / 0xffff;

/// The first of the four 16-bit numbers that is 0; [`LANES`] if none is. (A borrow can only make later numbers look like 0;
/// Warren, Hacker's Delight, 6-1.)
const fn first_zero(numbers: u64) -> usize {
    let zeros = numbers.wrapping_sub(ONES) & !numbers & (ONES << 15);
    zeros.trailing_zeros() as usize / 16
}

/// From where on a feature is looked for.
const fn first_slot(count: usize, feature: u64) -> usize {
    (((feature >> 32) * count as u64) >> 32) as usize
}

/// What a feature is known by.
fn fingerprint(feature: u64) -> u16 {
    (feature as u16).max(1)
}

/// The slot that holds the feature, or else the empty slot where it would stand; `Err` too where the table is full. There are
/// `count` slots, and `fingerprint_at` says what is in them.
fn find(count: usize, fingerprint_at: impl Fn(usize) -> u16, feature: u64) -> Result<usize, usize> {
    let wanted = fingerprint(feature);
    let mut slot = first_slot(count, feature);
    for _ in 0..count {
        match fingerprint_at(slot) {
            0 => return Err(slot),
            found if found == wanted => return Ok(slot),
            _ => slot = if slot + 1 == count { 0 } else { slot + 1 },
        }
    }
    Err(slot)
}

/// Writes a weight file. A third of its slots stays empty, so that a search is short. Of two features that can't be told
/// apart (one in some ten thousand), the first keeps its row: give the weightiest first. At most 2^19 rows are taken.
pub fn encode(labels: &[Label; Emotion::COUNT], rows: &[(u64, Row)]) -> Vec<u8> {
    let rows = &rows[..rows.len().min(MOST_SLOTS / 2)];
    let slots = (rows.len() * 3 / 2).max(2);
    let mut fingerprints = vec![0; slots];
    let mut table = vec![[0_i8; Emotion::COUNT]; slots];
    for (feature, row) in rows {
        if let Err(slot) = find(slots, |slot| fingerprints[slot], *feature) {
            fingerprints[slot] = fingerprint(*feature);
            table[slot] = *row;
        }
    }
    let mut file = MAGIC.to_vec();
    for number in [VERSION, Emotion::COUNT as u32, slots as u32] {
        file.extend(number.to_le_bytes());
    }
    for label in labels {
        file.extend([label.scale, label.bias, label.threshold].into_iter().flat_map(f32::to_le_bytes));
    }
    file.extend(fingerprints.into_iter().flat_map(u16::to_le_bytes));
    file.extend(table.iter().flatten().map(|weight| weight.cast_unsigned()));
    let digest = Digest::of_parts([file.as_slice()]);
    file.extend(digest.as_bytes());
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: [Label; 28] = [Label { scale: 0.1, bias: -1.0, threshold: 0.3 }; 28];

    fn damage(change: impl Fn(&mut Vec<u8>)) -> Option<Damage> {
        let mut file = encode(&LABELS, &[(7, [1; 28]), (9 << 40, [-2; 28])]);
        change(&mut file);
        Weights::parse(file.into()).err()
    }

    #[test]
    fn what_is_written_is_read() {
        let rows: Vec<(u64, Row)> = (1..2000_u64)
            .map(|at| (at.wrapping_mul(0x9e37_79b9_7f4a_7c15), [(at % 100) as i8; 28]))
            .collect();
        let weights = Weights::parse(encode(&LABELS, &rows).into()).expect("a whole file");
        assert_eq!(weights.labels, LABELS);
        let kept = rows.iter().filter(|(feature, row)| {
            weights.row(*feature).is_some_and(|found| found.map(u8::cast_signed) == *row)
        });
        assert!(kept.count() >= 1997);
        let strangers =
            (1..100_000_u64).filter(|at| weights.row(at.wrapping_mul(0xd1b5_4a32_d192_ed03)).is_some());
        assert!(strangers.count() < 20);
    }

    #[test]
    fn four_slots_at_once_hold_what_one_by_one_does() {
        for numbers in [[3, 0, 1, 0_u16], [1; 4], [0; 4], [9, 1, 0x8000, 0xffff], [2, 0xffff, 1, 0]] {
            let lanes = numbers.iter().rev().fold(0, |lanes, number| lanes << 16 | u64::from(*number));
            assert_eq!(first_zero(lanes), numbers.iter().position(|number| *number == 0).unwrap_or(LANES));
        }
        let features = |count: u64| (1..count).map(|at| at.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for rows in [1, 7, 3000_u64] {
            let rows: Vec<(u64, Row)> = features(rows + 1).map(|feature| (feature, [1; 28])).collect();
            let weights = Weights::parse(encode(&LABELS, &rows).into()).expect("a whole file");
            for feature in features(20_000) {
                assert_eq!(weights.slot(feature), weights.slot_by_slot(feature));
            }
        }
    }

    #[test]
    fn damage_is_named() {
        assert_eq!(damage(|_| {}), None);
        assert_eq!(damage(|file| file[0] = b'X'), Some(Damage::Magic));
        assert_eq!(damage(|file| file[8] = 9), Some(Damage::Version { found: 9 }));
        assert_eq!(damage(|file| file[12] = 7), Some(Damage::Shape { labels: 7, slots: 3 }));
        assert_eq!(damage(|file| file[19] = 255), Some(Damage::Shape { labels: 28, slots: 0xff00_0003 }));
        assert!(matches!(damage(|file| file.truncate(10)), Some(Damage::Length { .. })));
        assert!(matches!(damage(|file| file.truncate(300)), Some(Damage::Length { .. })));
        assert!(matches!(damage(|file| file.push(0)), Some(Damage::Length { .. })));
        assert_eq!(damage(|file| file[360] ^= 1), Some(Damage::Digest));
        assert_eq!(damage(|file| *file.last_mut().expect("not empty") ^= 1), Some(Damage::Digest));
        let mut labels = LABELS;
        labels[14].bias = f32::NAN;
        let file = encode(&labels, &[]);
        assert_eq!(Weights::parse(file.into()).err(), Some(Damage::Label { label: "fear" }));
    }
}
