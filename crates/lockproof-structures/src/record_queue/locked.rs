//! The queue as a monitor: a sequential queue, one lock, and one condition variable per kind of
//! waiter.

use std::time::Duration;

use lockproof::extension::Named;
use lockproof::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::{BlockingQueue, Closed, PopError, PushError, SequentialRecordQueue};

/// A bounded, blocking queue for any number of producers and consumers.
///
/// First in, first out. A closed queue takes no more items, but gives out those it has, so no
/// accepted item is lost.
///
/// ```
/// use lockproof::thread;
/// use lockproof_structures::RecordQueue;
///
/// let queue = RecordQueue::new(2);
/// thread::scope(|scope| {
///     scope.spawn(|| {
///         for record in 1..=10 {
///             queue.push(record).expect("the queue is open");
///         }
///         queue.close();
///     });
///     let mut sum = 0;
///     while let Some(record) = queue.pop() {
///         sum += record;
///     }
///     assert_eq!(sum, 55);
/// });
/// ```
#[derive(Debug)]
pub struct RecordQueue<T> {
    /// The one lock. Both conditions are about this state, and a thread that changes it in a
    /// waiter's favour notifies that waiter's condition.
    pub(super) state: Mutex<SequentialRecordQueue<T>>,
    /// Only producers wait here, while the queue is full. Each item taken out wakes one of them,
    /// and `close` wakes all.
    pub(super) not_full: Condvar,
    /// Only consumers wait here, while the queue is empty. Each item put in wakes one of them, and
    /// `close` wakes all.
    pub(super) not_empty: Condvar,
    /// Never changes, so it is read without the lock.
    capacity: usize,
}

impl<T> RecordQueue<T> {
    /// An empty queue for at most `capacity` items.
    ///
    /// # Panics
    ///
    /// If `capacity` is 0.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            state: Mutex::new(SequentialRecordQueue::new(capacity)).named("record_queue.state"),
            not_full: Condvar::new().named("record_queue.not_full"),
            not_empty: Condvar::new().named("record_queue.not_empty"),
            capacity,
        }
    }

    /// Puts an item in, and waits for room if there is none.
    ///
    /// # Errors
    ///
    /// The item, if the queue is closed, or is while this call waits.
    pub fn push(&self, item: T) -> Result<(), Closed<T>> {
        let state = self
            .not_full
            .wait_while(self.lock(), |state| state.push_must_wait())
            .unwrap_or_else(PoisonError::into_inner);
        self.push_into(state, item).map_err(|refused| Closed(refused.into_item()))
    }

    /// Takes the oldest item out, and waits for one if there is none.
    ///
    /// `None` once the queue is closed and every item has been taken out, so a consumer is
    /// `while let Some(item) = queue.pop()`.
    pub fn pop(&self) -> Option<T> {
        let state = self
            .not_empty
            .wait_while(self.lock(), |state| state.pop_must_wait())
            .unwrap_or_else(PoisonError::into_inner);
        self.pop_from(state).ok()
    }

    /// Puts an item in if there is room now.
    ///
    /// # Errors
    ///
    /// The item, if the queue is full or closed.
    pub fn try_push(&self, item: T) -> Result<(), PushError<T>> {
        self.push_into(self.lock(), item)
    }

    /// Takes the oldest item out if there is one now.
    ///
    /// # Errors
    ///
    /// If no item is inside: [`PopError::Closed`] if the queue is closed, so that none can come.
    pub fn try_pop(&self) -> Result<T, PopError> {
        self.pop_from(self.lock())
    }

    /// As [`push`](Self::push), but waits at most `timeout` for room.
    ///
    /// # Errors
    ///
    /// The item, if the queue is closed, or still full when the time is up.
    pub fn push_timeout(&self, item: T, timeout: Duration) -> Result<(), PushError<T>> {
        let (state, _) = self
            .not_full
            .wait_timeout_while(self.lock(), timeout, |state| state.push_must_wait())
            .unwrap_or_else(PoisonError::into_inner);
        // The state decides, not the time: a producer that is notified just as its time is up
        // must use the room, or the notification would be lost to the others.
        self.push_into(state, item)
    }

    /// As [`pop`](Self::pop), but waits at most `timeout` for an item.
    ///
    /// # Errors
    ///
    /// If no item is inside when the time is up, or the queue is closed and empty.
    pub fn pop_timeout(&self, timeout: Duration) -> Result<T, PopError> {
        let (state, _) = self
            .not_empty
            .wait_timeout_while(self.lock(), timeout, |state| state.pop_must_wait())
            .unwrap_or_else(PoisonError::into_inner);
        // The state decides, not the time, as in `push_timeout`.
        self.pop_from(state)
    }

    /// Takes no more items from now on, and wakes all waiting threads: producers get their item
    /// back, consumers get the items that are left.
    pub fn close(&self) {
        self.lock().close();
        self.not_full.notify_all();
        self.not_empty.notify_all();
    }

    /// Closes the queue when the returned guard is dropped, also by a panic.
    ///
    /// A worker that dies without it leaves the other side waiting for ever.
    ///
    /// ```
    /// use lockproof_structures::RecordQueue;
    ///
    /// let queue = RecordQueue::<u8>::new(1);
    /// {
    ///     let _closing = queue.close_on_drop();
    /// }
    /// assert_eq!(queue.pop(), None);
    /// ```
    pub fn close_on_drop(&self) -> CloseOnDrop<'_, T> {
        CloseOnDrop { queue: self }
    }

    /// Whether it is closed. Items may still be inside.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.lock().is_closed()
    }

    /// How many items are inside. Another thread may change that at once.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether no item is inside. Another thread may change that at once.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// The most items it holds.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// Puts an item in under the caller's lock, releases it, and wakes a consumer.
    fn push_into(
        &self,
        mut state: MutexGuard<'_, SequentialRecordQueue<T>>,
        item: T,
    ) -> Result<(), PushError<T>> {
        state.try_push(item)?;
        drop(state);
        self.not_empty.notify_one();
        Ok(())
    }

    /// Takes an item out under the caller's lock, releases it, and wakes a producer.
    fn pop_from(&self, mut state: MutexGuard<'_, SequentialRecordQueue<T>>) -> Result<T, PopError> {
        let item = state.try_pop()?;
        drop(state);
        self.not_full.notify_one();
        Ok(item)
    }

    /// Ignores poisoning: no operation on the state can panic half-way.
    #[track_caller]
    pub(super) fn lock(&self) -> MutexGuard<'_, SequentialRecordQueue<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> BlockingQueue<T> for RecordQueue<T> {
    fn new(capacity: usize) -> Self {
        Self::new(capacity)
    }

    fn push(&self, item: T) -> Result<(), Closed<T>> {
        self.push(item)
    }

    fn pop(&self) -> Option<T> {
        self.pop()
    }

    fn try_pop(&self) -> Result<T, PopError> {
        self.try_pop()
    }

    fn close(&self) {
        self.close();
    }
}

/// Closes a [`RecordQueue`] when it is dropped: see [`RecordQueue::close_on_drop`].
#[derive(Debug)]
#[must_use = "the queue is closed as soon as this guard is dropped"]
pub struct CloseOnDrop<'a, T> {
    queue: &'a RecordQueue<T>,
}

impl<T> Drop for CloseOnDrop<'_, T> {
    fn drop(&mut self) {
        self.queue.close();
    }
}
