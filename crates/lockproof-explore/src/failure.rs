//! Failed executions: the bug, and what is known of it.

use std::fmt;

use crate::event::VisibleEvent;
use crate::identity::ThreadId;
use crate::operation::{Place, VisibleOperation};
use crate::turns::Turns;

/// A failed execution, with the turns that make it fail again.
#[derive(Debug)]
#[non_exhaustive]
pub struct FailedExecution {
    /// The bug.
    pub bug: Bug,
    /// The events, oldest first.
    pub events: Vec<VisibleEvent>,
    /// The turns that lead to it: see [`Replay`](crate::Replay).
    pub turns: Turns,
    /// The number of the execution, from 1.
    pub execution: u64,
}

/// The reason why an execution failed.
#[derive(Debug)]
#[non_exhaustive]
pub enum Bug {
    /// The model's own thread panicked. (Another thread's panic is what its join returns.)
    Panic {
        /// The message, if the payload is text.
        message: String,
    },
    /// Threads wait for each other in a cycle, or for a lock that no thread will release.
    Deadlock {
        /// The threads of the cycle, each of which waits for the next. Empty if there is none.
        cycle: Vec<ThreadId>,
        /// Every thread that cannot continue, those of the cycle first and in its order.
        blocked: Vec<Blocked>,
    },
    /// A thread waits for a notification that will not come.
    LostWakeUp {
        /// Every thread that cannot continue.
        blocked: Vec<Blocked>,
    },
    /// A thread is parked and no thread is left to unpark it.
    LeftParked {
        /// Every thread that cannot continue.
        blocked: Vec<Blocked>,
    },
    /// Two threads accessed a cell, one of them to write, and nothing orders the accesses.
    DataRace(DataRace),
    /// A thread spins and waits for something that no other thread will do.
    Livelock {
        /// The spinning thread.
        thread: ThreadId,
        /// The place of the spin loop.
        location: Place,
    },
    /// The execution reached the limit of events.
    TooLong {
        /// The limit.
        steps: usize,
    },
    /// A thread used up its stack. It may have been interrupted anywhere, so no stack of the
    /// execution is unwound: they are leaked, with what they own.
    StackOverflow {
        /// The thread.
        thread: ThreadId,
        /// The size of its stack in bytes: [`Options::stack_size`](crate::Options::stack_size).
        stack_size: usize,
        /// The place of its last operation, if it performed any.
        last: Option<Place>,
    },
    /// The same turns led to another operation than before: the model depends on something that
    /// the engine does not control.
    Nondeterministic(Mismatch),
}

impl Bug {
    /// Whether no thread can continue: a deadlock, a lost wake-up, or a thread left parked.
    pub fn is_standstill(&self) -> bool {
        matches!(self, Self::Deadlock { .. } | Self::LostWakeUp { .. } | Self::LeftParked { .. })
    }
}

impl fmt::Display for Bug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panic { message } => write!(f, "panic: {message}"),
            Self::Deadlock { .. } => f.write_str("deadlock"),
            Self::LostWakeUp { .. } => f.write_str("lost wake-up"),
            Self::LeftParked { .. } => f.write_str("parked for ever"),
            Self::DataRace(DataRace { first, second, .. }) => {
                write!(
                    f,
                    "data race: {first} and {second} of the same cell, and nothing orders them"
                )
            }
            Self::Livelock { location, .. } => {
                write!(f, "livelock: no thread can end the spin loop at {location}")
            }
            Self::TooLong { steps } => write!(f, "no end after {steps} events"),
            Self::StackOverflow { thread, stack_size, last } => {
                let (thread, size) = (thread.index(), stack_size / 1024);
                write!(f, "thread {thread} overflowed its stack of {size} KiB")?;
                match last {
                    Some(place) => write!(f, "; its last operation is at {place}")?,
                    None => f.write_str(" before its first operation")?,
                }
                f.write_str("; give it more with `stack_size`")
            }
            Self::Nondeterministic(mismatch) => write!(f, "not deterministic: {mismatch}"),
        }
    }
}

/// A thread that cannot continue.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Blocked {
    /// The thread.
    pub thread: ThreadId,
    /// The operation that it waits to perform. For a wait on a condition variable it is the
    /// [`WakeUp`](crate::OperationKind::WakeUp), for a thread left parked the
    /// [`Park`](crate::OperationKind::Park).
    pub operation: VisibleOperation,
}

/// Two accesses to one cell that nothing orders.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DataRace {
    /// The number of the cell, in the order of creation of this execution.
    pub cell: u32,
    /// The earlier access in this execution.
    pub first: CellAccess,
    /// The later access.
    pub second: CellAccess,
}

/// An access to a cell.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CellAccess {
    /// The thread that made it.
    pub thread: ThreadId,
    /// Whether it was a write.
    pub writes: bool,
    /// The place in the code under test.
    pub location: Place,
}

impl fmt::Display for CellAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.writes { "a write" } else { "a read" };
        write!(f, "{what} at {} by thread {}", self.location, self.thread.index())
    }
}

/// The step at which an execution left the schedule that it was to follow.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mismatch {
    /// The number of the step, from 1.
    pub step: usize,
    /// What the schedule asks for.
    pub expected: String,
    /// What the model offers instead.
    pub found: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "step {} should be {}, and is {} (usual causes: state that outlives an execution, \
             addresses or hash seeds that decide an order, real time, real threads)",
            self.step, self.expected, self.found
        )
    }
}
