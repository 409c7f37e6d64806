//! Diagnosis of a standstill: which threads are blocked, by what, and which bug that is.
//!
//! A cycle of threads that wait for each other's locks or exits is a deadlock, whatever else waits
//! beside it. Without one, a thread that waits on a condition variable has lost its wake-up, a
//! parked one was left parked, and a lock that is waited for will never be released.

use super::Runtime;
use crate::failure::{Blocked, Bug};
use crate::identity::ThreadId;
use crate::operation::OperationKind;

impl Runtime {
    /// The bug that no thread of this execution can continue.
    pub(crate) fn diagnose(&self) -> Bug {
        let cycle = self.find_cycle();
        let mut order = cycle.clone();
        let unfinished = self.thread_order.iter().filter(|one| self.thread(**one).is_unfinished());
        order.extend(unfinished.filter(|thread| !cycle.contains(thread)));
        let blocked: Vec<_> = order.into_iter().filter_map(|thread| self.blocked(thread)).collect();
        let any = |kind| blocked.iter().any(|thread| thread.operation.kind == kind);
        if !cycle.is_empty() {
            Bug::Deadlock { cycle, blocked }
        } else if any(OperationKind::WakeUp) {
            Bug::LostWakeUp { blocked }
        } else if any(OperationKind::Park) {
            Bug::LeftParked { blocked }
        } else {
            Bug::Deadlock { cycle, blocked }
        }
    }

    fn blocked(&self, thread: ThreadId) -> Option<Blocked> {
        Some(Blocked { thread, operation: *self.pending(thread)? })
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
        let sharers = lock.sharers.iter().filter(|_| operation.kind != OperationKind::ReadLock);
        lock.holder.iter().chain(sharers).copied().collect()
    }

    /// A cycle of threads, each of which waits for the next; empty if there is none.
    fn find_cycle(&self) -> Vec<ThreadId> {
        for start in &self.thread_order {
            let mut path = vec![*start];
            if self.closes_cycle(&mut path) {
                return path;
            }
        }
        Vec::new()
    }

    /// Extends `path`, depth first, until its last thread waits for its first.
    fn closes_cycle(&self, path: &mut Vec<ThreadId>) -> bool {
        let last = path[path.len() - 1];
        for next in self.waited_for(last) {
            if next == path[0] {
                return true;
            }
            // A cycle that leaves the first thread out is found from one of its own threads.
            if path.contains(&next) {
                continue;
            }
            path.push(next);
            if self.closes_cycle(path) {
                return true;
            }
            path.pop();
        }
        false
    }
}
