//! Mutexes and read-write locks.
//!
//! A mutex is a lock that nobody ever shares. An exclusive release makes the holder's past known
//! to every later acquisition; a shared release makes it known to exclusive ones only, as readers
//! do not synchronize with each other.

use crate::event::{Access, VisibleEvent};
use crate::identity::{ObjectId, ThreadId};
use crate::runtime::Runtime;

impl Runtime {
    pub(super) fn acquire(&mut self, event: &mut VisibleEvent) {
        let lock = event.operation.object;
        if !self.object(lock).is_free() {
            event.access = Access::Refused;
            self.look_at(event.thread, lock);
            return;
        }
        event.access = Access::Acquire;
        self.look_at(event.thread, lock);
        self.object_mut(lock).holder = Some(event.thread);
        self.learn_from(event.thread, lock, true);
    }

    pub(super) fn acquire_shared(&mut self, event: &mut VisibleEvent) {
        let lock = event.operation.object;
        self.look_at(event.thread, lock);
        if self.object(lock).holder.is_some() {
            event.access = Access::RefusedShared;
            return;
        }
        event.access = Access::AcquireShared;
        self.object_mut(lock).sharers.push(event.thread);
        self.learn_from(event.thread, lock, false);
    }

    pub(super) fn release(&mut self, event: &mut VisibleEvent) {
        event.access = Access::Release;
        self.give_up(event.thread, event.operation.object);
    }

    /// Gives up a lock held exclusively.
    pub(super) fn give_up(&mut self, thread: ThreadId, lock: ObjectId) {
        self.leave_at(thread, lock);
        let object = &mut self.objects[lock.index()];
        object.holder = None;
        object.version += 1;
        self.threads[thread.index()].spinning.leave(lock, object.version);
    }

    pub(super) fn release_shared(&mut self, event: &mut VisibleEvent) {
        event.access = Access::ReleaseShared;
        self.object_mut(event.operation.object).remove_sharer(event.thread);
        self.add_at(event.thread, event.operation.object, true);
    }

    pub(super) fn downgrade(&mut self, event: &mut VisibleEvent) {
        event.access = Access::Downgrade;
        self.give_up(event.thread, event.operation.object);
        self.object_mut(event.operation.object).sharers.push(event.thread);
    }

    /// Remembers that the thread saw the object as it is now.
    pub(super) fn look_at(&mut self, thread: ThreadId, object: ObjectId) {
        let version = self.object(object).version;
        self.thread_mut(thread).spinning.look(object, version);
    }
}
