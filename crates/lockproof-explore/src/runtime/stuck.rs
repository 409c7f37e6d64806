//! Nobody can go on: why.
//!
//! A circle of threads that wait for each other's locks or ends is a deadlock, whatever else waits
//! beside it. Without one, a thread that waits on a condition variable has lost its wake-up, a
//! parked one was left parked, and a lock that is waited for will never be released.

use super::Runtime;
use crate::failure::{Blocked, Bug};
use crate::identity::{ObjectId, ThreadId};
use crate::operation::{OperationKind, Place};

impl Runtime {
    /// What it means that no thread of this execution can go on.
    pub(crate) fn diagnose(&self) -> Bug {
        let circle = self.find_circle();
        let mut order = circle.clone();
        let unfinished = self.alive.iter().filter(|thread| self.thread(**thread).is_unfinished());
        order.extend(unfinished.filter(|thread| !circle.contains(thread)));
        let blocked: Vec<_> = order.into_iter().filter_map(|thread| self.blocked(thread)).collect();
        let any = |kind| blocked.iter().any(|thread| thread.operation.kind == kind);
        if !circle.is_empty() {
            Bug::Deadlock { blocked }
        } else if any(OperationKind::WakeUp) {
            Bug::LostWakeUp { blocked }
        } else if any(OperationKind::Park) {
            Bug::LeftParked { blocked }
        } else {
            Bug::Deadlock { blocked }
        }
    }

    fn blocked(&self, thread: ThreadId) -> Option<Blocked> {
        let operation = *self.pending(thread)?;
        Some(Blocked {
            thread,
            operation,
            held_by: self.waited_for(thread),
            holds: self.locks_held_by(thread),
        })
    }

    /// The threads that `thread` waits for.
    fn waited_for(&self, thread: ThreadId) -> Vec<ThreadId> {
        let Some(operation) = self.pending(thread) else { return Vec::new() };
        if operation.kind == OperationKind::Join {
            return vec![operation.peer];
        }
        if !operation.kind.is_blocking_acquire() {
            return Vec::new();
        }
        let lock = self.object(operation.object);
        let mut holders: Vec<_> = lock.holder.into_iter().collect();
        if operation.kind != OperationKind::ReadLock {
            holders.extend(&lock.sharers);
        }
        holders.dedup();
        holders
    }

    /// A circle of threads, each waiting for the next.
    fn find_circle(&self) -> Vec<ThreadId> {
        for start in &self.alive {
            let mut path = vec![*start];
            if self.closes_circle(&mut path) {
                return path;
            }
        }
        Vec::new()
    }

    fn closes_circle(&self, path: &mut Vec<ThreadId>) -> bool {
        let last = path[path.len() - 1];
        for next in self.waited_for(last) {
            if next == path[0] {
                return true;
            }
            if path.contains(&next) {
                continue;
            }
            path.push(next);
            if self.closes_circle(path) {
                return true;
            }
            path.pop();
        }
        false
    }

    fn locks_held_by(&self, thread: ThreadId) -> Vec<(ObjectId, Place)> {
        let mut locks: Vec<(ObjectId, Place)> = Vec::new();
        for event in self.trace.iter().filter(|event| event.thread == thread) {
            let id = event.operation.object;
            if !id.is_some() || locks.iter().any(|(known, _)| *known == id) {
                continue;
            }
            let lock = self.object(id);
            if lock.holder == Some(thread) || lock.sharers.contains(&thread) {
                let place = self.taken_at(id, thread).unwrap_or(event.operation.location);
                locks.push((id, place));
            }
        }
        locks
    }
}
