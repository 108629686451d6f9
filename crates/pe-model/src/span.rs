//! A place in a conversation: which message, and which bytes of its text.

use serde::{Deserialize, Serialize};

/// A half-open range of bytes in one message. Both ends lie on character boundaries of that message's `content`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Position of the message in its conversation, counted from 0.
    pub message: u32,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span over `start..end` of message `message`.
    pub const fn new(message: u32, start: u32, end: u32) -> Self {
        Self { message, start, end }
    }

    /// Length in bytes.
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    /// Whether the span covers no byte.
    pub const fn is_empty(self) -> bool {
        self.end <= self.start
    }

    /// The text the span covers, or `None` when it does not fit `content`.
    pub fn of(self, content: &str) -> Option<&str> {
        content.get(self.start as usize..self.end as usize)
    }

    /// Whether both spans lie in one message and share a byte.
    pub const fn overlaps(self, other: Self) -> bool {
        self.message == other.message && self.start < other.end && other.start < self.end
    }
}
