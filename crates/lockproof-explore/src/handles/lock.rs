//! Mutexes and read-write locks. They own no data: that is the caller's.

use crate::context::with;
use crate::coroutines::perform;
use crate::identity::ObjectId;
use crate::operation::{OperationKind, Place, VisibleOperation};

/// A mutex.
///
/// A thread that locks it twice deadlocks, which is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mutex(ObjectId);

impl Mutex {
    /// A free mutex.
    #[expect(clippy::new_without_default, reason = "it is an event of the running model")]
    pub fn new() -> Self {
        Self(with(|runtime| runtime.create(0)))
    }

    /// A free mutex that the thread's next operation is the first to use.
    pub fn at_first_use() -> Self {
        Self(with(|runtime| runtime.create_at_first_use(0)))
    }

    /// Its identity.
    pub fn id(self) -> ObjectId {
        self.0
    }

    /// Acquires it, once it is free.
    pub fn lock(self, at: Place) {
        perform(&VisibleOperation::new(OperationKind::Lock, self.0, at));
    }

    /// Acquires it if it is free. Returns whether it did.
    pub fn try_lock(self, at: Place) -> bool {
        perform(&VisibleOperation::new(OperationKind::TryLock, self.0, at)).succeeded()
    }

    /// Releases it. If the thread unwinds, the release takes effect once the panic has been caught.
    pub fn unlock(self, at: Place) {
        perform(&VisibleOperation::new(OperationKind::Unlock, self.0, at));
    }
}

/// A read-write lock.
///
/// A waiting writer does not block readers, so a thread may acquire it for reading twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RwLock(ObjectId);

impl RwLock {
    /// A free lock.
    #[expect(clippy::new_without_default, reason = "it is an event of the running model")]
    pub fn new() -> Self {
        Self(with(|runtime| runtime.create(0)))
    }

    /// A free lock that the thread's next operation is the first to use.
    pub fn at_first_use() -> Self {
        Self(with(|runtime| runtime.create_at_first_use(0)))
    }

    /// Its identity.
    pub fn id(self) -> ObjectId {
        self.0
    }

    /// Acquires it for reading, once no writer holds it.
    pub fn read(self, at: Place) {
        perform(&VisibleOperation::new(OperationKind::ReadLock, self.0, at));
    }

    /// Acquires it for reading if no writer holds it. Returns whether it did.
    pub fn try_read(self, at: Place) -> bool {
        perform(&VisibleOperation::new(OperationKind::TryReadLock, self.0, at)).succeeded()
    }

    /// Releases it after reading.
    pub fn unlock_read(self, at: Place) {
        perform(&VisibleOperation::new(OperationKind::ReadUnlock, self.0, at));
    }

    /// Acquires it for writing, once no thread holds it.
    pub fn write(self, at: Place) {
        perform(&VisibleOperation::new(OperationKind::WriteLock, self.0, at));
    }

    /// Acquires it for writing if no thread holds it. Returns whether it did.
    pub fn try_write(self, at: Place) -> bool {
        perform(&VisibleOperation::new(OperationKind::TryWriteLock, self.0, at)).succeeded()
    }

    /// Releases it after writing.
    pub fn unlock_write(self, at: Place) {
        perform(&VisibleOperation::new(OperationKind::WriteUnlock, self.0, at));
    }

    /// Turns the exclusive hold into one for reading, without a writer in between.
    pub fn downgrade(self, at: Place) {
        perform(&VisibleOperation::new(OperationKind::Downgrade, self.0, at));
    }
}
