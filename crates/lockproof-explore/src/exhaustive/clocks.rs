//! The clocks of a path: which step happens before which, by the dependency relation.
//!
//! Invariant: a clock counts, for each thread, the events that happen before the step, itself
//! included; it follows from the steps before and stays valid as long as they do.

use super::path::{NOWHERE, Path, Position};

impl Path {
    /// Makes room for the clocks of all steps, and of `threads` threads in each.
    pub(crate) fn reserve_clocks(&mut self, threads: usize) {
        if threads > self.width {
            let width = threads.next_multiple_of(8);
            let mut clocks = vec![0; self.frames.len() * width];
            if self.width > 0 {
                let rows = self.clocks.chunks(self.width).zip(clocks.chunks_mut(width));
                for (old, new) in rows {
                    new[..self.width].copy_from_slice(old);
                }
            }
            (self.clocks, self.width) = (clocks, width);
        }
        if self.clocks.len() < self.frames.len() * self.width {
            self.clocks.resize(self.frames.len() * self.width, 0);
        }
    }

    /// Sets the clock of a step to that of the step before it, and its own count.
    pub(crate) fn begin_clock(&mut self, at: Position, before: Position) {
        let (row, width) = (at as usize * self.width, self.width);
        if before == NOWHERE {
            self.clocks[row..row + width].fill(0);
        } else {
            let from = before as usize * width;
            self.clocks.copy_within(from..from + width, row);
        }
        let event = &self.frames[at as usize].event;
        self.clocks[row + event.thread.index()] = event.sequence;
    }

    /// Adds what happened before `earlier`, and itself, to the clock of `at`.
    #[inline]
    pub(crate) fn join_clock(&mut self, at: Position, earlier: Position) {
        let width = self.width;
        let (known, rest) = self.clocks.split_at_mut(at as usize * width);
        let from = &known[earlier as usize * width..][..width];
        for (mine, theirs) in rest[..width].iter_mut().zip(from) {
            *mine = (*mine).max(*theirs);
        }
    }

    /// Whether the step `earlier` is, or happens before, the step `later`; nothing happens before
    /// nowhere.
    #[inline]
    pub(crate) fn is_before(&self, earlier: Position, later: Position) -> bool {
        if later == NOWHERE {
            return false;
        }
        let event = &self.frames[earlier as usize].event;
        self.clocks[later as usize * self.width + event.thread.index()] >= event.sequence
    }
}
