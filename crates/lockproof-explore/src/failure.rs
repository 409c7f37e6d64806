//! How an execution fails.

use std::any::Any;
use std::fmt;

use crate::event::VisibleEvent;
use crate::identity::{ObjectId, ThreadId};
use crate::operation::{Place, VisibleOperation};
use crate::turns::Turns;

/// An execution that went wrong, and the schedule that makes it go wrong again.
#[derive(Debug)]
#[non_exhaustive]
pub struct FailedExecution {
    /// What went wrong.
    pub bug: Bug,
    /// The threads' names for people, by [`ThreadId::index`]; empty for threads of other
    /// executions.
    pub threads: Vec<String>,
    /// What happened, oldest first.
    pub events: Vec<VisibleEvent>,
    /// Replays it.
    pub turns: Turns,
    /// Which execution it was, from 1.
    pub execution: u64,
}

/// What went wrong in an execution.
#[derive(Debug)]
#[non_exhaustive]
pub enum Bug {
    /// The model's own thread panicked. (Another thread's panic is what its join returns.)
    Panic {
        /// The message, if the payload is text.
        message: String,
        /// What was thrown.
        payload: Box<dyn Any + Send>,
    },
    /// Threads wait for each other in a circle, or for a lock that nobody will release.
    Deadlock {
        /// Every thread that can go no further, those of the circle first and in its order.
        blocked: Vec<Blocked>,
    },
    /// A thread waits for a notification that cannot come any more.
    LostWakeUp {
        /// Every thread that can go no further.
        blocked: Vec<Blocked>,
    },
    /// A thread is parked and nobody is left to unpark it.
    LeftParked {
        /// Every thread that can go no further.
        blocked: Vec<Blocked>,
    },
    /// Two threads touched a cell, one of them to write, and nothing orders the two.
    DataRace(DataRace),
    /// A thread spins for something that no other thread will do.
    Livelock {
        /// The spinning thread.
        thread: ThreadId,
        /// Where it spins.
        location: Place,
    },
    /// The execution went on beyond the limit of events.
    TooLong {
        /// The limit.
        steps: usize,
    },
    /// A thread used up its stack. As it was interrupted anywhere, no stack of the execution is
    /// unwound: they are leaked, with what they own.
    StackOverflow {
        /// Which.
        thread: ThreadId,
        /// The size of its stack in bytes: [`Options::stack_size`](crate::Options::stack_size).
        stack_size: usize,
        /// Where it performed its last operation, if it performed any.
        last: Option<Place>,
    },
    /// The same schedule led to another operation than before: the model depends on something
    /// that the engine does not control.
    Nondeterministic(Mismatch),
}

impl Bug {
    /// Whether no thread can go on: a deadlock, a lost wake-up, or a thread left parked.
    pub fn is_standstill(&self) -> bool {
        matches!(self, Self::Deadlock { .. } | Self::LostWakeUp { .. } | Self::LeftParked { .. })
    }
}

impl fmt::Display for Bug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panic { message, .. } => write!(f, "panic: {message}"),
            Self::Deadlock { .. } => f.write_str("deadlock"),
            Self::LostWakeUp { .. } => f.write_str("lost wake-up"),
            Self::LeftParked { .. } => f.write_str("parked for ever"),
            Self::DataRace(race) => write!(f, "data race: {race}"),
            Self::Livelock { location, .. } => {
                write!(f, "livelock: nobody can end the spin loop at {location}")
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
            Self::Nondeterministic(divergence) => write!(f, "not deterministic: {divergence}"),
        }
    }
}

/// A thread that can go no further.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Blocked {
    /// Which.
    pub thread: ThreadId,
    /// What it waits to do.
    pub operation: VisibleOperation,
    /// The threads that could let it go on: the holders of the lock, the thread to be joined.
    pub held_by: Vec<ThreadId>,
    /// The locks it holds, with the place where it took each.
    pub holds: Vec<(ObjectId, Place)>,
}

/// Two accesses to one cell that nothing orders.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DataRace {
    /// The cell: its number in the order of creation of this execution.
    pub cell: u32,
    /// The access that this execution made first.
    pub first: CellAccess,
    /// The other.
    pub second: CellAccess,
}

impl fmt::Display for DataRace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} and {} of the same cell, and nothing orders them", self.first, self.second)
    }
}

/// An access to a cell.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct CellAccess {
    /// Who.
    pub thread: ThreadId,
    /// Whether to write.
    pub writes: bool,
    /// Where.
    pub location: Place,
}

impl fmt::Display for CellAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = if self.writes { "a write" } else { "a read" };
        write!(f, "{what} at {} by thread {}", self.location, self.thread.index())
    }
}

/// Where an execution left the schedule it was to follow.
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
