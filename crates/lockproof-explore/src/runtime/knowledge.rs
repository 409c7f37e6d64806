//! What becomes known to whom, by the orderings that the program wrote: for data races.
//!
//! Orderings mean what C++20 (and so Rust) says: a release store heads a release sequence, which
//! read-modify-writes continue and another store ends; a fence lends its ordering to relaxed
//! accesses beside it.
//!
//! Only accesses to cells are looked up in the clocks. What was passed on before an execution has
//! its first cell is about nothing that could race, so the clocks stay empty until then.

use std::sync::atomic::Ordering;

use super::Runtime;
use crate::identity::{ObjectId, ThreadId};

impl Runtime {
    /// Whether anybody will ask what is known.
    #[inline]
    fn is_asked(&self) -> bool {
        self.cells_made > 0
    }

    /// A thread comes to a new event, or to a release fence.
    #[inline]
    pub(super) fn begin_epoch(&mut self, thread: ThreadId) {
        let is_asked = self.is_asked();
        let state = &mut self.threads[thread.index()];
        state.epoch += 1;
        if is_asked {
            state.clock.set(thread.index(), state.epoch);
        }
    }

    /// What is known at `object` becomes known to the thread.
    #[inline]
    pub(super) fn learn_from(&mut self, thread: ThreadId, object: ObjectId, shared_too: bool) {
        if !self.is_asked() {
            return;
        }
        let object = &self.objects[object.index()];
        let clock = &mut self.threads[thread.index()].clock;
        clock.join(&object.released);
        if shared_too {
            clock.join(&object.released_shared);
        }
    }

    /// What the thread knows is all that is known at `object` from now on.
    #[inline]
    pub(super) fn leave_at(&mut self, thread: ThreadId, object: ObjectId) {
        if self.is_asked() {
            let known = &self.threads[thread.index()].clock;
            self.objects[object.index()].released.copy_from(known);
        }
    }

    /// What the thread knows is known at `object`, too: to everybody, or to those who take it for
    /// themselves.
    #[inline]
    pub(super) fn add_at(&mut self, thread: ThreadId, object: ObjectId, shared: bool) {
        if self.is_asked() {
            let object = &mut self.objects[object.index()];
            let at = if shared { &mut object.released_shared } else { &mut object.released };
            at.join(&self.threads[thread.index()].clock);
        }
    }

    /// What the parent knows is all that its new child knows.
    pub(super) fn inherit(&mut self, parent: ThreadId, child: ThreadId) {
        if self.is_asked() {
            let [parent, child] = self
                .threads
                .get_disjoint_mut([parent.index(), child.index()])
                .expect("a thread does not spawn itself");
            child.clock.copy_from(&parent.clock);
        }
    }

    /// What the child knew at its end becomes known to the thread that joins it.
    pub(super) fn learn_of_end(&mut self, thread: ThreadId, child: ThreadId) {
        if self.is_asked() {
            let [thread, child] = self
                .threads
                .get_disjoint_mut([thread.index(), child.index()])
                .expect("a thread that joins itself is never enabled");
            thread.clock.join(&child.clock);
        }
    }

    /// What the last store made known becomes known to the thread: at once if the load acquires,
    /// at its next acquire fence if not.
    #[inline]
    pub(super) fn load_known(&mut self, thread: ThreadId, atomic: ObjectId, ordering: Ordering) {
        if !self.is_asked() {
            return;
        }
        let released = &self.objects[atomic.index()].released;
        let thread = &mut self.threads[thread.index()];
        let learns = if acquires(ordering) { &mut thread.clock } else { &mut thread.seen };
        learns.join(released);
    }

    /// The store makes known what its thread knows, if it releases, or what it knew at its last
    /// release fence.
    #[inline]
    pub(super) fn store_known(
        &mut self,
        thread: ThreadId,
        atomic: ObjectId,
        ordering: Ordering,
        continues_sequence: bool,
    ) {
        if !self.is_asked() {
            return;
        }
        let released = &mut self.objects[atomic.index()].released;
        let thread = &self.threads[thread.index()];
        let known = if releases(ordering) { &thread.clock } else { &thread.fenced };
        if continues_sequence {
            released.join(known);
        } else {
            released.copy_from(known);
        }
    }

    /// A fence of the current thread. It is no event: under sequential consistency it changes
    /// nothing but what is known.
    pub(crate) fn fence(&mut self, ordering: Ordering) {
        self.facts.orderings.note_fence(ordering);
        let current = self.current;
        if acquires(ordering) {
            let thread = &mut self.threads[current.index()];
            thread.clock.join(&thread.seen);
        }
        if releases(ordering) {
            self.begin_epoch(current);
            let thread = &mut self.threads[current.index()];
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
