//! The clocks of the steps of a path: which step happens before which, by the dependency relation.
//!
//! Invariant: the clock of a step counts, for each thread, the events that happen before the step,
//! itself included. It depends on earlier steps only, so it stays valid as long as they stay.

use lockproof_clock::join;

use super::{NOWHERE, StepIndex};
use crate::identity::ThreadId;

/// The number of threads in a [`Lane`].
const THREADS: usize = 8;

/// The counts of some threads: a small array, which is copied and joined by few instructions.
type Lane = [u32; THREADS];

/// The clocks of all steps, in one array.
#[derive(Debug, Default)]
pub(super) struct StepClocks {
    /// The lanes of the step at `index` begin at `index * width`.
    lanes: Vec<Lane>,
    width: usize,
}

impl StepClocks {
    /// Prepares for another exploration.
    pub(super) fn clear(&mut self) {
        self.lanes.clear();
        self.width = 0;
    }

    /// Makes room for the clocks of so many steps, with a count for each of the threads.
    pub(super) fn reserve(&mut self, steps: usize, threads: usize) {
        let width = threads.div_ceil(THREADS);
        if width > self.width {
            let mut lanes = vec![Lane::default(); steps * width];
            if self.width > 0 {
                let rows = self.lanes.chunks(self.width).zip(lanes.chunks_mut(width));
                for (old, new) in rows {
                    new[..self.width].copy_from_slice(old);
                }
            }
            (self.lanes, self.width) = (lanes, width);
        }
        if self.lanes.len() < steps * self.width {
            self.lanes.resize(steps * self.width, Lane::default());
        }
    }

    /// Sets the clock of the step `at` to that of the step `before`, and its thread's own count.
    pub(super) fn begin(
        &mut self,
        at: StepIndex,
        before: StepIndex,
        (thread, sequence): (ThreadId, u32),
    ) {
        let row = at as usize * self.width;
        if before == NOWHERE {
            self.lanes[row..row + self.width].fill(Lane::default());
        } else if self.width == 1 {
            self.lanes[row] = self.lanes[before as usize];
        } else {
            let from = before as usize * self.width;
            self.lanes.copy_within(from..from + self.width, row);
        }
        let (lane, place) = place(thread);
        self.lanes[row + lane][place] = sequence;
    }

    /// Adds what happens before the step `earlier`, and that step itself, to the clock of `at`.
    #[inline]
    pub(super) fn join(&mut self, at: StepIndex, earlier: StepIndex) {
        for lane in 0..self.width {
            let theirs = self.lanes[earlier as usize * self.width + lane];
            join(&mut self.lanes[at as usize * self.width + lane], &theirs);
        }
    }

    /// Whether the event of `thread` with this number is, or happens before, the step `at`.
    #[inline]
    pub(super) fn include(&self, at: StepIndex, thread: ThreadId, sequence: u32) -> bool {
        let (lane, place) = place(thread);
        self.lanes[at as usize * self.width + lane][place] >= sequence
    }
}

/// The lane of a thread, and its place there.
#[inline]
fn place(thread: ThreadId) -> (usize, usize) {
    (thread.index() / THREADS, thread.index() % THREADS)
}
