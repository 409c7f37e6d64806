//! Arithmetic on the values of atomics as bits: the low ones of the width, the others zero.

use super::backend::{Fetch, Width};

impl Width {
    fn size_in_bits(self) -> u32 {
        match self {
            Self::Bool | Self::I8 | Self::U8 => 8,
            Self::I16 | Self::U16 => 16,
            Self::I32 | Self::U32 => 32,
            Self::I64 | Self::U64 => 64,
            Self::Isize | Self::Usize | Self::Pointer => usize::BITS,
        }
    }

    pub(super) fn is_signed(self) -> bool {
        matches!(self, Self::I8 | Self::I16 | Self::I32 | Self::I64 | Self::Isize)
    }

    /// The result of a read-modify-write, with the bits beyond the width cleared.
    pub(crate) fn apply(self, fetch: Fetch, before: u64, operand: u64) -> u64 {
        let operand_wins = |wanted: std::cmp::Ordering| {
            let order = if self.is_signed() {
                self.signed(operand).cmp(&self.signed(before))
            } else {
                operand.cmp(&before)
            };
            if order == wanted { operand } else { before }
        };
        let bits = match fetch {
            Fetch::Add => before.wrapping_add(operand),
            Fetch::Sub => before.wrapping_sub(operand),
            Fetch::And => before & operand,
            Fetch::Nand => !(before & operand),
            Fetch::Or => before | operand,
            Fetch::Xor => before ^ operand,
            Fetch::Max => operand_wins(std::cmp::Ordering::Greater),
            Fetch::Min => operand_wins(std::cmp::Ordering::Less),
        };
        bits & (u64::MAX >> (64 - self.size_in_bits()))
    }

    /// The bits as a signed number.
    pub(super) fn signed(self, bits: u64) -> i64 {
        let unused = 64 - self.size_in_bits();
        (bits << unused).cast_signed() >> unused
    }
}
