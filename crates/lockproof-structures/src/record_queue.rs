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
/// The contract: what was accepted comes out, once; whoever waits goes on as soon as there is
/// reason to, `close` included. Production code calls the methods of [`RecordQueue`] itself.
pub trait BlockingQueue<T> {
    /// See [`RecordQueue::new`].
    fn new(capacity: usize) -> Self;

    /// See [`RecordQueue::push`].
    fn push(&self, item: T) -> Result<(), Closed<T>>;

    /// See [`RecordQueue::pop`].
    fn pop(&self) -> Option<T>;

    /// See [`RecordQueue::try_pop`].
    fn try_pop(&self) -> Result<T, PopError>;

    /// See [`RecordQueue::close`].
    fn close(&self);
}
