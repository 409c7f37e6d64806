//! The values of atomics.

use std::fmt;

/// A value that an atomic held. `Display` gives it as its type would.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Value {
    /// Of an `AtomicBool`.
    Bool(bool),
    /// Of a signed integer.
    Signed(i64),
    /// Of an unsigned integer.
    Unsigned(u64),
    /// The address in an `AtomicPtr`.
    Address(u64),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Signed(value) => write!(f, "{value}"),
            Self::Unsigned(value) => write!(f, "{value}"),
            Self::Address(value) => write!(f, "{value:#x}"),
        }
    }
}
