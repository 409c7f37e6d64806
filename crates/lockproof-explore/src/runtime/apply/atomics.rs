//! Atomics. Values follow sequential consistency: a load sees the last store.

use crate::event::{Access, Alternative, VisibleEvent};
use crate::operation::OperationKind;
use crate::runtime::Runtime;

impl Runtime {
    pub(super) fn load(&mut self, event: &mut VisibleEvent) {
        event.before = self.object(event.operation.object).value;
        event.after = event.before;
        event.access = Access::Read;
        self.facts.orderings.note_plain(event.operation.orderings.0);
        self.look_at(event.thread, event.operation.object);
        self.load_known(event.thread, event.operation.object, event.operation.orderings.0);
    }

    /// A store, or a read-modify-write whose result stands in `replacement`.
    pub(super) fn write(&mut self, event: &mut VisibleEvent) {
        let ordering = event.operation.orderings.0;
        if event.operation.kind == OperationKind::Store {
            self.facts.orderings.note_plain(ordering);
            self.put(event, event.operation.operand);
            self.store_known(event.thread, event.operation.object, ordering, false);
        } else {
            self.facts.orderings.note_read_modify_write(ordering);
            self.load_known(event.thread, event.operation.object, ordering);
            self.put(event, event.operation.replacement);
            self.store_known(event.thread, event.operation.object, ordering, true);
        }
    }

    pub(super) fn compare(&mut self, event: &mut VisibleEvent) {
        let (success, failure) = event.operation.orderings;
        let found = self.object(event.operation.object).value;
        let spurious = event.alternative == Alternative::SPURIOUS;
        self.facts.orderings.note_read_modify_write(success);
        if found == event.operation.operand && !spurious {
            self.load_known(event.thread, event.operation.object, success);
            self.put(event, event.operation.replacement);
            self.store_known(event.thread, event.operation.object, success, true);
            return;
        }
        event.access = Access::Read;
        event.before = found;
        event.after = found;
        self.facts.orderings.note_plain(failure);
        self.look_at(event.thread, event.operation.object);
        self.load_known(event.thread, event.operation.object, failure);
        if spurious {
            self.thread_mut(event.thread).weak_failures += 1;
        }
    }

    fn put(&mut self, event: &mut VisibleEvent, value: u64) {
        let object = &mut self.objects[event.operation.object.index()];
        let spinning = &mut self.threads[event.thread.index()].spinning;
        event.before = object.value;
        event.after = value;
        if value == event.before {
            event.access = Access::Rewrite;
            spinning.look(event.operation.object, object.version);
        } else {
            event.access = Access::Write;
            object.value = value;
            object.version += 1;
            spinning.act();
        }
    }
}
