//! The findings of an exploration. They are facts: whether they prove a model is for the caller to
//! say.

use crate::failure::FailedExecution;

/// The findings of one exploration.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Findings {
    /// The executions that ran to their end, failing ones included.
    pub executions: u64,
    /// The executions that the strategy abandoned, because their continuations had been explored
    /// already. [`Exhaustive`](crate::Exhaustive) does that only where it cannot tell objects apart
    /// that were created at their first use. [`Bounded`](crate::Bounded) abandons executions
    /// whenever it meets a prefix again, which is often.
    pub abandoned: u64,
    /// The executions that failed.
    pub failures: u64,
    /// The first failure.
    pub failure: Option<Box<FailedExecution>>,
    /// The reason why it ended.
    pub stop_reason: StopReason,
    /// Sizes, and the bounds that were met.
    pub facts: Facts,
}

impl Findings {
    /// Whether every interleaving was covered, up to equivalence and up to the bounds that
    /// [`Facts::met`] lists.
    pub fn is_complete(&self) -> bool {
        self.stop_reason == StopReason::Complete
    }
}

/// The reason why an exploration ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// The strategy has nothing left, and has covered every interleaving up to equivalence.
    Complete,
    /// The strategy has nothing left: it has run its samples, or all schedules within its bound.
    #[default]
    Exhausted,
    /// It stopped at the first failure.
    Failed,
    /// It ran the most executions that the options allow.
    OutOfExecutions,
    /// It took the most time that the options allow.
    OutOfTime,
    /// The observer asked it to stop.
    Stopped,
}

/// Sizes of an exploration, and what it did not cover.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facts {
    /// The most threads in one execution, `main` included.
    pub threads: usize,
    /// The most events in one execution.
    pub events: usize,
    /// All events of all executions.
    pub total_events: u64,
    /// The bounds that were met.
    pub met: BoundsMet,
    /// The stacks that could not be unwound at a tear-down, and were leaked with what they owned:
    /// see also [`Bug::StackOverflow`](crate::Bug::StackOverflow).
    pub leaked_stacks: u64,
}

/// The bounds that cut off continuations in at least one execution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct BoundsMet {
    /// A wait could have ended spuriously once more.
    pub spurious_wake_ups: bool,
    /// A timed wait could have timed out once more while something else could happen.
    pub time_outs: bool,
    /// A weak compare-exchange could have failed spuriously once more.
    pub weak_failures: bool,
    /// A spin loop could have run one more round that observes nothing new.
    pub idle_spins: bool,
    /// A time-out fired, or a spinning thread continued, because nothing else could happen. What
    /// comes after was explored in one order only.
    pub late: bool,
}
