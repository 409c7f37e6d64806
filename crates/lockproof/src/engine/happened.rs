//! In which order the steps of an execution happened, or could have happened.

use std::fmt;

/// What an engine knows of the order of the steps of one execution.
#[derive(Debug)]
#[non_exhaustive]
pub enum Happened {
    /// In the order in which they were noted, and the engine says nothing of other orders: real
    /// threads, loom, shuttle.
    InOrder,
    /// In every order that keeps this one. The execution stands for all of them: each is a
    /// schedule of its own, in which every operation has the same result. The exploring engine.
    Partially(StepOrder),
    /// In no order that would explain their results: a thread read a value that had been
    /// overwritten, as weak memory allows. Only each thread's own order counts, and that of
    /// spawns and joins. loom.
    Unclear,
}

/// The partial order of the steps of an execution, by the exploring engine's dependency relation
/// (a Mazurkiewicz trace).
pub struct StepOrder(Box<dyn Steps>);

/// What an engine knows of the steps of an execution.
pub(crate) trait Steps: Send + Sync {
    fn clock(&self, thread: usize, steps: u32) -> &[u32];
    fn steps(&self, thread: usize) -> u32;
    fn turns(&self) -> Vec<usize>;
}

impl StepOrder {
    /// An order from elsewhere: for each thread, the [clocks](Self::clock) before its first step
    /// and at each of its steps; and the threads that took the steps, one after the other.
    ///
    /// ```
    /// use lockproof::engine::StepOrder;
    ///
    /// // The second thread's only step comes after the first thread's only one.
    /// let order =
    ///     StepOrder::of_clocks(vec![vec![vec![0, 0], vec![1, 0]], vec![vec![0, 0], vec![1, 1]]], vec![0, 1]);
    /// assert_eq!(order.steps(1), 1);
    /// assert_eq!(order.clock(1, 1), [1, 1]);
    /// ```
    pub fn of_clocks(clocks: Vec<Vec<Vec<u32>>>, turns: Vec<usize>) -> Self {
        Self(Box::new(Clocks { clocks, turns }))
    }

    #[cfg_attr(
        not(feature = "_modelled"),
        expect(dead_code, reason = "real threads are not controlled")
    )]
    pub(crate) fn new(steps: Box<dyn Steps>) -> Self {
        Self(steps)
    }

    /// How many steps of each thread happen before the step with the number `steps`, from 1, of
    /// `thread`, or are it; for 0, how many happen before that thread is spawned. Threads are
    /// numbered as in [`Moment`].
    ///
    /// # Panics
    ///
    /// If the thread did not take so many steps.
    pub fn clock(&self, thread: usize, steps: u32) -> &[u32] {
        self.0.clock(thread, steps)
    }

    /// How many steps a thread took.
    pub fn steps(&self, thread: usize) -> u32 {
        self.0.steps(thread)
    }

    /// The threads that took the steps, in the order in which the execution took them.
    pub fn turns(&self) -> Vec<usize> {
        self.0.turns()
    }
}

/// Where a thread of a model stands: which it is, and how many steps it has taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Moment {
    /// The engine's number for the thread.
    pub thread: usize,
    /// The steps that the engine has seen it take.
    pub steps: u32,
}

struct Clocks {
    /// By thread and step.
    clocks: Vec<Vec<Vec<u32>>>,
    turns: Vec<usize>,
}

impl Steps for Clocks {
    fn clock(&self, thread: usize, steps: u32) -> &[u32] {
        &self.clocks[thread][steps as usize]
    }

    fn steps(&self, thread: usize) -> u32 {
        let clocks = self.clocks.get(thread).map_or(0, Vec::len);
        u32::try_from(clocks.saturating_sub(1)).expect("steps are fewer than u32 has numbers")
    }

    fn turns(&self) -> Vec<usize> {
        self.turns.clone()
    }
}

impl fmt::Debug for StepOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StepOrder")
    }
}
