//! The single-threaded queue: the state that the shared ones lock, and their specification.

use std::collections::VecDeque;

use super::{PopError, PushError};

/// A bounded queue without locks: `&mut self` rules out sharing.
///
/// Invariants: never more items than the capacity, first in, first out, and nothing goes in after
/// [`close`](Self::close).
///
/// ```
/// use lockproof_structures::{PopError, PushError, SequentialRecordQueue};
///
/// let mut queue = SequentialRecordQueue::new(1);
/// assert_eq!(queue.try_push("a"), Ok(()));
/// assert_eq!(queue.try_push("b"), Err(PushError::Full("b")));
/// queue.close();
/// assert_eq!(queue.try_pop(), Ok("a"));
/// assert_eq!(queue.try_pop(), Err(PopError::Closed));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SequentialRecordQueue<T> {
    items: VecDeque<T>,
    capacity: usize,
    is_closed: bool,
}

impl<T> SequentialRecordQueue<T> {
    /// An empty queue for at most `capacity` items.
    ///
    /// # Panics
    ///
    /// If `capacity` is 0.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        assert!(capacity > 0, "a queue of capacity 0 never takes an item: ask for at least one");
        Self { items: VecDeque::new(), capacity, is_closed: false }
    }

    /// Puts an item in.
    ///
    /// # Errors
    ///
    /// The item, if the queue is full or closed.
    pub fn try_push(&mut self, item: T) -> Result<(), PushError<T>> {
        if self.is_closed {
            return Err(PushError::Closed(item));
        }
        if self.is_full() {
            return Err(PushError::Full(item));
        }
        self.items.push_back(item);
        Ok(())
    }

    /// Takes the oldest item out.
    ///
    /// # Errors
    ///
    /// If no item is inside: [`PopError::Closed`] if the queue is closed, so that none can come.
    pub fn try_pop(&mut self) -> Result<T, PopError> {
        let reason = if self.is_closed { PopError::Closed } else { PopError::Empty };
        self.items.pop_front().ok_or(reason)
    }

    /// Takes no more items from now on. Those inside still come out.
    pub fn close(&mut self) {
        self.is_closed = true;
    }

    /// Whether it is closed.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.is_closed
    }

    /// How many items are inside.
    #[must_use]
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether no item is inside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// Whether there is no room.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.len() == self.capacity
    }

    /// The most items it holds.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Whether a producer has to wait: there is no room yet, but there may be.
    pub(super) fn push_must_wait(&self) -> bool {
        self.is_full() && !self.is_closed
    }

    /// Whether a consumer has to wait: there is no item yet, but there may be.
    pub(super) fn pop_must_wait(&self) -> bool {
        self.is_empty() && !self.is_closed
    }
}
