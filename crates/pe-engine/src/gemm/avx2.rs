//! The product by AVX2: bytes are widened to 16 bits first, because the instruction that multiplies bytes cuts sums that don't fit 16.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m256i, _mm_loadu_si128, _mm256_add_epi32, _mm256_cvtepi8_epi16, _mm256_hadd_epi32, _mm256_madd_epi16,
    _mm256_permute4x64_epi64, _mm256_set1_epi64x, _mm256_setzero_si256, _mm256_storeu_si256,
};

use super::{BLOCK, Block, PANEL};

/// Rows that are summed together: 4 x 2 sums, two vectors of weights and one of activations fit the 16 registers.
const ROWS: usize = 4;

/// Columns that one pass takes: two vectors of widened weights.
const COLUMNS: usize = 8;

/// Fills a block of 32 rows by two panels.
pub(super) fn fill(rows: &[u8], panels: &[i8], depth: usize, block: &mut Block) {
    assert!(rows.len() == BLOCK * depth && panels.len() == BLOCK * depth && depth.is_multiple_of(4));
    for (rows, sums) in rows.chunks_exact(ROWS * depth).zip(block.chunks_exact_mut(ROWS * BLOCK)) {
        for column in (0..BLOCK).step_by(COLUMNS) {
            let panel = &panels[column / PANEL * PANEL * depth..][..PANEL * depth];
            // SAFETY: the kernel is chosen only where the processor has AVX2; lengths are checked above.
            unsafe { fill_columns(rows, panel, column, depth, sums) }
        }
    }
}

/// # Safety
/// Needs AVX2, `rows` of 4 times `depth` bytes, a panel of 16 times `depth`, `sums` of 4 times 32, `depth` a multiple of 4, and
/// `column` a multiple of 8 below 32.
#[target_feature(enable = "avx2")]
unsafe fn fill_columns(rows: &[u8], panel: &[i8], column: usize, depth: usize, sums: &mut [i32]) {
    let mut lanes: [[__m256i; 2]; ROWS] = [[_mm256_setzero_si256(); 2]; ROWS];
    let first = column % PANEL * 4;
    for group in 0..depth / 4 {
        // SAFETY: 8 columns of a group are 32 bytes of its 64, and 4 bytes of each row, all inside the slices.
        unsafe {
            let place = panel.as_ptr().add(group * 4 * PANEL + first);
            let weights = [
                _mm256_cvtepi8_epi16(_mm_loadu_si128(place.cast())),
                _mm256_cvtepi8_epi16(_mm_loadu_si128(place.add(16).cast())),
            ];
            for (row, lanes) in lanes.iter_mut().enumerate() {
                let bytes = rows.as_ptr().add(row * depth + group * 4).cast::<[u8; 4]>().read();
                let bytes = _mm256_set1_epi64x(widened(bytes));
                lanes[0] = _mm256_add_epi32(lanes[0], _mm256_madd_epi16(bytes, weights[0]));
                lanes[1] = _mm256_add_epi32(lanes[1], _mm256_madd_epi16(bytes, weights[1]));
            }
        }
    }
    for (row, lanes) in lanes.iter().enumerate() {
        // Each column's sum lies in two neighbours; adding them leaves the columns as 0 1 4 5 2 3 6 7.
        let pairs = _mm256_hadd_epi32(lanes[0], lanes[1]);
        let ordered = _mm256_permute4x64_epi64::<0b11_01_10_00>(pairs);
        // SAFETY: 8 sums at `column` are inside the 32 of a row.
        unsafe { _mm256_storeu_si256(sums.as_mut_ptr().add(row * BLOCK + column).cast(), ordered) }
    }
}

/// Four bytes as four numbers of 16 bits.
const fn widened(bytes: [u8; 4]) -> i64 {
    let [a, b, c, d] = bytes;
    i64::from_le_bytes([a, 0, b, 0, c, 0, d, 0])
}
