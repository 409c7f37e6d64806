//! A broken queue: producers and consumers wait on one condition variable, and only one waiter is
//! woken.

use lockproof::extension::Named;
use lockproof::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::{BlockingQueue, Closed, PopError, SequentialRecordQueue};

/// **Broken:** calls `notify_one` on a condition variable that both kinds of threads wait on. A
/// consumer can consume the notification meant for a producer, or the reverse: it finds nothing to
/// do and waits again, and the other sleeps for ever.
///
/// ```
/// use lockproof_structures::{BlockingQueue, SharedCondvarRecordQueue};
///
/// let queue = SharedCondvarRecordQueue::new(1);
/// assert!(queue.push(7).is_ok());
/// assert_eq!(queue.pop(), Some(7));
/// ```
#[derive(Debug)]
pub struct SharedCondvarRecordQueue<T> {
    state: Mutex<SequentialRecordQueue<T>>,
    /// The rule that this queue breaks: if threads wait on one condition variable for different
    /// things, a notification wakes all of them.
    changed: Condvar,
}

impl<T> SharedCondvarRecordQueue<T> {
    #[track_caller]
    fn lock(&self) -> MutexGuard<'_, SequentialRecordQueue<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> BlockingQueue<T> for SharedCondvarRecordQueue<T> {
    fn new(capacity: usize) -> Self {
        Self {
            state: Mutex::new(SequentialRecordQueue::new(capacity)).named("record_queue.state"),
            changed: Condvar::new().named("record_queue.changed"),
        }
    }

    fn push(&self, item: T) -> Result<(), Closed<T>> {
        let mut state = self
            .changed
            .wait_while(self.lock(), |state| state.push_must_wait())
            .unwrap_or_else(PoisonError::into_inner);
        state.try_push(item).map_err(|refused| Closed(refused.into_item()))?;
        drop(state);
        // The mistake: the one that is woken may be another producer.
        self.changed.notify_one();
        Ok(())
    }

    fn pop(&self) -> Option<T> {
        let mut state = self
            .changed
            .wait_while(self.lock(), |state| state.pop_must_wait())
            .unwrap_or_else(PoisonError::into_inner);
        let item = state.try_pop().ok()?;
        drop(state);
        // The mistake: the one that is woken may be another consumer.
        self.changed.notify_one();
        Some(item)
    }

    fn try_pop(&self) -> Result<T, PopError> {
        let item = self.lock().try_pop()?;
        self.changed.notify_one();
        Ok(item)
    }

    fn close(&self) {
        self.lock().close();
        self.changed.notify_all();
    }
}
