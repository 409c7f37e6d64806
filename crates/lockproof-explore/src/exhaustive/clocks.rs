//! The clocks of a path: which step happens before which, by the dependency relation.
//!
//! Invariant: a clock counts, for each thread, the events that happen before the step, itself
//! included; it follows from the steps before and stays valid as long as they do.

use lockproof_clock::join;

use super::path::{NOWHERE, Path, StepIndex};
use crate::identity::ThreadId;

/// The threads in a [`Lane`].
const THREADS: usize = 8;

/// The part of a clock that is about some threads; a small number of them is copied and compared at
/// once.
pub(crate) type Lane = [u32; THREADS];

/// The lane of a thread, and its place there.
#[inline]
fn place(thread: ThreadId) -> (usize, usize) {
    (thread.index() / THREADS, thread.index() % THREADS)
}

impl Path {
    /// Makes room for the clocks of all steps, and of `threads` threads in each.
    pub(crate) fn reserve_clocks(&mut self, threads: usize) {
        let width = threads.div_ceil(THREADS);
        if width > self.width {
            let mut clocks = vec![Lane::default(); self.frames.len() * width];
            if self.width > 0 {
                let rows = self.clocks.chunks(self.width).zip(clocks.chunks_mut(width));
                for (old, new) in rows {
                    new[..self.width].copy_from_slice(old);
                }
            }
            (self.clocks, self.width) = (clocks, width);
        }
        if self.clocks.len() < self.frames.len() * self.width {
            self.clocks.resize(self.frames.len() * self.width, Lane::default());
        }
    }

    /// Sets the clock of a step to that of the step before it, and its own count.
    pub(crate) fn begin_clock(&mut self, at: StepIndex, before: StepIndex) {
        let row = at as usize * self.width;
        if before == NOWHERE {
            self.clocks[row..row + self.width].fill(Lane::default());
        } else if self.width == 1 {
            self.clocks[row] = self.clocks[before as usize];
        } else {
            let from = before as usize * self.width;
            self.clocks.copy_within(from..from + self.width, row);
        }
        let event = &self.frames[at as usize].event;
        let (lane, place) = place(event.thread);
        self.clocks[row + lane][place] = event.sequence;
    }

    /// Adds what happened before `earlier`, and itself, to the clock of `at`.
    #[inline]
    pub(crate) fn join_clock(&mut self, at: StepIndex, earlier: StepIndex) {
        for lane in 0..self.width {
            let theirs = self.clocks[earlier as usize * self.width + lane];
            join(&mut self.clocks[at as usize * self.width + lane], &theirs);
        }
    }

    /// Whether the step `earlier` is, or happens before, the step `later`; nothing happens before
    /// nowhere.
    #[inline]
    pub(crate) fn is_before(&self, earlier: StepIndex, later: StepIndex) -> bool {
        if later == NOWHERE {
            return false;
        }
        let event = &self.frames[earlier as usize].event;
        let (lane, place) = place(event.thread);
        self.clocks[later as usize * self.width + lane][place] >= event.sequence
    }
}
