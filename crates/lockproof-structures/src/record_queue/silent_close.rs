//! A broken queue: closing it notifies no waiting thread.

use super::{BlockingQueue, Closed, PopError, RecordQueue};

/// **Broken:** [`close`](BlockingQueue::close) wakes no thread, so that a consumer that waits for
/// an item sleeps for ever, and so does a producer that waits for room.
///
/// ```
/// use lockproof_structures::{BlockingQueue, SilentCloseRecordQueue};
///
/// let queue = SilentCloseRecordQueue::<u8>::new(1);
/// queue.close();
/// assert_eq!(queue.pop(), None);
/// ```
#[derive(Debug)]
pub struct SilentCloseRecordQueue<T>(
    /// The rule that `close` breaks: a change in a waiter's favour notifies that waiter.
    RecordQueue<T>,
);

impl<T> BlockingQueue<T> for SilentCloseRecordQueue<T> {
    fn new(capacity: usize) -> Self {
        Self(RecordQueue::new(capacity))
    }

    fn push(&self, item: T) -> Result<(), Closed<T>> {
        self.0.push(item)
    }

    fn pop(&self) -> Option<T> {
        self.0.pop()
    }

    fn try_pop(&self) -> Result<T, PopError> {
        self.0.try_pop()
    }

    fn close(&self) {
        // The mistake: the threads that wait for this state are not notified.
        self.0.lock().close();
    }
}
