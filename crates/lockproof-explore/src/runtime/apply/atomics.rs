//! Atomics, and what their orderings make known.
//!
//! Values follow sequential consistency: a load sees the last store. What a thread *knows* follows
//! the orderings that are written in the program, as C++20 (and so Rust) defines them: a release
//! store heads a release sequence, which read-modify-writes continue and another store ends; a
//! fence lends its ordering to relaxed accesses beside it.

use std::sync::atomic::Ordering;

use crate::event::{Access, Alternative, Event};
use crate::operation::OperationKind;
use crate::runtime::Runtime;

impl Runtime {
    pub(super) fn load(&mut self, event: &mut Event) {
        event.before = self.object(event.operation.object).value;
        event.after = event.before;
        event.access = Access::Read;
        self.facts.orderings.note_plain(event.operation.orderings.0);
        self.look_at(event.thread, event.operation.object);
        self.learn(event, event.operation.orderings.0);
    }

    /// A store, or a read-modify-write whose result stands in `replacement`.
    pub(super) fn write(&mut self, event: &mut Event) {
        let ordering = event.operation.orderings.0;
        if event.operation.kind == OperationKind::Store {
            self.facts.orderings.note_plain(ordering);
            self.put(event, event.operation.operand);
            self.publish(event, ordering, false);
        } else {
            self.facts.orderings.note_read_modify_write(ordering);
            self.learn(event, ordering);
            self.put(event, event.operation.replacement);
            self.publish(event, ordering, true);
        }
    }

    pub(super) fn compare(&mut self, event: &mut Event) {
        let (success, failure) = event.operation.orderings;
        let found = self.object(event.operation.object).value;
        let spurious = event.alternative == Alternative::SPURIOUS;
        self.facts.orderings.note_read_modify_write(success);
        if found == event.operation.operand && !spurious {
            self.learn(event, success);
            self.put(event, event.operation.replacement);
            self.publish(event, success, true);
            return;
        }
        event.access = Access::Read;
        event.before = found;
        event.after = found;
        self.facts.orderings.note_plain(failure);
        self.look_at(event.thread, event.operation.object);
        self.learn(event, failure);
        if spurious {
            self.thread_mut(event.thread).weak_failures += 1;
        }
    }

    fn put(&mut self, event: &mut Event, value: u64) {
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

    /// What the last store made known becomes known to the thread: at once if the load acquires,
    /// at its next acquire fence if not.
    fn learn(&mut self, event: &Event, ordering: Ordering) {
        let object = &self.objects[event.operation.object.index()];
        let thread = &mut self.threads[event.thread.index()];
        if acquires(ordering) {
            thread.clock.join(&object.released);
        } else {
            thread.seen.join(&object.released);
        }
    }

    /// The store makes known what its thread knows, if it releases, or what it knew at its last
    /// release fence.
    fn publish(&mut self, event: &Event, ordering: Ordering, continues_sequence: bool) {
        let object = &mut self.objects[event.operation.object.index()];
        let thread = &self.threads[event.thread.index()];
        let known = if releases(ordering) { &thread.clock } else { &thread.fenced };
        if continues_sequence {
            object.released.join(known);
        } else {
            object.released.copy_from(known);
        }
    }

    /// A fence of the current thread. It is no event: under sequential consistency it changes
    /// nothing but what is known.
    pub(crate) fn fence(&mut self, ordering: Ordering) {
        self.facts.orderings.note_fence(ordering);
        let thread = &mut self.threads[self.current.index()];
        if acquires(ordering) {
            thread.clock.join(&thread.seen);
        }
        if releases(ordering) {
            thread.epoch += 1;
            thread.clock.set(self.current, thread.epoch);
            thread.fenced.copy_from(&thread.clock);
        }
    }
}

fn acquires(ordering: Ordering) -> bool {
    matches!(ordering, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst)
}

fn releases(ordering: Ordering) -> bool {
    matches!(ordering, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst)
}
