//! Message passing instead of sharing: a bounded queue between the threads of a pipeline.

mod errors;
mod locked;
mod sequential;
mod shared_condvar;
mod silent_close;
mod wait_once;

pub use errors::{Closed, PopError, PushError};
pub use locked::{CloseOnDrop, RecordQueue};
pub use sequential::SequentialRecordQueue;
pub use shared_condvar::SharedCondvarRecordQueue;
pub use silent_close::SilentCloseRecordQueue;
pub use wait_once::WaitOnceRecordQueue;

/// What [`RecordQueue`] and its broken twins have in common, so that one model fits all.
///
/// The contract: every accepted item comes out once, and a waiting thread is woken when it can
/// proceed, by `close` too. Production code calls the methods of [`RecordQueue`] itself.
pub trait BlockingQueue<T> {
    /// See [`RecordQueue::new`].
    fn new(capacity: usize) -> Self;

    /// See [`RecordQueue::push`].
    ///
    /// # Errors
    ///
    /// The item, if the queue is closed.
    fn push(&self, item: T) -> Result<(), Closed<T>>;

    /// See [`RecordQueue::pop`].
    fn pop(&self) -> Option<T>;

    /// See [`RecordQueue::try_pop`].
    ///
    /// # Errors
    ///
    /// If no item is inside.
    fn try_pop(&self) -> Result<T, PopError>;

    /// See [`RecordQueue::close`].
    fn close(&self);
}
