//! The product by AMX: four tiles of 16 by 16 sums, fed by tiles of 16 rows of 64 bytes.
//!
//! The compiler has no types for tiles, so they are named in assembly. Nothing else in the program touches them.
#![allow(unsafe_code)]

use std::arch::asm;
use std::arch::x86_64::__cpuid_count;
use std::sync::OnceLock;

use super::{BLOCK, Block, DEPTH, PANEL};

/// Whether the processor has int8 tiles and the system lets this process use them.
pub(crate) fn is_permitted() -> bool {
    static PERMITTED: OnceLock<bool> = OnceLock::new();
    *PERMITTED.get_or_init(|| has_tiles() && ask_permission())
}

/// Bits 24 (tiles) and 25 (int8) of leaf 7 (Intel SDM, volume 2A, CPUID).
fn has_tiles() -> bool {
    std::is_x86_feature_detected!("avx512f") && __cpuid_count(7, 0).edx >> 24 & 0b11 == 0b11
}

/// Linux gives the tiles' registers to a process that asks (`arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA)`); threads that
/// begin later have them too, and so do those that ran before.
#[cfg(target_os = "linux")]
fn ask_permission() -> bool {
    const ARCH_PRCTL: i64 = 158;
    let outcome: i64;
    // SAFETY: the call changes nothing but what this process may use.
    unsafe {
        asm!("syscall", inlateout("rax") ARCH_PRCTL => outcome, in("rdi") 0x1023_u64, in("rsi") 18_u64,
            out("rcx") _, out("r11") _);
    }
    outcome == 0
}

#[cfg(not(target_os = "linux"))]
fn ask_permission() -> bool {
    false
}

/// What `ldtilecfg` reads.
#[repr(align(64))]
struct Settings([u8; 64]);

/// Tiles set up as eight of 16 rows by 64 bytes, and given back when dropped.
pub(super) struct Tiles;

impl Tiles {
    pub(super) fn configure() -> Self {
        assert!(is_permitted(), "tiles are used only where they are permitted");
        let mut settings = Settings([0; 64]);
        settings.0[0] = 1; // the only palette
        for tile in 0..8 {
            settings.0[16 + 2 * tile] = DEPTH as u8;
            settings.0[48 + tile] = PANEL as u8;
        }
        // SAFETY: tiles are permitted, and the settings are 64 bytes of a valid palette.
        unsafe { asm!("ldtilecfg [{}]", in(reg) &raw const settings.0, options(nostack, readonly)) }
        Self
    }
}

impl Drop for Tiles {
    fn drop(&mut self) {
        // SAFETY: tiles are permitted wherever this value exists.
        unsafe { asm!("tilerelease", options(nostack, nomem)) }
    }
}

/// Fills a block of 32 rows by two panels. Needs [`Tiles`] on this thread.
pub(super) fn fill(rows: &[u8], panels: &[i8], depth: usize, block: &mut Block) {
    assert!(rows.len() == BLOCK * depth && panels.len() == BLOCK * depth && depth.is_multiple_of(DEPTH));
    let (upper, lower) = rows.split_at(PANEL * depth);
    let (left, right) = panels.split_at(PANEL * depth);
    let sums = block.as_mut_ptr();
    // SAFETY: the caller has configured the tiles. Each tile of activations is 16 rows of 64 bytes, `depth` apart, inside its half of
    // `rows`; each tile of weights is 1,024 bytes of a panel; the four tiles of sums are the quarters of the block.
    unsafe {
        asm!("tilezero tmm0", "tilezero tmm1", "tilezero tmm2", "tilezero tmm3", options(nostack, nomem));
        for step in 0..depth / DEPTH {
            asm!(
                "tileloadd tmm4, [{upper} + {depth}*1]",
                "tileloadd tmm6, [{left} + {stride}*1]",
                "tdpbusd tmm0, tmm4, tmm6",
                "tileloadd tmm7, [{right} + {stride}*1]",
                "tdpbusd tmm1, tmm4, tmm7",
                "tileloadd tmm5, [{lower} + {depth}*1]",
                "tdpbusd tmm2, tmm5, tmm6",
                "tdpbusd tmm3, tmm5, tmm7",
                upper = in(reg) upper.as_ptr().add(step * DEPTH),
                lower = in(reg) lower.as_ptr().add(step * DEPTH),
                left = in(reg) left.as_ptr().add(step * DEPTH * PANEL),
                right = in(reg) right.as_ptr().add(step * DEPTH * PANEL),
                depth = in(reg) depth,
                stride = in(reg) DEPTH,
                options(nostack, readonly)
            );
        }
        asm!(
            "tilestored [{a} + {stride}*1], tmm0",
            "tilestored [{b} + {stride}*1], tmm1",
            "tilestored [{c} + {stride}*1], tmm2",
            "tilestored [{d} + {stride}*1], tmm3",
            a = in(reg) sums,
            b = in(reg) sums.add(PANEL),
            c = in(reg) sums.add(PANEL * BLOCK),
            d = in(reg) sums.add(PANEL * BLOCK + PANEL),
            stride = in(reg) BLOCK * size_of::<i32>(),
            options(nostack)
        );
    }
}
