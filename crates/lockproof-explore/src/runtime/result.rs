//! The result of an operation, as its thread gets it.

use crate::event::Alternative;

/// The result of an operation: two numbers, which are passed in registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OperationResult {
    pub(crate) value: u64,
    /// The alternative in the low 16 bits, and above it whether the operation succeeded.
    packed: u32,
}

impl OperationResult {
    /// The result of an operation that returns nothing.
    pub(crate) const NOTHING: Self = Self::new(0, Alternative::ORDINARY, true);

    pub(super) const fn new(value: u64, alternative: Alternative, succeeded: bool) -> Self {
        Self { value, packed: (alternative.0 as u32) | ((succeeded as u32) << 16) }
    }

    pub(crate) fn alternative(self) -> Alternative {
        Alternative((self.packed & 0xffff) as u16)
    }

    pub(crate) fn succeeded(self) -> bool {
        self.packed >> 16 != 0
    }
}
