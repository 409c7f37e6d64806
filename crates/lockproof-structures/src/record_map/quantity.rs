//! Values that can be moved from one record to another.

use super::TransferError;

/// A number with checked arithmetic.
///
/// Implemented for the unsigned integers.
pub trait Quantity: Copy {
    /// The sum, if the type can hold it.
    fn checked_add(self, other: Self) -> Option<Self>;

    /// The difference, if it is not negative.
    fn checked_sub(self, other: Self) -> Option<Self>;
}

macro_rules! quantities {
    ($($integer:ty)*) => {
        $(impl Quantity for $integer {
            fn checked_add(self, other: Self) -> Option<Self> {
                <$integer>::checked_add(self, other)
            }

            fn checked_sub(self, other: Self) -> Option<Self> {
                <$integer>::checked_sub(self, other)
            }
        })*
    };
}

quantities! { u8 u16 u32 u64 u128 usize }

/// Moves `amount` between two records whose locks the caller holds.
///
/// Both new values are known before either is stored, so there is no half transfer.
pub(super) fn move_amount<V: Quantity>(
    source: Option<&mut V>,
    target: Option<&mut V>,
    amount: V,
) -> Result<(), TransferError> {
    let source = source.ok_or(TransferError::MissingSource)?;
    let target = target.ok_or(TransferError::MissingTarget)?;
    let rest = source.checked_sub(amount).ok_or(TransferError::InsufficientFunds)?;
    let sum = target.checked_add(amount).ok_or(TransferError::Overflow)?;
    *source = rest;
    *target = sum;
    Ok(())
}

/// Checks a transfer from a record to itself, which changes nothing.
pub(super) fn check_amount<V: Quantity>(
    source: Option<&V>,
    amount: V,
) -> Result<(), TransferError> {
    let source = source.ok_or(TransferError::MissingSource)?;
    source.checked_sub(amount).ok_or(TransferError::InsufficientFunds)?;
    Ok(())
}
