//! Products of a matrix of unsigned bytes (activations) and one of signed bytes (weights), summed exactly in 32 bits.
//!
//! One place walks the matrices in blocks of 32 rows and 32 columns; a kernel only fills a block. A sum of K products is at most
//! K * 255 * 128, which 32 bits hold for every K below 65,000.

#[cfg(target_arch = "x86_64")]
mod amx;
#[cfg(target_arch = "x86_64")]
mod avx2;
mod portable;
#[cfg(target_arch = "x86_64")]
mod vnni;

#[cfg(target_arch = "x86_64")]
pub(crate) use amx::is_permitted as amx_is_permitted;

use crate::Kernel;

/// Rows and columns of a block.
pub(crate) const BLOCK: usize = 32;

/// Columns that lie together in packed weights.
const PANEL: usize = 16;

/// K is a multiple of this: the bytes of one row of an AMX tile.
pub(crate) const DEPTH: usize = 64;

/// A block of sums, row by row.
pub(crate) type Block = [i32; BLOCK * BLOCK];

/// Weights in the order in which the kernels read them: panels of 16 columns, in each K/4 groups of 16 columns by 4 rows.
#[derive(Clone, Debug)]
pub struct Packed {
    bytes: Vec<i8>,
    depth: usize,
    columns: usize,
}

impl Packed {
    /// Packs the rows of `weights`, each of which makes one column of the product: shape `(columns, depth)`, as a linear layer's weights
    /// lie in files. `depth` is a multiple of 64 and `columns` of 32.
    pub fn new(weights: &[i8], columns: usize, depth: usize) -> Self {
        assert_eq!(weights.len(), columns * depth, "weights are columns by depth");
        assert!(depth.is_multiple_of(DEPTH) && columns.is_multiple_of(BLOCK), "whole tiles only");
        assert!(depth < 65_000, "sums fit 32 bits");
        let mut bytes = vec![0; weights.len()];
        for (column, row) in weights.chunks_exact(depth).enumerate() {
            let panel = column / PANEL * PANEL * depth;
            for (k, &weight) in row.iter().enumerate() {
                bytes[panel + k / 4 * 4 * PANEL + column % PANEL * 4 + k % 4] = weight;
            }
        }
        Self { bytes, depth, columns }
    }

    /// Columns of the product.
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// Products in each sum.
    pub const fn depth(&self) -> usize {
        self.depth
    }

    /// Two panels: 32 columns.
    fn panels(&self, block: usize) -> &[i8] {
        &self.bytes[block * BLOCK * self.depth..][..BLOCK * self.depth]
    }
}

/// Multiplies `rows` (a multiple of 32, each of `weights.depth()` bytes) by `weights`, and gives each block of 32 by 32 sums to `take`
/// with its first row and first column.
pub(crate) fn blocks(
    kernel: Kernel,
    rows: &[u8],
    weights: &Packed,
    mut take: impl FnMut(usize, usize, &Block),
) {
    let depth = weights.depth;
    assert!(rows.len().is_multiple_of(BLOCK * depth), "whole blocks of rows");
    let mut block: Block = [0; BLOCK * BLOCK];
    #[cfg(target_arch = "x86_64")]
    let _tiles = (kernel == Kernel::Amx).then(amx::Tiles::configure);
    for column in 0..weights.columns / BLOCK {
        let panels = weights.panels(column);
        for (number, rows) in rows.chunks_exact(BLOCK * depth).enumerate() {
            fill(kernel, rows, panels, depth, &mut block);
            take(number * BLOCK, column * BLOCK, &block);
        }
    }
}

#[cfg(target_arch = "x86_64")]
fn fill(kernel: Kernel, rows: &[u8], panels: &[i8], depth: usize, block: &mut Block) {
    match kernel {
        Kernel::Portable => portable::fill(rows, panels, depth, block),
        Kernel::Avx2 => avx2::fill(rows, panels, depth, block),
        Kernel::Vnni => vnni::fill(rows, panels, depth, block),
        Kernel::Amx => amx::fill(rows, panels, depth, block),
    }
}

#[cfg(not(target_arch = "x86_64"))]
fn fill(_: Kernel, rows: &[u8], panels: &[i8], depth: usize, block: &mut Block) {
    portable::fill(rows, panels, depth, block);
}

/// The whole product, row by row: what the kernels are measured and compared by.
pub fn multiply(kernel: Kernel, rows: &[u8], weights: &Packed) -> Vec<i32> {
    let columns = weights.columns;
    let mut product = vec![0; rows.len() / weights.depth * columns];
    blocks(kernel, rows, weights, |row, column, block| {
        for (number, sums) in block.chunks_exact(BLOCK).enumerate() {
            product[(row + number) * columns + column..][..BLOCK].copy_from_slice(sums);
        }
    });
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that look like chance, the same in every run.
    fn noise(count: usize, seed: u64) -> impl Iterator<Item = u8> {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        (0..count).map(move |_| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 32) as u8
        })
    }

    #[test]
    fn every_kernel_gives_the_exact_product() {
        for (rows, depth, columns) in [(32, 64, 32), (64, 384, 96), (96, 1536, 64)] {
            let left: Vec<u8> = noise(rows * depth, 1).collect();
            let right: Vec<i8> = noise(columns * depth, 2).map(u8::cast_signed).collect();
            let packed = Packed::new(&right, columns, depth);
            let mut exact = Vec::new();
            for row in left.chunks_exact(depth) {
                exact.extend(right.chunks_exact(depth).map(|column| {
                    row.iter().zip(column).map(|(&a, &b)| i32::from(a) * i32::from(b)).sum::<i32>()
                }));
            }
            for kernel in Kernel::ALL.into_iter().filter(|kernel| kernel.is_available()) {
                assert!(multiply(kernel, &left, &packed) == exact, "{kernel}: {rows} x {depth} x {columns}");
            }
        }
    }

    #[test]
    fn extremes_do_not_overflow() {
        let (depth, columns) = (1536, 32);
        let left = vec![255_u8; 32 * depth];
        for weight in [127_i8, -128] {
            let packed = Packed::new(&vec![weight; columns * depth], columns, depth);
            for kernel in Kernel::ALL.into_iter().filter(|kernel| kernel.is_available()) {
                let product = multiply(kernel, &left, &packed);
                let exact = 255 * i32::from(weight) * 1536;
                assert!(product.iter().all(|&sum| sum == exact), "{kernel}");
            }
        }
    }
}
