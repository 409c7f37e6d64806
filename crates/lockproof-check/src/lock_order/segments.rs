//! What comes before what by spawn and join alone, whatever the schedule.
//!
//! The order of two critical sections of one lock is the schedule's; that of a spawn and the child,
//! or of a child and its join, holds in every execution that has them. Threads are therefore cut
//! into segments at these events (Bensalem, Havelund, "Dynamic Deadlock Analysis of Multi-threaded
//! Programs", HVC 2005; Agarwal et al., "Detection of Deadlock Potentials in Multithreaded
//! Programs", IBM Journal of Research and Development, 2010), and a vector of the last segments
//! known stands for what came before.

/// For each thread the last of its segments that came before, or is going on.
pub(super) type Clock = Vec<u32>;

/// The clocks of the threads of one execution, while it is walked through.
pub(super) struct Segments {
    clocks: Vec<Clock>,
}

impl Segments {
    pub(super) fn new(threads: usize) -> Self {
        let mut clocks = vec![vec![0; threads]; threads];
        for (thread, clock) in clocks.iter_mut().enumerate() {
            clock[thread] = 1;
        }
        Self { clocks }
    }

    /// What `thread` knows now.
    pub(super) fn now(&self, thread: usize) -> &Clock {
        &self.clocks[thread]
    }

    pub(super) fn spawn(&mut self, parent: usize, child: usize) {
        let known = self.clocks[parent].clone();
        learn(&mut self.clocks[child], &known);
        self.clocks[parent][parent] += 1;
    }

    pub(super) fn join(&mut self, thread: usize, child: usize) {
        let known = self.clocks[child].clone();
        learn(&mut self.clocks[thread], &known);
    }
}

/// Whether what `thread` does at `clock` comes before what another thread does at `other`.
pub(super) fn precedes(thread: usize, clock: &Clock, other: &Clock) -> bool {
    clock[thread] <= other[thread]
}

fn learn(clock: &mut Clock, known: &Clock) {
    for (own, known) in clock.iter_mut().zip(known) {
        *own = (*own).max(*known);
    }
}

#[cfg(test)]
mod tests {
    use super::{Segments, precedes};

    #[test]
    fn a_parent_precedes_its_child_until_the_spawn_and_follows_it_from_the_join() {
        let mut segments = Segments::new(2);
        let before = segments.now(0).clone();
        segments.spawn(0, 1);
        let (beside, child) = (segments.now(0).clone(), segments.now(1).clone());
        segments.join(0, 1);
        let after = segments.now(0).clone();
        assert!(precedes(0, &before, &child), "before the spawn");
        assert!(!precedes(0, &beside, &child) && !precedes(1, &child, &beside), "side by side");
        assert!(precedes(1, &child, &after), "after the join");
    }

    #[test]
    fn siblings_are_ordered_if_one_is_joined_before_the_other_is_spawned() {
        let mut segments = Segments::new(3);
        segments.spawn(0, 1);
        let first = segments.now(1).clone();
        segments.join(0, 1);
        segments.spawn(0, 2);
        let second = segments.now(2).clone();
        assert!(precedes(1, &first, &second) && !precedes(2, &second, &first));
    }
}
