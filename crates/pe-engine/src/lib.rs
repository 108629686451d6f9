//! Numbers only: int8 matrix products, lane arithmetic, weight files, and the forward pass of a BERT-shaped encoder.
//!
//! A result is equal to the bit alone, in any batch, on any number of threads and on every [`Kernel`]: products of integers are
//! summed exactly, and every sum of floats has one prescribed order. This crate knows nothing of text.

mod encoder;
mod error;
mod functions;
mod gemm;
mod kernel;
mod quantize;
mod vector;
mod weights;

pub use encoder::{Encoder, Output, Precision, Scratch, Shape};
pub use error::{Error, Result};
pub use gemm::{Packed, multiply};
pub use kernel::Kernel;
pub use quantize::Quantized;
pub use weights::{Tensor, Weights, WeightsWriter};
