//! Which instructions do the work: chosen once at run time from what the processor has, or forced by `PIXELATED_KERNEL`.

use std::fmt;
use std::str::FromStr;

use crate::{Error, Result};

/// The environment variable that forces a kernel: `amx`, `vnni`, `avx2` or `portable`.
pub(crate) const VARIABLE: &str = "PIXELATED_KERNEL";

/// A set of instructions. All give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kernel {
    /// What every processor has.
    Portable,
    /// AVX2 and FMA: 256 bits.
    Avx2,
    /// AVX-512 with VNNI: 512 bits.
    Vnni,
    /// AMX int8 tiles for products, AVX-512 for the rest.
    Amx,
}

impl Kernel {
    /// All, slowest first.
    pub const ALL: [Self; 4] = [Self::Portable, Self::Avx2, Self::Vnni, Self::Amx];

    /// The forced one, or the fastest that this processor has.
    ///
    /// # Errors
    /// When the variable names no kernel, or one that this processor lacks.
    pub fn choose() -> Result<Self> {
        match std::env::var(VARIABLE) {
            Ok(name) if !name.is_empty() => {
                let kernel: Self = name.parse()?;
                if kernel.is_available() { Ok(kernel) } else { Err(Error::NoKernel(kernel)) }
            }
            _ => Ok(Self::fastest()),
        }
    }

    /// The fastest that this processor has.
    pub fn fastest() -> Self {
        Self::ALL.into_iter().rev().find(|kernel| kernel.is_available()).unwrap_or(Self::Portable)
    }

    /// Whether this processor and system have the instructions.
    pub fn is_available(self) -> bool {
        match self {
            Self::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => std::is_x86_feature_detected!("avx2") && std::is_x86_feature_detected!("fma"),
            #[cfg(target_arch = "x86_64")]
            Self::Vnni => {
                std::is_x86_feature_detected!("avx512f")
                    && std::is_x86_feature_detected!("avx512bw")
                    && std::is_x86_feature_detected!("avx512vl")
                    && std::is_x86_feature_detected!("avx512dq")
                    && std::is_x86_feature_detected!("avx512vnni")
            }
            #[cfg(target_arch = "x86_64")]
            Self::Amx => Self::Vnni.is_available() && crate::gemm::amx_is_permitted(),
            #[cfg(not(target_arch = "x86_64"))]
            _ => false,
        }
    }

    /// Its name, as the variable has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Portable => "portable",
            Self::Avx2 => "avx2",
            Self::Vnni => "vnni",
            Self::Amx => "amx",
        }
    }
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Kernel {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|kernel| kernel.name() == name);
        found.ok_or_else(|| Error::UnknownKernel(name.to_owned()))
    }
}
