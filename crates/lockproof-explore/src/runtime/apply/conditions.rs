//! Condition variables.
//!
//! A wait is three events: the thread releases the mutex and begins to wait, it is woken, and it
//! acquires the mutex again by a lock operation of its own. A notification picks any waiter. It does
//! not synchronize by itself: the mutex does.

use crate::event::{Access, Alternative, EventKey, VisibleEvent};
use crate::identity::ThreadId;
use crate::runtime::Runtime;

impl Runtime {
    pub(super) fn wait(&mut self, event: &mut VisibleEvent) {
        event.access = Access::Wait;
        event.second_access = Access::Release;
        self.note_action(event);
        self.release_exclusively(event.thread, event.operation.second);
        self.object_mut(event.operation.object).waiters.push(event.thread);
        self.thread_mut(event.thread).notified = None;
    }

    pub(super) fn wake_up(&mut self, event: &mut VisibleEvent) {
        if let Some(notification) = self.thread_mut(event.thread).notified.take() {
            event.cause = notification;
            return;
        }
        event.access = Access::Leave;
        self.object_mut(event.operation.object).remove_waiter(event.thread);
        self.count_intervention(event);
    }

    /// Counts a wait or a park that has ended by a time-out or spuriously.
    pub(super) fn count_intervention(&mut self, event: &VisibleEvent) {
        let state = self.thread_mut(event.thread);
        let timed_out = event.alternative == Alternative::TIMED_OUT;
        let count = if timed_out { &mut state.time_outs } else { &mut state.spurious_wake_ups };
        *count += 1;
    }

    pub(super) fn notify(&mut self, event: &mut VisibleEvent) {
        self.note_action(event);
        if event.alternative == Alternative::NO_WAITER {
            event.access = Access::NotifyNone;
            return;
        }
        event.access = Access::NotifyWaiter;
        let key = event.key();
        let condition = event.operation.object;
        if event.operation.kind == crate::operation::OperationKind::NotifyOne {
            let waiter = ThreadId(event.alternative.0);
            self.object_mut(condition).remove_waiter(waiter);
            self.wake(waiter, key);
            return;
        }
        while let Some(waiter) = self.object_mut(condition).waiters.pop() {
            self.wake(waiter, key);
        }
    }

    fn wake(&mut self, waiter: ThreadId, notification: EventKey) {
        self.thread_mut(waiter).notified = Some(notification);
    }
}
