//! A broken queue: a woken thread trusts the notification and does not check the state again.

use lockproof::sync::PoisonError;

use super::{BlockingQueue, Closed, PopError, RecordQueue};

/// **Broken:** waits with `if` instead of `while`, so that a woken consumer can find the item
/// already taken by another thread, and reports the end of an open queue.
///
/// ```
/// use lockproof_structures::{BlockingQueue, WaitOnceRecordQueue};
///
/// let queue = WaitOnceRecordQueue::new(1);
/// assert!(queue.push(7).is_ok());
/// assert_eq!(queue.pop(), Some(7));
/// ```
#[derive(Debug)]
pub struct WaitOnceRecordQueue<T>(
    /// The rule that `push` and `pop` break: a woken waiter checks the state again under the lock,
    /// because a notification is a hint, not a hand-over.
    RecordQueue<T>,
);

impl<T> BlockingQueue<T> for WaitOnceRecordQueue<T> {
    fn new(capacity: usize) -> Self {
        Self(RecordQueue::new(capacity))
    }

    fn push(&self, item: T) -> Result<(), Closed<T>> {
        let mut state = self.0.lock();
        if state.push_must_wait() {
            state = self.0.not_full.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        // The mistake: another producer may have used the room.
        state.try_push(item).map_err(|refused| Closed(refused.into_item()))?;
        drop(state);
        self.0.not_empty.notify_one();
        Ok(())
    }

    fn pop(&self) -> Option<T> {
        let mut state = self.0.lock();
        if state.pop_must_wait() {
            state = self.0.not_empty.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        // The mistake: another consumer may have taken the item.
        let item = state.try_pop().ok()?;
        drop(state);
        self.0.not_full.notify_one();
        Some(item)
    }

    fn try_pop(&self) -> Result<T, PopError> {
        self.0.try_pop()
    }

    fn close(&self) {
        self.0.close();
    }
}
