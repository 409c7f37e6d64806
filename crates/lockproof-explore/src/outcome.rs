//! What an exploration found, in facts: nothing here says *proved*.

use std::fmt;
use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::failure::FailedExecution;

/// The facts of one exploration.
#[derive(Debug)]
#[non_exhaustive]
pub struct Findings {
    /// The executions that ran to their end, failing ones included.
    pub executions: u64,
    /// Executions given up halfway because their continuation had been explored already. The
    /// exhaustive strategy does that only where it cannot tell objects apart that came to light at
    /// their first use; the count is kept to show it. The bounded strategy finds out in this way
    /// that it has been somewhere, and does it often.
    pub abandoned: u64,
    /// The executions that failed.
    pub failures: u64,
    /// The first failure.
    pub failure: Option<Box<FailedExecution>>,
    /// Why it ended.
    pub stop_reason: StopReason,
    /// What was seen on the way.
    pub facts: Facts,
    /// The wall time.
    pub elapsed: Duration,
}

impl Findings {
    /// Whether every interleaving was covered, up to equivalence and up to the bounds that
    /// [`Facts::met`] lists.
    pub fn is_complete(&self) -> bool {
        self.stop_reason == StopReason::Complete
    }
}

/// Why an exploration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// The strategy has nothing left, and promises to have covered everything.
    Complete,
    /// The strategy has nothing left: it has run its samples, or every schedule within its bound.
    Exhausted,
    /// It stopped at the first failure.
    Failed,
    /// It ran as many executions as it was allowed.
    OutOfExecutions,
    /// It ran out of time.
    OutOfTime,
    /// The observer asked it to stop.
    Stopped,
}

/// What an exploration saw on the way: the measure of what its result is worth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Facts {
    /// The most threads in one execution, `main` included.
    pub threads: usize,
    /// The most events in one execution.
    pub events: usize,
    /// All events of all executions.
    pub total_events: u64,
    /// The memory orderings that the model used.
    pub orderings: Orderings,
    /// The bounds that cut something off.
    pub met: BoundsMet,
    /// Stacks that could not be unwound at a tear-down, and were leaked with what they owned: see
    /// also [`Bug::StackOverflow`](crate::Bug::StackOverflow).
    pub leaked_stacks: u64,
}

/// Which memory orderings a model used, as far as they matter to the argument from sequential
/// consistency to the memory model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct Orderings {
    /// A load or store, or the failure of a compare-exchange, weaker than `SeqCst`.
    pub weak_load_or_store: bool,
    /// A read-modify-write that is `AcqRel`: it orders what comes before and after it.
    pub acquire_release_read_modify_write: bool,
    /// A read-modify-write weaker than `AcqRel`.
    pub weak_read_modify_write: bool,
    /// A fence of any ordering.
    pub fence: bool,
}

impl Orderings {
    pub(crate) fn note_plain(&mut self, ordering: Ordering) {
        self.weak_load_or_store |= ordering != Ordering::SeqCst;
    }

    pub(crate) fn note_read_modify_write(&mut self, ordering: Ordering) {
        match ordering {
            Ordering::SeqCst => {}
            Ordering::AcqRel => self.acquire_release_read_modify_write = true,
            _ => self.weak_read_modify_write = true,
        }
    }

    pub(crate) fn note_fence(&mut self, _ordering: Ordering) {
        self.fence = true;
    }
}

/// The bounds that cut something off in at least one execution.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub struct BoundsMet {
    /// A wait could have ended for no reason once more.
    pub spurious_wake_ups: bool,
    /// A timed wait could have timed out once more while something else could happen.
    pub time_outs: bool,
    /// A weak compare-exchange could have failed for no reason once more.
    pub weak_failures: bool,
    /// A spin loop could have gone round once more and seen nothing new.
    pub idle_spins: bool,
    /// A time-out or a spinning thread was let go on because nothing else could happen. What comes
    /// after was explored in one order only.
    pub late: bool,
    /// An execution was cut off at the limit of events.
    pub steps: bool,
    /// A schedule needed more preemptions than the strategy allows.
    pub preemptions: bool,
}

/// How far an exploration has come.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProgressUpdate {
    /// The executions so far.
    pub executions: u64,
    /// The time so far.
    pub elapsed: Duration,
    /// The estimated number of executions in all, where the strategy can tell.
    pub estimate: Option<f64>,
}

impl fmt::Display for ProgressUpdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} executions in {:.1?}", self.executions, self.elapsed)?;
        match self.estimate {
            Some(estimate) => write!(f, ", about {estimate:.0} in all"),
            None => Ok(()),
        }
    }
}
