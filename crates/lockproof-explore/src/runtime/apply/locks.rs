//! Mutexes and read-write locks.
//!
//! A mutex is a lock that is never shared. An exclusive release happens before every later
//! acquisition. A shared release happens before exclusive ones only, as readers do not synchronize
//! with each other.

use crate::event::{Access, VisibleEvent};
use crate::identity::{ObjectId, ThreadId};
use crate::runtime::Runtime;

impl Runtime {
    pub(super) fn acquire(&mut self, event: &mut VisibleEvent) {
        let lock = event.operation.object;
        if !self.object(lock).is_free() {
            event.access = Access::Refused;
            self.observe(event.thread, lock);
            return;
        }
        event.access = Access::Acquire;
        self.observe(event.thread, lock);
        self.object_mut(lock).holder = Some(event.thread);
        self.acquire_clock(event.thread, lock, true);
    }

    pub(super) fn acquire_shared(&mut self, event: &mut VisibleEvent) {
        let lock = event.operation.object;
        self.observe(event.thread, lock);
        if self.object(lock).holder.is_some() {
            event.access = Access::RefusedShared;
            return;
        }
        event.access = Access::AcquireShared;
        self.object_mut(lock).sharers.push(event.thread);
        self.acquire_clock(event.thread, lock, false);
    }

    pub(super) fn release(&mut self, event: &mut VisibleEvent) {
        event.access = Access::Release;
        self.release_exclusively(event.thread, event.operation.object);
    }

    /// Releases a lock that is held exclusively.
    pub(super) fn release_exclusively(&mut self, thread: ThreadId, lock: ObjectId) {
        self.replace_clock(thread, lock);
        let object = &mut self.objects[lock.index()];
        object.holder = None;
        object.version += 1;
        self.threads[thread.index()].spinning.note_own_use(lock, object.version);
    }

    pub(super) fn release_shared(&mut self, event: &mut VisibleEvent) {
        event.access = Access::ReleaseShared;
        self.object_mut(event.operation.object).remove_sharer(event.thread);
        self.release_clock(event.thread, event.operation.object, true);
    }

    pub(super) fn downgrade(&mut self, event: &mut VisibleEvent) {
        event.access = Access::Downgrade;
        self.release_exclusively(event.thread, event.operation.object);
        self.object_mut(event.operation.object).sharers.push(event.thread);
    }

    /// Notes that the thread has observed the object as it is now.
    pub(super) fn observe(&mut self, thread: ThreadId, object: ObjectId) {
        let version = self.object(object).version;
        self.thread_mut(thread).spinning.observe(object, version);
    }
}
