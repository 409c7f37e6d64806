//! The requests that pass the door: what a thread is about to do, and the reply to it, as plain data.

use std::sync::atomic::Ordering;
use std::time::Duration;

use super::backend::{Exchange, Fetch, Freedom};
use crate::trace::{LockMode, Operation, WakeUp};

/// What a thread is about to do, with an object or by itself.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Intent {
    /// Acquire a mutex (exclusively) or a read-write lock, which may wait.
    Acquire(LockMode),
    /// Try to acquire a lock.
    TryAcquire(LockMode),
    /// Release a lock that the thread holds in this mode.
    Release(LockMode, GuardEnd),
    /// Hold a lock in a weaker mode, which never waits.
    Downgrade { from: LockMode, to: LockMode },
    /// From an upgradable reader to the writer, which may wait for other readers.
    #[cfg_attr(not(feature = "parking_lot"), expect(dead_code, reason = "its face's"))]
    Upgrade,
    /// The same as an attempt.
    #[cfg_attr(not(feature = "parking_lot"), expect(dead_code, reason = "its face's"))]
    TryUpgrade,
    /// Release the mutex and begin to wait on a condition variable.
    BeginWait { mutex: usize, freedom: Freedom },
    /// Wait on a condition variable until the wait ends.
    EndWait { mutex: usize, freedom: Freedom },
    /// Acquire a mutex at the end of a wait on `condvar`.
    Reacquire { condvar: usize, by: WakeUp },
    /// Notify one waiter or all; `is_counted` if the program is told how many there were.
    Notify { all: bool, is_counted: bool },
    /// Load from an atomic.
    Load(Ordering),
    /// Store to an atomic.
    Store(u64, Ordering),
    /// Exchange the value of an atomic.
    Swap(u64, Ordering),
    /// Exchange the value of an atomic if it is the expected one.
    CompareExchange(Exchange),
    /// Read-modify-write of an atomic with an operand.
    Fetch(Fetch, u64, Ordering),
    /// An atomic fence.
    Fence(Ordering),
    /// Begin to access a cell.
    BeginAccess { writes: bool },
    /// End an access to a cell.
    EndAccess { writes: bool },
    /// The scheduling point of an operation on a built object. A visit with `Release` happens
    /// before every later one with `Acquire`. `asks` if the program may be told "not yet".
    Visit { order: Ordering, asks: bool },
    /// Join the threads that wait at a built object, for this operation. Follows a visit.
    Enlist(BuiltOperation),
    /// Wait at a built object until another thread wakes this one. Follows [`Enlist`](Self::Enlist).
    Await(BuiltOperation),
    /// Let the thread that waits at a built object go on, or all. What they will find is settled.
    Wake { thread: Option<usize> },
    /// The operation that a visit began takes effect; `not_yet` if the program is told so.
    Conclude { operation: BuiltOperation, not_yet: bool },
    /// Start the thread that was added with this index.
    Spawn { child: usize },
    /// End the current thread.
    Exit,
    /// Wait for a thread's end; `is_told` unless it is the model's end that waits.
    Join { child: usize, is_told: bool },
    /// Ask whether a thread has ended.
    AskFinished { thread: usize },
    /// Wait for the current thread's token.
    Park { timed: bool },
    /// Make a thread's token available.
    Unpark { thread: usize },
    /// Let other threads go first.
    Yield,
    /// The same for some time of the execution's clock.
    Sleep { duration: Duration },
    /// Choose one of several ways.
    Choose { options: usize },
    /// Look at the execution's clock.
    ReadClock,
    /// The scheduling point of what sets a deadline or moves the clock.
    VisitClock,
    /// Begin a call that is compared with others.
    BeginCall,
}

impl Intent {
    /// Whether the thread may have to wait for others until it can go on.
    #[inline(always)]
    pub(crate) fn waits(self) -> bool {
        use Intent::{Acquire, Await, EndWait, Join, Park, Reacquire, Upgrade};
        matches!(
            self,
            Acquire(_) | Upgrade | Reacquire { .. } | EndWait { .. } | Await(_) | Join { .. }
        ) || matches!(self, Park { timed: false })
    }

