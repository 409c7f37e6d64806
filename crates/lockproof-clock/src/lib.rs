//! Vector clocks: how far each thread had come when something happened.
//!
//! A clock has one entry for each thread: the number of that thread's steps that happened before
//! (Fidge, "Timestamps in Message-Passing Systems That Preserve the Partial Ordering", 1988;
//! Mattern, "Virtual Time and Global States of Distributed Systems", 1989). One step happened
//! before another exactly if the clock of the later one includes it.
//!
//! Threads are numbers from 0. What counts as a step, and what makes one happen before another, is
//! up to the user of the clock.
//!
//! ```
//! use lockproof_clock::VectorClock;
//!
//! const MAIN: usize = 0;
//! const CHILD: usize = 1;
//!
//! let (mut main, mut child) = (VectorClock::new(), VectorClock::new());
//! main.tick(MAIN); // a step of the main thread: it spawns the child
//! child.join(&main);
//! child.tick(CHILD); // a step of the child
//! main.tick(MAIN); // another step of the main thread, beside it
//!
//! assert!(child.includes(MAIN, 1), "the spawn happened before the child's step");
//! assert!(!child.includes(MAIN, 2) && !main.includes(CHILD, 1), "these two are concurrent");
//! main.join(&child);
//! assert!(main.includes(CHILD, 1), "once it has joined the child, the step happened before");
//! ```

#![forbid(unsafe_code)]

/// Adds everything that happened before `other` to what happened before `clock`.
///
/// The two are entries by thread, for those who keep many clocks in one array. A thread that
/// `clock` has no entry for is left out, so `clock` must not be the shorter of the two.
///
/// ```
/// let mut clock = [3, 0, 1];
/// lockproof_clock::join(&mut clock, &[1, 2]);
/// assert_eq!(clock, [3, 2, 1]);
/// ```
#[inline]
pub fn join(clock: &mut [u32], other: &[u32]) {
    debug_assert!(other.len() <= clock.len(), "every thread of the other clock has an entry");
    for (count, other) in clock.iter_mut().zip(other) {
        *count = (*count).max(*other);
    }
}

/// How many steps of each thread happened before.
///
/// It grows when it has to: a thread that it has no entry for has taken no step that counts.
#[derive(Clone, Debug, Default)]
pub struct VectorClock(Vec<u32>);

impl VectorClock {
    /// Nothing has happened before.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// How many steps of `thread` happened before.
    #[inline]
    pub fn get(&self, thread: usize) -> u32 {
        self.0.get(thread).copied().unwrap_or(0)
    }

    /// Whether the step of `thread` with this number, from 1, happened before.
    #[inline]
    pub fn includes(&self, thread: usize, step: u32) -> bool {
        self.get(thread) >= step
    }

    /// Says that so many steps of `thread` happened before.
    #[inline]
    pub fn set(&mut self, thread: usize, steps: u32) {
        if self.0.len() <= thread {
            self.0.resize(thread + 1, 0);
        }
        self.0[thread] = steps;
    }

    /// Adds one step of `thread`.
    #[inline]
    pub fn tick(&mut self, thread: usize) {
        self.set(thread, self.get(thread) + 1);
    }

    /// Adds everything that happened before `other`.
    #[inline]
    pub fn join(&mut self, other: &Self) {
        if self.0.len() < other.0.len() {
            self.0.resize(other.0.len(), 0);
        }
        join(&mut self.0, &other.0);
    }

    /// Becomes equal to `other` and keeps its own memory.
    #[inline]
    pub fn copy_from(&mut self, other: &Self) {
        self.0.clone_from(&other.0);
    }

    /// Nothing has happened before any more; keeps its memory.
    #[inline]
    pub fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::VectorClock;

    #[test]
    fn a_thread_without_an_entry_has_taken_no_step() {
        let mut clock = VectorClock::new();
        clock.set(2, 1);
        assert_eq!([0, 1, 2, 3].map(|thread| clock.get(thread)), [0, 0, 1, 0]);
        assert!(clock.includes(3, 0) && !clock.includes(3, 1), "step 1 is the first");
    }

    #[test]
    fn a_join_keeps_the_higher_count_of_each_thread() {
        let (mut one, mut other) = (VectorClock::new(), VectorClock::new());
        one.set(0, 5);
        other.set(0, 3);
        other.set(1, 4);
        one.join(&other);
        assert_eq!((one.get(0), one.get(1)), (5, 4), "a longer clock is joined in whole");
        other.join(&one);
        assert_eq!((other.get(0), other.get(1)), (5, 4));
    }

    #[test]
    fn nothing_is_left_of_what_a_clock_said_before() {
        let (mut clock, mut other) = (VectorClock::new(), VectorClock::new());
        clock.set(3, 7);
        other.tick(0);
        clock.copy_from(&other);
        assert_eq!((clock.get(0), clock.get(3)), (1, 0));
        clock.clear();
        assert!(!clock.includes(0, 1));
    }
}
