//! Threads: spawn, join, exit, tokens, yields.

use crate::event::{Access, Alternative, EventKey, VisibleEvent};
use crate::identity::ObjectId;
use crate::operation::Allowance;
use crate::runtime::{Life, Runtime};

impl Runtime {
    /// The child runs up to its first operation before the next event.
    pub(super) fn spawn(&mut self, event: &mut VisibleEvent) {
        self.note_action(event);
        let child = event.operation.peer;
        self.start_thread(child);
        self.pass_clock(event.thread, child);
    }

    pub(super) fn exit(&mut self, event: &mut VisibleEvent) {
        self.note_action(event);
        self.thread_mut(event.thread).life = Life::Finished;
    }

    pub(super) fn join(&mut self, event: &mut VisibleEvent) {
        self.note_action(event);
        let child = event.operation.peer;
        event.cause = EventKey { thread: child, sequence: self.thread(child).sequence };
        self.pass_clock(child, event.thread);
    }

    pub(super) fn park(&mut self, event: &mut VisibleEvent) {
        self.note_action(event);
        event.access = Access::TakeToken;
        if event.alternative == Alternative::ORDINARY {
            self.object_mut(event.operation.object).token = false;
            self.acquire_clock(event.thread, event.operation.object, false);
        } else {
            self.count_intervention(event);
        }
    }

    pub(super) fn unpark(&mut self, event: &mut VisibleEvent) {
        self.note_action(event);
        event.access = Access::GiveToken;
        self.object_mut(event.operation.object).token = true;
        self.release_clock(event.thread, event.operation.object, false);
    }

    pub(super) fn yield_now(&mut self, event: &mut VisibleEvent) {
        let waited = event.operation.object.is_some();
        let is_late = event.operation.allowance.allows(Allowance::LATE);
        let changed = (waited || is_late) && self.has_something_changed(event.thread);
        if waited {
            event.access = Access::Watch;
        }
        if event.operation.second != ObjectId::NONE {
            event.second_access = Access::Watch;
        }
        let spinning = &mut self.thread_mut(event.thread).spinning;
        spinning.late_yields += u32::from(event.late && !changed);
        spinning.yielded(changed);
    }
}