    /// Whether others wait for it, so that it must happen even while the thread unwinds.
    #[inline(always)]
    pub(crate) fn releases(self) -> bool {
        use Intent::{Downgrade, Notify, Release, Unpark, Wake};
        matches!(self, Release(..) | Downgrade { .. } | Notify { .. } | Unpark { .. } | Wake { .. })
    }

    /// Whether it is an event of the trace, and not only a step of one.
    #[inline(always)]
    pub(crate) fn is_event(self) -> bool {
        use Intent::{
            AskFinished, Await, BeginCall, EndAccess, EndWait, Enlist, Join, Visit, VisitClock,
            Wake,
        };
        let is_step = matches!(
            self,
            EndWait { .. } | EndAccess { .. } | Visit { .. } | Enlist(_) | Await(_) | Wake { .. }
        );
        let is_told = !matches!(self, Join { is_told: false, .. });
        !is_step && is_told && !matches!(self, AskFinished { .. } | VisitClock | BeginCall)
    }

    /// Whether the event comes before the backend is asked: the event of an access is the trace's
    /// last one if the engine sees a race in it, and the other threads run at once after a spawn, a
    /// yield or a downgrade.
    #[inline(always)]
    pub(crate) fn is_recorded_first(self) -> bool {
        use Intent::{BeginAccess, Downgrade, Sleep, Spawn, Yield};
        matches!(self, BeginAccess { .. } | Downgrade { .. } | Spawn { .. } | Yield | Sleep { .. })
    }
}

/// What a guard that is dropped tells of the time in which it held the lock.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GuardEnd {
    /// Whether a panic drops it.
    pub(crate) poisons: bool,
    /// Whether it was borrowed mutably, where that is known.
    pub(crate) changes: Option<bool>,
}

impl GuardEnd {
    /// Of a guard that neither poisons nor knows what was done to the data.
    #[cfg_attr(not(feature = "parking_lot"), expect(dead_code, reason = "its face's"))]
    pub(crate) const UNKNOWN: Self = Self { poisons: false, changes: None };
}

/// The event of an operation on a built object: what makes it, and the flag that it carries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BuiltOperation {
    pub(crate) event: fn(bool) -> Operation,
    pub(crate) flag: bool,
}

impl BuiltOperation {
    pub(crate) fn event(self) -> Operation {
        (self.event)(self.flag)
    }
}

/// The reply to an [`Intent`].
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reply {
    /// It was done, and there is nothing more to say.
    Done,
    /// Nothing happened, and there is no event.
    Nothing,
    /// Whether an attempt acquired the lock.
    Acquired(bool),
    /// The value that an atomic had before.
    Bits(u64),
    /// The outcome of a compare-exchange.
    Exchanged(Result<u64, u64>),
    /// What ended a wait.
    WokenBy(WakeUp),
    /// How many threads were notified.
    Notified(usize),
    /// Whether a thread's token was there when it stopped to wait for it.
    Token(bool),
    /// Whether a thread has ended, or how.
    Finished { panicked: bool },
    /// What was chosen.
    Chosen(usize),
    /// The time since the execution began.
    Time(Duration),
}

impl Reply {
    /// How many threads were notified: none yet, if that waits for the end of unwinding.
    pub(crate) fn notified_or_none(self) -> usize {
        match self {
            Self::Notified(count) => count,
            _ => 0,
        }
    }
}

/// Reads a reply of the kind that belongs to the intent.
macro_rules! readers {
    ($($name:ident $variant:ident $type:ty),* $(,)?) => {
        impl Reply {
            $(#[inline]
            pub(crate) fn $name(self) -> $type {
                match self {
                    Self::$variant(value) => value,
                    other => unreachable!("{other:?} is no reply to this intent"),
                }
            })*
        }
    };
}

readers! {
    acquired Acquired bool,
    bits Bits u64,
    exchanged Exchanged Result<u64, u64>,
    woken_by WokenBy WakeUp,
    token Token bool,
    chosen Chosen usize,
    time Time Duration,
}
