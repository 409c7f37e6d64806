//! Happens-before clocks for the data-race detector.
//!
//! Orderings mean what C++20 (and so Rust) says. A release store begins a release sequence, which
//! read-modify-writes continue and another store ends. A fence gives its ordering to the relaxed
//! accesses beside it.
//!
//! Only accesses to cells are compared with the clocks. Nothing that happened before an execution
//! has its first cell can race, so the clocks stay empty until then.

use std::sync::atomic::Ordering;

use super::Runtime;
use crate::identity::{ObjectId, ThreadId};

impl Runtime {
    /// Whether the clocks are needed.
    #[inline]
    fn has_cells(&self) -> bool {
        self.cells_made > 0
    }

    /// Begins a new epoch of a thread: at each of its events, and at each release fence.
    #[inline]
    pub(super) fn begin_epoch(&mut self, thread: ThreadId) {
        let has_cells = self.has_cells();
        let state = &mut self.threads[thread.index()];
        state.epoch += 1;
        if has_cells {
            state.clock.set(thread.index(), state.epoch);
        }
    }

    /// Joins what was released at `object` into the clock of the thread. An exclusive acquisition
    /// also joins what readers released.
    #[inline]
    pub(super) fn acquire_clock(&mut self, thread: ThreadId, object: ObjectId, exclusive: bool) {
        if !self.has_cells() {
            return;
        }
        let object = &self.objects[object.index()];
        let clock = &mut self.threads[thread.index()].clock;
        clock.join(&object.released);
        if exclusive {
            clock.join(&object.released_shared);
        }
    }

    /// Releases the clock of the thread at `object`, in place of what was released there before. The
    /// thread has acquired that, so its own clock includes it.
    #[inline]
    pub(super) fn replace_clock(&mut self, thread: ThreadId, object: ObjectId) {
        if self.has_cells() {
            let clock = &self.threads[thread.index()].clock;
            self.objects[object.index()].released.copy_from(clock);
        }
    }

    /// Releases the clock of the thread at `object`, together with what was released there before:
    /// to every later acquisition, or to exclusive ones only.
    #[inline]
    pub(super) fn release_clock(&mut self, thread: ThreadId, object: ObjectId, shared: bool) {
        if self.has_cells() {
            let object = &mut self.objects[object.index()];
            let at = if shared { &mut object.released_shared } else { &mut object.released };
            at.join(&self.threads[thread.index()].clock);
        }
    }

    /// Joins the clock of `from` into that of `to`: at a spawn that of the parent into the child's,
    /// which is new, and at a join that of the child into its joiner's.
    pub(super) fn pass_clock(&mut self, from: ThreadId, to: ThreadId) {
        if self.has_cells() {
            let [from, to] = self
                .threads
                .get_disjoint_mut([from.index(), to.index()])
                .expect("a thread neither spawns itself nor ends before it joins itself");
            to.clock.join(&from.clock);
        }
    }

    /// Joins what was released at the atomic: at once if the load acquires, else at the next acquire
    /// fence.
    #[inline]
    pub(super) fn acquire_by_load(
        &mut self,
        thread: ThreadId,
        atomic: ObjectId,
        ordering: Ordering,
    ) {
        if !self.has_cells() {
            return;
        }
        let released = &self.objects[atomic.index()].released;
        let thread = &mut self.threads[thread.index()];
        let clock = if acquires(ordering) { &mut thread.clock } else { &mut thread.unfenced };
        clock.join(released);
    }

    /// Releases the clock of the thread if the store releases, else that of its last release fence.
    #[inline]
    pub(super) fn release_by_store(
        &mut self,
        thread: ThreadId,
        atomic: ObjectId,
        ordering: Ordering,
        continues_sequence: bool,
    ) {
        if !self.has_cells() {
            return;
        }
        let released = &mut self.objects[atomic.index()].released;
        let thread = &self.threads[thread.index()];
        let clock = if releases(ordering) { &thread.clock } else { &thread.released };
        if continues_sequence {
            released.join(clock);
        } else {
            released.copy_from(clock);
        }
    }

    /// Performs a fence of the current thread. It is no event: under sequential consistency it
    /// changes nothing but the clocks.
    pub(crate) fn fence(&mut self, ordering: Ordering) {
        let current = self.current;
        if acquires(ordering) {
            let thread = &mut self.threads[current.index()];
            thread.clock.join(&thread.unfenced);
        }
        if releases(ordering) {
            self.begin_epoch(current);
            let thread = &mut self.threads[current.index()];
            thread.released.copy_from(&thread.clock);
        }
    }
}

fn acquires(ordering: Ordering) -> bool {
    matches!(ordering, Ordering::Acquire | Ordering::AcqRel | Ordering::SeqCst)
}

fn releases(ordering: Ordering) -> bool {
    matches!(ordering, Ordering::Release | Ordering::AcqRel | Ordering::SeqCst)
}
