//! Happens-before by spawn and join alone, which holds in every schedule.
//!
//! The order of two critical sections of one lock is the schedule's; that of a spawn and the child,
//! or of a child and its join, holds in every execution that has them. Threads are therefore cut
//! into segments at these events (Bensalem, Havelund, "Dynamic Deadlock Analysis of Multi-threaded
//! Programs", HVC 2005; Agarwal et al., "Detection of Deadlock Potentials in Multithreaded
//! Programs", IBM Journal of Research and Development, 2010). The steps of a clock are segments: a
//! thread's clock includes the last segment of each other thread that came before.

use lockproof_clock::VectorClock;

/// The segments of the threads of one execution, each by its number and with its clock.
#[derive(Default)]
pub(super) struct Segments {
    clocks: Vec<VectorClock>,
    /// By thread: its current segment.
    current: Vec<usize>,
}

impl Segments {
    /// The number of the segment in which `thread` is.
    pub(super) fn now(&mut self, thread: usize) -> usize {
        while self.current.len() <= thread {
            let mut clock = VectorClock::new();
            clock.tick(self.current.len());
            self.current.push(self.clocks.len());
            self.clocks.push(clock);
        }
        self.current[thread]
    }

    pub(super) fn spawn(&mut self, parent: usize, child: usize) {
        // Whatever the parent did so far comes before the child.
        self.join(child, parent);
        // What the parent does from here on is beside the child: a segment of its own.
        let mut clock = self.clocks[self.current[parent]].clone();
        clock.tick(parent);
        self.enter(parent, clock);
    }

    pub(super) fn join(&mut self, thread: usize, other: usize) {
        let (own, other) = (self.now(thread), self.now(other));
        let mut clock = self.clocks[own].clone();
        clock.join(&self.clocks[other]);
        self.enter(thread, clock);
    }

    /// Whether what `thread` does in segment `one` comes before what happens in segment `other`.
    pub(super) fn precedes(&self, thread: usize, one: usize, other: usize) -> bool {
        self.clocks[other].includes(thread, self.clocks[one].get(thread))
    }

    fn enter(&mut self, thread: usize, clock: VectorClock) {
        self.current[thread] = self.clocks.len();
        self.clocks.push(clock);
    }
}

#[cfg(test)]
mod tests {
    use super::Segments;

    #[test]
    fn a_parent_precedes_its_child_until_the_spawn_and_follows_it_from_the_join() {
        let mut segments = Segments::default();
        let before = segments.now(0);
        segments.spawn(0, 1);
        let (beside, child) = (segments.now(0), segments.now(1));
        segments.join(0, 1);
        let after = segments.now(0);
        let precedes = |thread, one, other| segments.precedes(thread, one, other);
        assert!(precedes(0, before, child), "before the spawn");
        assert!(!precedes(0, beside, child) && !precedes(1, child, beside), "side by side");
        assert!(precedes(1, child, after), "after the join");
    }

    #[test]
    fn siblings_are_ordered_if_one_is_joined_before_the_other_is_spawned() {
        let mut segments = Segments::default();
        segments.spawn(0, 1);
        let first = segments.now(1);
        segments.join(0, 1);
        segments.spawn(0, 2);
        let second = segments.now(2);
        assert!(segments.precedes(1, first, second) && !segments.precedes(2, second, first));
    }
}
