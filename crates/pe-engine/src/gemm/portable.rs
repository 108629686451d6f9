//! The product on any processor: plain loops that the compiler may vectorise.

use super::{BLOCK, Block, PANEL};

/// Fills a block of 32 rows by two panels.
pub(super) fn fill(rows: &[u8], panels: &[i8], depth: usize, block: &mut Block) {
    for (row, sums) in rows.chunks_exact(depth).zip(block.chunks_exact_mut(BLOCK)) {
        for (panel, sums) in panels.chunks_exact(PANEL * depth).zip(sums.chunks_exact_mut(PANEL)) {
            let mut lanes = [0_i32; PANEL];
            for (bytes, weights) in row.chunks_exact(4).zip(panel.chunks_exact(4 * PANEL)) {
                for (lane, weights) in lanes.iter_mut().zip(weights.chunks_exact(4)) {
                    let products = bytes.iter().zip(weights).map(|(&a, &b)| i32::from(a) * i32::from(b));
                    *lane = lane.wrapping_add(products.fold(0, i32::wrapping_add));
                }
            }
            sums.copy_from_slice(&lanes);
        }
    }
}
