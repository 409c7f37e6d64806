//! The errors of a queue: a refused item, which is handed back, or no item to take out.

use std::error::Error;
use std::fmt;

/// [`push`](super::RecordQueue::push) found the queue closed: this is the item.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Closed<T>(pub T);

impl<T> fmt::Debug for Closed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Closed(..)")
    }
}

impl<T> fmt::Display for Closed<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(CLOSED)
    }
}

impl<T> Error for Closed<T> {}

/// Why [`try_push`](super::RecordQueue::try_push) or
/// [`push_timeout`](super::RecordQueue::push_timeout) did not take an item: this one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum PushError<T> {
    /// The queue is full, or was until the time was up.
    Full(T),
    /// The queue is closed.
    Closed(T),
}

impl<T> PushError<T> {
    /// The item that was not taken.
    #[must_use]
    pub fn into_item(self) -> T {
        match self {
            Self::Full(item) | Self::Closed(item) => item,
        }
    }
}

impl<T> fmt::Debug for PushError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "Full(..)",
            Self::Closed(_) => "Closed(..)",
        })
    }
}

impl<T> fmt::Display for PushError<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full(_) => "the queue is full: try again when an item has been taken out",
            Self::Closed(_) => CLOSED,
        })
    }
}

impl<T> Error for PushError<T> {}

/// Why [`try_pop`](super::RecordQueue::try_pop) or
/// [`pop_timeout`](super::RecordQueue::pop_timeout) gave no item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PopError {
    /// The queue is empty, or was until the time was up. More items may come.
    Empty,
    /// The queue is closed and every item has been taken out.
    Closed,
}

impl fmt::Display for PopError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the queue is empty: try again when an item has been put in",
            Self::Closed => "the queue is closed and empty: stop taking items out",
        })
    }
}

impl Error for PopError {}

const CLOSED: &str = "the queue is closed: stop putting items in, or make a new queue";
