//! Atomics. Values follow sequential consistency: a load reads the last store.

use crate::event::{Access, Alternative, VisibleEvent};
use crate::operation::OperationKind;
use crate::runtime::Runtime;

impl Runtime {
    pub(super) fn load(&mut self, event: &mut VisibleEvent) {
        event.before = self.object(event.operation.object).value;
        event.after = event.before;
        event.access = Access::Read;
        self.observe(event.thread, event.operation.object);
        self.acquire_by_load(event.thread, event.operation.object, event.operation.orderings.0);
    }

    /// A store, or a read-modify-write whose result is in `replacement`.
    pub(super) fn write(&mut self, event: &mut VisibleEvent) {
        let (thread, atomic) = (event.thread, event.operation.object);
        let ordering = event.operation.orderings.0;
        if event.operation.kind == OperationKind::Store {
            self.put(event, event.operation.operand);
            self.release_by_store(thread, atomic, ordering, false);
        } else {
            self.acquire_by_load(thread, atomic, ordering);
            self.put(event, event.operation.replacement);
            self.release_by_store(thread, atomic, ordering, true);
        }
    }

    pub(super) fn compare(&mut self, event: &mut VisibleEvent) {
        let (thread, atomic) = (event.thread, event.operation.object);
        let (success, failure) = event.operation.orderings;
        let found = self.object(atomic).value;
        let spurious = event.alternative == Alternative::SPURIOUS;
        if found == event.operation.operand && !spurious {
            self.acquire_by_load(thread, atomic, success);
            self.put(event, event.operation.replacement);
            self.release_by_store(thread, atomic, success, true);
            return;
        }
        event.access = Access::Read;
        event.before = found;
        event.after = found;
        self.observe(thread, atomic);
        self.acquire_by_load(thread, atomic, failure);
        if spurious {
            self.thread_mut(thread).weak_failures += 1;
        }
    }

    fn put(&mut self, event: &mut VisibleEvent, value: u64) {
        let object = &mut self.objects[event.operation.object.index()];
        let spinning = &mut self.threads[event.thread.index()].spinning;
        event.before = object.value;
        event.after = value;
        if value == event.before {
            event.access = Access::Rewrite;
            spinning.observe(event.operation.object, object.version);
        } else {
            event.access = Access::Write;
            object.value = value;
            object.version += 1;
            spinning.note_action();
        }
    }
}
