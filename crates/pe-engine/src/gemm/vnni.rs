//! The product by AVX-512 VNNI: one instruction multiplies 64 pairs of bytes and adds them by fours to 16 sums.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m512i, _mm512_dpbusd_epi32, _mm512_loadu_si512, _mm512_set1_epi32, _mm512_setzero_si512,
    _mm512_storeu_si512,
};

use super::{BLOCK, Block, PANEL};

/// Rows that are summed together: 2 x 8 sums, two vectors of weights and one of activations fit the 32 registers.
const ROWS: usize = 8;

/// Fills a block of 32 rows by two panels.
pub(super) fn fill(rows: &[u8], panels: &[i8], depth: usize, block: &mut Block) {
    assert!(rows.len() == BLOCK * depth && panels.len() == BLOCK * depth && depth.is_multiple_of(4));
    let (left, right) = panels.split_at(PANEL * depth);
    for (rows, sums) in rows.chunks_exact(ROWS * depth).zip(block.chunks_exact_mut(ROWS * BLOCK)) {
        // SAFETY: the kernel is chosen only where the processor has AVX-512 VNNI; lengths are checked above.
        unsafe { fill_rows(rows, left, right, depth, sums) }
    }
}

/// # Safety
/// Needs AVX-512 VNNI, `rows` of 8 times `depth` bytes, panels of 16 times `depth`, `sums` of 8 times 32, `depth` a multiple of 4.
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
unsafe fn fill_rows(rows: &[u8], left: &[i8], right: &[i8], depth: usize, sums: &mut [i32]) {
    let mut lanes: [[__m512i; 2]; ROWS] = [[_mm512_setzero_si512(); 2]; ROWS];
    for group in 0..depth / 4 {
        // SAFETY: a group is 64 bytes of a panel and 4 bytes of each row, all inside the slices by the lengths above.
        unsafe {
            let weights = [
                _mm512_loadu_si512(left.as_ptr().add(group * 64).cast()),
                _mm512_loadu_si512(right.as_ptr().add(group * 64).cast()),
            ];
            for (row, lanes) in lanes.iter_mut().enumerate() {
                let bytes = rows.as_ptr().add(row * depth + group * 4).cast::<i32>().read_unaligned();
                let bytes = _mm512_set1_epi32(bytes);
                lanes[0] = _mm512_dpbusd_epi32(lanes[0], bytes, weights[0]);
                lanes[1] = _mm512_dpbusd_epi32(lanes[1], bytes, weights[1]);
            }
        }
    }
    for (row, lanes) in lanes.iter().enumerate() {
        // SAFETY: two vectors of 16 sums are the 32 of a row.
        unsafe {
            let place = sums.as_mut_ptr().add(row * BLOCK);
            _mm512_storeu_si512(place.cast(), lanes[0]);
            _mm512_storeu_si512(place.add(PANEL).cast(), lanes[1]);
        }
    }
}
