//! The errors of the conditional operations of a record map.

use std::error::Error;
use std::fmt;

/// Why [`compare_and_update`](super::RecordMap::compare_and_update) changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareError<V> {
    /// There is no such record.
    Missing,
    /// The record is another than expected: this one.
    Changed(V),
}

impl<V> fmt::Display for CompareError<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "there is no such record: insert it first",
            Self::Changed(_) => "the record has changed: decide again on the current one",
        })
    }
}

impl<V: fmt::Debug> Error for CompareError<V> {}

/// Why [`transfer`](super::RecordMap::transfer) changed nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransferError {
    /// There is no record to take from.
    MissingSource,
    /// There is no record to add to.
    MissingTarget,
    /// The source holds less than the amount.
    InsufficientFunds,
    /// The target cannot hold the sum.
    Overflow,
}

impl fmt::Display for TransferError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MissingSource => "there is no record to take from: insert it first",
            Self::MissingTarget => "there is no record to add to: insert it first",
            Self::InsufficientFunds => {
                "the source holds less than the amount: transfer at most what it holds"
            }
            Self::Overflow => "the target cannot hold the sum: transfer less, or use a wider type",
        })
    }
}

impl Error for TransferError {}
