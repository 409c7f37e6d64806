//! The models of the table of measured facts.

use std::fmt;

/// A model, up to the library that it is written against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Row {
    /// Threads that increment a number under a mutex, so many times each.
    Locked(usize, usize),
    /// Threads that load an atomic and store one more.
    Unlocked(usize, usize),
    /// Threads that increment an atomic in one step.
    Fetched(usize, usize),
    /// Threads that each lock a mutex of their own.
    Independent(usize),
    /// So many threads that read under a lock, and one that writes.
    Readers(usize),
}

/// Each with the number of its equivalence classes, which is what the exploring engine runs.
pub(crate) const ROWS: [Row; 15] = [
    Row::Locked(2, 1),
    Row::Locked(2, 2),
    Row::Locked(2, 3),
    Row::Locked(3, 1),
    Row::Locked(3, 2),
    Row::Locked(4, 1),
    Row::Locked(4, 2),
    Row::Unlocked(2, 2),
    Row::Unlocked(3, 1),
    Row::Unlocked(3, 2),
    Row::Fetched(3, 2),
    Row::Independent(2),
    Row::Independent(4),
    Row::Readers(2),
    Row::Readers(3),
];

/// More executions than any row has, 12! / 3!^4, for the question whether their cost grows.
pub(crate) const LONG: (Row, u64) = (Row::Locked(4, 3), 369_600);

impl Row {
    pub(crate) fn name(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Locked(threads, times) => write!(f, "{threads} x {times} locked"),
            Self::Unlocked(threads, times) => write!(f, "{threads} x {times} unlocked"),
            Self::Fetched(threads, times) => write!(f, "{threads} x {times} fetch_add"),
            Self::Independent(threads) => write!(f, "{threads} independent mutexes"),
            Self::Readers(readers) => write!(f, "{readers} readers and a writer"),
        }
    }
}
